"""The whole way in a real browser, with nothing but the screens: from a posted project to a scanned QR code."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

from credentials.core.micro_internship import sri
from tests.browser.conftest import PHONE, Visitor
from tests.browser.pressing import press
from tests.browser.staff import Desk, desk, with_authenticator
from tests.browser.test_main_job import codes_seen, state_of
from tests.browser.test_newcomer import looked_at, sign_up
from tests.browser.test_projects import ANA, enter, post

pytestmark = pytest.mark.browser
SECOND = "rita@acme.example"
COMPANY = "acme-bakeries"
NOTEBOOK = b"# What our order data says, from the table to every figure"
ON_PHONE: dict[str, Any] = {"viewport": PHONE, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
FINISHED = "Your three charts changed how we order flour."


def test_from_a_posted_project_to_a_scanned_code(visitor: Visitor, tmp_path: Path, screenshots: Path | None) -> None:
    with desk(tmp_path) as site:
        olga, rita, ana = (visitor.visit().page for _ in range(3))
        walk(site, olga, rita, ana, screenshots)
        looked_at(rita, "work-issued", None)

        claim(site, ana)
        ana.set_viewport_size(PHONE)  # type: ignore[arg-type]
        (seen,) = codes_seen(ana)
        stranger = visitor.visit(seen).page
        assert state_of(stranger) == "GENUINE"
        assert FINISHED in stranger.content()
        told = site.service.verify(site.service.portfolio.signed(seen.rpartition("/")[2]).body)
        assert told.verified
        assert sri(hashlib.sha384(NOTEBOOK).digest()) in str(told.verified.credential.document["evidence"])


def test_the_supervisor_and_the_candidate_walk_it_on_a_phone(visitor: Visitor, tmp_path: Path) -> None:
    """Every page that either of them comes to fits a narrow phone and has no fault that axe finds."""
    with desk(tmp_path) as site:
        olga, ana = (visitor.visit(**ON_PHONE).page for _ in range(2))
        pages = [Fit(olga), Fit(ana)]
        walk(site, olga, visitor.visit().page, ana, None)

        claim(site, ana)
        seen = visitor.visit(codes_seen(ana)[0], **ON_PHONE).page
        assert state_of(seen) == "GENUINE"
        assert [len(one.seen) >= least for one, least in zip(pages, (20, 10), strict=True)] == [True, True]
        assert [fault for one in pages for fault in one.faults] == []


class Fit:
    """Looks at each page that a browser comes to, as soon as it is there: its width, and what axe finds."""

    def __init__(self, page: Page) -> None:
        self.seen: list[str] = []
        self.faults: list[str] = []
        self._page = page
        self._wait = page.wait_for_load_state
        for name in ("wait_for_load_state", "goto"):  # the one ends every press
            setattr(page, name, self._then_look(getattr(page, name)))

    def _then_look(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def acted(*arguments: Any, **options: Any) -> Any:
            self._page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            done = act(*arguments, **options)
            try:
                self._look()
            except Error:
                # A script pressed a form of its own: the page that it leads to is looked at.
                self._wait("networkidle")
                self._look()
            return done

        return acted

    def _look(self) -> None:
        page, width = self._page, PHONE["width"]
        self.seen.append(page.url)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            self.faults.append(f"{page.url} scrolls sideways")
        found = Axe().run(page)
        if found.violations_count:
            self.faults.append(f"{page.url}: {found.generate_report()}")


def walk(site: Desk, olga: Page, rita: Page, ana: Page, screenshots: Path | None) -> None:
    """From the first sign-in to the signed award: Olga gives the work, Rita signs second, Ana does it."""
    for page in (olga, rita):
        with_authenticator(page)
    sign_up(olga, site, lambda _: None)
    site.service.issuer.confirm(COMPANY, "acme.example", note="checked by telephone")
    want_two_people(site, olga, rita)
    enter(ana, site, ANA, "Ana Souza")
    post(olga, site, COMPANY, None)
    apply_and_match(site, olga, ana)
    work = ana.url.rpartition("/")[2]
    theirs = f"{site.address}/console/{COMPANY}/work/{work}"
    agree_and_amend(site, olga, ana, theirs)
    hand_in(site, ana, work)
    looked_at(ana, "work-handed-in", screenshots)
    check_receipt(site, ana)
    return_once(olga, theirs)
    hand_in(site, ana, work)
    accept(olga, theirs)
    looked_at(olga, "work-award", screenshots)
    sign(site, olga, rita)
    olga.goto(theirs)
    assert "It is done" in olga.content()


def want_two_people(site: Desk, olga: Page, rita: Page) -> None:
    """A second person is invited to sign, and nobody signs what they wrote themselves."""
    people = f"{site.address}/console/{COMPANY}/people"
    olga.goto(people)
    olga.fill("#address", SECOND)
    olga.check("#new-signer")
    press(olga, "button:has-text('Invite')")
    press(olga, "text=Always want two people")
    assert "somebody else must" in olga.content()
    site.open_mail(rita, SECOND)
    rita.fill("#name", "Rita Lind")
    press(rita, "button:has-text('Continue')")
    press(rita, "button:has-text('Make a passkey')")
    rita.wait_for_selector(".codes")
    press(rita, "text=I have kept them")


def apply_and_match(site: Desk, olga: Page, ana: Page) -> None:
    """Ana finds the project, applies, is chosen, and takes the offer."""
    ana.goto(f"{site.address}/projects")
    press(ana, "text=What our order data says")
    press(ana, "a.button:has-text('Apply')")
    ana.fill("#note", "I know how to say what data can’t tell.")
    press(ana, "text=Send it")
    olga.goto(f"{site.address}/console/{COMPANY}/projects")
    press(olga, "text=1 to answer")
    press(olga, "a.button:has-text('Answer')")
    olga.fill("#offer", "Can you begin on Monday?")
    press(olga, "text=Send the offer")
    site.open_mail(ana, ANA)
    press(ana, "text=Take the offer")
    ana.wait_for_url(f"{site.address}/work/*")


def agree_and_amend(site: Desk, olga: Page, ana: Page, theirs: str) -> None:
    """Both accept the first terms; then Ana asks for a week more, and gets it."""
    press(ana, "text=Accept these terms")
    assert "You work on this until" in ana.content()
    press(ana, "text=Propose a change")
    ana.fill("#ends_on", str(site.service.clock().date() + timedelta(days=42)))
    press(ana, "text=Propose these terms")
    olga.goto(theirs)
    assert "The change that is proposed" in olga.content()
    press(olga, "text=Accept the change")
    assert "Ana Souza works on this until" in olga.content()


def hand_in(site: Desk, ana: Page, work: str) -> None:
    """A file for the first deliverable, a link for the others."""
    ana.goto(f"{site.address}/work/{work}/deliver")
    fields = ana.locator("textarea[name^=links_]")
    ana.set_input_files("#upload_0", {"name": "orders.ipynb", "mimeType": "text/plain", "buffer": NOTEBOOK})
    for number in range(1, fields.count()):
        fields.nth(number).fill(f"https://files.example/{number}")
    press(ana, "button:has-text('Hand it in')")
    assert "Signed receipt" in ana.content()


def check_receipt(site: Desk, ana: Page) -> None:
    """The receipt is the service's own, and the company has no part in it."""
    link = ana.locator("a:has-text('Signed receipt')").first.get_attribute("href")
    receipt = ana.request.get(f"{site.address}{link}").body()
    report = site.service.verify(receipt)
    assert report.verified
    assert COMPANY not in report.verified.credential.issuer_id


def return_once(olga: Page, theirs: str) -> None:
    """The first deliverable goes back with a note."""
    olga.goto(f"{theirs}/review")
    for number in range(olga.locator("fieldset[id^=verdict_]").count()):
        olga.check(f"#verdict_{number} input[value={'return' if number == 0 else 'accept'}]")
    olga.fill("#note_0", "The third chart has no scale.")
    press(olga, "text=Send the review")
    assert "It went back" in olga.content()


def accept(olga: Page, theirs: str) -> None:
    """All is accepted, a skill is rated, and the award is written."""
    olga.goto(f"{theirs}/review")
    for number in range(olga.locator("fieldset[id^=verdict_]").count()):
        olga.check(f"#verdict_{number} input[value=accept]")
    olga.select_option("#level_0", "3")
    olga.fill("#evidence_0", "Found two errors in our own data.")
    olga.fill("#summary", "Cleaned a year of orders, and showed in three charts what they say.")
    olga.fill("#words", FINISHED)
    press(olga, "text=Send the review")
    assert "/awards/" in olga.url


def sign(site: Desk, olga: Page, rita: Page) -> None:
    """Whoever wrote it may not sign it; the second person may."""
    award = olga.url
    press(olga, "text=Sign and send")
    assert "/issued" not in olga.url
    rita.goto(award)
    press(rita, "text=Sign and send")
    assert "/issued" in rita.url


def claim(site: Desk, ana: Page) -> None:
    """Ana sees what she was given, takes it, and opens its page."""
    site.open_mail(ana, ANA)
    assert FINISHED in ana.content()
    press(ana, "text=Yes, it’s mine")
    ana.goto(f"{site.address}/account")
    press(ana, "a[href^='/c/']")
    assert state_of(ana) == "GENUINE"
