"""Bulk inserts that both databases understand, and the one clause they share beyond SQL-92: ON CONFLICT."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows (each a mapping of every column) in one batch; nothing for none. Conflicts raise IntegrityError."""
    if rows:
        connection.execute(insert(table), rows)


def insert_ignoring(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows, leaving out each that meets an existing one on any unique key. Returns how many went in."""
    if not rows:
        return 0
    statement = conflict_aware(connection, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return connection.execute(statement, rows).rowcount


def conflict_aware(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of the connection's own dialect, on which `on_conflict_…` may be called."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
