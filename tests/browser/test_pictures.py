"""Pictures of the pages for the documentation, taken anew when UPDATE_SCREENSHOTS asks for them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.conftest import DESK, PHONE, Site, Visitor

pytestmark = pytest.mark.browser

PHONE_LIGHT: dict[str, Any] = {"viewport": PHONE, "device_scale_factor": 2}
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "credential-genuine": ("genuine", {}),
    "credential-genuine-dark": ("genuine", {"color_scheme": "dark"}),
    "credential-genuine-phone": ("genuine", PHONE_LIGHT),
    "credential-revoked-phone": ("revoked", PHONE_LIGHT),
    "credential-tampered-phone": ("tampered", PHONE_LIGHT),
    "portfolio": ("portfolio", {}),
    "landing": ("landing", {}),
    "issuer": ("issuer", {}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(site: Site, visitor: Visitor, screenshots: Path | None, name: str) -> None:
    link, options = PICTURES[name]
    page = visitor.visit(str(getattr(site.links, link)), **options).page
    page.wait_for_load_state("networkidle")
    picture = page.screenshot(full_page=options.get("viewport", DESK) == DESK)

    assert picture.startswith(b"\x89PNG")
    if screenshots is not None:
        # By coverage of the colour space, not by area: the verdict's green is small, and must stay green.
        whole = Image.open(io.BytesIO(picture)).convert("RGB")
        colours = whole.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        colours.save(screenshots / f"{name}.png", optimize=True)
