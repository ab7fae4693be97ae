"""Organisations at rest: nobody has a place twice, an invitation is used once, and each company sees its own alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from credentials.store import organisations
from credentials.store.engine import read, write
from credentials.store.organisations import Invitation, Member, Membership, Organisation
from tests.accounts.actors import at_once
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, DAY, NOW, OTHER, SECOND, add_person

END = NOW + DAY
ODD = ("", "ANN", "ann ", "%", "_nn", "a'--")


def invited(own: str, **more: Any) -> Invitation:
    values: dict[str, Any] = {"issuer_id": ACME, "address": "a@x", "roles": "reviewer", "invited_by": "ann"}
    return Invitation(id=own, **({"created_at": NOW, "expires_at": END} | values | more))


def place(person_id: str, roles: str = "owner", issuer_id: str = ACME, seconds: int = 0) -> Membership:
    return Membership(issuer_id=issuer_id, person_id=person_id, roles=roles, created_at=NOW + seconds * SECOND)


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """Two companies and three people without a place."""
    with_two = ("acme", "other")
    for slug in with_two:
        add_issuer(engine, slug)
    with write(engine) as connection:
        for slug in with_two:
            organisations.add(connection, Organisation(issuer_id=f"id-of-{slug}", four_eyes=False, created_at=NOW))
        for own in ("ann", "bob", "cleo"):
            add_person(connection, own, own.title())
    return engine


def test_a_company_decides_for_itself(kept: Engine) -> None:
    with write(kept) as connection:
        organisations.set_four_eyes(connection, ACME, wanted=True)
        organisations.set_four_eyes(connection, "id-of-nobody", wanted=True)
        organisations.lock(connection, "id-of-nobody")
        found = {own: organisations.by_id(connection, own) for own in (ACME, OTHER, "", "%", "acme")}
    assert {own: one and one.four_eyes for own, one in found.items()} == {
        ACME: True, OTHER: False, "": None, "%": None, "acme": None,
    }  # fmt: skip
    for bad in (ACME, "id-of-nobody"):
        with pytest.raises(IntegrityError), write(kept) as connection:
            organisations.add(connection, Organisation(issuer_id=bad, four_eyes=False, created_at=NOW))


def test_a_second_place_is_other_roles_in_the_first(kept: Engine) -> None:
    with write(kept) as connection:
        organisations.put_member(connection, place("ann"))
        organisations.put_member(connection, place("ann", "reviewer", issuer_id=OTHER))
        organisations.put_member(connection, place("ann", "issuer reviewer", seconds=60))
        assert organisations.members(connection, ACME) == [Member("ann", "Ann", "issuer reviewer", NOW)]
        assert [one.roles for one in organisations.members(connection, OTHER)] == ["reviewer"]


@pytest.mark.parametrize(("company", "who"), [("id-of-nobody", "ann"), (ACME, "nobody")])
def test_a_place_is_somebodys_somewhere(kept: Engine, company: str, who: str) -> None:
    with pytest.raises(IntegrityError), write(kept) as connection:
        organisations.put_member(connection, place(who, issuer_id=company))


def test_given_at_once_under_the_lock_a_place_is_one(kept: Engine) -> None:
    def give(roles: str) -> None:
        with write(kept) as connection:
            organisations.lock(connection, ACME)
            organisations.put_member(connection, place("ann", roles))

    assert at_once(lambda: give("owner"), lambda: give("reviewer")) == [None, None]
    with read(kept) as connection:
        assert len(organisations.members(connection, ACME)) == 1


def test_members_come_oldest_first_and_only_the_named_one_goes(kept: Engine) -> None:
    with write(kept) as connection:
        for one in (place("cleo"), place("bob"), place("ann", seconds=9), place("ann", issuer_id=OTHER)):
            organisations.put_member(connection, one)
        assert [one.person_id for one in organisations.members(connection, ACME)] == ["bob", "cleo", "ann"]
        gone = [organisations.remove_member(connection, ACME, own) for own in (*ODD, "nobody")]
        assert gone == [False] * 7
        assert [organisations.remove_member(connection, ACME, "ann") for _ in range(2)] == [True, False]
        assert not organisations.is_member(connection, ACME, "ann")
        assert organisations.is_member(connection, OTHER, "ann")
        assert [organisations.is_member(connection, ACME, own) for own in ODD] == [False] * 6
        assert organisations.members(connection, "id-of-nobody") == []


ROLES: list[tuple[str, frozenset[str]]] = [
    ("owner", frozenset({"owner"})),
    ("  issuer  reviewer ", frozenset({"issuer", "reviewer"})),
    ("", frozenset()),
    (" ", frozenset()),
]


@pytest.mark.parametrize(("kept_as", "roles"), ROLES)
def test_roles_are_words_of_one_company(kept: Engine, kept_as: str, roles: frozenset[str]) -> None:
    with write(kept) as connection:
        organisations.put_member(connection, place("ann", kept_as))
        organisations.put_member(connection, place("bob", "owner"))
        found = organisations.roles_in(connection, "ann", "acme")
        assert found is not None
        assert (found[0].id, found[1]) == (ACME, roles)
        wrong = [("ann", "other"), ("ann", "ACME"), ("ann", ""), ("ann", "%"), ("cleo", "acme"), ("", "acme")]
        assert [organisations.roles_in(connection, *which) for which in wrong] == [None] * 6


def test_companies_of_a_person_come_by_slug(kept: Engine) -> None:
    with write(kept) as connection:
        organisations.put_member(connection, place("ann", "reviewer", issuer_id=OTHER))
        organisations.put_member(connection, place("ann", "owner", seconds=9))
        found = [(one.slug, sorted(roles)) for one, roles in organisations.companies_of(connection, "ann")]
        assert found == [("acme", ["owner"]), ("other", ["reviewer"])]
        assert [organisations.companies_of(connection, own) for own in (*ODD, "bob")] == [[]] * 7


# Invitations -------------------------------------------------------------------------------------------------------

CLOSED = {
    "accepted": invited("i", accepted_at=NOW),
    "withdrawn": invited("i", withdrawn_at=NOW),
    "accepted and withdrawn": invited("i", accepted_at=NOW, withdrawn_at=NOW),
    "at its end": invited("i", expires_at=NOW),
    "past its end": invited("i", expires_at=NOW - SECOND),
}


@pytest.mark.parametrize("closed", CLOSED.values(), ids=CLOSED)
def test_an_invitation_that_is_not_open_is_neither_accepted_nor_withdrawn(kept: Engine, closed: Invitation) -> None:
    with write(kept) as connection:
        organisations.add_invitation(connection, closed)
        assert organisations.open_invitations(connection, ACME, NOW) == []
        assert not organisations.accept_invitation(connection, "i", NOW)
        assert not organisations.withdraw_invitation(connection, ACME, "i", NOW)
        organisations.withdraw_invitations_of(connection, ACME, "ann", NOW)
        assert organisations.find_invitation(connection, "i") == closed


def still_open(connection: Connection, issuer_id: str = ACME) -> list[str]:
    return [one.id for one in organisations.open_invitations(connection, issuer_id, NOW)]


def test_an_invitation_is_accepted_once_however_many_try(kept: Engine) -> None:
    with write(kept) as connection:
        organisations.add_invitation(connection, invited("i"))
        organisations.add_invitation(connection, invited("j"))

    def accept() -> bool:
        with write(kept) as connection:
            return organisations.accept_invitation(connection, "i", NOW)

    assert sorted(map(str, at_once(accept, accept, accept))) == ["False", "False", "True"]
    with read(kept) as connection:
        assert still_open(connection) == ["j"]
        assert organisations.find_invitation(connection, "i") == invited("i", accepted_at=NOW)


def test_accepted_or_withdrawn_at_once_is_one_of_the_two(kept: Engine) -> None:
    with write(kept) as connection:
        organisations.add_invitation(connection, invited("i"))

    def accept() -> bool:
        with write(kept) as connection:
            return organisations.accept_invitation(connection, "i", NOW)

    def withdraw() -> bool:
        with write(kept) as connection:
            return organisations.withdraw_invitation(connection, ACME, "i", NOW)

    assert sorted(map(str, at_once(accept, withdraw))) == ["False", "True"]


def test_another_company_withdraws_nothing(kept: Engine) -> None:
    with write(kept) as connection:
        organisations.add_invitation(connection, invited("ann"))
        wrong = [(OTHER, "ann"), ("", "ann"), *((ACME, odd) for odd in ODD)]
        assert [organisations.withdraw_invitation(connection, *which, NOW) for which in wrong] == [False] * 8
        assert [organisations.find_invitation(connection, odd) for odd in ODD] == [None] * 6
        assert [organisations.accept_invitation(connection, odd, NOW) for odd in ODD] == [False] * 6
        assert still_open(connection) == ["ann"]
        assert [organisations.withdraw_invitation(connection, ACME, "ann", NOW) for _ in range(2)] == [True, False]


def test_open_invitations_come_oldest_first(kept: Engine) -> None:
    with write(kept) as connection:
        later = {"created_at": NOW + SECOND}
        for one in (invited("a", **later), invited("c"), invited("b"), invited("theirs", issuer_id=OTHER)):
            organisations.add_invitation(connection, one)
        assert still_open(connection) == ["b", "c", "a"]
        assert still_open(connection, OTHER) == ["theirs"]
        assert still_open(connection, "%") == []


def test_who_leaves_takes_back_their_own_open_invitations_there(kept: Engine) -> None:
    rows = {
        "hers": invited("hers"),
        "accepted": invited("accepted", accepted_at=NOW),
        "withdrawn": invited("withdrawn", withdrawn_at=NOW - SECOND),
        "his": invited("his", invited_by="bob"),
        "operators": invited("operators", invited_by=None),
        "elsewhere": invited("elsewhere", issuer_id=OTHER),
    }
    with write(kept) as connection:
        for one in rows.values():
            organisations.add_invitation(connection, one)
        for which in ((ACME, "nobody"), ("id-of-nobody", "ann"), (ACME, "%"), (ACME, "")):
            organisations.withdraw_invitations_of(connection, *which, NOW)
        organisations.withdraw_invitations_of(connection, ACME, "ann", NOW)
        found = {own: organisations.find_invitation(connection, own) for own in rows}
        assert found == rows | {"hers": replace(rows["hers"], withdrawn_at=NOW)}
