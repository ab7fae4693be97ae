"""Applying, taking back, taking an offer: once each, by whoever it belongs to, whatever happens at the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import insert

from credentials.accounts.acting import Visitor
from credentials.projects.applying import choosing, sending
from credentials.projects.applying.errors import (
    ApplicationUnknown,
    AppliedBefore,
    NoteUnusable,
    NotTakingApplications,
    PortfolioNotYours,
    TermsChanged,
)
from credentials.projects.applying.wording import standing
from credentials.projects.posting import publishing
from credentials.projects.posting.errors import ProjectUnknown
from credentials.projects.terms import Terms
from credentials.store import agreements
from credentials.store.applications import Application
from credentials.store.engine import read, write
from credentials.store.tables import candidate, credential, handover
from tests.accounts.actors import at_once
from tests.projects.conftest import FORM, NOW, Fair

NOTE = "I did this before."


def claimed(fair: Fair, visitor: Visitor, slug: str) -> None:
    """Let somebody have taken a credential as theirs that stands on the portfolio page with this slug."""
    number = (slug.upper() + "0" * 26)[:26]
    shared = {"issuer_id": fair.owner.issuer.id, "created_at": NOW}
    with write(fair.engine) as connection:
        connection.execute(insert(candidate).values(id=f"c-{slug}", slug=slug, name="Ana", **shared))
        made = {"id": number, "code": number[:10], "candidate_id": f"c-{slug}", "draft_digest": b"", "title": "T"}
        connection.execute(insert(credential).values(**made, visibility="public", unsigned=b"", **shared))
        taken = {"credential_id": number, "address": "a@b.example", "claimed_by": visitor.person_id}
        row = handover.insert().values(**taken, issuer_id=fair.owner.issuer.id, claimed_at=NOW)
        connection.execute(row)


def test_one_person_applies_to_a_project_once(fair: Fair) -> None:
    project, ana = fair.project(), fair.person("ana")
    made = sending.apply(fair.means, ana, project.id, NOTE)
    for _ in range(2):
        with pytest.raises(AppliedBefore):
            sending.apply(fair.means, ana, project.id, "Again")
        if fair.application(made).state == "sent":
            sending.withdraw(fair.means, ana, made.id)

    assert [one.application.note for one in sending.sent(fair.means, ana).rows] == [NOTE]
    assert len(fair.letters("news")) == 1


def test_applying_twice_at_once_is_one_application(fair: Fair) -> None:
    project, ana = fair.project(), fair.person("ana")
    said = at_once(*[lambda: sending.apply(fair.means, ana, project.id, NOTE)] * 3)

    assert sorted(type(one).__name__ for one in said) == ["Application", "AppliedBefore", "AppliedBefore"]


@pytest.mark.parametrize(
    "note", ["", " \n ", "x" * 4001, "a\x00b", "a\u202eb", "a\u200bb", "\ufffd", "a" + "\u0301" * 9]
)
def test_a_note_that_cannot_be_sent(fair: Fair, note: str) -> None:
    project, ana = fair.project(), fair.person("ana")
    with pytest.raises(NoteUnusable):
        sending.apply(fair.means, ana, project.id, note)

    assert sending.sent(fair.means, ana).rows == []


@pytest.mark.parametrize(
    "path", ["/p/bens", "/p/nobody", "https://evil.example/p/anas", "//evil.example", "javascript:alert(1)", "/p/anas "]
)
def test_only_ones_own_portfolio_is_shown(fair: Fair, path: str) -> None:
    project, ana, ben = fair.project(), fair.person("ana"), fair.person("ben")
    claimed(fair, ana, "anas")
    claimed(fair, ben, "bens")

    assert sending.portfolios(fair.means, ana) == ["/p/anas"]
    with pytest.raises(PortfolioNotYours):
        sending.apply(fair.means, ana, project.id, NOTE, path)
    assert sending.apply(fair.means, ana, project.id, NOTE, "/p/anas").portfolio == "/p/anas"


@pytest.mark.parametrize("number", ["0" * 26, "", "' OR 1=1 --"])
def test_a_project_that_does_not_exist(fair: Fair, number: str) -> None:
    with pytest.raises(ProjectUnknown):
        sending.apply(fair.means, fair.person("ana"), number, NOTE)


def test_nobody_applies_after_the_deadline_or_to_a_company_that_is_suspended(fair: Fair) -> None:
    project, ana = fair.project(), fair.person("ana")
    fair.means.issuer.suspend_issuer("acme", "A question about it")
    with pytest.raises(NotTakingApplications):
        sending.apply(fair.means, ana, project.id, NOTE)
    late = fair.put(fair.project(title="Late"), "open")
    fair.world.clock.pass_(days=40)
    with pytest.raises(NotTakingApplications):
        sending.apply(fair.means, ana, late.id, NOTE)


def test_somebody_applies_to_a_company_that_is_vouched_for_again(fair: Fair) -> None:
    project, ana = fair.project(), fair.person("ana")
    fair.means.issuer.suspend_issuer("acme", "A question about it")
    fair.means.issuer.reinstate_issuer("acme", "It was settled")

    assert sending.apply(fair.means, ana, project.id, NOTE).state == "sent"


STEPS: dict[str, Callable[[Fair, Visitor, Application], object]] = {
    "find": lambda fair, who, one: sending.find(fair.means, who, one.id),
    "withdraw": lambda fair, who, one: sending.withdraw(fair.means, who, one.id),
    "take": lambda fair, who, one: sending.take(fair.means, who, one.id, 1),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_foreign_and_a_missing_application_look_alike(fair: Fair, step: str) -> None:
    one, ben, said = fair.offered(fair.project(), fair.person("ana")), fair.person("ben"), []
    for number in (one.id, "0" * 26, "", "' OR 1=1 --"):
        with pytest.raises(ApplicationUnknown) as caught:
            STEPS[step](fair, ben, replace(one, id=number))
        said.append(str(caught.value))

    assert len(set(said)) == 1
    assert fair.application(one) == one


def test_a_taken_offer_begins_an_engagement_and_fills_the_project(fair: Fair) -> None:
    project, ana = fair.project(), fair.person("ana")
    one = fair.offered(project, ana)
    made = sending.take(fair.means, ana, one.id, project.version)

    assert (made.state, made.application_id, made.person_id) == ("agreeing", one.id, ana.person_id)
    assert made.ends_on.isoformat() == FORM.ends_on
    assert fair.now(project).state == "filled"
    [(found, title)] = sending.works(fair.means, ana).rows
    assert (found, title) == (made, FORM.title)
    assert sending.find(fair.means, ana, one.id).engagement_id == made.id
    with read(fair.engine) as connection:
        agreement = agreements.newest(connection, made.id)
    assert agreement is not None
    document = msgspec.json.decode(agreement.document)
    assert msgspec.convert(document["terms"], Terms).brief == FORM.brief
    assert b"600" not in agreement.document


def test_an_offer_is_taken_as_it_was_seen(fair: Fair) -> None:
    project, ana = fair.project(), fair.person("ana")
    one = fair.offered(project, ana)
    less = msgspec.structs.replace(FORM, compensation="EUR 40")
    publishing.save(fair.means, fair.owner, project.id, less, 1)

    for version in (1, 0, 3):
        with pytest.raises(TermsChanged):
            sending.take(fair.means, ana, one.id, version)
    assert (fair.application(one).state, fair.now(project).state) == ("offered", "open")
    sending.take(fair.means, ana, one.id, 2)


def test_two_who_take_one_place_at_once(fair: Fair) -> None:
    project = fair.project()
    people = [fair.person(name) for name in ("ana", "ben", "cleo")]
    offers = [fair.offered(project, one) for one in people]
    said = at_once(
        *(
            lambda who=who, one=one: sending.take(fair.means, who, one.id, 1)
            for who, one in zip(people, offers, strict=True)
        )
    )

    assert sorted(type(one).__name__ for one in said) == ["Engagement", *["NotTakingApplications"] * 2]
    assert sorted(fair.application(one).state for one in offers) == ["offered", "offered", "taken"]
    assert sum(len(sending.works(fair.means, one).rows) for one in people) == 1


def test_taking_while_the_company_closes_ends_in_one_outcome(fair: Fair) -> None:
    project, ana = fair.project(), fair.person("ana")
    one = fair.offered(project, ana)
    said = at_once(
        lambda: sending.take(fair.means, ana, one.id, 1),
        lambda: publishing.close(fair.means, fair.owner, project.id),
    )
    began = len(sending.works(fair.means, ana).rows)

    assert fair.now(project).state == "closed"
    assert (fair.application(one).state, began) in (("taken", 1), ("offered", 0))
    assert isinstance(said[0], NotTakingApplications) == (began == 0)


def test_taking_while_the_company_declines_ends_in_one_outcome(fair: Fair) -> None:
    project, ana = fair.project(), fair.person("ana")
    one = fair.offered(project, ana)
    said = at_once(
        lambda: sending.take(fair.means, ana, one.id, 1),
        lambda: choosing.decline(fair.means, fair.owner, one.id, "Not this time."),
    )
    state = fair.application(one).state

    assert sorted(type(found).__name__ for found in said if isinstance(found, Exception)) == ["StepOutOfTurn"]
    assert (state, len(sending.works(fair.means, ana).rows)) in (("taken", 1), ("declined", 0))
    assert len(fair.letters("decline")) == (state == "declined")


def test_taking_twice_at_once_begins_one_engagement(fair: Fair) -> None:
    project, ana = fair.project(), fair.person("ana")
    one = fair.offered(project, ana)
    said = at_once(*[lambda: sending.take(fair.means, ana, one.id, 1)] * 2)

    assert sorted(type(found).__name__ for found in said) == ["Engagement", "StepOutOfTurn"]
    assert len(sending.works(fair.means, ana).rows) == 1


@pytest.mark.parametrize("state", ["sent", "shortlisted", "offered"])
@pytest.mark.parametrize(("project", "said"), [("filled", "somebody else"), ("closed", "was closed")])
def test_whose_project_is_gone_is_told_so(state: str, project: str, said: str) -> None:
    assert said in standing(state, project).long
    assert standing(state, "open") != standing(state, project)


@pytest.mark.parametrize("state", ["declined", "withdrawn", "taken"])
def test_what_is_decided_stays_so_whatever_becomes_of_the_project(state: str) -> None:
    assert len({standing(state, project) for project in ("open", "filled", "closed")}) == 1
