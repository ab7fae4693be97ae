"""Bulk inserts that both databases understand, and the one clause they share beyond SQL-92: ON CONFLICT.

Core compiles each statement once; its rows then go to the driver in one call, as they are. (Core's own way with a list
of rows arranges each row's parameters anew, which costs nearly as much as the insert.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, LargeBinary, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

# psycopg takes parameters by place as well as by name.
_POSTGRESQL_BY_PLACE = PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]

Row = tuple[Any, ...]
"""A value for each column of a table, in the table's own order."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as its driver wants it: `convert` has a function for each column whose values are not plain."""

    sql: str
    convert: tuple[tuple[int, Callable[[Any], Any]], ...]

    def parameters(self, rows: Sequence[Row]) -> Sequence[Row]:
        """What the driver's `executemany` takes. Column by column: a batch has few columns and many rows."""
        if not self.convert:
            return rows
        columns: list[Any] = list(zip(*rows, strict=True))
        for place, convert in self.convert:
            columns[place] = map(convert, columns[place])
        return list(zip(*columns, strict=True))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows in one batch; nothing for none. Conflicts raise IntegrityError."""
    if rows:
        compiled = _compile(connection.dialect, table, "insert")
        connection.exec_driver_sql(compiled.sql, compiled.parameters(rows))


def insert_ignoring(connection: Connection, table: Table, rows: Sequence[Row]) -> int:
    """Insert rows, leaving out each that meets an existing one on any unique key. Returns how many went in."""
    if not rows:
        return 0
    compiled = _compile(connection.dialect, table, "ignore")
    return connection.exec_driver_sql(compiled.sql, compiled.parameters(rows)).rowcount


def conflict_aware(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of the connection's own dialect, on which `on_conflict_…` may be called."""
    return _insert(connection.dialect, table)


def _insert(dialect: Dialect, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)


@lru_cache(maxsize=64)
def _compile(dialect: Dialect, table: Table, kind: str) -> _Compiled:
    statement = _insert(dialect, table)
    if kind == "ignore":
        statement = statement.on_conflict_do_nothing()
    by_place = _POSTGRESQL_BY_PLACE if dialect.name == "postgresql" else dialect
    sql = str(statement.compile(dialect=by_place, column_keys=table.c.keys()))
    return _Compiled(sql, tuple(_conversions(dialect, table)))


def _conversions(dialect: Dialect, table: Table) -> list[tuple[int, Callable[[Any], Any]]]:
    """By the column's place. Both drivers take bytes as they are; wrapping each costs as much as binding it."""
    processors = [
        None if isinstance(column.type, LargeBinary) else column.type.dialect_impl(dialect).bind_processor(dialect)
        for column in table.c
    ]
    return [(place, processor) for place, processor in enumerate(processors) if processor is not None]
