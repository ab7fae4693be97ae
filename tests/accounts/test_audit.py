"""The audit trail: complete, filtered by company, exported as text that no spreadsheet runs, and append-only."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from credentials.accounts import audit, organisations, own_account
from credentials.accounts.acting import Actor
from credentials.accounts.audit import exported, note, trail
from credentials.store.audit import AuditEvent, Wanted
from credentials.store.engine import read, write
from tests.accounts.actors import CLIENT, World

ACME, OTHER = "id-of-acme", "id-of-other"


def noted(world: World, action: str, issuer_id: str | None = ACME, actor: str = "person:1", **detail: str) -> None:
    with write(world.engine) as connection:
        note(
            connection,
            Actor(actor, "192.0.2.7"),
            action,
            "thing:1",
            now=world.clock.now,
            issuer_id=issuer_id,
            detail=detail,
        )


CHANGES = (
    "UPDATE audit_event SET actor = 'person:2'",
    "UPDATE audit_event SET detail = detail",
    "UPDATE audit_event SET number = number + 100",
    "DELETE FROM audit_event",
    "DELETE FROM audit_event WHERE number = 1",
)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_the_trail(world: World, statement: str) -> None:
    noted(world, "thing.made")
    before = trail(world.engine, None)

    with pytest.raises(DBAPIError, match="append-only"), write(world.engine) as connection:
        connection.execute(text(statement))
    assert trail(world.engine, None) == before != []


def test_postgresql_refuses_to_empty_the_trail(world: World) -> None:
    if world.engine.dialect.name != "postgresql":
        return
    noted(world, "thing.made")

    with pytest.raises(DBAPIError, match="append-only"), write(world.engine) as connection:
        connection.execute(text("TRUNCATE audit_event"))


def test_an_event_is_written_with_what_it_tells_of_or_not_at_all(world: World) -> None:
    with suppress(ZeroDivisionError), write(world.engine) as connection:
        note(connection, Actor("person:1"), "thing.made", "thing:1", now=world.clock.now)
        raise ZeroDivisionError

    assert trail(world.engine, None) == []


def test_a_company_sees_its_own_events_only(world: World) -> None:
    noted(world, "one.made")
    noted(world, "two.made", OTHER)
    noted(world, "three.made", None)

    assert [one.action for one in trail(world.engine, ACME)] == ["one.made"]
    assert [one.action for one in trail(world.engine, OTHER)] == ["two.made"]
    assert [one.action for one in trail(world.engine, None)] == ["three.made", "two.made", "one.made"]
    assert trail(world.engine, "' OR 1=1 --") == []


@pytest.fixture
def several(world: World) -> World:
    """Five events, an hour apart."""
    for number in range(5):
        noted(world, f"thing.{number % 2}", actor=f"person:{number % 3}")
        world.clock.pass_(hours=1)
    return world


def numbers(world: World, wanted: Wanted, limit: int = 50) -> list[int]:
    return [one.number or 0 for one in trail(world.engine, ACME, wanted, limit)]


def test_filters_leave_what_matches_all_of_them(several: World) -> None:
    start = several.clock.now - timedelta(hours=5)

    assert numbers(several, Wanted(action="thing.1")) == [4, 2]
    assert numbers(several, Wanted(actor="person:0")) == [4, 1]
    assert numbers(several, Wanted(actor="person:0", action="thing.1")) == [4]
    assert numbers(several, Wanted(subject="thing:2")) == []
    assert numbers(several, Wanted(since=start + timedelta(hours=1), until=start + timedelta(hours=3))) == [3, 2]
    assert numbers(several, Wanted(before=3)) == [2, 1]
    assert numbers(several, Wanted(), limit=2) == [5, 4]
    assert numbers(several, Wanted(action="thing.%")) == []
    assert numbers(several, Wanted(actor="person:0' OR '1'='1")) == []


def test_an_export_has_every_event_once(several: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_BATCH", 2)
    rows = list(csv.reader(io.StringIO("".join(exported(several.engine, ACME)))))

    assert rows[0] == ["number", "at", "actor", "action", "subject", "detail", "origin"]
    assert [row[0] for row in rows[1:]] == ["5", "4", "3", "2", "1"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "=cmd|'/C calc'!A1"])
def test_an_export_has_no_formula(world: World, start: str) -> None:
    noted(world, f"{start}1", actor=f"{start}2")
    text_ = "".join(exported(world.engine, ACME))
    cells = [cell for row in csv.reader(io.StringIO(text_, newline="")) for cell in row]

    assert f"'{start}1" in cells
    assert not [cell for cell in cells if cell.startswith(start)]


def test_what_people_do_is_noted_with_where_from_and_without_their_address(world: World) -> None:
    owner = world.owner()
    ana = world.invited(owner, "ana@acme.example", "author")
    organisations.change_roles(world.means, owner, ana.visitor.person_id, ["signer"])
    organisations.remove(world.means, owner, ana.visitor.person_id)
    own_account.rename(world.means, owner.visitor, "Olga")
    events = trail(world.engine, None)

    assert [one.action for one in reversed(events)] == [
        "session.begun",
        "company.founded",
        "member.invited",
        "member.joined",
        "session.begun",
        "member.roles-changed",
        "member.removed",
        "person.renamed",
    ]
    assert {one.origin for one in events} == {CLIENT.origin}
    assert "@" not in str(events)
    assert "Olga" not in str(events)


def test_an_event_says_who_and_what(world: World) -> None:
    noted(world, "thing.made", note="b", amount="a")
    with read(world.engine) as connection:
        kept = connection.execute(text("SELECT detail FROM audit_event")).scalar_one()

    assert kept == '{"amount":"a","note":"b"}'
    assert trail(world.engine, ACME) == [
        AuditEvent(
            at=world.clock.now,
            issuer_id=ACME,
            actor="person:1",
            action="thing.made",
            subject="thing:1",
            detail=kept,
            origin="192.0.2.7",
            number=1,
        )
    ]
