"""A small PNG of a picture, to be shown in its place: measured first, then decoded and drawn anew.

Nothing of the uploaded bytes is in it: no metadata, no second file behind the first. What was delivered stays as it is;
this is only for looking.
"""

from __future__ import annotations

import io
import struct
from typing import Final

from PIL import Image, ImageOps

from credentials.files.measuring import MOST_PIXELS, is_small, size_of

LARGEST_BYTES: Final = 32 * 1024 * 1024
"""A picture with more bytes is not looked at."""
LONGEST_SIDE: Final = 1280

_FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
# What Pillow raises for bytes that are no picture; its own words for what is too large stand last.
_UNREADABLE: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def preview(kind: str, data: bytes) -> bytes | None:
    """A PNG of at most `LONGEST_SIDE` pixels a side; None for what is no picture, is broken, or is too large."""
    if kind not in _FORMATS or len(data) > LARGEST_BYTES or not is_small(size_of(kind, data)):
        return None
    try:
        with Image.open(io.BytesIO(data), formats=[_FORMATS[kind]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            return _drawn(opened)
    except _UNREADABLE:
        return None


def _drawn(opened: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(opened)
    shown = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    made = io.BytesIO()
    # A picture of the pixels alone: what the file said beside them stays behind.
    Image.frombytes(shown.mode, shown.size, shown.tobytes()).save(made, "PNG")
    return made.getvalue()


def squared(png: bytes, side: int) -> bytes:
    """A PNG of our own (see `preview`) in the middle of a square that can be seen through, `side` pixels wide."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
        fitted = ImageOps.contain(opened.convert("RGBA"), (side, side))
    square = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    square.paste(fitted, ((side - fitted.width) // 2, (side - fitted.height) // 2))
    made = io.BytesIO()
    square.save(made, "PNG", optimize=True)
    return made.getvalue()
