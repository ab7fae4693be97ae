"""The demo's story in a browser: each role's pages as a newcomer steps into them, looked at and pictured."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from credentials.cli.demo_story.afterwards import Asker, ask_question
from credentials.cli.demo_story.play import Person, Play
from credentials.cli.demo_story.tour import kept
from credentials.cli.demo_story.words import DANA
from tests.browser.conftest import Site, Visitor
from tests.browser.pressing import press
from tests.browser.test_newcomer import looked_at

pytestmark = pytest.mark.browser
PAGES: dict[str, tuple[str, str]] = {
    "dashboard": ("0-0", ""),
    "compared": ("0-1", ""),
    "review": ("0-2", ""),
    "pay": ("0-3", ""),
    "offer": ("0-4", ""),
    "references": ("0-5", ""),
    "second-signer": ("1-0", ""),
    "own-work": ("2-0", ""),
    "terms-change": ("2-1", ""),
    "terms-form": ("2-1", "/terms"),
    "deliver": ("2-2", ""),
    "finished-work": ("2-3", ""),
    "outcome": ("2-3", "/outcome"),
}
"""Name → the button that is pressed, and what is added to the address that it leads to."""
DESK = "/console/northwind-bakeries"
FURTHER: dict[str, tuple[str, str]] = {
    "projects": ("0-0", f"{DESK}/projects"),
    "webhooks": ("0-0", f"{DESK}/webhooks"),
    "company-sign-in": ("0-0", f"{DESK}/sign-in"),
    "operator-mail": ("3-0", "/operator/mail"),
    "operator-payments": ("3-0", "/operator/payments"),
    "operator-look-alikes": ("3-0", "/operator/look-alikes"),
    "operator-trail": ("3-0", "/operator/trail"),
}
"""Name → the button that is pressed, and the page that is opened then."""


def step_in(page: Page, site: Site, stop: str) -> None:
    """Press a button of the page of roles."""
    page.goto(site.links.roles)
    press(page, f"button[value='{stop}']")


@pytest.mark.parametrize("name", PAGES)
def test_a_role_finds_its_page(name: str, site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    visit, (stop, further) = visitor.visit(), PAGES[name]
    step_in(visit.page, site, stop)
    path = kept(site.data_dir)[int(stop[0])].stops[int(stop[2])].path
    assert visit.page.url == f"{site.address}{path}"
    if further:
        visit.page.goto(f"{visit.page.url.partition('#')[0]}{further}")

    looked_at(visit.page, name, screenshots)
    assert visit.foreign(site.address) == []


@pytest.mark.parametrize("name", FURTHER)
def test_a_role_looks_further(name: str, site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    visit, (stop, path) = visitor.visit(), FURTHER[name]
    step_in(visit.page, site, stop)
    answer = visit.page.goto(f"{site.address}{path}")

    assert answer is not None
    assert (answer.status, visit.page.url) == (200, f"{site.address}{path}")
    looked_at(visit.page, name, screenshots)
    assert visit.foreign(site.address) == []


def test_an_author_invites_from_the_pool(site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page = visitor.visit().page
    step_in(page, site, "0-1")
    press(page, "text=Invite somebody")
    assert page.locator("main li").count() > 0
    looked_at(page, "pool", screenshots)


def test_an_owner_adds_a_webhook(site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page = visitor.visit().page
    step_in(page, site, "0-0")
    page.goto(f"{site.address}{DESK}/webhooks")
    page.fill("input[type=url], #url", "https://hr.northwind.example/hooks")
    press(page, "main button:has-text('Add')")
    assert "whsec_" in page.content()
    looked_at(page, "webhook-secret", None)
    page.goto(f"{site.address}{DESK}/webhooks")
    press(page, "main a[href*='/webhooks/'] >> nth=0")
    looked_at(page, "webhook", screenshots)


def test_an_operator_reads_a_letter(site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page = visitor.visit().page
    step_in(page, site, "3-0")
    page.goto(f"{site.address}/operator/mail")
    press(page, "main table a >> nth=0")
    looked_at(page, "operator-letter", screenshots)


@pytest.mark.parametrize("stop", ["0-0", "1-0", "2-0"])
def test_what_closing_an_account_means(stop: str, site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page = visitor.visit().page
    step_in(page, site, stop)
    page.goto(f"{site.address}/account")
    press(page, "text=Close your account")
    assert page.locator("h1").inner_text() == "Close your account"
    looked_at(page, "close-account", screenshots if stop == "1-0" else None)


@pytest.mark.parametrize("kind", ["revoked", "suspended"])
def test_a_signer_withdraws(kind: str, site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page, number = visitor.visit().page, site.links.genuine.rpartition("/")[2]
    step_in(page, site, "1-0")
    answer = page.goto(f"{site.address}{DESK}/issued/{number}/{kind}")

    assert answer is not None
    assert answer.status == 200
    looked_at(page, "revoke", screenshots if kind == "revoked" else None)


def test_a_stolen_key_is_told_of(site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page = visitor.visit().page
    step_in(page, site, "0-0")
    page.goto(f"{site.address}{DESK}/keys")
    press(page, "a[href$='/compromised'] >> nth=0")
    looked_at(page, "stolen-key", screenshots)


def test_a_question_is_passed_on_and_answered(site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    """The letters' links, as whoever asks and whoever answers open them."""
    play, page = Play(site.service, site.service.clock()), visitor.visit().page
    asker = Asker(Person("Noor Haddad", "noor@inn.example"), "The Inn", "Does she explain figures well?")
    ask_question(play, asker, site.links.worked.rpartition("/")[2])
    page.goto(f"{site.address}/questions/{play.letter_token(asker.person, '/questions/')}")
    looked_at(page, "question", screenshots)
    press(page, "main button")
    page.goto(f"{site.address}/answers/{play.letter_token(DANA, '/answers/')}")
    looked_at(page, "reference-question", screenshots)
    assert "noor@inn.example" not in page.content()


def test_anybody_checks_and_reports(site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page = visitor.visit(f"{site.address}/verify").page
    looked_at(page, "verify", screenshots)
    page.goto(f"{site.address}/report/c/{site.links.worked.rpartition('/')[2]}")
    looked_at(page, "report", screenshots)


def test_a_candidate_applies(site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page = visitor.visit().page
    step_in(page, site, "3-0")
    page.goto(site.links.board)
    looked_at(page, "board", screenshots)
    press(page, "text=Why Christmas orders come so late")
    looked_at(page, "posting", screenshots)
    press(page, "a.button:has-text('Apply')")
    page.fill("#note", "I ran a survey of 60 shop customers last spring, and know how to ask why without leading.")
    looked_at(page, "apply", screenshots)


def test_roles_are_stepped_into_from_the_first_page(site: Site, visitor: Visitor, screenshots: Path | None) -> None:
    page = visitor.visit(site.address).page
    press(page, "text=Step into a role")
    looked_at(page, "roles", screenshots)
    press(page, "text=Check her newest credential")
    assert page.locator(".band").get_attribute("data-state") == "GENUINE"
    looked_at(page, "worked", screenshots)
