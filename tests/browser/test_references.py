"""A reference and what comes next in a real browser: every page wide and narrow, in light and dark, without a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from credentials.accounts import sessions
from credentials.store import people
from credentials.store.engine import write
from credentials.web.people import cookie_name
from tests.browser.conftest import Visitor
from tests.browser.pressing import press
from tests.browser.staff import Desk, desk
from tests.browser.test_accounts import look
from tests.projects.finished import SUPERVISOR, Finished, finish
from tests.projects.stages import CLIENT, staged

pytestmark = pytest.mark.browser
PICTURES = ("reference-candidate", "reference-supervisor", "reference-ask", "next-steps")


def shoot(page: Page, name: str, folder: Path | None) -> None:
    """Look at the page, and keep a picture of it for the documentation where one is wanted."""
    look(page, name)
    page.emulate_media(color_scheme="light")
    if folder is not None and name in PICTURES:
        page.screenshot(path=folder / f"{name}.png")


def enter(site: Desk, done: Finished, context: BrowserContext, name: str) -> None:
    """Let a browser be somebody's who signed in."""
    service = site.service
    with write(service.engine) as connection:
        begun = sessions.begin(connection, done.stage.people[name], "passkey", CLIENT, service.clock())
    context.add_cookies([{"name": cookie_name(service.accounts), "value": begun.cookie, "url": site.address}])


def test_a_reference_from_the_question_whether_to_the_answer(
    visitor: Visitor, tmp_path: Path, screenshots: Path | None
) -> None:
    with desk(tmp_path, second_step="nobody") as site, staged(site.service) as stage:
        done = finish(stage)
        with write(site.service.engine) as connection:
            people.rename(connection, stage.people["owner"], "Kim Larsen")
        ana, kim, petra = visitor.visit(), visitor.visit(), visitor.visit()
        enter(site, done, ana.context, "candidate")
        enter(site, done, kim.context, "owner")
        mine = f"{site.address}/work/{done.engagement.id}"

        ana.page.goto(mine)
        press(ana.page, "button:has-text('Ask Kim')")
        kim.page.goto(f"{site.address}/references")
        look(kim.page, "references")
        press(kim.page, "main a:has-text('Customer survey report')")
        shoot(kim.page, "reference-supervisor", screenshots)
        press(kim.page, "text=Yes, they may")
        look(kim.page, "reference, agreed")
        ana.page.goto(mine)
        press(ana.page, "text=Show it on the credential’s page")
        ana.page.evaluate("document.querySelector('#reference').scrollIntoView(); scrollBy(0, -80)")
        shoot(ana.page, "reference-candidate", screenshots)

        petra.page.goto(f"{site.address}/c/{done.number}")
        look(petra.page, "credential with a reference")
        press(petra.page, "text=More finished work")
        look(petra.page, "portfolio with a reference")
        press(petra.page, ".card .ask a")
        assert petra.page.url == f"{site.address}/c/{done.number}/ask"
        petra.page.goto(f"{site.address}/c/{done.number}")
        press(petra.page, "text=Ask Kim a question")
        petra.page.fill("#name", "Petra Falk")
        petra.page.fill("#company", "Big Ltd")
        petra.page.fill("#address", done.asker)
        petra.page.fill("#words", "How did they deal with late answers?")
        shoot(petra.page, "reference-ask", screenshots)
        press(petra.page, "text=Send me the link")
        look(petra.page, "ask, refused")
        petra.page.check("#consent")
        press(petra.page, "text=Send me the link")
        look(petra.page, "ask, sent")
        petra.page.goto(site.mail(done.asker))
        look(petra.page, "question")
        press(petra.page, "button:has-text('Send it')")
        look(petra.page, "question, sent")

        answering = visitor.visit(site.mail(SUPERVISOR)).page
        look(answering, "answer")
        answering.fill("#answer", "By asking again, twice.")
        press(answering, "text=Send the answer")
        look(answering, "answer, sent")
        ana.page.goto(mine)
        assert ana.page.inner_text("#reference dl").split() == ["Questions", "passed", "on", "1", "Answered", "1"]
        for one in (ana, kim, petra):
            assert one.foreign(site.address) == []


def test_what_comes_next(visitor: Visitor, tmp_path: Path, screenshots: Path | None) -> None:
    with desk(tmp_path, second_step="nobody") as site, staged(site.service) as stage:
        done = finish(stage)
        ana, kim = visitor.visit(), visitor.visit()
        enter(site, done, ana.context, "candidate")
        enter(site, done, kim.context, "owner")
        kim.page.goto(f"{site.address}/console/acme/work/{done.engagement.id}")
        look(kim.page, "completed work")
        press(kim.page, "text=a further project or a job")
        press(kim.page, "text=Send it")
        look(kim.page, "next, refused")
        kim.page.fill("#title", "Analyst")
        kim.page.fill("#place", "Lisbon")
        kim.page.fill("#link", "https://jobs.acme.example/analyst")
        kim.page.fill("#words", "Thirty hours a week, from May. You would work with the same people.")
        press(kim.page, "text=Send it")
        press(kim.page, "text=Begin the draft")
        assert kim.page.input_value("#title") == "Customer survey report"
        kim.page.goto(f"{site.address}/console/acme/work/{done.engagement.id}/next")
        shoot(kim.page, "next-steps", screenshots)

        ana.page.goto(f"{site.address}/work/{done.engagement.id}")
        look(ana.page, "offered")
        press(ana.page, "text=It interests me")
        assert "You said that it interests you" in ana.page.inner_text("#next-steps")
        look(ana.page, "answered")
