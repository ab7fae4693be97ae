"""Reminders of the deadline: three days before and on the day before, once each, to whoever still works."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from credentials.projects.agreeing import answering
from credentials.projects.delivering import reminding
from tests.projects.at_work import CANDIDATE, Job

DEADLINE = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)


def reminders(job: Job, days: float, *, from_now: bool = False) -> int:
    """Go to so many days before the deadline and let the sweep come round twice; how many reminders there are."""
    job.clock.now = job.clock.now + timedelta(days=days) if from_now else DEADLINE - timedelta(days=days)
    for _ in range(2):
        for one in reminding.due(job.means, job.clock.now, 10):
            reminding.remind(job.means, one)
    return len([one for one in job.letters(CANDIDATE) if one.kind == "reminder"])


def test_two_reminders_and_no_more(job: Job) -> None:
    job.agree()
    assert reminders(job, 4) == 0
    assert reminders(job, 3) == 1
    assert reminders(job, 2) == 1
    assert reminders(job, 1) == 2
    assert reminders(job, 0) == 2
    assert reminders(job, -1) == 2


def test_a_service_that_slept_sends_one(job: Job) -> None:
    job.agree()
    assert reminders(job, 1) == 1
    assert reminders(job, 0) == 1


def test_what_is_handed_in_is_not_reminded_of(job: Job) -> None:
    job.agree()
    job.hand_in()
    assert reminders(job, 3) == 0


@pytest.mark.parametrize("state", ["agreeing", "delivered", "accepted", "completed", "ended"])
def test_nobody_is_reminded_of_work_that_is_not_theirs_to_do(state: str, job: Job) -> None:
    job.agree()
    job.put(state)
    assert reminders(job, 3) == 0


def test_a_deadline_that_moved_is_reminded_of_anew(job: Job) -> None:
    job.agree()
    assert reminders(job, 3) == 1
    job.amended(job.worker, ends_on="2026-04-20")
    answering.accept(job.means, job.company, job.engagement_id, 2)

    assert reminders(job, 0) == 1
    assert reminders(job, -7) == 2


def test_a_delivery_between_looking_and_reminding_counts(job: Job) -> None:
    job.agree()
    job.clock.now = DEADLINE - timedelta(days=3)
    due = reminding.due(job.means, job.clock.now, 10)
    job.hand_in()
    for one in due:
        reminding.remind(job.means, one)
    reminding.remind(job.means, "NOWHERE")

    assert due == [job.engagement_id]
    assert [one for one in job.letters(CANDIDATE) if one.kind == "reminder"] == []
