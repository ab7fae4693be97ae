"""A preview is drawn anew, small, with nothing of the upload beside it; bombs and broken pictures have none."""

import io
import subprocess
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from credentials.files.pictures import LARGEST_BYTES, LONGEST_SIDE, preview
from tests.files.drawing import jpeg_claiming, picture, png_chunk, png_claiming, webp_claiming

KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data), formats=["PNG"])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_small_png_is_drawn(kind: str) -> None:
    drawn = opened(preview(KINDS[kind], picture(kind, (1600, 400))))

    assert drawn.size == (LONGEST_SIDE, 320)


def test_nothing_else_comes_along() -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "a canary", 6
    data = picture("JPEG", (40, 20), exif=exif.tobytes(), comment=b"a canary") + b"<script>a canary</script>"
    drawn = preview("image/jpeg", data)

    assert drawn is not None
    assert b"canary" not in drawn
    assert opened(drawn).size == (20, 40)
    assert opened(drawn).info == {}


def test_what_can_be_seen_through_stays_so() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (4, 4), "#00000000").save(made, "PNG")

    assert opened(preview("image/png", made.getvalue())).mode == "RGBA"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/png", png_claiming(60_000, 60_000)),
        ("image/png", png_claiming(2001, 2000)),
        ("image/webp", webp_claiming(16_384, 16_384)),
        ("image/jpeg", jpeg_claiming(65_500, 65_500)),
        ("image/png", png_claiming(0, 5)),
        ("image/png", png_claiming(100, 100)),
        ("image/png", b""),
        ("image/jpeg", b"\xff\xd8\xff"),
        ("image/png", picture("JPEG")),
        ("image/jpeg", picture("PNG")),
        ("image/gif", picture("GIF")),
        ("image/svg+xml", b"<svg/>"),
        ("text/plain", b"words"),
    ],
)
def test_no_preview_of_what_is_none(kind: str, data: bytes) -> None:
    assert preview(kind, data) is None


def test_no_preview_of_too_many_bytes() -> None:
    assert preview("image/png", picture() + bytes(LARGEST_BYTES)) is None


def test_a_packed_note_is_not_unpacked() -> None:
    honest = picture()
    note = png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000)))
    data = honest[:33] + note + honest[33:]

    assert preview("image/png", data) is None


_UNDER_A_LIMIT = """
import resource, sys
from credentials.files.pictures import preview
from tests.files.drawing import *
preview("image/png", picture())
for kind in ("PNG", "JPEG", "WEBP"):
    preview("image/" + kind.lower(), picture(kind))
now = int(open("/proc/self/statm").read().split()[0]) * 4096
resource.setrlimit(resource.RLIMIT_AS, (now + 64 * 2**20,) * 2)
made = [preview("image/png", png_claiming(60_000, 60_000)), preview("image/webp", webp_claiming(16_384, 16_384)),
        preview("image/jpeg", jpeg_claiming(65_500, 65_500))]
print(made)
"""


def test_bombs_take_no_memory() -> None:
    done = subprocess.run([sys.executable, "-c", _UNDER_A_LIMIT], capture_output=True, text=True, check=False)

    assert done.stdout.strip() == "[None, None, None]", done.stderr


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_broken_pictures_raise_nothing(kind: str, data: st.DataObject) -> None:
    broken = bytearray(picture(kind, (20, 20)))
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(broken)))

    for content in (bytes(broken), bytes(broken[:cut])):
        drawn = preview(KINDS[kind], content)
        assert drawn is None or opened(drawn).size[0] <= LONGEST_SIDE
