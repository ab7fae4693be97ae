"""A picture's size by its header alone: as Pillow has it for honest pictures, before Pillow for the others."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from credentials.files.measuring import MOST_PIXELS, is_small, size_of
from tests.files.drawing import jpeg_claiming, picture, png_claiming, webp_claiming

KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
SIZES = st.tuples(st.integers(1, 60), st.integers(1, 60))


@given(st.sampled_from(sorted(KINDS)), SIZES, st.sampled_from([{}, {"lossless": True}, {"progressive": True}]))
def test_honest_pictures(kind: str, size: tuple[int, int], how: dict[str, bool]) -> None:
    data = picture(kind, size, **how)

    assert size_of(KINDS[kind], data) == Image.open(io.BytesIO(data)).size == size


def test_an_extended_webp() -> None:
    made = io.BytesIO()
    frames = [Image.new("RGBA", (30, 20), colour) for colour in ("red", "#00000000")]
    frames[0].save(made, "WEBP", save_all=True, append_images=frames[1:])

    assert size_of("image/webp", made.getvalue()) == (30, 20)


def test_claims_are_read_and_not_believed() -> None:
    assert size_of("image/png", png_claiming(60_000, 60_000)) == (60_000, 60_000)
    assert size_of("image/webp", webp_claiming(16_384, 16_384)) == (16_384, 16_384)
    assert size_of("image/jpeg", jpeg_claiming(65_535, 65_535)) == (65_535, 65_535)


@pytest.mark.parametrize("size", [None, (2001, 2000), (MOST_PIXELS + 1, 1), (60_000, 60_000)])
def test_too_large_or_unknown_is_not_small(size: tuple[int, int] | None) -> None:
    assert not is_small(size)
    assert is_small((2000, 2000))


def test_two_frame_headers_are_none() -> None:
    honest, large = picture("JPEG"), jpeg_claiming(65_535, 65_535)
    start, end = large.index(b"\xff\xc0"), large.index(b"\xff\xc4")

    assert size_of("image/jpeg", honest[:2] + large[start:end] + honest[2:]) is None


@given(st.sampled_from(sorted(KINDS.values())), st.binary(max_size=120))
def test_any_bytes(kind: str, data: bytes) -> None:
    starts = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF\0\0\0\0WEBP"}
    found = size_of(kind, starts[kind] + data)

    assert found is None or min(found) > 0


def test_other_kinds_are_not_measured() -> None:
    assert size_of("image/gif", b"GIF89a\x01\x00\x01\x00") is None
