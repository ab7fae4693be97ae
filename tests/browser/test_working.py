"""From terms that wait to a receipt that verifies, in a real browser: the candidate at a phone's width."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from credentials.accounts import sessions
from credentials.accounts.sessions import Client
from credentials.store.engine import write
from credentials.web.app import create_app
from tests.browser.conftest import DESK, PHONE, Visitor, free_port, served
from tests.browser.pressing import press
from tests.browser.test_accounts import look
from tests.projects.at_work import Job, started

pytestmark = pytest.mark.browser
CLIENT = Client("127.0.0.1", "a browser of the tests")


def test_from_terms_to_a_receipt(visitor: Visitor, tmp_path: Path) -> None:
    port = free_port()
    job = started(tmp_path / "data", base_url=f"http://localhost:{port}")
    with (
        (tmp_path / "log").open("w", encoding="utf-8") as log,
        served(create_app(job.service, log_stream=log), port),
    ):
        walk(visitor.visit().page, job, tmp_path)
    job.service.close()


def as_person(page: Page, job: Job, person_id: str) -> None:
    """Let the browser be signed in as somebody."""
    with write(job.service.engine) as connection:
        begun = sessions.begin(connection, person_id, "passkey", CLIENT, job.service.clock())
    page.context.add_cookies([{"name": "signed-in", "value": begun.cookie, "url": job.service.base_url}])


def seen(page: Page, name: str) -> None:
    """Look at a page with everything in it unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    look(page, name)


def walk(page: Page, job: Job, folder: Path) -> None:
    """Accept, change, hand in, check."""
    base = job.service.base_url
    mine, theirs = f"{base}/work/{job.engagement_id}", f"{base}/console/acme/work/{job.engagement_id}"
    as_person(page, job, job.candidate.person_id)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(mine)
    seen(page, "terms that wait")
    press(page, "text=Accept these terms")
    assert "You work on this until 10 Apr 2026" in page.inner_text("#next")

    as_person(page, job, job.owner.visitor.person_id)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.goto(f"{theirs}/terms")
    page.fill("#ends_on", "")
    press(page, "text=Propose these terms")
    seen(page, "terms with a problem")
    press(page, "[role=alert] a")
    page.fill("#ends_on", "2026-04-20")
    press(page, "text=Propose these terms")
    seen(page, "the company's page")

    as_person(page, job, job.candidate.person_id)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(mine)
    assert "20 Apr 2026" in page.inner_text(".changes ins")
    seen(page, "a change that waits")
    press(page, "text=Accept the change")
    press(page, "a:has-text('Hand it in')")
    report = folder / "report.txt"
    report.write_text("a report", encoding="utf-8")
    page.set_input_files("#upload_0", report)
    press(page, "button:has-text('Hand it in')")
    assert "Nothing is there for “Raw notes”." in page.inner_text("[role=alert]")
    seen(page, "a form with a problem")
    page.fill("#links_1", "https://files.example/notes")
    press(page, "button:has-text('Hand it in')")
    seen(page, "handed in")
    with page.expect_download() as download:
        press(page, "text=Signed receipt")
    page.goto(f"{base}/verify")
    page.fill("#credential", download.value.path().read_text(encoding="utf-8"))
    press(page, "text=Check it")
    assert "Receipt for work handed in" in page.content()
    assert "report.txt" in page.content()
    look(page, "a receipt")
