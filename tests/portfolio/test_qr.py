"""QR codes: what they hold, read back by another implementation, at the sizes they are shown and printed in."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from PIL import Image

from credentials.portfolio.qr import ALPHANUMERIC, QUIET_ZONE, qr_address, qr_matrix, qr_png, qr_svg

IDENTIFIER = "7KQ2M9XV4T7KQ2M9XV4T7KQ2M9"
ADDRESS = f"HTTPS://VERIFIED.EXAMPLE/C/{IDENTIFIER}"


def read(picture: Image.Image) -> zxingcpp.Barcode:
    found = zxingcpp.read_barcodes(picture.convert("L"))
    assert len(found) == 1
    return found[0]


def drawn(svg: bytes, scale: int) -> Image.Image:
    """The SVG's dark runs painted by hand: the path is read, not the matrix it came from."""
    side = int(re.search(rb'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    path = svg.rsplit(b'd="', 1)[1]
    picture = Image.new("L", (side * scale, side * scale), 255)
    for x, y, length in (map(int, run) for run in re.findall(rb"M(\d+) (\d+)h(\d+)v1", path)):
        picture.paste(0, (x * scale, y * scale, (x + length) * scale, (y + 1) * scale))
    return picture


@pytest.mark.parametrize("scale", [2, 3, 4, 9, 20])
def test_png_reads_back_at_several_scales(scale: int) -> None:
    assert read(Image.open(io.BytesIO(qr_png(ADDRESS, scale)))).text == ADDRESS


@pytest.mark.parametrize("scale", [2, 5, 11])
def test_svg_reads_back(scale: int) -> None:
    assert read(drawn(qr_svg(ADDRESS), scale)).text == ADDRESS


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "https://verified.example", "https://a-b.example:8443"])
def test_address_is_alphanumeric_and_reads_back(base_url: str) -> None:
    address = qr_address(base_url, IDENTIFIER.lower())
    assert ALPHANUMERIC.issuperset(address)
    assert address == f"{base_url}/c/{IDENTIFIER}".upper()
    assert read(Image.open(io.BytesIO(qr_png(address)))).text == address


@pytest.mark.parametrize("base_url", ["http://[::1]:8000", "https://under_score.example", "https://x.example/sub"])
def test_address_outside_the_mode_keeps_its_case(base_url: str) -> None:
    address = qr_address(base_url, IDENTIFIER)
    assert address == f"{base_url}/c/{IDENTIFIER}"
    assert read(Image.open(io.BytesIO(qr_png(address)))).text == address


def test_alphanumeric_mode_makes_a_smaller_code() -> None:
    assert len(qr_matrix(ADDRESS)) < len(qr_matrix(ADDRESS.lower()))


def test_error_correction_is_q() -> None:
    assert read(drawn(qr_svg(ADDRESS), 4)).ec_level == "Q"


def test_quiet_zone_is_four_light_modules_on_each_side() -> None:
    matrix = qr_matrix(ADDRESS)
    columns = list(zip(*matrix, strict=True))
    edges = [*matrix[:QUIET_ZONE], *matrix[-QUIET_ZONE:], *columns[:QUIET_ZONE], *columns[-QUIET_ZONE:]]
    assert not any(any(edge) for edge in edges)
    assert matrix[QUIET_ZONE][QUIET_ZONE]


def test_reads_through_damage() -> None:
    """A fifth of the data area of one corner is blotted out: level Q recovers about a quarter."""
    picture = drawn(qr_svg(ADDRESS), 6)
    side = picture.width
    picture.paste(255, (side * 55 // 100, side * 60 // 100, side * 70 // 100, side * 75 // 100))
    assert read(picture).text == ADDRESS


def test_svg_is_two_paths_and_carries_no_text() -> None:
    svg = qr_svg("X" * 20)
    assert svg.count(b"<path") == 2
    assert b"<text" not in svg
    assert b"XXXX" not in svg


def test_svg_cannot_be_broken_out_of() -> None:
    assert b"script" not in qr_svg('"><script>alert(1)</script>')
