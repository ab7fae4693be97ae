"""From the first page to the first signed credential, as somebody who has never been here."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.pressing import press
from tests.browser.staff import Desk, desk, with_authenticator

pytestmark = pytest.mark.browser
OWNER, HOLDER = "olga@acme.example", "ana@mail.example"
FIELDS = {
    "recipient_name": "Ana Souza",
    "recipient_email": HOLDER,
    "project_title": "Customer survey report",
    "summary": "Interviewed 20 customers in four cities and wrote a report with three proposals. Two were taken up.",
    "started_on": "2026-02-02",
    "ended_on": "2026-03-06",
    "hours": "40",
    "skills": "Survey design, Interviewing",
    "deliverable_name_1": "Report",
    "deliverable_url_1": "https://files.example/report",
    "supervisor_words": "Careful and quick. We changed our opening hours because of her.",
}


def looked_at(page: Page, name: str, screenshots: Path | None) -> None:
    """The page has no fault that axe finds, in light and dark, wide and narrow; pictures are taken when asked for."""
    for size, scheme in ((DESK, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name} {scheme}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    if screenshots is not None:
        # What stays in sight while one scrolls stands where it stands at first.
        page.evaluate("scrollTo(0, 0)")
        whole = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        colours = whole.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        colours.save(screenshots / f"desk-{name}.png", optimize=True)


def sign_up(page: Page, site: Desk, look: Callable[[str], None]) -> None:
    """From the first page to a company with a passkey's holder as its owner."""
    page.goto(site.address)
    site.press(page, "text=Add your company")
    look("sign-in")
    page.fill("#address", OWNER)
    site.press(page, "text=Send me a link")
    look("sent")
    site.open_mail(page, OWNER)
    look("link")
    page.fill("#name", "Olga Owner")
    site.press(page, "button:has-text('Continue')")
    look("passkey")
    site.press(page, "button:has-text('Make a passkey')")
    page.wait_for_selector(".codes")
    look("codes")
    site.press(page, "text=I have kept them")
    look("company")
    page.fill("#name", "Acme Bakeries")
    page.fill("#website", "acme.example")
    site.press(page, "button:has-text('Add it')")


def award(page: Page, site: Desk, look: Callable[[str], None]) -> None:
    """From the company's first page to the signed credential."""
    look("home")
    site.press(page, ".button:has-text('Award a credential')")
    for name, text in FIELDS.items():
        page.fill(f"#{name}", text)
    page.wait_for_selector("aside :text('Two were taken up.')")
    look("award")
    site.press(page, "text=Sign and send")
    look("issued")
    site.press(page, "text=See its page")
    assert "Customer survey report" in page.content()


def test_a_newcomer_signs_a_credential_in_twelve_clicks(
    visitor: Visitor, tmp_path: Path, screenshots: Path | None
) -> None:
    with desk(tmp_path) as site:
        page = visitor.visit().page
        with_authenticator(page)
        started = time.monotonic()

        sign_up(page, site, lambda name: looked_at(page, name, screenshots))
        award(page, site, lambda name: looked_at(page, name, screenshots))

        assert site.clicks <= 12
        assert time.monotonic() - started < 300
        number = page.url.rpartition("/")[2]
        assert site.service.verify(site.service.portfolio.signed(number).body).verified
        for name in ("people", "keys", "api-keys", "trail"):
            page.goto(f"{site.address}/console/acme-bakeries/{name}")
            looked_at(page, name, screenshots)
        page.goto(f"{site.address}/account")
        looked_at(page, "account", screenshots)
        press(page, "text=Sign out")
        page.goto(f"{site.address}/sign-in")
        press(page, "text=Sign in with a passkey")
        page.wait_for_url(f"{site.address}/account")


def test_the_holder_sees_it_before_signing_up_and_takes_it(
    visitor: Visitor, tmp_path: Path, screenshots: Path | None
) -> None:
    with desk(tmp_path) as site:
        owner = visitor.visit().page
        with_authenticator(owner)
        sign_up(owner, site, lambda _: None)
        award(owner, site, lambda _: None)

        page = visitor.visit(viewport=PHONE).page
        page.goto(site.mail(HOLDER))
        looked_at(page, "claim", screenshots)
        press(page, "button:has-text('Yes, it’s mine')")
        if page.url.endswith("/welcome"):
            press(page, "text=Not now")
        assert "/c/" in page.url
        owner.goto(f"{site.address}/console/acme-bakeries/issued")
        assert "claimed" in owner.content()


def test_it_works_without_javascript(visitor: Visitor, tmp_path: Path) -> None:
    with desk(tmp_path) as site:
        page = visitor.visit(java_script_enabled=False).page
        page.goto(f"{site.address}/sign-in?next=/companies/new")
        page.fill("#address", OWNER)
        press(page, "text=Send me a link")
        page.goto(site.mail(OWNER))
        page.fill("#name", "Olga Owner")
        press(page, "button:has-text('Continue')")
        press(page, "text=Take recovery codes")
        press(page, "text=I have kept them")
        page.fill("#name", "Acme Bakeries")
        press(page, "button:has-text('Add it')")
        press(page, ".button:has-text('Award a credential')")
        for name, text in FIELDS.items():
            page.fill(f"#{name}", text)
        press(page, "button:has-text('Preview')")
        assert "Two were taken up." in page.text_content("aside")  # type: ignore[operator]
        press(page, "text=Sign and send")
        press(page, "text=See its page")
        assert "Customer survey report" in page.content()
