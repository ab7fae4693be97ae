"""How large a picture is, from its header: before anything decodes it. Pure.

A few hundred bytes can claim a picture of gigabytes. What this cannot measure is not decoded either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

MOST_PIXELS: Final = 4_000_000

Size = tuple[int, int]
"""Width and height in pixels."""

# Markers of JPEG that stand alone (ITU T.81 table B.1), and those of its frame headers (B.2.2).
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_SEGMENTS: Final = 512


def size_of(kind: str, data: bytes) -> Size | None:
    """Width and height of a picture of this media type; None when its header does not say."""
    reader = _READERS.get(kind)
    found = reader(data) if reader else None
    return found if found and found[0] > 0 and found[1] > 0 else None


def is_small(size: Size | None) -> bool:
    """Whether a picture of this size may be decoded."""
    return size is not None and size[0] * size[1] <= MOST_PIXELS


def _png(data: bytes) -> Size | None:
    """PNG (third edition) section 11.2.1: IHDR comes first."""
    if data[12:16] != b"IHDR" or len(data) < 24:
        return None
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _webp(data: bytes) -> Size | None:
    """RFC 9649 sections 2.5 to 2.7."""
    if len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
        case _:
            return None


def _jpeg(data: bytes) -> Size | None:
    """ITU T.81 annex B: the first frame header after the segments before it. Two of them are none of ours."""
    found: set[Size] = set()
    place = 2
    for _ in range(_MOST_SEGMENTS):
        place = _next_marker(data, place)
        kind = data[place + 1] if place + 1 < len(data) else 0xD9
        if kind in (0xD9, 0xDA):
            break
        if kind in _FRAMES and place + 9 <= len(data):
            height, width = data[place + 5 : place + 7], data[place + 7 : place + 9]
            found.add((int.from_bytes(width, "big"), int.from_bytes(height, "big")))
        length = 0 if kind in _ALONE else int.from_bytes(data[place + 2 : place + 4], "big")
        place += 2 + length
    return found.pop() if len(found) == 1 else None


def _next_marker(data: bytes, place: int) -> int:
    """Where the next marker starts: any number of 0xFF may fill the gap."""
    start = data.find(b"\xff", place)
    while 0 <= start < len(data) - 1 and data[start + 1] == 0xFF:
        start += 1
    return len(data) if start < 0 else start


_READERS: Final[Mapping[str, Callable[[bytes], Size | None]]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
}
