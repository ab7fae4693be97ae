"""Standing as a reference, step by step: who may take which in which state, and what two steps at once end in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from credentials.accounts import closing
from credentials.projects.agreeing.errors import EngagementUnknown
from credentials.projects.referring import questions, standing
from credentials.projects.referring.errors import ReferenceOutOfTurn, ReferenceUnknown, SupervisorGone
from credentials.store import references
from credentials.store.engine import write
from credentials.store.references import ReferenceState
from tests.accounts.actors import at_once
from tests.projects.finished import CANDIDATE, SUPERVISOR, Finished, finish
from tests.projects.finished import done as done
from tests.projects.finished import hall as hall
from tests.projects.stages import Stage

STATES: tuple[ReferenceState, ...] = ("asked", "agreed", "declined", "revoked")


def put(done: Finished, state: ReferenceState, *, shown: bool = False) -> str:
    """Let the reference stand in a state, whatever led there; its id."""
    made = done.asked()
    with write(done.stage.service.engine) as connection:
        references.change(connection, replace(made, state=state, shown=shown))
    return made.id


def say(done: Finished, number: str, *, yes: bool) -> ReferenceState:
    """The supervisor answers; the state that follows."""
    return standing.answer(done.means, done.stage.visitor("owner"), number, yes=yes).state


@pytest.mark.parametrize(
    ("state", "yes", "after"),
    [
        ("asked", True, "agreed"),
        ("asked", False, "declined"),
        ("agreed", True, None),
        ("agreed", False, "revoked"),
        ("declined", True, "agreed"),
        ("declined", False, None),
        ("revoked", True, "agreed"),
        ("revoked", False, None),
    ],
)
def test_each_answer_in_each_state(state: ReferenceState, yes: bool, after: str | None, done: Finished) -> None:
    number, told = put(done, state), len(done.letters(CANDIDATE))

    if after is None:
        with pytest.raises(ReferenceOutOfTurn):
            say(done, number, yes=yes)
        assert (done.reference().state, len(done.letters(CANDIDATE))) == (state, told)
    else:
        assert say(done, number.lower(), yes=yes) == done.reference().state == after
        assert len(done.letters(CANDIDATE)) == told + 1


@pytest.mark.parametrize("state", STATES)
def test_only_what_was_agreed_is_shown_and_anything_is_hidden(state: ReferenceState, done: Finished) -> None:
    put(done, state)
    candidate = done.stage.visitor("candidate")

    assert standing.show(done.means, candidate, done.engagement.id, shown=False).shown is False
    if state == "agreed":
        assert standing.show(done.means, candidate, done.engagement.id, shown=True).shown is True
        return
    with pytest.raises(ReferenceOutOfTurn):
        standing.show(done.means, candidate, done.engagement.id, shown=True)
    assert done.reference().shown is False


def test_nobody_but_the_candidate_shows_or_hides(done: Finished) -> None:
    number = put(done, "agreed", shown=True)

    for name in ("owner", "stranger"):
        for shown in (True, False):
            with pytest.raises(EngagementUnknown):
                standing.show(done.means, done.stage.visitor(name), done.engagement.id, shown=shown)
    # The number of the reference is none of the engagement, nor the other way round.
    with pytest.raises(EngagementUnknown):
        standing.show(done.means, done.stage.visitor("candidate"), number, shown=False)
    with pytest.raises(ReferenceUnknown):
        standing.look(done.means, done.stage.visitor("owner"), done.engagement.id)
    assert done.reference().shown is True


def test_a_list_has_ones_own_alone_and_tells_no_address(done: Finished) -> None:
    number = put(done, "asked")
    mine = standing.asked_of(done.means, done.stage.visitor("owner"))
    (asked,) = [one for one in mine.rows if one.reference.id == number]

    assert (asked.person, asked.company, asked.title) == ("Candidate", "Acme Ltd", "Customer survey report")
    assert CANDIDATE not in repr(asked)
    for name in ("candidate", "stranger"):
        assert standing.asked_of(done.means, done.stage.visitor(name)).rows == []


def test_a_supervisor_who_closed_their_account_is_not_asked(stage: Stage) -> None:
    stage.hire("rita", "reviewer", "signer")
    done = finish(stage, by="rita")
    closing.close(stage.service.accounts, stage.visitor("rita"))

    with pytest.raises(SupervisorGone):
        done.asked()
    assert standing.asked_of(done.means, stage.visitor("owner")).rows == []


def outcomes(*calls: Callable[[], object]) -> list[str]:
    return sorted(type(one).__name__ for one in at_once(*calls))


def test_asked_twice_at_once_is_asked_once(stage: Stage) -> None:
    done, candidate = finish(stage), stage.visitor("candidate")
    answers = outcomes(*[lambda: standing.ask(done.means, candidate, done.engagement.id)] * 3)

    assert answers == ["Reference", "ReferenceOutOfTurn", "ReferenceOutOfTurn"]
    assert len(done.letters(SUPERVISOR)) == 1


def test_shown_while_it_is_taken_back_is_shown_no_more(stage: Stage) -> None:
    done = finish(stage)
    number, owner, candidate = put(done, "agreed"), stage.visitor("owner"), stage.visitor("candidate")
    answers = outcomes(
        lambda: standing.answer(done.means, owner, number, yes=False),
        lambda: standing.show(done.means, candidate, done.engagement.id, shown=True),
    )

    assert answers in (["Reference", "Reference"], ["Reference", "ReferenceOutOfTurn"])
    assert (done.reference().state, done.reference().shown) == ("revoked", False)
    with pytest.raises(ReferenceUnknown):
        questions.ask(done.means, done.number, done.typed())


def test_taken_back_twice_at_once_is_taken_back_and_told_once(stage: Stage) -> None:
    done = finish(stage)
    number, owner = put(done, "agreed", shown=True), stage.visitor("owner")
    told = len(done.letters(CANDIDATE))

    assert outcomes(*[lambda: standing.answer(done.means, owner, number, yes=False)] * 2) == [
        "Reference", "ReferenceOutOfTurn",
    ]  # fmt: skip
    assert len(done.letters(CANDIDATE)) == told + 1
