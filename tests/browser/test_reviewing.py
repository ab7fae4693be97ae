"""From a submission to the signed credential and the settled pay, in a real browser, at a phone's width."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from credentials.accounts import sessions
from credentials.store import people
from credentials.store.engine import write
from credentials.web.app import create_app
from credentials.web.composition import open_service
from credentials.web.settings import Settings
from tests.browser.conftest import PHONE, Visitor, free_port, served
from tests.browser.pressing import press
from tests.browser.test_accounts import look
from tests.projects.stages import CLIENT, Stage, staged

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("LOOK_AT")


def as_person(page: Page, stage: Stage, name: str) -> None:
    """Let the browser be signed in as somebody."""
    with write(stage.service.engine) as connection:
        begun = sessions.begin(connection, stage.people[name], "passkey", CLIENT, stage.service.clock())
    page.context.add_cookies([{"name": "signed-in", "value": begun.cookie, "url": stage.service.base_url}])


def seen(page: Page, name: str) -> None:
    """Look at a page; keep a picture of it where a folder for them is named."""
    look(page, name)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png", full_page=True)
        page.set_viewport_size({"width": 1100, "height": 900})
        page.emulate_media(color_scheme="light")
        page.screenshot(path=f"{SHOTS}/{name}-desk.png", full_page=True)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]


def test_from_a_submission_to_the_settled_pay(visitor: Visitor, tmp_path: Path) -> None:
    port = free_port()
    service = open_service(Settings(data_dir=tmp_path, base_url=f"http://localhost:{port}"))
    with (
        staged(service) as stage,
        (tmp_path / "log").open("w", encoding="utf-8") as log,
        served(create_app(stage.service, log_stream=log), port),
    ):
        walk(visitor.visit().page, stage)
    service.close()


def walk(page: Page, stage: Stage) -> None:
    """Both sides, one after the other."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    made, base = stage.engagement("delivered"), stage.service.base_url
    review, outcome = f"{base}/console/acme/work/{made.id}/review", f"{base}/work/{made.id}/outcome"
    as_person(page, stage, "candidate")
    page.goto(outcome)
    page.fill("#description", "I asked 20 customers what they miss, and wrote a report with three proposals.")
    press(page, "button:has-text('Save')")
    seen(page, "outcome-delivered")

    as_person(page, stage, "owner")
    page.goto(review)
    seen(page, "review")
    page.check("#verdict_0 input[value=accept]")
    page.check("#verdict_1 input[value=return]")
    press(page, "text=Send the review")
    assert page.is_visible("#verdict_1-why")
    assert page.is_checked("#verdict_0 input[value=accept]")
    seen(page, "review-problem")
    page.fill("#note_1", "The notes of two interviews are missing.")
    press(page, "text=Send the review")
    assert "It went back" in page.inner_text("h1 + p")
    seen(page, "review-returned")

    as_person(page, stage, "candidate")
    page.goto(outcome)
    assert "The notes of two interviews are missing." in page.content()
    seen(page, "outcome-returned")
    stage.again(made, 2, [1])

    as_person(page, stage, "owner")
    page.goto(review)
    page.check("#verdict_1 input[value=accept]")
    page.select_option("#level_0", "3")
    page.fill("#evidence_0", "Drew the sample and tested the questions alone.")
    page.fill("#summary", "Interviewed 20 customers and wrote a report with three proposals.")
    page.fill("#words", "Careful, quick, and a pleasure to work with.")
    press(page, "text=Send the review")
    assert "/awards/" in page.url
    seen(page, "award")
    press(page, "text=Sign and send")
    assert "/issued" in page.url
    page.goto(review)
    assert "Accepted and signed" in page.content()
    seen(page, "review-completed")
    press(page, "text=Say that it was paid")
    press(page, "button:has-text('It was paid')")
    assert page.is_visible("#reference-why")
    page.fill("#reference", "Invoice 7")
    press(page, "button:has-text('It was paid')")
    seen(page, "pay")

    for state in ("working", "working", "delivered", "accepted", "agreeing"):
        stage.engagement(state)
    page.goto(f"{base}/console/acme")
    page.wait_for_selector("text=Waits for you")
    assert "A submission to review" in page.content()
    seen(page, "home")

    as_person(page, stage, "candidate")
    page.goto(outcome)
    press(page, "text=It arrived")
    assert "settled" in page.content()
    seen(page, "outcome-completed")
    page.goto(f"{base}/")
    look_at_late_pay(page, stage)


def look_at_late_pay(page: Page, stage: Stage) -> None:
    """The operator's page of what is late."""
    with write(stage.service.engine) as connection:
        people.add_operator(connection, stage.people["stranger"], stage.service.clock())
    as_person(page, stage, "stranger")
    page.goto(f"{stage.service.base_url}/operator/payments")
    assert "None is late." in page.content()
    seen(page, "operator-payments")
