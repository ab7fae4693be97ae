"""Bulk inserts that both databases understand, and the one clause they share beyond SQL-92: ON CONFLICT.

Core compiles each statement once; its rows then go to the driver in one call, as they are. (Core's own way with a list
of rows arranges each row's parameters anew, which costs nearly as much as the insert.)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, LargeBinary, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as its driver wants it: `arrange` picks a row's values, `convert` those that are not plain."""

    sql: str
    arrange: Callable[[Row], Any]
    convert: Mapping[str, Callable[[Any], Any]]

    def parameters(self, rows: Sequence[Row]) -> list[Any]:
        """What the driver's `executemany` takes."""
        if self.convert:
            rows = [{**row, **{name: convert(row[name]) for name, convert in self.convert.items()}} for row in rows]
        return list(map(self.arrange, rows))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows (each a mapping of every column) in one batch; nothing for none. Conflicts raise IntegrityError."""
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
    names = tuple(table.c.keys())
    compiled = statement.compile(dialect=dialect, column_keys=names)
    # Both drivers take bytes as they are; wrapping each costs as much as binding it.
    plain = {name for name in names if isinstance(table.c[name].type, LargeBinary)}
    kinds = {name: table.c[name].type.dialect_impl(dialect) for name in names if name not in plain}
    processors = {name: kind.bind_processor(dialect) for name, kind in kinds.items()}
    convert = {name: processor for name, processor in processors.items() if processor is not None}
    return _Compiled(str(compiled), itemgetter(*names) if compiled.positional else dict, convert)
