"""Rows go to the driver by place: what a row type calls its values is what the table calls them, in the same order."""

from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

import pytest
from sqlalchemy import Column, Connection, Engine, Integer, LargeBinary, MetaData, Table, Text, select
from sqlalchemy.exc import DBAPIError

from credentials.store.candidates import Candidate
from credentials.store.columns import Instant
from credentials.store.credentials import SecuredForm, SigningIntent, StoredCredential
from credentials.store.engine import write
from credentials.store.inserting import insert_ignoring, insert_rows
from credentials.store.status import Entry
from credentials.store.tables import candidate, credential, secured_form, signing_intent, status_entry

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
TABLE = Table(
    "inserted",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, unique=True),
    Column("at", Instant),
    Column("data", LargeBinary),
)


class Inserted(NamedTuple):
    number: int
    text: str | None
    at: datetime | None
    data: bytes | None


ROWS = [
    Inserted(1, "100 % – %s, %(name)s, ?, 'quoted'", NOON, b"\x00\xff%s"),
    Inserted(2, None, None, None),
    Inserted(3, "", NOON.astimezone(timezone(timedelta(hours=5))), b""),
]


def stored(connection: Connection) -> list[Inserted]:
    return [Inserted(*row) for row in connection.execute(select(TABLE).order_by(TABLE.c.number))]


@pytest.mark.parametrize(
    ("row", "table"),
    [
        (StoredCredential, credential),
        (SigningIntent, signing_intent),
        (SecuredForm, secured_form),
        (Entry, status_entry),
        (Candidate, candidate),
    ],
)
def test_a_row_has_its_tables_columns_in_their_order(row: type[NamedTuple], table: Table) -> None:
    assert list(row._fields) == table.c.keys()


def test_what_goes_in_comes_out(engine: Engine) -> None:
    with write(engine) as connection:
        TABLE.create(connection)
        insert_rows(connection, TABLE, ROWS)
        assert stored(connection) == ROWS
        TABLE.drop(connection)


def test_nothing_is_nothing(engine: Engine) -> None:
    with write(engine) as connection:
        insert_rows(connection, TABLE, [])  # the table is not even there
        assert insert_ignoring(connection, TABLE, []) == 0


def test_a_conflict_is_left_out_or_refused(engine: Engine) -> None:
    again = [ROWS[0]._replace(number=4), ROWS[0]._replace(text="other"), Inserted(5, "new", NOON, b"")]
    with write(engine) as connection:
        TABLE.create(connection)
        insert_rows(connection, TABLE, ROWS)
        assert insert_ignoring(connection, TABLE, again) == 1
        assert stored(connection) == [*ROWS, again[-1]]
        with pytest.raises(DBAPIError), connection.begin_nested():
            insert_rows(connection, TABLE, [ROWS[0]])
        TABLE.drop(connection)


@pytest.mark.parametrize(
    "row",
    [
        Inserted(1, "x", NOON.replace(tzinfo=None), b""),
        (*Inserted(1, "x", NOON, b""), "one too many"),
        Inserted(1, "x", NOON, b"")[:3],
    ],
    ids=["no zone", "too long", "too short"],
)
def test_a_row_that_does_not_fit_is_refused(engine: Engine, row: tuple[object, ...]) -> None:
    with write(engine) as connection:
        TABLE.create(connection)
        with pytest.raises((ValueError, DBAPIError)), connection.begin_nested():
            insert_rows(connection, TABLE, [row])
        with pytest.raises((ValueError, DBAPIError)), connection.begin_nested():
            insert_rows(connection, TABLE, [ROWS[0], row])
        assert stored(connection) == []
        TABLE.drop(connection)
