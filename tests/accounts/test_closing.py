"""Closing an account: what goes, what stays, what must be done first, and who gets in afterwards: nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from credentials.accounts import closing, links, organisations, own_account, sessions, signing_in
from credentials.accounts.acting import Visitor
from credentials.accounts.audit import trail
from credentials.accounts.errors import LastOperator, LastOwner, LinkUnusable, PersonUnknown, WorkGoesOn
from credentials.core.errors import CredentialError
from credentials.store import organisations as rows
from credentials.store import people, tables
from credentials.store.engine import read, write
from tests.accounts.actors import CLIENT, World, at_once

ADDRESS = "ana@mail.example"
ERASED = ["passkey", "recovery_code", "session", "oidc_identity", "membership", "operator", "person_address"]


def left(world: World, table: str, person_id: str) -> int:
    """How many rows of a table are a person's."""
    found = getattr(tables, table)
    with read(world.engine) as connection:
        query = select(func.count()).select_from(found).where(found.c.person_id == person_id)
        return int(connection.execute(query).scalar_one())


def kept(world: World, person_id: str) -> people.Person:
    with read(world.engine) as connection:
        found = people.by_id(connection, person_id)
    assert found is not None
    return found


def row_of(table: Table, now: datetime, **given: str) -> dict[str, Any]:
    """A row with what is given, and something of the right kind wherever something must stand."""
    kinds = {"Integer": 1, "Boolean": False, "Instant": now, "Date": now.date(), "LargeBinary": b"", "Text": ""}
    must = {column.name: kinds[type(column.type).__name__] for column in table.c if not column.nullable}
    return must | given


def working(world: World, person_id: str, state: str) -> None:
    """Put somebody in the middle of work for acme, or at its end."""
    now = world.clock.now
    with write(world.engine) as connection:
        issuer_id = connection.execute(select(tables.issuer.c.id).where(tables.issuer.c.slug == "acme")).scalar_one()
        ids = {"issuer_id": issuer_id, "person_id": person_id, "project_id": "P", "application_id": "A"}
        rows_of = [
            (tables.project, {"id": "P", "issuer_id": issuer_id, "author_id": person_id, "state": "open"}),
            (tables.application, ids | {"id": "A", "state": "taken"}),
            (tables.engagement, ids | {"id": "E", "state": state}),
        ]
        for table, given in rows_of:
            known = {name: value for name, value in given.items() if name in table.c}
            connection.execute(table.insert(), row_of(table, now, **known))


def test_what_identifies_the_person_goes(world: World) -> None:
    ana = world.person(ADDRESS, "Ana Souza")
    own_account.new_codes(world.means, ana)
    closing.close(world.means, ana)
    found = kept(world, ana.person_id)

    assert (found.name, found.closed_at) == (closing.NAME, world.clock.now)
    assert {table: left(world, table, ana.person_id) for table in ERASED} == dict.fromkeys(ERASED, 0)


def test_the_last_letter_goes_to_the_address_that_goes(world: World) -> None:
    ana = world.person(ADDRESS)
    closing.close(world.means, ana)

    assert world.letters.kinds(ADDRESS)[-1] == "account-closed"


def test_the_trail_keeps_its_lines_and_gets_one_more(world: World) -> None:
    ana = world.person(ADDRESS)
    own_account.rename(world.means, ana, "Ana Lima")
    closing.close(world.means, ana)
    found = [one for one in trail(world.engine, None) if one.subject == f"person:{ana.person_id}"]

    assert [one.action for one in found][:1] == ["account.closed"]
    assert "person.renamed" in [one.action for one in found]
    assert "Ana" not in str(found)


def test_no_session_and_no_link_gets_in_afterwards(world: World) -> None:
    begun, waiting = world.begun(ADDRESS), world.asked(ADDRESS)
    ana = world.visitor(begun)
    closing.close(world.means, ana)

    assert sessions.visitor(world.engine, begun.cookie, CLIENT, world.clock.now) is None
    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, waiting, "Ana", CLIENT)


def test_the_same_address_begins_anew_and_has_nothing_of_the_old(world: World) -> None:
    before = world.person(ADDRESS, "Ana Souza")
    own_account.new_codes(world.means, before)
    closing.close(world.means, before)
    world.clock.pass_(minutes=5)
    after = world.person(ADDRESS, "Ana Lima")

    assert after.person_id != before.person_id
    assert own_account.account(world.means, after).codes_left == 0
    assert own_account.account(world.means, after).work == ()


def test_a_link_that_proves_another_address_dies_too(world: World) -> None:
    ana = world.person(ADDRESS)
    own_account.request_address(world.means, ana, "second@mail.example")
    token = world.token("second@mail.example")
    closing.close(world.means, ana)
    with pytest.raises(LinkUnusable):
        own_account.add_address(world.means, ana, token)

    assert left(world, "person_address", ana.person_id) == 0


def test_it_closes_once(world: World) -> None:
    ana = world.person(ADDRESS)
    closing.close(world.means, ana)
    with pytest.raises(PersonUnknown):
        closing.close(world.means, ana)


def test_of_two_at_once_one_closes(world: World) -> None:
    ana = world.person(ADDRESS)
    outcomes = at_once(*[lambda: closing.close(world.means, ana)] * 2)

    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "PersonUnknown"]
    assert world.letters.kinds(ADDRESS).count("account-closed") == 1


def test_a_place_in_a_company_goes_and_the_company_is_told_in_its_trail(world: World) -> None:
    owner = world.owner()
    member = world.invited(owner, "kim@acme.example", "author")
    closing.close(world.means, member.visitor)
    found = trail(world.engine, owner.issuer.id)

    assert [one.person_id for one in organisations.people(world.means, owner).members] == [owner.visitor.person_id]
    assert (found[0].action, found[0].subject) == ("member.removed", f"person:{member.visitor.person_id}")


def test_invitations_of_somebody_who_left_are_withdrawn(world: World) -> None:
    owner = world.owner()
    second = world.invited(owner, "kim@acme.example", "owner")
    organisations.invite(world.means, second, "new@acme.example", ["author"])
    token = world.token("new@acme.example")
    closing.close(world.means, second.visitor)
    with pytest.raises(CredentialError):
        signing_in.open_link(world.means, token, "New", CLIENT)


def owner_of_one(world: World) -> Visitor:
    return world.owner().visitor


def only_operator(world: World) -> Visitor:
    ana = world.person(ADDRESS)
    with write(world.engine) as connection:
        people.add_operator(connection, ana.person_id, world.clock.now)
    return ana


def owner_beside_an_author(world: World) -> Visitor:
    owner = world.owner()
    world.invited(owner, "kim@acme.example", "author", "signer")
    return owner.visitor


HINDERED: list[tuple[Callable[[World], Visitor], type[CredentialError]]] = [
    (owner_of_one, LastOwner),
    (owner_beside_an_author, LastOwner),
    (only_operator, LastOperator),
]


@pytest.mark.parametrize(("who", "error"), HINDERED, ids=[one[0].__name__ for one in HINDERED])
def test_what_must_be_done_first(world: World, who: Callable[[World], Visitor], error: type[CredentialError]) -> None:
    visitor = who(world)
    with pytest.raises(error):
        closing.close(world.means, visitor)

    assert kept(world, visitor.person_id).closed_at is None
    assert left(world, "person_address", visitor.person_id) == 1
    assert closing.look(world.means, visitor).hindered


@pytest.mark.parametrize("state", ["agreeing", "working", "delivered", "returned", "accepted"])
def test_nobody_leaves_in_the_middle_of_work(world: World, state: str) -> None:
    ana = world.person(ADDRESS)
    working(world, ana.person_id, state)
    with pytest.raises(WorkGoesOn):
        closing.close(world.means, ana)

    assert closing.look(world.means, ana).going_on == ("E",)


@pytest.mark.parametrize("state", ["completed", "ended"])
def test_work_that_is_over_holds_nobody(world: World, state: str) -> None:
    ana = world.person(ADDRESS)
    working(world, ana.person_id, state)
    closing.close(world.means, ana)

    assert kept(world, ana.person_id).closed_at is not None


def test_one_of_two_owners_and_operators_may_leave(world: World) -> None:
    owner = world.owner()
    second = world.invited(owner, "kim@acme.example", "owner")
    with write(world.engine) as connection:
        for one in (owner, second):
            people.add_operator(connection, one.visitor.person_id, world.clock.now)
    closing.close(world.means, owner.visitor)
    with pytest.raises((LastOwner, LastOperator)):
        closing.close(world.means, second.visitor)


def test_two_last_owners_cannot_both_leave_at_once(world: World) -> None:
    owner = world.owner()
    second = world.invited(owner, "kim@acme.example", "owner")
    outcomes = at_once(*[lambda one=one: closing.close(world.means, one.visitor) for one in (owner, second)])

    assert sorted(type(one).__name__ for one in outcomes) == ["LastOwner", "NoneType"]
    with read(world.engine) as connection:
        assert len(rows.members(connection, owner.issuer.id)) == 1


def test_an_owner_whose_role_only_looks_like_it_does_not_count(world: World) -> None:
    owner = world.owner()
    member = world.invited(owner, "kim@acme.example", "author")
    with write(world.engine) as connection:
        connection.execute(
            tables.membership.update()
            .where(tables.membership.c.person_id == member.visitor.person_id)
            .values(roles="co-owner author")
        )
    with pytest.raises(LastOwner):
        closing.close(world.means, owner.visitor)


def test_a_session_that_began_meanwhile_opens_nothing(world: World) -> None:
    ana = world.person(ADDRESS)
    closing.close(world.means, ana)
    with write(world.engine) as connection:
        late = sessions.begin(connection, ana.person_id, "link", CLIENT, world.clock.now + timedelta(seconds=1))

    assert sessions.visitor(world.engine, late.cookie, CLIENT, world.clock.now + timedelta(seconds=2)) is None


def test_asking_for_a_link_afterwards_tells_nothing(world: World) -> None:
    ana = world.person(ADDRESS)
    closing.close(world.means, ana)
    world.clock.pass_(minutes=5)
    links.request_sign_in(world.means, ADDRESS)

    assert world.letters.kinds(ADDRESS)[-1] == "sign-in"
