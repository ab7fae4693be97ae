"""QR codes out of pictures, and pictures that are refused before they cost anything."""

import io
import resource
import struct
import zlib
from contextlib import suppress

import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from credentials.verifier.intake_errors import NoQrCode, PictureTooLarge, PictureUnreadable
from credentials.verifier.qr_reader import MAX_PICTURE_BYTES, picture_format, read_qr_codes

ADDRESS = "HTTPS://CREDENTIALS.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"


def qr(text: str = ADDRESS, *, box: int = 10) -> Image.Image:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=4, box_size=box)
    code.add_data(text)
    code.make()
    picture: Image.Image = code.make_image().get_image().convert("RGB")
    return picture


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    data = io.BytesIO()
    picture.save(data, form, **options)
    return data.getvalue()


def photo(width: int, height: int) -> Image.Image:
    """A code on a table, at an angle, not quite sharp."""
    scene = Image.new("RGB", (width, height), (196, 180, 160))
    code = qr(box=18).rotate(11, expand=True, fillcolor=(196, 180, 160))
    scene.paste(code, (width // 5, height // 4))
    return scene.filter(ImageFilter.GaussianBlur(1.5))


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and has next to no data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    start = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", start)
        + chunk(b"IDAT", zlib.compress(bytes(1 << 20)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("form", "options"),
    [("PNG", {}), ("JPEG", {"quality": 60}), ("JPEG", {"progressive": True}), ("WEBP", {}), ("GIF", {})],
)
def test_a_code_is_read_in_every_accepted_format(form: str, options: dict[str, object]) -> None:
    assert read_qr_codes(saved(qr(), form, **options)) == (ADDRESS,)


def test_a_phone_photo_of_twelve_megapixels_is_read() -> None:
    assert read_qr_codes(saved(photo(4032, 3024), "JPEG", quality=80)) == (ADDRESS,)


def test_black_on_nothing_is_read_as_black_on_white() -> None:
    picture = qr().convert("L")
    transparent = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    transparent.putalpha(picture.point(lambda grey: 255 - grey))
    assert read_qr_codes(saved(transparent, "PNG")) == (ADDRESS,)


def test_light_on_dark_is_read() -> None:
    assert read_qr_codes(saved(qr().convert("L").point(lambda grey: 255 - grey), "PNG")) == (ADDRESS,)


def test_several_codes_are_all_told_once() -> None:
    page = Image.new("RGB", (1500, 600), "white")
    for place, text in enumerate([ADDRESS, "SECOND", ADDRESS]):
        page.paste(qr(text).resize((400, 400)), (50 + 480 * place, 100))
    assert sorted(read_qr_codes(saved(page, "PNG"))) == [ADDRESS, "SECOND"]


@pytest.mark.parametrize("size", [(2049, 2048), (60_000, 60_000), (2**31 - 1, 2**31 - 1), (5_000_000, 1)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises((PictureTooLarge, PictureUnreadable)):
        read_qr_codes(png_header(*size))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_a_jpeg_has_its_cap_too(options: dict[str, object]) -> None:
    size = (2500, 2000) if options else (6001, 4000)
    with pytest.raises(PictureTooLarge):
        read_qr_codes(saved(Image.new("L", size), "JPEG", quality=20, **options))


def test_a_file_that_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(PictureTooLarge):
        read_qr_codes(b"\xff\xd8\xff" + bytes(MAX_PICTURE_BYTES))


def test_a_picture_without_a_code_says_so() -> None:
    with pytest.raises(NoQrCode):
        read_qr_codes(saved(Image.new("RGB", (300, 300), "white"), "PNG"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"BM" + bytes(100),
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"II*\x00" + bytes(100),
    ],
)
def test_what_is_no_accepted_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        read_qr_codes(data)


def test_a_format_is_known_by_its_first_bytes_only() -> None:
    assert picture_format(saved(qr(), "WEBP")) == "WEBP"
    assert picture_format(b"eyJhbGciOiJFZERTQSJ9.e30.c2ln") is None


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
@settings(max_examples=60, deadline=None)
@given(cut=st.floats(0.01, 0.99), flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(1, 255)), max_size=8))
def test_damaged_pictures_end_in_a_clear_error(form: str, cut: float, flips: list[tuple[float, int]]) -> None:
    data = bytearray(SAMPLES[form])
    for place, change in flips:
        data[int(place * len(data))] ^= change
    for picture in (bytes(data), bytes(data[: int(cut * len(data))])):
        # Any other exception is a failure of this test.
        with suppress(PictureUnreadable, PictureTooLarge, NoQrCode):
            read_qr_codes(picture)


SAMPLES = {form: saved(qr(box=3), form) for form in ("PNG", "JPEG", "WEBP", "GIF")}
