"""A project from the board to the taken offer in a real browser, with two people and nothing but the screens."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page

from credentials.store import handovers, issuers, people
from credentials.store.engine import write
from credentials.store.handovers import Handover
from tests.browser.conftest import Visitor
from tests.browser.pressing import press
from tests.browser.staff import Desk, desk, with_authenticator
from tests.browser.test_accounts import look
from tests.web.conftest import make_draft

pytestmark = pytest.mark.browser
PICTURES = ("project-form", "project-offer")
ANA, OLGA = "ana@school.example", "olga@acme.example"


def shoot(page: Page, name: str, folder: Path | None) -> None:
    """Look at the page, and keep a picture of it for the documentation where one is wanted."""
    look(page, name)
    page.emulate_media(color_scheme="light")
    if folder is not None and name in PICTURES:
        page.screenshot(path=folder / f"{name}.png")


def enter(page: Page, site: Desk, address: str, name: str) -> None:
    """Begin an account by the link of a letter."""
    page.goto(f"{site.address}/sign-in")
    page.fill("#address", address)
    press(page, "text=Send me a link")
    site.open_mail(page, address)
    page.fill("#name", name)
    press(page, "button:has-text('Continue')")


def note_refusals(page: Page, refused: list[str]) -> None:
    """Keep what the browser says of anything that the Content Security Policy has stopped."""

    def heard(said: ConsoleMessage) -> None:
        if "Content Security" in said.text:
            refused.append(said.text)

    page.on("console", heard)


def test_a_project_from_the_board_to_the_taken_offer(
    visitor: Visitor, tmp_path: Path, screenshots: Path | None
) -> None:
    with desk(tmp_path) as site:
        company, candidate = visitor.visit(), visitor.visit()
        olga, ana = company.page, candidate.page
        refused: list[str] = []
        for page in (olga, ana):
            note_refusals(page, refused)
        with_authenticator(olga)
        enter(olga, site, OLGA, "Olga Owner")
        press(olga, "button:has-text('Make a passkey')")
        press(olga, "text=I have kept them")
        olga.goto(f"{site.address}/companies/new")
        olga.fill("#name", "Acme Analytics")
        press(olga, "main button.button[type=submit]")
        olga.wait_for_url(f"{site.address}/console/*")
        slug = olga.url.rpartition("/")[2]
        site.service.issuer.confirm(slug, "acme.example", note="checked by telephone")

        # Ana finished something for this company before.
        issued = site.service.issuer.issue(slug, make_draft(skills=("Data analysis", "Statistics", "Interviewing")))
        enter(ana, site, ANA, "Ana Souza")
        take(site, issued.id)

        post(olga, site, slug, screenshots)
        project = olga.url
        shoot(olga, "project-page", screenshots)
        olga.goto(f"{site.address}/console/{slug}/projects")
        shoot(olga, "desk-projects", screenshots)
        press(olga, "text=What our order data says")
        shoot(olga, "desk-project-open", screenshots)
        press(olga, "text=Invite somebody")
        shoot(olga, "pool", screenshots)
        press(olga, "button:has-text('Invite')")

        site.open_mail(ana, ANA)
        assert ana.url == project
        ana.goto(f"{site.address}/projects?q=order+data")
        shoot(ana, "project-board", screenshots)
        press(ana, "text=What our order data says")
        press(ana, "a.button:has-text('Apply')")
        ana.fill("#note", "I analysed a survey of 1200 people last spring and know how to say what data can’t tell.")
        shoot(ana, "apply", screenshots)
        press(ana, "text=Send it")
        shoot(ana, "application", screenshots)

        olga.goto(f"{site.address}/console/{slug}/projects?before=2199-01-01T00:00:00%2B00:00,A")
        assert olga.locator("text=Those changed last").count() == 1
        shoot(olga, "desk-projects-earlier", screenshots)
        press(olga, "text=1 to answer")
        applicants = olga.url
        olga.goto(f"{applicants}?after=2001-01-01T00:00:00%2B00:00,A")
        assert olga.locator("text=Ana Souza").count() > 0
        shoot(olga, "project-applicants-later", screenshots)
        olga.goto(f"{applicants}?after=2199-01-01T00:00:00%2B00:00,A")
        shoot(olga, "project-applicants-none", screenshots)
        press(olga, "text=Who applied first")
        assert olga.url == applicants
        shoot(olga, "project-applicants", screenshots)
        press(olga, "a.button:has-text('Answer')")
        shoot(olga, "applicant", screenshots)
        olga.fill("#offer", "Your survey is what we need. Can you begin on Monday?")
        press(olga, "text=Send the offer")

        site.open_mail(ana, ANA)
        shoot(ana, "project-offer", screenshots)
        press(ana, "button:has-text('Take the offer')")
        ana.wait_for_url(f"{site.address}/work/*")
        assert "What our order data says" in ana.content()
        ana.goto(f"{site.address}/work")
        shoot(ana, "work", screenshots)
        ana.goto(project)
        shoot(ana, "project-filled", screenshots)
        assert refused == []
        for one in (company, candidate):
            assert one.foreign(site.address) == []


def post(page: Page, site: Desk, slug: str, screenshots: Path | None) -> None:
    """Post a project from a starter: the form says what is missing, then it is on the board."""
    page.goto(f"{site.address}/console/{slug}/projects")
    press(page, "text=Post a project")
    shoot(page, "starters", screenshots)
    press(page, "text=Begin with it: Data analysis")
    shoot(page, "project-form", screenshots)
    press(page, "button:has-text('Put it on the board')")
    shoot(page, "desk-project-wrong", screenshots)
    today = site.service.clock().date()
    page.fill("#starts_on", str(today + timedelta(days=7)))
    page.fill("#ends_on", str(today + timedelta(days=35)))
    page.fill("#compensation", "EUR 600")
    press(page, "button:has-text('Put it on the board')")
    page.wait_for_url(f"{site.address}/projects/*")


def take(site: Desk, credential_id: str) -> None:
    """Let Ana have taken a credential as hers."""
    means = site.service.desk
    with write(means.accounts.engine) as connection:
        person = people.by_address(connection, ANA)
        issuer = issuers.of_credentials(connection, [credential_id])[credential_id]
        assert person is not None
        made = Handover(credential_id=credential_id, issuer_id=issuer.id, address=ANA)
        handovers.put(connection, made)
        assert handovers.claimed(connection, credential_id, person.id, site.service.clock())
