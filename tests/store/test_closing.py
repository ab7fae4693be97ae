"""What closing an account takes along, on both databases: all of that person's, and nothing of anybody else's."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine, Table, func, insert, select

from credentials.store import applications, closing, organisations, people, projects, references
from credentials.store.applications import Application
from credentials.store.engine import read, write
from credentials.store.organisations import Membership
from credentials.store.people import Address
from credentials.store.references import Reference, ReferenceState
from credentials.store.tables import (
    application,
    engagement,
    link,
    membership,
    oidc_identity,
    operator,
    passkey,
    person_address,
    recovery_code,
    reference,
    session,
)
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, DAY, NOW, OTHER, SECOND, add_person, engage, project

THIRD = "id-of-third"
LATER = NOW + DAY
STATES = ("agreeing", "working", "delivered", "returned", "accepted", "completed", "ended", "withdrawn", "unheard of")


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """Three companies and the people that rows of other tests need."""
    for slug in ("acme", "other", "third"):
        add_issuer(engine, slug)
    with write(engine) as connection:
        for own in ("author", "worker", "ann", "bob"):
            add_person(connection, own)
    return engine


def member(connection: Connection, issuer_id: str, person_id: str, roles: str) -> None:
    made = Membership(issuer_id=issuer_id, person_id=person_id, roles=roles, created_at=NOW)
    organisations.put_member(connection, made)


def test_only_work_that_goes_on_keeps_an_account_open(kept: Engine) -> None:
    with write(kept) as connection:
        for number, state in enumerate(STATES):
            engage(connection, state, state=state, person_id="ann", created_at=NOW - number * SECOND)
        engage(connection, "earliest", person_id="ann", created_at=NOW - DAY)
        engage(connection, "same moment", person_id="ann", created_at=NOW)
        engage(connection, "bob's", person_id="bob")
        found = {own: closing.work_going_on(connection, own) for own in ("ann", "bob", "author", "", "ANN", "%")}
    going_on = ["earliest", "accepted", "returned", "delivered", "working", "agreeing", "same moment"]
    assert found == {"ann": going_on, "bob": ["bob's"], "author": [], "": [], "ANN": [], "%": []}


OWNERS = [
    ("owner", (), True),
    ("issuer owner", (), True),
    ("owner", ("owner",), False),
    ("owner", ("reviewer owner issuer",), False),
    ("owner", ("reviewer",), True),
    ("owner", ("co-owner owners ownerx",), True),
    ("owners", (), False),
    ("co-owner", (), False),
    ("reviewer", (), False),
    ("", (), False),
]


@pytest.mark.parametrize(("mine", "others", "alone"), OWNERS)
def test_whether_somebody_owns_a_company_alone(kept: Engine, mine: str, others: tuple[str, ...], alone: bool) -> None:
    with write(kept) as connection:
        member(connection, ACME, "ann", mine)
        for own, roles in zip(("bob",), others, strict=False):
            member(connection, ACME, own, roles)
        member(connection, OTHER, "bob", "owner")  # owning elsewhere helps acme nothing
        assert closing.owned_alone(connection, "ann") == ([(ACME, "acme")] if alone else [])
        assert closing.companies(connection, "ann") == [ACME]


def test_companies_come_in_one_order(kept: Engine) -> None:
    with write(kept) as connection:
        for company in (THIRD, OTHER, ACME):
            member(connection, company, "ann", "owner")
        assert [slug for _, slug in closing.owned_alone(connection, "ann")] == ["acme", "other", "third"]
        assert closing.companies(connection, "ann") == [ACME, OTHER, THIRD]
        assert (closing.companies(connection, "%"), closing.owned_alone(connection, "%")) == ([], [])


def refer(connection: Connection, own: str, state: ReferenceState, person_id: str, supervisor_id: str) -> None:
    """A reference, shown, for work of its own."""
    engage(connection, own, person_id=person_id)
    made = Reference(
        engagement_id=own,
        id=f"r-{own}",
        issuer_id=ACME,
        person_id=person_id,
        supervisor_id=supervisor_id,
        state=state,
        created_at=NOW,
        changed_at=NOW,
        shown=True,
        asked=2,
        answered=1,
    )
    references.add(connection, made)


def referred(connection: Connection) -> dict[str, tuple[str, bool, datetime]]:
    rows = connection.execute(
        select(reference.c.engagement_id, reference.c.state, reference.c.shown, reference.c.changed_at)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def test_references_are_ended_by_who_gives_them_and_hidden_by_whose_they_are(kept: Engine) -> None:
    with write(kept) as connection:
        for state in ("revoked", "declined", "asked", "agreed"):
            refer(connection, f"given-{state}", state, "worker", "ann")
            refer(connection, f"had-{state}", state, "ann", "bob")
            refer(connection, f"others-{state}", state, "worker", "bob")
        assert closing.supervised(connection, "ann") == ["given-agreed", "given-asked"]
        assert closing.supervised(connection, "worker") == []
        closing.take_back(connection, "ann", LATER)
        closing.take_back(connection, "ann", LATER + DAY)  # closing twice changes nothing more
        assert referred(connection) == {
            "given-asked": ("declined", False, LATER),
            "given-agreed": ("revoked", False, LATER),
            "given-declined": ("declined", True, NOW),
            "given-revoked": ("revoked", True, NOW),
            **{f"had-{state}": (state, False, NOW) for state in ("asked", "agreed", "declined", "revoked")},
            **{f"others-{state}": (state, True, NOW) for state in ("asked", "agreed", "declined", "revoked")},
        }
        assert closing.supervised(connection, "ann") == []


def test_only_open_applications_are_withdrawn(kept: Engine) -> None:
    states = ("sent", "shortlisted", "offered", "accepted", "declined", "withdrawn", "closed")
    with write(kept) as connection:
        for number, (who, state) in enumerate((who, state) for who in ("ann", "bob") for state in states):
            projects.add_once(connection, project(f"p{number}"))
            asked = Application(
                id=f"{who}-{state}", project_id=f"p{number}", issuer_id=ACME, person_id=who, state=state, note="",
                created_at=NOW, changed_at=NOW,
            )  # fmt: skip
            applications.add_once(connection, asked)
        closing.take_back(connection, "ann", LATER)
        rows = connection.execute(select(application.c.id, application.c.state, application.c.changed_at))
        changed = {row[0]: row[1] for row in rows if row[2] != NOW}
        assert changed == {f"ann-{state}": "withdrawn" for state in ("sent", "shortlisted", "offered")}
        assert connection.execute(select(func.count()).where(application.c.state == "withdrawn")).scalar_one() == 5


def belongings(connection: Connection, own: str) -> None:
    """One row in each table that says how this person signs in, where they are reached and where they belong."""
    secret, moments = own.encode(), {"created_at": NOW}
    address = Address(canonical=f"{own}@x", person_id=own, address=f"{own}@x", first=True, proved_at=NOW)
    people.add_address(connection, address)
    member(connection, ACME, own, "owner")
    rows: list[tuple[Table, dict[str, object]]] = [
        (passkey, {"id": own, "credential_id": secret, "public_key": b"", "sign_count": 0, "label": ""}),
        (recovery_code, {"digest": secret}),
        (oidc_identity, {"issuer_id": ACME, "subject": own}),
        (operator, {}),
        (session, {
            "id": own, "digest": secret, "method": "passkey", "agent": "", "origin": "", "proved_at": NOW,
            "last_seen_at": NOW, "expires_at": LATER,
        }),
    ]  # fmt: skip
    for table, values in rows:
        connection.execute(insert(table).values(person_id=own, **moments, **values))


def add_link(connection: Connection, own: str, address: str, person_id: str | None) -> None:
    values = {"digest": own.encode(), "purpose": "sign-in", "address": address, "person_id": person_id}
    connection.execute(insert(link).values(**values, created_at=NOW, expires_at=LATER))


def left(connection: Connection) -> dict[str, list[str]]:
    tables = (passkey, recovery_code, session, oidc_identity, membership, operator, person_address)
    return {table.name: sorted(connection.execute(select(table.c.person_id)).scalars()) for table in tables}


def test_erasing_forgets_one_person_whole_and_nobody_else(kept: Engine) -> None:
    with write(kept) as connection:
        belongings(connection, "ann")
        belongings(connection, "bob")
        add_link(connection, "hers", "elsewhere@x", "ann")
        add_link(connection, "by-address", "ann@x", None)  # asked for before anybody was signed in
        add_link(connection, "his", "bob@x", "bob")
        add_link(connection, "like-hers", "Ann@x", None)
        add_link(connection, "nobody's", "", None)
        engage(connection, "work", person_id="ann", state="completed")
        closing.erase(connection, "ann", "Somebody", LATER)
        gone, stays = people.by_id(connection, "ann"), people.by_id(connection, "bob")
        assert gone is not None
        assert stays is not None
        assert (gone.name, gone.closed_at, stays.closed_at) == ("Somebody", LATER, None)
        assert set(map(tuple, left(connection).values())) == {("bob",)}
        links = connection.execute(select(link.c.digest)).scalars()
        assert sorted(bytes(one).decode() for one in links) == ["his", "like-hers", "nobody's"]
        assert connection.execute(select(engagement.c.person_id)).scalars().all() == ["ann"]


@pytest.mark.parametrize("own", ["", "nobody", "ANN", "%", "ann'--"])
def test_an_id_that_is_nobodys_closes_nothing(kept: Engine, own: str) -> None:
    with write(kept) as connection:
        belongings(connection, "ann")
        add_link(connection, "hers", "ann@x", "ann")
        before = left(connection)
        assert closing.lock(connection, own) is None
        closing.take_back(connection, own, LATER)
        closing.erase(connection, own, "Somebody", LATER)
        assert left(connection) == before
        assert connection.execute(select(func.count()).select_from(link)).scalar_one() == 1
    with read(kept) as connection:
        found = people.by_id(connection, "ann")
        assert found is not None
        assert (found.name, found.closed_at) == ("Kim Larsen", None)
