"""What people call a kind of file, and its size."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "application/pdf": "PDF document",
        "application/rtf": "RTF document",
        "application/zip": "ZIP archive",
        "application/gzip": "Gzip archive",
        "application/x-7z-compressed": "7-Zip archive",
        "application/epub+zip": "EPUB book",
        f"{_OFFICE}.wordprocessingml.document": "Word document",
        f"{_OFFICE}.spreadsheetml.sheet": "Excel workbook",
        f"{_OFFICE}.presentationml.presentation": "PowerPoint slides",
        f"{_OPEN}.text": "OpenDocument text",
        f"{_OPEN}.spreadsheet": "OpenDocument sheet",
        f"{_OPEN}.presentation": "OpenDocument slides",
        "application/x-ole-storage": "Office file",
        "application/xml": "XML file",
        "text/plain": "Text",
        "text/html": "Web page",
        "image/png": "PNG picture",
        "image/jpeg": "JPEG picture",
        "image/webp": "WebP picture",
        "image/gif": "GIF picture",
        "image/svg+xml": "SVG drawing",
    }
)
_FAMILIES: Mapping[str, str] = MappingProxyType({"image": "Picture", "video": "Video", "audio": "Sound"})


def file_kind(media_type: str) -> str:
    """A kind of file in a word or two; `File` for one that has no name of its own."""
    return _KINDS.get(media_type) or _FAMILIES.get(media_type.partition("/")[0], "File")


def file_size(size: int) -> str:
    """A number of bytes as people read it, in powers of 1000 (IEC 80000-13): `1.2 MB`."""
    if size < 1000:
        return f"{size} byte{'' if size == 1 else 's'}"
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if round(amount, 1) < 1000 or unit == "TB":
            break
    return f"{amount:.0f} {unit}" if round(amount, 1) >= 10 else f"{amount:.1f} {unit}"
