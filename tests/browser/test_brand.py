"""Whatever look a company chooses, the verdict looks as before: measured in a real browser, in light and dark."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page

from credentials.accounts.organisations import invite_owner
from credentials.console.branding.changing import drawn
from credentials.projects.posting import publishing
from credentials.projects.posting.starters import STARTERS
from credentials.store import brands
from credentials.store.brands import Brand
from credentials.store.engine import write
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.pressing import press
from tests.browser.staff import Desk, desk
from tests.browser.test_accounts import look
from tests.projects.stages import staged
from tests.web.conftest import make_draft

pytestmark = pytest.mark.browser
# GENUINE's green in light and dark, its grounds, and what would hide or shout.
HOSTILE = ("#0d6636", "#7fdba3", "#e8f3ec", "#98191c", "#ff0000", "#ffffff", "#000000")
BAND = """() => {
  const band = document.querySelector('.band'), seen = [];
  for (const one of [band, ...band.querySelectorAll('*')]) {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const names = [...style].filter(name => !name.startsWith('--'));
    const looks = names.map(name => `${name}: ${style.getPropertyValue(name)}`);
    seen.push([one.tagName, one.className.baseVal ?? one.className, ...looks,
      Math.round(box.x), Math.round(box.y), Math.round(box.width), Math.round(box.height),
      one.tagName === 'TIME' || one.children.length ? '' : one.textContent]);
  }
  return seen;
}"""
DISTANCE = """() => {
  const band = document.querySelector('.band').getBoundingClientRect();
  const logos = [...document.querySelectorAll('img.logo')];
  return logos.map(one => [one.getBoundingClientRect().top - band.bottom, one.getBoundingClientRect().width]);
}"""


def seal() -> bytes:
    """A logo that looks like our own sign for GENUINE."""
    made, kept = Image.new("RGB", (400, 400), "#e8f3ec"), io.BytesIO()
    pen = ImageDraw.Draw(made)
    pen.ellipse((40, 40, 360, 360), outline="#0d6636", width=24)
    pen.line((130, 210, 185, 265, 280, 150), fill="#0d6636", width=24)
    made.save(kept, "PNG")
    return kept.getvalue()


def initial() -> bytes:
    """A logo that is one: a letter of its own."""
    made, kept = Image.new("RGB", (400, 400), "#1f4583"), io.BytesIO()
    pen = ImageDraw.Draw(made)
    pen.polygon(((200, 70), (90, 330), (145, 330), (200, 190), (255, 330), (310, 330)), fill="#fdfcf9")
    made.save(kept, "PNG")
    return kept.getvalue()


def dress(site: Desk, accent: str | None, *, logo: bool = True) -> None:
    """Put a look where it is kept, past every check of it."""
    issuer = site.service.issuer.issuer("acme")
    large, small = drawn(seal()) if logo else (None, None)
    now = site.service.clock()
    with write(site.service.engine) as connection:
        brands.put(connection, Brand(issuer_id=issuer.id, accent=accent, logo=large, logo_small=small, changed_at=now))


def faces(page: Page, address: str) -> list[Any]:
    """How the band looks, wide and narrow, light and dark."""
    seen = []
    for size in (DESK, PHONE):
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme)
            page.goto(address)
            seen.append(page.evaluate(BAND))
    return seen


def founded(site: Desk) -> str:
    """Acme with one credential; returns its id."""
    site.service.issuer.create_issuer("acme", "Acme Ltd", "https://acme.example")
    site.service.issuer.confirm("acme", "acme.example", note="checked by telephone")
    return site.service.issuer.issue("acme", make_draft()).id


def test_no_look_touches_the_verdict(visitor: Visitor, tmp_path: Path) -> None:
    with desk(tmp_path) as site:
        number = founded(site)
        seen = visitor.visit()
        page, refused = seen.page, []
        page.on("console", lambda said: refused.append(said.text))
        address = f"{site.address}/c/{number}"
        plain = faces(page, address)
        assert page.evaluate(DISTANCE) == []
        for accent in HOSTILE:
            dress(site, accent)
            assert faces(page, address) == plain, accent
            [(below, width)] = page.evaluate(DISTANCE)
            assert below >= 64, accent
            assert width <= 40, accent
            assert page.locator(".band img, .band .branded, .branded .band, .band.branded").count() == 0

        assert refused == []
        assert seen.foreign(site.address) == []
        assert page.request.get(address).headers["content-security-policy"].startswith("default-src 'none'; style-src")
        assert "unsafe-inline" not in page.request.get(address).headers["content-security-policy"]


def test_no_logo_touches_the_seal_of_a_card(visitor: Visitor, tmp_path: Path) -> None:
    with desk(tmp_path) as site:
        link = site.service.portfolio.credential(founded(site)).links.portfolio
        page = visitor.visit(f"{site.address}{link}").page
        seal_of = "[...document.querySelectorAll('.seal, .seal *')].map(one => getComputedStyle(one).color)"
        plain = page.evaluate(seal_of)
        dress(site, "#98191c")
        page.goto(f"{site.address}{link}")

        assert page.evaluate(seal_of) == plain
        assert page.locator(".card .logo").count() == 1
        assert page.locator(".seal .logo, .branded").count() == 0


def test_a_project_s_page_has_a_button_in_the_colour(visitor: Visitor, tmp_path: Path) -> None:
    with desk(tmp_path) as site, staged(site.service) as stage:
        owner, today = stage.member("owner"), site.service.clock().date()
        days = {"starts_on": str(today + timedelta(days=3)), "ends_on": str(today + timedelta(days=30))}
        form = msgspec.structs.replace(STARTERS["report"][1], compensation="EUR 400", **days)
        project = publishing.start(stage.means, owner, form)
        publishing.put_up(stage.means, owner, project.id)
        dress(site, "#7a1f4a")
        page = visitor.visit(f"{site.address}/projects/{project.id}").page

        button = page.evaluate("getComputedStyle(document.querySelector('.branded .button')).backgroundColor")
        assert button == "rgb(122, 31, 74)"
        assert page.locator(".facts.branded .logo").count() == 1
        look(page, "branded project")
        site.service.issuer.suspend_issuer("acme", "A question about it")
        page.reload()
        assert page.locator(".branded, .logo").count() == 0


def test_the_colour_is_where_it_belongs(visitor: Visitor, tmp_path: Path) -> None:
    with desk(tmp_path) as site:
        founded(site)
        dress(site, "#7a1f4a")
        page = visitor.visit(f"{site.address}/issuers/acme").page
        rule = "getComputedStyle(document.querySelector('.branded')).borderInlineStartColor"

        page.emulate_media(color_scheme="light")
        assert page.evaluate(rule) == "rgb(122, 31, 74)"
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(rule) != "rgb(122, 31, 74)"


def test_the_pages_of_a_brand(visitor: Visitor, tmp_path: Path, screenshots: Path | None) -> None:
    with desk(tmp_path, second_step="nobody") as site:
        number = founded(site)
        service, address = site.service, "olga@acme.example"
        invite_owner(service.accounts, service.issuer.issuer("acme"), address)
        seen = visitor.visit()
        page = seen.page
        page.goto(site.mail(address))
        page.fill("#name", "Olga Owner")
        press(page, "main button[type=submit]")
        page.goto(f"{site.address}/console/acme/brand")
        look(page, "brand, empty")
        page.fill("#accent", "#ffff00")
        press(page, "text=Save the colour")
        assert "1.04 : 1" in page.inner_text("#accent-why")
        look(page, "brand, refused")
        page.fill("#accent", "#1f4583")
        press(page, "text=Save the colour")
        page.set_input_files("#logo", {"name": "logo.png", "mimeType": "image/png", "buffer": initial()})
        press(page, "text=Send it")
        look(page, "brand")
        if screenshots is not None:
            page.emulate_media(color_scheme="light")
            page.screenshot(path=screenshots / "desk-brand.png")
        link = service.portfolio.credential(number).links.portfolio
        for name, path in (("issuer", "/issuers/acme"), ("credential", f"/c/{number}"), ("portfolio", link)):
            page.goto(f"{site.address}{path}")
            look(page, f"branded {name}")
            assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth)"), name
