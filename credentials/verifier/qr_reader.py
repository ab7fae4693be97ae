"""QR codes out of an uploaded picture.

- The format comes from the first bytes and must be on the list; Pillow is told to try nothing else.
- Width and height are read from the header and capped before a single pixel is decoded.
- Phone photos have more pixels than that: a baseline JPEG may be larger, since its decoder can scale down while it
  reads and so never holds the full picture. A progressive one cannot: it keeps every coefficient in memory.
- Only the first frame of an animation is looked at.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import Final

import zxingcpp
from PIL import Image

from credentials.verifier.intake_errors import NoQrCode, PictureTooLarge, PictureUnreadable

MAX_PICTURE_BYTES: Final = 12 * 1024 * 1024
MAX_PIXELS: Final = 4 * 1024 * 1024
MAX_SCALED_PIXELS: Final = 24 * 1000 * 1000
MAX_CODES: Final = 16

_WORKING_SIDE: Final = 2048
_QR_CODES: Final = zxingcpp.barcode_formats_from_str("QRCode")
_SIGNATURES: Final = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"))
# Everything Pillow's decoders for these formats raise on damaged data, and its own guards against bombs.
_DAMAGED: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def picture_format(data: bytes) -> str | None:
    """Pillow's name of the format that `data` starts like (PNG, JPEG, GIF, WEBP), or None."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return next((name for start, name in _SIGNATURES if data.startswith(start)), None)


def read_qr_codes(data: bytes) -> tuple[str, ...]:
    """The texts of the QR codes in a picture, each once, at most 16; never empty.

    Raises PictureUnreadable, PictureTooLarge or NoQrCode.
    """
    if len(data) > MAX_PICTURE_BYTES:
        raise PictureTooLarge(f"{len(data)} bytes are more than the {MAX_PICTURE_BYTES} allowed")
    form = picture_format(data)
    if form is None:
        raise PictureUnreadable("it is not a PNG, JPEG, WebP or GIF picture")
    try:
        picture = _luminance(data, form)
    except _DAMAGED as err:
        raise PictureUnreadable(f"the {form} picture is damaged") from err
    found = zxingcpp.read_barcodes(picture, formats=_QR_CODES)
    texts = tuple(dict.fromkeys(code.text for code in found if code.valid))[:MAX_CODES]
    if not texts:
        raise NoQrCode(f"no QR code in {picture.width} × {picture.height} pixels")
    return texts


def _luminance(data: bytes, form: str) -> Image.Image:
    """The picture in grey on white, decoded only if its header keeps to the caps."""
    with Image.open(io.BytesIO(data), formats=[form]) as picture:
        _refuse_too_many_pixels(picture, form)
        if form == "JPEG":
            picture.draft("L", (_WORKING_SIDE, _WORKING_SIDE))
        if not picture.has_transparency_data:
            return picture.convert("L")
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        return paper.convert("L")


def _refuse_too_many_pixels(picture: Image.Image, form: str) -> None:
    pixels = picture.width * picture.height
    scalable = form == "JPEG" and "progressive" not in picture.info
    if pixels > (MAX_SCALED_PIXELS if scalable else MAX_PIXELS):
        raise PictureTooLarge(f"{picture.width} × {picture.height} pixels")
