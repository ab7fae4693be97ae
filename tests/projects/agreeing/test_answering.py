"""What is no answer: numbers of no version, what is not open, one's own proposal, the wrong role, work that is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from credentials.accounts.audit import trail
from credentials.accounts.errors import RoleMissing
from credentials.core.errors import CredentialError
from credentials.projects.agreeing import answering
from credentials.projects.agreeing.errors import (
    AgreementUnknown,
    NothingToAnswer,
    ReasonWanted,
    WorkMovedOn,
    WorkOutOfTurn,
)
from credentials.projects.parties import LONGEST_REASON, moved
from credentials.store.engine import write
from tests.projects.at_work import CANDIDATE, OWNER, Job

NO_VERSION = (-(2**63), -1, 0, 2, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 10**40)


def actions(job: Job) -> list[str]:
    """What the company's trail tells of the work, the newest first."""
    lines = trail(job.service.engine, job.owner.issuer.id)
    return [one.action for one in lines if one.subject == f"engagement:{job.engagement_id}"]


def test_a_number_of_no_version_answers_nothing(job: Job) -> None:
    told = actions(job)
    for number in NO_VERSION:
        with pytest.raises(NothingToAnswer):
            answering.accept(job.means, job.worker, job.engagement_id, number)
        with pytest.raises(NothingToAnswer):
            answering.refuse(job.means, job.worker, job.engagement_id, number, "No.")
        with pytest.raises(AgreementUnknown):
            answering.document_of(job.means, job.worker, job.engagement_id, number)
    assert actions(job) == told
    assert job.now().version == 1


# State, who answers, what is raised by accepting, refusing, ending.
TURNS: list[tuple[str, str, type[CredentialError], type[CredentialError], type[CredentialError] | None]] = [
    ("agreeing", "reviewer", RoleMissing, RoleMissing, RoleMissing),
    ("working", "signer", RoleMissing, RoleMissing, RoleMissing),
    ("accepted", "candidate", WorkOutOfTurn, WorkOutOfTurn, WorkOutOfTurn),
    ("completed", "candidate", WorkOutOfTurn, WorkOutOfTurn, WorkOutOfTurn),
    ("ended", "candidate", WorkOutOfTurn, WorkOutOfTurn, WorkOutOfTurn),
    ("ended", "author", WorkOutOfTurn, WorkOutOfTurn, WorkOutOfTurn),
    ("completed", "author", WorkOutOfTurn, WorkOutOfTurn, WorkOutOfTurn),
    ("working", "author", NothingToAnswer, NothingToAnswer, None),
]


def test_who_is_not_at_turn_answers_nothing(job: Job) -> None:
    for state, by, accepting, refusing, ending in TURNS:
        job.put(state)
        party = job.party(by)
        with pytest.raises(accepting):
            answering.accept(job.means, party, job.engagement_id, 1)
        with pytest.raises(refusing):
            answering.refuse(job.means, party, job.engagement_id, 1, "No.")
        if ending is not None:
            with pytest.raises(ending):
                answering.end(job.means, party, job.engagement_id, "No.")
        assert job.now().state == state
    assert job.versions()[0].agreed_at is None


def test_what_was_refused_is_not_refused_or_accepted_again(job: Job) -> None:
    answering.refuse(job.means, job.worker, job.engagement_id, 1, "Too little pay.")
    letters = len(job.letters(OWNER))
    for again in ("Too little pay.", "Another reason"):
        with pytest.raises(NothingToAnswer):
            answering.refuse(job.means, job.worker, job.engagement_id, 1, again)
    with pytest.raises(NothingToAnswer):
        answering.accept(job.means, job.worker, job.engagement_id, 1)
    assert job.versions()[0].refused_reason == "Too little pay."
    assert len(job.letters(OWNER)) == letters
    assert job.now().state == "agreeing"


def test_what_is_in_force_is_not_refused(job: Job) -> None:
    job.agree()
    for by in (job.worker, job.company):
        with pytest.raises(NothingToAnswer):
            answering.refuse(job.means, by, job.engagement_id, 1, "I changed my mind.")
    assert job.versions()[0].refused_at is None


def test_accepting_again_an_older_version_brings_it_not_back(job: Job) -> None:
    job.agree()
    job.amended(job.company, compensation="EUR 500")
    answering.accept(job.means, job.worker, job.engagement_id, 2)
    before = job.now()

    answering.accept(job.means, job.worker, job.engagement_id, 1)

    assert job.now() == before
    found = job.in_force()
    assert found is not None
    assert found.compensation == "EUR 500"
    with pytest.raises(WorkMovedOn):
        answering.refuse(job.means, job.worker, job.engagement_id, 1, "No.")


@pytest.mark.parametrize("reason", ["", " ", "\n\t ", "\u2003", "\u00a0\r\n"])
def test_white_space_is_no_reason(reason: str, job: Job) -> None:
    steps: list[Callable[[], object]] = [
        lambda: answering.refuse(job.means, job.worker, job.engagement_id, 1, reason),
        lambda: answering.end(job.means, job.company, job.engagement_id, reason),
    ]
    for step in steps:
        with pytest.raises(ReasonWanted) as error:
            step()
        assert error.value.where == "reason"


def test_a_reason_is_kept_up_to_its_cap(job: Job) -> None:
    answering.refuse(job.means, job.worker, job.engagement_id, 1, " \n" + "é" * (LONGEST_REASON + 1) + "END")
    assert job.versions()[0].refused_reason == "é" * LONGEST_REASON
    assert "END" not in job.told(OWNER)


@pytest.mark.parametrize(
    ("ends_on", "kept"), [("2026-04-10", True), ("2026-04-11", False), ("2026-03-17", False), ("2026-12-31", False)]
)
def test_a_deadline_that_moved_is_reminded_of_anew(ends_on: str, kept: bool, job: Job) -> None:
    job.agree()
    at = datetime(2026, 3, 16, 8, tzinfo=UTC)
    with write(job.service.engine) as connection:
        moved(connection, job.now(), job.clock.now, reminded_at=at)
    job.amended(job.company, ends_on=ends_on, compensation="EUR 500")

    answering.accept(job.means, job.worker, job.engagement_id, 2)

    assert job.now().ends_on == date.fromisoformat(ends_on)
    assert job.now().reminded_at == (at if kept else None)


@pytest.mark.parametrize("state", ["returned", "working"])
def test_an_amendment_leaves_the_state_of_the_work(state: str, job: Job) -> None:
    job.agree()
    job.put(state)
    job.amended(job.worker, compensation="EUR 500")
    assert answering.accept(job.means, job.company, job.engagement_id, 2).state == state


def test_an_end_is_told_once_and_only_the_other_side(job: Job) -> None:
    answering.end(job.means, job.company, job.engagement_id, "The project was stopped.")
    assert "The project was stopped." in job.told(CANDIDATE)
    assert "The project was stopped." not in job.told(OWNER)
    version: Any = job.now().version
    with pytest.raises(WorkOutOfTurn):
        answering.end(job.means, job.worker, job.engagement_id, "Then I stop, too.")
    assert (job.now().version, job.now().ended_reason) == (version, "The project was stopped.")
    assert actions(job).count("engagement.ended") == 1
    assert len(job.versions()) == 1


def test_an_id_is_read_in_either_case_and_never_by_its_beginning(job: Job) -> None:
    assert answering.document_of(job.means, job.worker, job.engagement_id.lower(), 1).number == 1
    for wrong in ("", job.engagement_id[:-1], job.engagement_id + "0", "%", "x" * 5000):
        with pytest.raises(CredentialError) as error:
            answering.document_of(job.means, job.worker, wrong, 1)
        assert error.value.code == "engagement-unknown"
