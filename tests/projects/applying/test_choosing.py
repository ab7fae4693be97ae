"""A company compares, answers and invites: its own applications only, each letter once, nobody's address shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from credentials.accounts.acting import Member, Visitor
from credentials.accounts.errors import RoleMissing
from credentials.console import awarding
from credentials.mail.message import Letter
from credentials.portfolio.errors import NothingHere
from credentials.projects.applying import choosing, sending
from credentials.projects.applying.errors import (
    ApplicationUnknown,
    InvitedBefore,
    NobodyToInvite,
    NoteUnusable,
    NotTakingApplications,
)
from credentials.projects.applying.letters import DECLINE
from credentials.projects.applying.proving import Prover
from credentials.projects.posting.errors import ProjectUnknown
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.store import applications, handovers, pages
from credentials.store.applications import Application
from credentials.store.engine import read, write
from credentials.store.pages import Place
from tests.accounts.actors import at_once
from tests.projects.applying.test_sending import claimed
from tests.projects.conftest import Fair
from tests.projects.stages import Stage


def _nothing(number: str) -> object:
    raise NothingHere(number)


PROVER = Prover(_nothing, lambda body: body)  # type: ignore[arg-type, return-value]
"""For applicants whose credentials are not what a test is about: none is shown."""


def stranger(fair: Fair) -> Member:
    return fair.world.owner("owner@other.example", "other")


STEPS: dict[str, Callable[[Fair, Member, Application], object]] = {
    "find": lambda fair, who, one: choosing.find(fair.means, who, one.id, PROVER),
    "shortlist": lambda fair, who, one: choosing.shortlist(fair.means, who, one.id),
    "decline": lambda fair, who, one: choosing.decline(fair.means, who, one.id, "Not this time."),
    "offer": lambda fair, who, one: choosing.offer(fair.means, who, one.id),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_foreign_and_a_missing_application_look_alike(fair: Fair, step: str) -> None:
    one, other, said = fair.applied(fair.project()), stranger(fair), []
    for number in (one.id, "0" * 26, "", "' OR 1=1 --"):
        with pytest.raises(ApplicationUnknown) as caught:
            STEPS[step](fair, other, replace(one, id=number))
        said.append(str(caught.value))

    assert len(set(said)) == 1
    assert fair.application(one) == one


@pytest.mark.parametrize("number", ["own", "0" * 26, ""])
def test_a_foreign_project_has_no_applicants_and_no_pool(fair: Fair, number: str) -> None:
    project, other = fair.project(), stranger(fair)
    wanted = project.id if number == "own" else number
    with pytest.raises(ProjectUnknown):
        choosing.compare(fair.means, other, wanted, PROVER)
    with pytest.raises(ProjectUnknown):
        choosing.pool(fair.means, other, wanted)
    with pytest.raises(ProjectUnknown):
        choosing.invite(fair.means, other, wanted, other.visitor.person_id)


def test_whoever_took_their_application_back_is_not_compared(fair: Fair) -> None:
    project = fair.project()
    for state in ("sent", "withdrawn", "declined"):
        fair.applied(project, state=state)
    _project, page = choosing.compare(fair.means, fair.owner, project.id, PROVER)

    assert sorted(row.applicant.application.state for row in page.rows) == ["declined", "sent"]
    assert page.last is None


def test_whoever_applied_later_is_compared_on_a_later_page(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    project = fair.project()
    made = []
    for state in ("sent", "withdrawn", "withdrawn", "withdrawn", "sent"):
        fair.world.clock.now += timedelta(seconds=1)
        made.append(fair.applied(project, state=state).id)
    shown: list[list[str]] = []
    last: Place | None = None
    while not shown or last is not None:
        _project, page = choosing.compare(fair.means, fair.owner, project.id, PROVER, last)
        shown.append([row.applicant.application.id for row in page.rows])
        assert len(shown) < 9
        last = page.last

    assert shown == [made[:1], [], made[4:]]


def the(letters: list[tuple[str, Letter]]) -> tuple[str, Letter]:
    [found] = letters
    return found


def test_an_offer_is_a_letter_that_leads_to_the_terms(fair: Fair) -> None:
    ana = fair.person("ana")
    one = fair.offered(fair.project(), ana)
    address, letter = the(fair.letters("offer"))

    assert address.startswith("ana-")
    assert letter.action is not None
    assert letter.action.url.endswith(f"/work/applications/{one.id}")
    assert "acme.example" in letter.paragraphs[0]
    assert "Ana" not in letter.subject


def test_declining_is_the_companys_own_words_in_a_letter(fair: Fair) -> None:
    one = fair.applied(fair.project())
    choosing.decline(fair.means, fair.owner, one.id, f"{DECLINE}\r\nThe other one knew our sector.")
    _address, letter = the(fair.letters("decline"))

    assert letter.paragraphs[1] == f"{DECLINE}\nThe other one knew our sector."
    assert fair.application(one).answer == letter.paragraphs[1]


@pytest.mark.parametrize("words", ["", "  ", "x" * 4001, "a\x00b", "a\u202eb"])
def test_nobody_is_declined_without_a_word(fair: Fair, words: str) -> None:
    one = fair.applied(fair.project())
    with pytest.raises(NoteUnusable):
        choosing.decline(fair.means, fair.owner, one.id, words)

    assert fair.application(one) == one
    assert fair.letters("decline") == []


def test_an_unconfirmed_company_is_named_as_what_it_calls_itself(fair: Fair) -> None:
    one = fair.applied(fair.project())
    fair.means.issuer.suspend_issuer("acme", "A question about it")
    choosing.decline(fair.means, fair.owner, one.id, "Not this time.")
    said = the(fair.letters("decline"))[1].paragraphs[0]

    assert said.startswith("A company that calls itself “Acme Ltd”")
    assert "acme.example" not in said


def test_two_answers_at_once_end_in_one(fair: Fair) -> None:
    one = fair.applied(fair.project())
    said = at_once(
        lambda: choosing.decline(fair.means, fair.owner, one.id, "Not this time."),
        lambda: choosing.decline(fair.means, fair.owner, one.id, "Not this time."),
    )

    assert sorted(type(found).__name__ for found in said) == ["Application", "StepOutOfTurn"]
    assert len(fair.letters("decline")) == 1


def test_withdrawing_while_the_company_offers_ends_in_one_outcome(fair: Fair) -> None:
    ana = fair.person("ana")
    one = fair.applied(fair.project(), ana)
    at_once(
        lambda: choosing.offer(fair.means, fair.owner, one.id),
        lambda: sending.withdraw(fair.means, ana, one.id),
    )

    assert fair.application(one).state == "withdrawn"
    assert len(fair.letters("offer")) <= 1


def known(fair: Fair, name: str = "ana") -> Visitor:
    """Somebody who finished work for acme before."""
    made = fair.person(name)
    claimed(fair, made, name)
    return made


def test_people_who_worked_for_the_company_can_be_invited_once(fair: Fair) -> None:
    project, ana = fair.project(), known(fair)
    [one] = choosing.pool(fair.means, fair.owner, project.id)[1].known
    assert (one.person_id, one.name, one.times) == (ana.person_id, "Ana", 1)

    choosing.invite(fair.means, fair.owner, project.id, ana.person_id)
    with pytest.raises(InvitedBefore):
        choosing.invite(fair.means, fair.owner, project.id, ana.person_id)
    address, letter = the(fair.letters("news"))
    assert address.startswith("ana-")
    assert letter.action is not None
    assert letter.action.url.endswith(f"/projects/{project.id}")
    assert choosing.pool(fair.means, fair.owner, project.id)[1].invited == {ana.person_id}


def test_whoever_completed_a_project_is_known_without_having_claimed_anything(stage: Stage) -> None:
    """Signed and taken, it still is one piece of work."""
    owner, made = stage.member("owner"), stage.engagement("delivered")
    review(stage.means, owner, made.id, 1, {0: Verdict(True), 1: Verdict(True)})
    award_id = stage.now(made).award_id or ""

    def found() -> list[tuple[str, int]]:
        with read(stage.service.engine) as connection:
            return [(one.person_id, one.times) for one in applications.known_to(connection, made.issuer_id)]

    assert found() == []
    issued = awarding.sign(stage.means, owner, award_id, 1)
    assert found() == [(made.person_id, 1)]
    with write(stage.service.engine) as connection:
        assert handovers.claimed(connection, issued.id, made.person_id, stage.service.clock())
    assert found() == [(made.person_id, 1)]
    for state in ("ended", "working", "accepted"):
        stage.engagement(state)
    assert found() == [(made.person_id, 1)]
    with read(stage.service.engine) as connection:
        assert applications.known_to(connection, "another") == []


def test_inviting_twice_at_once_is_one_letter(fair: Fair) -> None:
    project, ana = fair.project(), known(fair)
    said = at_once(*[lambda: choosing.invite(fair.means, fair.owner, project.id, ana.person_id)] * 2)

    assert sorted(type(one).__name__ for one in said) == ["InvitedBefore", "NoneType"]
    assert len(fair.letters("news")) == 1


@pytest.mark.parametrize("who", ["a stranger", "nobody", "themselves", "''"])
def test_nobody_else_is_invited(fair: Fair, who: str) -> None:
    project = fair.project()
    known(fair)
    people = {"a stranger": fair.person("eve").person_id, "themselves": fair.owner.visitor.person_id}
    with pytest.raises(NobodyToInvite):
        choosing.invite(fair.means, fair.owner, project.id, people.get(who, who))

    assert fair.letters("news") == []


def test_nobody_is_invited_to_what_is_closed(fair: Fair) -> None:
    project, ana = fair.put(fair.project(), "closed"), known(fair)
    with pytest.raises(NotTakingApplications):
        choosing.invite(fair.means, fair.owner, project.id, ana.person_id)


@pytest.mark.parametrize("role", ["owner", "reviewer", "signer"])
def test_only_authors_invite(fair: Fair, role: str) -> None:
    project, ana = fair.project(), known(fair)
    with pytest.raises(RoleMissing):
        choosing.invite(fair.means, fair.staff(role), project.id, ana.person_id)


def test_the_pool_of_another_company_has_nobody_of_ours(fair: Fair) -> None:
    known(fair)
    other = stranger(fair)
    with pytest.raises(ProjectUnknown):
        choosing.pool(fair.means, other, fair.project().id)
