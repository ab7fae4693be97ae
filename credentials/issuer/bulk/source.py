"""From bytes to text: what kind of file this is and which encoding it is in. Memory stays flat."""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from credentials.issuer.bulk.errors import FileEmpty, FileIsWorkbook, FileNotText, FileTooLarge, LineTooLong

__all__ = ["MAX_BYTES", "Source", "Survey", "open_text", "opened", "survey"]

Source = Path | bytes
"""A file by its path, or its bytes."""

MAX_BYTES: Final = 64 * 2**20
"""The largest file that is read, in bytes."""

_CHUNK = 2**20
_HEAD = 2**16
_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_BYTES = bytes(byte for byte in range(256) if byte >= 0x20 and byte != 0x7F) + b"\t\n\r\x0b\x0c"
_NUMERIC_DATE = re.compile(rb"(?<![0-9])[0-9]{1,2} ?[/-] ?[0-9]{1,2} ?[/-] ?[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over the bytes showed.

    `encoding` is a codec's name; `damaged` says that some bytes are not text in it (they read as U+FFFD);
    `lines` counts line breaks; `numeric_dates` says whether dates such as 04/05/2026 may occur.
    """

    encoding: str
    damaged: bool
    lines: int
    numeric_dates: bool


def opened(source: Source) -> BinaryIO:
    """The bytes of the file. The caller closes it."""
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def open_text(source: Source, encoding: str) -> TextIO:
    """The text of the file, line ends as they are; a byte that is no text reads as U+FFFD. The caller closes it."""
    return io.TextIOWrapper(opened(source), encoding=encoding, errors="replace", newline="")


def _chunks(source: Source) -> Iterator[bytes]:
    with opened(source) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _size_and_head(source: Source) -> tuple[int, bytes]:
    with opened(source) as stream:
        head = stream.read(_HEAD)
        return stream.seek(0, os.SEEK_END), head


def survey(source: Source) -> Survey:
    """Look at the bytes once. Raises FileEmpty, FileTooLarge, FileIsWorkbook, FileNotText, LineTooLong or OSError."""
    size, head = _size_and_head(source)
    if size > MAX_BYTES:
        raise FileTooLarge(f"{size // 2**20} MB; at most {MAX_BYTES // 2**20} MB are read at once")
    _refuse_strangers(head)
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if encoding is None and _controls(head) * 20 > len(head):
        raise FileNotText("it holds bytes that no text has")
    return _measure(source, encoding or "utf-8")


def _refuse_strangers(head: bytes) -> None:
    if not head.strip():
        raise FileEmpty
    if head.startswith(_WORKBOOKS):
        raise FileIsWorkbook("an Excel or OpenDocument workbook was given")
    if head.startswith((b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")):
        raise FileNotText("it is a PDF, a picture or an archive")


def _controls(head: bytes) -> int:
    return len(head.translate(None, _TEXT_BYTES))


def _measure(source: Source, encoding: str) -> Survey:
    """Whether every byte decodes and how many lines there are; without a BOM, UTF-8 or else Windows-1252."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    lines = lost = beyond = run = 0
    dates = encoding not in ("utf-8", "utf-8-sig")
    for chunk in _chunks(source):
        run = 0 if b"\n" in chunk or b"\r" in chunk else run + len(chunk)
        if run > _CHUNK:
            raise LineTooLong
        lines += max(chunk.count(b"\n"), chunk.count(b"\r"))
        dates = dates or _NUMERIC_DATE.search(chunk) is not None
        text = decoder.decode(chunk)
        if not text.isascii():
            lost += text.count("\ufffd") - chunk.count(b"\xef\xbf\xbd")
            beyond += len(text) - len(text.encode("ascii", "ignore"))
    lost += len(decoder.decode(b"", True))
    if lost * 2 > beyond and encoding == "utf-8":
        return Survey("cp1252", damaged=False, lines=lines, numeric_dates=dates)
    return Survey(encoding, damaged=lost > 0, lines=lines, numeric_dates=dates)
