"""The bars of every page: accessible in light and dark, narrow, quiet, above the fold, on one sheet of paper."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

from credentials.core.jws import parse_compact
from credentials.verifier.states import State
from tests.browser.conftest import PHONE, Site, Visitor
from tests.browser.pressing import press
from tests.portfolio.samples import issue

pytestmark = pytest.mark.browser

SAMPLES = ("landing", "portfolio", "issuer", "genuine", "revoked", "expired", "tampered")
PATHS = ("/verify", "/issuers/self-named", "/issuers/dropped", "/c/nothing", "/errors/nothing-here")
EVERY_PAGE = pytest.mark.parametrize("name", [*SAMPLES, *PATHS, *State, "no match", "story", "result"])


def go(page: Page, site: Site, name: str) -> None:
    """Open a page by its name: a sample of the demo, a path, a state, or one of three more."""
    if name in SAMPLES:
        page.goto(str(getattr(site.links, name)))
    elif name in PATHS:
        page.goto(site.address + name)
    elif name in site.states:
        page.goto(f"{site.address}/c/{site.states[name]}")
    elif name == "no match":
        page.goto(f"{site.links.portfolio}?skill=none")
    elif name == "story":
        page.goto(f"{site.links.revoked}/status")
    else:
        page.goto(f"{site.address}/verify")
        page.locator("textarea").fill(site.links.genuine)
        press(page, page.locator("form button[type=submit]"))
        page.wait_for_selector(".band")


TARGETS = "header a, main a:visible, main button:visible, main summary, main textarea, main input, footer a"
LONG = {
    "project_title": "Incomprehensibilities-and-counterrevolutionaries of everything that a person could type in here",
    "recipient_name": "محمد عبد الرحمن بن عبد العزيز آل سعود",
    "role": "Werkstudentin für Donaudampfschifffahrtsgesellschaftsangelegenheiten",
    "skills": ("Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz", "統計"),
}


@EVERY_PAGE
def test_axe_finds_nothing_in_light_and_dark(site: Site, visitor: Visitor, name: str) -> None:
    """Without the page's policy only so that axe itself may be put in."""
    visit = visitor.visit(bypass_csp=True)
    go(visit.page, site, name)
    for details in visit.page.locator("summary").all():
        press(visit.page, details)
    for scheme, paper in (("light", "rgb(253, 252, 249)"), ("dark", "rgb(22, 22, 26)")):
        visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == paper
        results = Axe().run(visit.page)
        assert results.violations_count == 0, f"{scheme}: {results.generate_report()}"


@EVERY_PAGE
def test_narrow_quiet_and_without_cookies(site: Site, visitor: Visitor, name: str) -> None:
    """At 320 pixels nothing scrolls sideways; nothing is fetched from elsewhere; no console complaint; no cookie."""
    visit = visitor.visit(viewport=PHONE)
    complaints: list[str] = []
    visit.page.on("console", lambda message: complaints.append(message.text))
    go(visit.page, site, name)
    for details in visit.page.locator("summary").all():
        press(visit.page, details)

    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert visit.foreign(site.address) == []
    assert visit.context.cookies() == []
    assert visit.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert [text for text in complaints if "404" not in text] == []


@pytest.mark.parametrize("state", list(State))
def test_the_verdict_is_above_the_fold_on_a_small_phone(site: Site, visitor: Visitor, state: str) -> None:
    page = visitor.visit(f"{site.address}/c/{site.states[state]}", viewport=PHONE, has_touch=True, is_mobile=True).page
    wanted = [".band h1", ".say", ".when time"]
    if page.locator(".title").count():
        wanted += [".title", ".person", ".facts", ".facts time >> nth=-1"]
    for selector in wanted:
        box = page.locator(selector).bounding_box()
        assert box is not None, selector
        assert box["y"] + box["height"] <= PHONE["height"], selector


def test_the_fold_holds_for_long_texts(site: Site, visitor: Visitor) -> None:
    number = issue(site.service, "kveik", **LONG)
    page = visitor.visit(f"{site.address}/c/{number}", viewport=PHONE).page
    for selector in (".title", ".person", ".facts time >> nth=-1"):
        box = page.locator(selector).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"], selector
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_targets_are_large_enough_to_touch(site: Site, visitor: Visitor) -> None:
    visit = visitor.visit(viewport=PHONE, has_touch=True, is_mobile=True)
    for address in (site.links.genuine, site.links.portfolio, site.links.landing, f"{site.address}/verify"):
        visit.page.goto(address)
        for target in visit.page.locator(TARGETS).all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 44 or target.evaluate("node => !!node.closest('.card')"), target.inner_text()


def test_right_to_left_names_keep_their_place(site: Site, visitor: Visitor) -> None:
    number = issue(site.service, "kveik", recipient_name="עדה לאבלייס", project_title="تقرير السوق (2026)")
    page = visitor.visit(f"{site.address}/c/{number}").page

    assert page.locator(".title").evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert page.locator(".person bdi").evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert page.locator(".facts").evaluate("node => getComputedStyle(node).direction") == "ltr"


@pytest.mark.parametrize("name", ["genuine", "revoked", "expired", "tampered"])
def test_prints_on_one_sheet_with_a_code_that_reads(site: Site, visitor: Visitor, name: str) -> None:
    address = str(getattr(site.links, name))
    page = visitor.visit(address, color_scheme="dark").page
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    seen = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    assert [code.text for code in seen] == ([] if name == "tampered" else [address.upper()])
    assert background == "rgb(253, 252, 249)"
    assert page.locator(".when time").is_visible()


def test_the_printed_code_is_at_least_18_mm(site: Site, visitor: Visitor) -> None:
    page = visitor.visit(site.links.genuine).page
    page.emulate_media(media="print")
    box = page.locator(".qr").bounding_box()

    assert box is not None
    assert box["width"] * 25.4 / 96 >= 18


def test_forced_colours_and_calm_motion(site: Site, visitor: Visitor) -> None:
    visit = visitor.visit(site.links.genuine, forced_colors="active", reduced_motion="reduce")
    seen = zxingcpp.read_barcodes(Image.open(io.BytesIO(visit.page.screenshot())).convert("RGB"))
    visit.page.goto(site.links.portfolio)

    assert [code.text for code in seen] == [site.links.genuine.upper()]
    assert visit.page.locator(".card").first.evaluate("node => getComputedStyle(node).transitionDuration") == "0s"


def test_the_signed_forms_behind_a_page_are_what_was_signed(site: Site, visitor: Visitor) -> None:
    visit = visitor.visit(site.links.genuine)
    number = site.links.genuine.rsplit("/", 1)[1]
    signed = {form.format: form.body for form in site.service.portfolio.forms(number)}
    links = {name: visit.page.get_by_role("link", name=f"Signed data, {name}") for name in ("JWT", "JSON")}
    bodies = {
        name: visit.context.request.get(f"{site.address}{link.get_attribute('href')}").body()
        for name, link in links.items()
    }

    assert bodies == {"JWT": signed["vc+jwt"], "JSON": signed["eddsa-rdfc-2022"]}
    assert parse_compact(bodies["JWT"], max_bytes=100_000).payload
