"""Pages of rows: begun last first, each after the place where the page before ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select, true

PAGE = 50
"""Rows of a page that a program asks for."""

Row = TypeVar("Row")
Place = tuple[datetime, str]
"""When the last row of a page began, and its id: rows of one moment come in the order of their ids."""


def following(at: ColumnElement[datetime], number: ColumnElement[str], place: Place | None) -> ColumnElement[bool]:
    """Which rows follow a place where the last come first, and those of one moment by their ids; None: every row."""
    if place is None:
        return true()
    moment, last = place
    return or_(at < moment, and_(at == moment, number > last))


def page(table: Table, whose: ColumnElement[bool], state: str | None, before: Place | None, limit: int) -> Select[Any]:
    """The query for at most `limit` rows in a state (None: in any), after a place (None: from the first)."""
    query = select(table).where(whose, following(table.c.created_at, table.c.id, before))
    if state is not None:
        query = query.where(table.c.state == state)
    return query.order_by(table.c.created_at.desc(), table.c.id).limit(limit)


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """A page of rows; `last` is where the next one begins, None at the end."""

    rows: Sequence[Row]
    last: Place | None


def cut(rows: Sequence[Row], placed: Sequence[Place]) -> Found[Row]:
    """A page of what was asked for with one row more than a page has; `placed`: where each of them stands."""
    return Found(rows[:PAGE], placed[PAGE - 1] if len(rows) > PAGE else None)
