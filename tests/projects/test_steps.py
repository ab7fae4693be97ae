"""Every step of agreeing, handing in and ending × every party × every state answers as the lifecycle declares.

Made from the declaration: a state, a role or a party that is added there is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from credentials.accounts.acting import ROLES
from credentials.accounts.errors import RoleMissing
from credentials.core.errors import CredentialError
from credentials.projects.agreeing import answering, proposing
from credentials.projects.agreeing.errors import WorkOutOfTurn
from credentials.projects.lifecycle import ENGAGEMENT_STEPS, EngagementState, allows
from credentials.projects.parties import Party
from credentials.store.agreements import Agreement
from tests.projects.at_work import TERMS, Job, engaged, started

PARTIES = ("candidate", *ROLES)
STATES = get_args(EngagementState)
STEPS = ("propose", "agree", "amend", "refuse", "deliver", "end")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    """One service for all of these tests: each makes an engagement of its own."""
    made = started(Path(tmp_path_factory.mktemp("steps")) / "data")
    yield made
    made.service.close()


def in_state(job: Job, state: str, step: str, party: Party) -> Agreement:
    """A fresh engagement in a state, with terms of the other side that wait; its newest version."""
    job.engagement_id = engaged(job.service, job.owner, job.candidate)
    other = job.worker if party.side == "company" else job.company
    if state == "agreeing":
        if other.side == "candidate":
            job.amended(job.worker, compensation="EUR 500")
    else:
        job.agree()
        if step in ("amend", "refuse", "agree"):
            job.amended(other, compensation="EUR 500")
        job.put(state)
    return job.versions()[-1]


def attempt(job: Job, step: str, party: Party, newest: Agreement) -> None:
    """Take a step through the real service."""
    means, number, chosen = job.means, job.engagement_id, newest.number
    terms = msgspec.structs.replace(TERMS, compensation="EUR 700")
    steps: dict[str, Callable[[], object]] = {
        "propose": lambda: proposing.propose(means, party, number, terms, chosen),
        "agree": lambda: answering.accept(means, party, number, chosen),
        "amend": lambda: answering.accept(means, party, number, chosen),
        "refuse": lambda: answering.refuse(means, party, number, chosen, "No."),
        "deliver": lambda: job.hand_in(by=party),
        "end": lambda: answering.end(means, party, number, "Enough."),
    }
    steps[step]()


def taken(step: str, state: str) -> str:
    """The step that it is: accepting is `agree` before work begins and `amend` after it."""
    if step in ("agree", "amend"):
        return "agree" if state == "agreeing" else "amend"
    return step


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", PARTIES)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_exactly_where_it_is_declared(step: str, name: str, state: str, shared: Job) -> None:
    party = shared.party(name)
    newest = in_state(shared, state, step, party)
    before = shared.now(), shared.versions(), shared.submissions()

    if allows(ENGAGEMENT_STEPS, taken(step, state), state, party.acts_as):
        attempt(shared, step, party, newest)
        assert shared.now().state == (ENGAGEMENT_STEPS[taken(step, state)].to or state)
        assert shared.now().version == before[0].version + 1
        return
    with pytest.raises(CredentialError) as refused:
        attempt(shared, step, party, newest)
    wanted = ENGAGEMENT_STEPS[taken(step, state)].parties
    assert type(refused.value) is (WorkOutOfTurn if name in wanted else RoleMissing)
    assert (shared.now(), shared.versions(), shared.submissions()) == before


def test_every_step_of_these_rooms_is_tried() -> None:
    others = {"return", "accept", "assess", "describe", "complete", "pay", "confirm-pay"}
    assert set(STEPS) | others == set(ENGAGEMENT_STEPS)
