"""QR codes of credential addresses. The only module that imports `qrcode`.

Error correction Q, a quiet zone of four modules (ISO/IEC 18004 section 9.1), no logo. The address is written in upper
case where that is safe, so that the code uses the alphanumeric mode and stays small enough to read from paper.
Making one takes several milliseconds, so results are kept.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlsplit

from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
QUIET_ZONE = 4
"""Light modules on each side."""
KEPT = 1024
"""How many codes are remembered."""

Matrix = tuple[tuple[bool, ...], ...]


def qr_address(base_url: str, credential_id: str) -> str:
    """The address a credential's QR code holds.

    Scheme and host are case-blind (RFC 3986 section 6.2.2.1) and so is our own `/C/<ID>`; a base address with a path,
    or with characters the alphanumeric mode lacks, keeps its case.
    """
    plain = f"{base_url.rstrip('/')}/c/{credential_id.upper()}"
    upper = plain.upper()
    safe = not urlsplit(base_url).path.strip("/") and ALPHANUMERIC.issuperset(upper)
    return upper if safe else plain


@lru_cache(maxsize=KEPT)
def qr_matrix(text: str) -> Matrix:
    """The modules of a code, dark is True, quiet zone included: a square of rows."""
    mode = MODE_ALPHA_NUM if ALPHANUMERIC.issuperset(text) else MODE_8BIT_BYTE
    code: QRCode = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(QRData(text.encode(), mode=mode), optimize=0)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


def _runs(row: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    """Start and length of each dark run of a row."""
    start = 0
    for dark, group in groupby(row):
        length = sum(1 for _ in group)
        if dark:
            yield start, length
        start += length


@lru_cache(maxsize=KEPT)
def qr_svg(text: str) -> bytes:
    """The code as an SVG document: one white square and one black path, one unit a module."""
    matrix = qr_matrix(text)
    side = len(matrix)
    path = "".join(
        f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(matrix) for start, length in _runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side * 4}" height="{side * 4}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    ).encode()


@lru_cache(maxsize=KEPT // 8)
def qr_png(text: str, scale: int = 12) -> bytes:
    """The code as a black and white PNG, `scale` pixels a module."""
    matrix = qr_matrix(text)
    picture = Image.new("1", (len(matrix), len(matrix)), 1)
    picture.putdata([0 if dark else 1 for row in matrix for dark in row])
    side = len(matrix) * scale
    written = io.BytesIO()
    picture.resize((side, side), Image.Resampling.NEAREST).save(written, "PNG", optimize=True)
    return written.getvalue()
