"""The demo's story in a browser: each role's pages as a newcomer steps into them, looked at and pictured."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from credentials.cli.demo_story.tour import kept
from tests.browser.conftest import Site, Visitor
from tests.browser.test_newcomer import looked_at

pytestmark = pytest.mark.browser
PAGES: dict[str, tuple[str, str]] = {
    "dashboard": ("0-0", ""),
    "compared": ("0-1", ""),
    "review": ("0-2", ""),
    "pay": ("0-3", ""),
    "second-signer": ("1-0", ""),
    "own-work": ("2-0", ""),
    "terms-change": ("2-1", ""),
    "terms-form": ("2-1", "/terms"),
    "deliver": ("2-2", ""),
    "finished-work": ("2-3", ""),
    "outcome": ("2-3", "/outcome"),
    "reports": ("3-1", ""),
}
"""Name → the button that is pressed, and what is added to the address that it leads to."""


def step_in(page: Page, site: Site, stop: str) -> None:
    """Press a button of the page of roles."""
    page.goto(site.links.roles)
    page.click(f"button[value='{stop}']")


@pytest.mark.parametrize("name", PAGES)
def test_a_role_finds_its_page(name: str, site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    visit, (stop, further) = visitor.visit(), PAGES[name]
    step_in(visit.page, site, stop)
    path = kept(site.data_dir)[int(stop[0])].stops[int(stop[2])].path
    assert visit.page.url == f"{site.address}{path}"
    if further:
        visit.page.goto(f"{visit.page.url}{further}")

    looked_at(visit.page, name, screenshots)
    assert visit.foreign(site.address) == []


def test_a_candidate_applies(site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page = visitor.visit().page
    step_in(page, site, "3-0")
    page.goto(site.links.board)
    looked_at(page, "board", screenshots)
    page.click("text=Why Christmas orders come so late")
    looked_at(page, "posting", screenshots)
    page.click("a.button:has-text('Apply')")
    page.fill("#note", "I ran a survey of 60 shop customers last spring, and know how to ask why without leading.")
    looked_at(page, "apply", screenshots)


def test_roles_are_stepped_into_from_the_first_page(site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page = visitor.visit(site.address).page
    page.click("text=Step into a role")
    looked_at(page, "roles", screenshots)
    page.click("text=Check her newest credential")
    assert page.locator(".band").get_attribute("data-state") == "GENUINE"
    looked_at(page, "worked", screenshots)
