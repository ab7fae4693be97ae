"""A project from the board to the taken offer in a real browser, with two people and nothing but the screens."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from credentials.store import handovers, issuers, people
from credentials.store.engine import write
from credentials.store.handovers import Handover
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.staff import Desk, desk
from tests.browser.test_accounts import look
from tests.web.conftest import make_draft

pytestmark = pytest.mark.browser
ANA, OLGA = "ana@school.example", "olga@acme.example"


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("SHOTS")
    look(page, name)
    if folder:
        for size, scheme in ((DESK, "light"), (PHONE, "light"), (DESK, "dark"), (PHONE, "dark")):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.screenshot(path=f"{folder}/{name}-{size['width']}-{scheme}.png", full_page=True)
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")


def enter(page: Page, site: Desk, address: str, name: str) -> None:
    page.goto(f"{site.address}/sign-in")
    page.fill("#address", address)
    page.click("text=Send me a link")
    site.open_mail(page, address)
    page.fill("#name", name)
    page.click("button:has-text('Continue')")


def test_a_project_from_the_board_to_the_taken_offer(visitor: Visitor, tmp_path: Path) -> None:
    with desk(tmp_path) as site:
        company, candidate = visitor.visit(), visitor.visit()
        olga, ana = company.page, candidate.page
        refused: list[str] = []
        for page in (olga, ana):
            page.on("console", lambda said: "422" in said.text or refused.append(said.text))
        enter(olga, site, OLGA, "Olga Owner")
        olga.goto(f"{site.address}/companies/new")
        olga.fill("#name", "Acme Analytics")
        olga.click("main button[type=submit]")
        slug = olga.url.rpartition("/")[2]
        site.service.issuer.confirm(slug, "acme.example", note="checked by telephone")

        # Ana finished something for this company before.
        issued = site.service.issuer.issue(slug, make_draft(skills=("Data analysis", "Statistics", "Interviewing")))
        enter(ana, site, ANA, "Ana Souza")
        take(site, issued.id)

        post(olga, site, slug)
        project = olga.url
        shoot(olga, "project")
        olga.goto(f"{site.address}/console/{slug}/projects")
        shoot(olga, "desk-projects")
        olga.click("text=What our order data says")
        shoot(olga, "desk-project-open")
        olga.click("text=Invite somebody")
        shoot(olga, "pool")
        olga.click("button:has-text('Invite')")

        site.open_mail(ana, ANA)
        assert ana.url == project
        ana.goto(f"{site.address}/projects?q=order+data")
        shoot(ana, "board")
        ana.click("text=What our order data says")
        ana.click("text=Apply")
        ana.fill("#note", "I analysed a survey of 1200 people last spring and know how to say what data can’t tell.")
        shoot(ana, "apply")
        ana.click("text=Send it")
        shoot(ana, "application")

        olga.goto(f"{site.address}/console/{slug}/projects")
        olga.click("text=1 to answer")
        shoot(olga, "applicants")
        olga.click("a.button:has-text('Answer')")
        shoot(olga, "applicant")
        olga.fill("#offer", "Your survey is what we need. Can you begin on Monday?")
        olga.click("text=Send the offer")

        site.open_mail(ana, ANA)
        shoot(ana, "offer")
        ana.click("text=Take the offer")
        shoot(ana, "engagement")
        ana.goto(f"{site.address}/work")
        shoot(ana, "work")
        ana.goto(project)
        shoot(ana, "project-filled")
        assert refused == []
        for one in (company, candidate):
            assert one.foreign(site.address) == []


def post(page: Page, site: Desk, slug: str) -> None:
    """Post a project from a starter: the form says what is missing, then it is on the board."""
    page.goto(f"{site.address}/console/{slug}/projects")
    page.click("text=Post a project")
    shoot(page, "starters")
    page.click("text=Begin with it: Data analysis")
    shoot(page, "desk-project")
    page.click("button:has-text('Put it on the board')")
    shoot(page, "desk-project-wrong")
    today = site.service.clock().date()
    page.fill("#starts_on", str(today + timedelta(days=7)))
    page.fill("#ends_on", str(today + timedelta(days=35)))
    page.fill("#compensation", "EUR 600")
    page.click("button:has-text('Put it on the board')")
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
