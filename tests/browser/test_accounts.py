"""A person's account in a real browser: link, passkey, codes, second step, a second passkey, the company's sign-in."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.pressing import press
from tests.browser.staff import Desk, desk, with_authenticator

pytestmark = pytest.mark.browser
ANA = "ana@school.example"
FACES = [(size, scheme) for size in (DESK, PHONE) for scheme in ("light", "dark")]


def look(page: Page, name: str) -> None:
    """The page has no fault that axe finds and does not scroll sideways, wide and narrow, in light and dark."""
    for size, scheme in FACES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name} {scheme}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


def ask_for_link(page: Page, site: Desk) -> None:
    """From the sign-in page to the page of the link."""
    page.goto(f"{site.address}/sign-in")
    page.fill("#address", ANA)
    press(page, "text=Send me a link")
    site.open_mail(page, ANA)


def test_an_account_from_its_first_link_to_its_second_passkey(visitor: Visitor, tmp_path: Path) -> None:
    with desk(tmp_path) as site:
        page = visitor.visit().page
        with_authenticator(page)
        ask_for_link(page, site)
        page.fill("#name", "Ana Souza")
        press(page, "button:has-text('Continue')")
        press(page, "button:has-text('Make a passkey')")
        page.wait_for_selector(".codes")
        code = page.inner_text(".codes li >> nth=0")
        press(page, "text=I have kept them")
        look(page, "account")
        press(page, "text=Sign out")

        ask_for_link(page, site)
        press(page, "button:has-text('Sign in')")
        look(page, "second step")
        page.fill("#code", code.lower())
        press(page, "text=Use this code")
        page.wait_for_url(f"{site.address}/account")
        assert "9 of 10 recovery codes are left" in page.content()

        page.goto(f"{site.address}/sign-in/again?next=/account")
        look(page, "again")
        press(page, "button:has-text('Use your passkey')")
        page.wait_for_url(f"{site.address}/account")
        page.goto(f"{site.address}/account/passkeys")
        look(page, "another passkey")
        page.goto(f"{site.address}/sign-in/company")
        look(page, "company sign-in")
        page.fill("#address", ANA)
        press(page, "text=Go on")
        assert "No company sign-in for this address" in page.content()
        look(page, "company sign-in refused")
