"""Applications at rest: one to each project, seen by the two it is between, in pages that leave nobody out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, update
from sqlalchemy.exc import IntegrityError

from credentials.store import applications, audit, awards, candidates, projects
from credentials.store.applications import Application
from credentials.store.audit import AuditEvent
from credentials.store.awards import Award
from credentials.store.engine import read, write
from credentials.store.tables import engagement, handover, person
from tests.accounts.actors import at_once
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, DAY, NOW, OTHER, SECOND, add_candidate, add_credential, add_person, engage, project

ODD = ("", "A1", "a1 ", "%", "__", "a'--")


def asked(own: str, **more: object) -> Application:
    """Ann's application to acme's project `p`."""
    values: dict[str, Any] = {"project_id": "p", "issuer_id": ACME, "person_id": "ann", "state": "sent", "note": ""}
    return Application(id=own, **({"created_at": NOW, "changed_at": NOW} | values | more))


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """Acme's projects `p` and `q`, other's `r`, and people."""
    add_issuer(engine, "acme")
    add_issuer(engine, "other")
    with write(engine) as connection:
        for own in ("author", "worker", "ann", "bob", "cleo", "dan"):
            add_person(connection, own, own.title())
        for own, issuer_id in (("p", ACME), ("q", ACME), ("r", OTHER)):
            projects.add_once(connection, project(own, issuer_id=issuer_id))
    return engine


def put(engine: Engine, *made: Application) -> None:
    with write(engine) as connection:
        assert all(applications.add_once(connection, one) for one in made)


@pytest.mark.parametrize(
    "again", [asked("a2"), asked("a1", person_id="bob"), asked("a1")], ids=["project", "id", "both"]
)
def test_the_first_application_stays(kept: Engine, again: Application) -> None:
    put(kept, asked("a1", note="first"))
    with write(kept) as connection:
        assert not applications.add_once(connection, replace(again, note="second"))
        assert applications.of_person(connection, "ann", "a1") == asked("a1", note="first")
        assert applications.to_project(connection, "bob", "p") is None


@pytest.mark.parametrize("bad", [{"project_id": "x"}, {"person_id": "x"}, {"issuer_id": "x"}, {"note": None}], ids=str)
def test_what_leads_nowhere_is_not_left_out_in_silence(kept: Engine, bad: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), write(kept) as connection:
        applications.add_once(connection, asked("a1", **bad))


def test_sent_at_once_is_sent_once(kept: Engine) -> None:
    def send(own: str) -> bool:
        with write(kept) as connection:
            return applications.add_once(connection, asked(own))

    assert sorted(map(str, at_once(*[lambda own=own: send(own) for own in "abc"]))) == ["False", "False", "True"]


def test_only_the_two_sides_find_it(kept: Engine) -> None:
    put(kept, asked("a1", portfolio="/p/ann", answer="No"))
    with write(kept) as connection:
        found = applications.of_company(connection, ACME, "a1", lock=True)
        assert found is not None
        assert (found.application, found.name) == (applications.of_person(connection, "ann", "a1", lock=True), "Ann")
        assert [applications.of_company(connection, who, "a1") for who in (OTHER, "", "%")] == [None] * 3
        assert [applications.of_person(connection, who, "a1") for who in ("bob", "", "%")] == [None] * 3
        assert [applications.of_company(connection, ACME, own) for own in ODD] == [None] * 6
        assert [applications.to_project(connection, "ann", own) for own in ("q", "r", "", "%", "P")] == [None] * 5


def test_just_the_named_application_changes(kept: Engine) -> None:
    put(kept, asked("a1"), asked("b1", person_id="bob"))
    changed = asked("a1", state="declined", answer="Thank you", changed_at=NOW + DAY)
    with write(kept) as connection:
        applications.change(connection, changed)
        applications.change(connection, replace(changed, id="unknown"))
        assert applications.of_person(connection, "ann", "a1") == changed
        assert applications.of_person(connection, "bob", "b1") == asked("b1", person_id="bob")


def page(connection: Connection, after: tuple[datetime, str] | None, limit: int) -> list[str]:
    return [one.application.id for one in applications.page_of_project(connection, ACME, "p", after, limit)]


def test_pages_leave_nobody_out_and_repeat_nobody(kept: Engine) -> None:
    put(kept, asked("d"), asked("b", person_id="bob"), asked("c", person_id="cleo", created_at=NOW - SECOND))
    put(kept, asked("a", person_id="dan", created_at=NOW + SECOND), asked("e", project_id="q"))
    put(kept, asked("f", project_id="r", issuer_id=OTHER))
    with read(kept) as connection:
        everyone = applications.page_of_project(connection, ACME, "p", None, 99)
        assert [one.application.id for one in everyone] == ["c", "b", "d", "a"]
        for size in (1, 2, 3, 4, 5):
            seen: list[str] = []
            after: tuple[datetime, str] | None = None
            while found := applications.page_of_project(connection, ACME, "p", after, size):
                assert found == everyone[len(seen) : len(seen) + size]
                seen += [one.application.id for one in found]
                after = (found[-1].application.created_at, found[-1].application.id)
            assert seen == ["c", "b", "d", "a"]
        assert [page(connection, (NOW, ""), 9), page(connection, (NOW, "d"), 9)] == [["b", "d", "a"], ["a"]]
        assert [page(connection, None, 0), page(connection, (NOW + DAY, ""), 9)] == [[], []]
        for wrong in ((OTHER, "p"), (ACME, "r"), (ACME, "%"), ("", "")):
            assert applications.page_of_project(connection, *wrong, None, 9) == []


def test_only_what_waits_is_counted(kept: Engine) -> None:
    states = ("sent", "shortlisted", "offered", "declined")
    people = ("ann", "bob", "cleo", "dan")
    put(kept, *[asked(who, person_id=who, state=state) for who, state in zip(people, states, strict=True)])
    put(kept, asked("q1", project_id="q", state="withdrawn"), asked("r1", project_id="r", issuer_id=OTHER))
    with read(kept) as connection:
        found = {own: applications.counts(connection, own) for own in (ACME, OTHER, "", "%")}
    assert found == {ACME: {"p": 2}, OTHER: {"r": 1}, "": {}, "%": {}}


def test_a_candidates_own_come_changed_last_first(kept: Engine) -> None:
    put(kept, asked("b", project_id="q"), asked("a"), asked("c", project_id="r", issuer_id=OTHER, changed_at=NOW + DAY))
    put(kept, asked("x", person_id="bob"))
    with read(kept) as connection:
        found = [(one.application.id, one.title, one.issuer_slug) for one in applications.sent_by(connection, "ann")]
        assert found == [("c", "r", "other"), ("a", "p", "acme"), ("b", "q", "acme")]
        assert [one.application.id for one in applications.sent_by(connection, "ann", limit=1)] == ["c"]
        assert [one.application.id for one in applications.sent_by(connection, "ann", (NOW + DAY, "c"))] == ["a", "b"]
        assert [one.application.id for one in applications.sent_by(connection, "ann", (NOW, "a"))] == ["b"]
        assert [applications.sent_by(connection, own) for own in ("", "ANN", "%")] == [[]] * 3


# What they did before ----------------------------------------------------------------------------------------------


def claim(connection: Connection, own: str, who: str | None, seconds: int = 0, issuer_id: str = ACME) -> None:
    """A credential that this person took as theirs, or nobody did so far."""
    add_credential(connection, own, issuer_id=issuer_id)
    at = None if who is None else NOW + seconds * SECOND
    values = {"credential_id": own, "issuer_id": issuer_id, "address": "", "claimed_by": who, "claimed_at": at}
    connection.execute(insert(handover).values(**values))


def test_what_was_claimed_comes_newest_first_and_in_one_order(kept: Engine) -> None:
    with write(kept) as connection:
        for own, who, seconds in (("C", "ann", 0), ("B", "ann", 9), ("A", "ann", 0), ("D", "bob", 5), ("E", None, 0)):
            claim(connection, own, who, seconds)
        found = [applications.claimed_by(connection, "ann", limit) for limit in (0, 2, 9)]
        assert found == [[], ["B", "A"], ["B", "A", "C"]]
        assert [applications.claimed_by(connection, own, 9) for own in ("", "ANN", "%")] == [[]] * 3


def test_portfolios_are_those_on_which_it_is_shown(kept: Engine) -> None:
    with write(kept) as connection:
        for own, who in (("B", "ann"), ("A", "ann"), ("C", "bob"), ("D", None)):
            claim(connection, own, who)
        assert applications.portfolios_of(connection, "ann") == ["at-of-A", "at-of-B"]
        root = add_candidate(connection, "root")
        for own in ("of-A", "of-B"):
            candidates.join(connection, own, root.id)
        assert applications.portfolios_of(connection, "ann") == ["at-root"]
        assert [applications.portfolios_of(connection, own) for own in ("", "worker", "%")] == [[]] * 3


def finish(connection: Connection, own: str, who: str, credential_id: str | None = None, **more: object) -> None:
    """A project that this person completed, and the credential that it became, if any."""
    engage(connection, own, person_id=who, **({"state": "completed"} | more))
    if credential_id is not None:
        made = Award(
            id=own, issuer_id=ACME, author_id="author", state="signed", form="{}", version=1, created_at=NOW,
            changed_at=NOW, credential_id=credential_id,
        )  # fmt: skip
        awards.add_once(connection, made)
        connection.execute(update(engagement).where(engagement.c.id == own).values(award_id=own))


def test_who_is_known_is_counted_once_for_each_work(kept: Engine) -> None:
    with write(kept) as connection:
        claim(connection, "A", "ann", 3)
        claim(connection, "B", "ann", 9)
        finish(connection, "one", "ann", "B", changed_at=NOW)  # the same work as B: counted with the project
        finish(connection, "two", "bob", changed_at=NOW + 5 * SECOND)
        finish(connection, "three", "cleo", state="working")
        finish(connection, "four", "cleo", issuer_id=OTHER)
        claim(connection, "C", "dan", 5)
        claim(connection, "D", None)
        claim(connection, "E", "cleo", issuer_id=OTHER)
        found = [(one.person_id, one.times, one.last_at) for one in applications.known_to(connection, ACME)]
        assert found == [
            ("bob", 1, NOW + 5 * SECOND),
            ("dan", 1, NOW + 5 * SECOND),
            ("ann", 2, NOW + 3 * SECOND),
        ]
        assert [one.person_id for one in applications.known_to(connection, ACME, None, 1)] == ["bob"]
        assert [(one.person_id, one.times) for one in applications.known_to(connection, OTHER)] == [("cleo", 2)]
        assert [applications.known_to(connection, own) for own in ("", "%")] == [[], []]
        connection.execute(update(person).where(person.c.id == "bob").values(closed_at=NOW))
        assert [one.person_id for one in applications.known_to(connection, ACME)] == ["dan", "ann"]


def test_whom_a_company_knows_in_pages_and_one_by_one(kept: Engine) -> None:
    """Work of one moment comes in the order of the people's ids, and who finished twice stands at the later time."""
    with write(kept) as connection:
        for own, who, seconds in (("A", "ann", 3), ("B", "bob", 5), ("C", "cleo", 5), ("D", "dan", 5), ("E", "ann", 1)):
            claim(connection, own, who, seconds)
        claim(connection, "F", "dan", 9, OTHER)
        whole = [(one.person_id, one.last_at) for one in applications.known_to(connection, ACME)]
        assert [own for own, _at in whole] == ["bob", "cleo", "dan", "ann"]
        for number, (own, at) in enumerate(whole):
            for limit in (1, 2, 9):
                found = applications.known_to(connection, ACME, (at, own), limit)
                assert [one.person_id for one in found] == ["bob", "cleo", "dan", "ann"][number + 1 :][:limit]
        assert [one.times for one in applications.known_to(connection, ACME, whole[2][::-1], 1)] == [2]
        assert applications.known_to(connection, ACME, (NOW - SECOND, "")) == []
        known = {
            own: applications.is_known_to(connection, ACME, own) for own in ("ann", "dan", "author", "", "ANN", "%")
        }
        assert known == {"ann": True, "dan": True, "author": False, "": False, "ANN": False, "%": False}
        assert not applications.is_known_to(connection, OTHER, "ann")
        connection.execute(update(person).where(person.c.id == "dan").values(closed_at=NOW))
        assert not applications.is_known_to(connection, ACME, "dan")


def test_who_was_invited_is_what_the_trail_says_of_this_project(kept: Engine) -> None:
    def event(subject: str, detail: str, action: str = "project.invited", issuer_id: str = ACME) -> AuditEvent:
        return AuditEvent(
            at=NOW,
            actor="person:author",
            action=action,
            subject=subject,
            issuer_id=issuer_id,
            detail=detail,
            origin="",
        )

    with write(kept) as connection:
        for one in (
            event("project:p", '{"person":"ann"}'),
            event("project:p", '{"person":"ann"}'),
            event("project:p", "{}"),
            event("project:p", '{"person":""}'),
            event("project:p", '{"person":"bob"}', "project.opened"),
            event("project:p", '{"person":"cleo"}', issuer_id=OTHER),
            event("project:pp", '{"person":"dan"}'),
            event("award:p", '{"person":"dan"}'),
        ):
            audit.add(connection, one)
        found = {
            which: applications.invited_to(connection, *which) for which in ((ACME, "p"), (OTHER, "p"), (ACME, "%"))
        }
    assert found == {(ACME, "p"): {"ann"}, (OTHER, "p"): {"cleo"}, (ACME, "%"): frozenset()}
