"""What a file is, by its first bytes and never by what its sender calls it. Pure.

The answer is a label for people, and decides which pictures are measured. It decides nothing about safety: every file
leaves as an attachment, and what a browser could run leaves as plain bytes (`served_type`).
"""

from __future__ import annotations

import re
from typing import Final

HEAD_BYTES: Final = 4096
"""As much of a file as `media_type` looks at."""
BYTES: Final = "application/octet-stream"
TEXT: Final = "text/plain"
PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
"""The kinds of picture of which a preview is made."""

_ACTIVE: Final = frozenset({"text/html", "image/svg+xml", "application/xml"})
_STARTS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
)
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_ZIPPED: Final = (
    (b"word/", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/", f"{_OFFICE}.spreadsheetml.sheet"),
    (b"ppt/", f"{_OFFICE}.presentationml.presentation"),
)
# An OpenDocument file begins with its own type, uncompressed (OpenDocument 1.3 part 2 section 3.3).
_OPEN_DOCUMENT: Final = re.compile(rb"mimetype(application/(?:vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip))")
_MARKUP: Final = re.compile(rb"\s*(?:<\?xml|<!doctype|<!--|<[a-z!/?])", re.IGNORECASE)
_PAGE: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|style|title|div)[\s>/]", re.IGNORECASE)
_VECTOR: Final = re.compile(rb"<(?:\w+:)?svg[\s>]", re.IGNORECASE)
_UNPRINTED: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BOM: Final = b"\xef\xbb\xbf"


def media_type(head: bytes) -> str:
    """The media type of a file whose first `HEAD_BYTES` (or all) are `head`; `BYTES` for what is not known."""
    known = next((kind for start, kind in _STARTS if head.startswith(start)), None)
    if known is not None:
        return known
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head)
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12], BYTES)
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in (b"heic", b"heix", b"mif1") else "video/mp4"
    return _text(head.removeprefix(_BOM))


def _zipped(head: bytes) -> str:
    found = _OPEN_DOCUMENT.match(head, 30)
    if found is not None:
        return found[1].decode()
    if b"[Content_Types].xml" in head:
        return next((kind for part, kind in _ZIPPED if part in head), "application/zip")
    return "application/zip"


def _text(head: bytes) -> str:
    if _MARKUP.match(head):
        if _VECTOR.search(head):
            return "image/svg+xml"
        return "application/xml" if head.lstrip().startswith(b"<?xml") and not _PAGE.search(head) else "text/html"
    return TEXT if head and not _UNPRINTED.search(head) and _is_utf8(head) else BYTES


def _is_utf8(head: bytes) -> bool:
    """Whether the bytes are UTF-8, but for a last character that the head cuts."""
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(head) >= HEAD_BYTES - len(_BOM)
    return True


def served_type(kind: str) -> str:
    """The Content-Type under which a file of this kind leaves: nothing that a browser would run."""
    if kind in _ACTIVE:
        return BYTES
    return "text/plain; charset=utf-8" if kind == TEXT else kind
