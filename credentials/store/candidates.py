"""Candidates: the people whose work is shown. One e-mail address is one person; without one, each credential is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from credentials.store.inserting import insert_ignoring
from credentials.store.tables import candidate as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person with a portfolio at `/p/<slug>`. `email` is lower case, never shown, None when unknown."""

    id: str
    slug: str
    name: str
    email: str | None
    created_at: datetime


def add_missing(connection: Connection, people: Sequence[Mapping[str, Any]]) -> bool:
    """Insert people (mappings of Candidate's fields), leaving out those whose e-mail address is there already.

    False when somebody was left out: read back with `by_emails` who stands behind an address now.
    """
    return insert_ignoring(connection, table, people) == len(people)


def by_emails(connection: Connection, emails: Collection[str]) -> dict[str, tuple[str, str]]:
    """Id and slug of the candidates with these e-mail addresses (lower case), by address; those that exist."""
    if not emails:
        return {}
    query = select(table.c.email, table.c.id, table.c.slug).where(table.c.email.in_(sorted(emails)))
    return {email: (own_id, slug) for email, own_id, slug in connection.execute(query)}


def by_slug(connection: Connection, slug: str) -> Candidate | None:
    """The candidate whose portfolio has this slug, or None."""
    row = connection.execute(select(table).where(table.c.slug == slug)).one_or_none()
    return None if row is None else Candidate(**row._mapping)


def by_id(connection: Connection, candidate_id: str) -> Candidate | None:
    """The candidate with this id, or None."""
    row = connection.execute(select(table).where(table.c.id == candidate_id)).one_or_none()
    return None if row is None else Candidate(**row._mapping)


def every(connection: Connection) -> list[Candidate]:
    """All candidates, by slug."""
    return [Candidate(**row._mapping) for row in connection.execute(select(table).order_by(table.c.slug))]
