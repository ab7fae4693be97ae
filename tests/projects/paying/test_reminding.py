"""Reminders of late pay: a day, a week and two weeks after its day, once each, and none once it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from credentials.projects.paying import reminding
from credentials.projects.paying.paying import PaymentService
from credentials.projects.paying.provider import ByHand
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.store import payments
from credentials.store.engine import read
from credentials.store.payments import Payment
from tests.accounts.actors import at_once
from tests.projects.at_work import CANDIDATE, OWNER, Job, started


@pytest.fixture
def job(tmp_path: Path, database_url: str) -> Iterator[Job]:
    """The work was accepted today: its pay is due in two weeks."""
    made = started(tmp_path / "data", database_url)
    made.agree()
    made.hand_in()
    review(made.means, made.owner, made.engagement_id, made.now().version, {0: Verdict(True), 1: Verdict(True)})
    yield made
    made.service.close()


def owed(job: Job) -> Payment:
    with read(job.service.engine) as connection:
        found = payments.of_engagement(connection, job.engagement_id)
    assert found is not None
    return found


def reminders(job: Job, days: int) -> int:
    """Go to so many days after the day, let the sweep come round twice; how many reminders the company has."""
    day = owed(job).due_on + timedelta(days=days)
    job.clock.now = job.clock.now.replace(year=day.year, month=day.month, day=day.day)
    for _ in range(2):
        for one in reminding.due(job.means, job.clock.now, 10):
            reminding.remind(job.means, one)
    return len(letters(job))


def letters(job: Job) -> list[str]:
    return [one.paragraphs[0] for one in job.letters(OWNER) if one.subject == "Pay is late"]


def test_three_reminders_and_no_more(job: Job) -> None:
    assert [reminders(job, days) for days in (-1, 0, 1, 2, 6, 7, 8, 13, 14, 15, 40)] == [
        0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3
    ]  # fmt: skip
    assert letters(job)[0].startswith("EUR 400 for “Customer survey report” was due on ")
    assert not [one for one in job.letters(CANDIDATE) if one.subject == "Pay is late"]
    (listed,) = PaymentService(job.means, ByHand()).overdue()
    assert (listed.engagement_id, listed.reminded) == (job.engagement_id, 3)


def test_a_service_that_slept_sends_one(job: Job) -> None:
    assert reminders(job, 9) == 1
    assert reminders(job, 13) == 1
    assert reminders(job, 14) == 2


@pytest.mark.parametrize("after", [0, 1, 7])
def test_it_ends_once_it_is_paid(job: Job, after: int) -> None:
    before = reminders(job, after)
    waiting = reminding.due(job.means, job.clock.now + timedelta(days=20), 10)
    PaymentService(job.means, ByHand()).pay(job.owner, job.engagement_id, job.clock.now.date().isoformat(), "Invoice 7")
    job.clock.now += timedelta(days=20)
    for one in waiting:  # queued before it was paid
        reminding.remind(job.means, one)

    assert waiting == [job.engagement_id]
    assert reminders(job, 30) == before


def test_two_sweeps_at_once_remind_once(job: Job) -> None:
    reminders(job, 0)
    job.clock.now += timedelta(days=1)
    at_once(*[lambda: reminding.remind(job.means, job.engagement_id)] * 3)

    assert len(letters(job)) == 1


@pytest.mark.parametrize("unknown", ["", "NOBODY", "0" * 26])
def test_an_unknown_one_does_nothing(job: Job, unknown: str) -> None:
    reminding.remind(job.means, unknown)
    assert letters(job) == []
