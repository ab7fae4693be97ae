"""Candidates: the people whose work is shown, as each issuer knows them.

One e-mail address of one issuer is one person; without an address, each credential is. Two issuers that name the same
address are not believed to mean one portfolio: anybody can write an address down. The operator joins portfolios.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from credentials.store.inserting import insert_ignoring
from credentials.store.tables import candidate as table

_root = table.alias("portfolio")


class Candidate(NamedTuple):
    """A person with a portfolio at `/p/<slug>`. `email` is lower case, never shown, None when unknown.

    `joined_into`: the id of the candidate in whose portfolio this one's work is shown, None for their own. It is never
    itself joined into a third.
    """

    id: str
    issuer_id: str
    slug: str
    name: str
    email: str | None
    created_at: datetime
    joined_into: str | None = None


def portfolio_slug() -> ColumnElement[str]:
    """Where a candidate's work is shown; for a query that selects from `candidate`."""
    joined = select(_root.c.slug).where(_root.c.id == table.c.joined_into).correlate(table).scalar_subquery()
    return func.coalesce(joined, table.c.slug)


def shown_together(candidate_id: str) -> Select[tuple[Any, ...]]:
    """The ids of all whose work is shown in this candidate's portfolio."""
    return select(table.c.id).where((table.c.id == candidate_id) | (table.c.joined_into == candidate_id))


def add_missing(connection: Connection, people: Sequence[Candidate]) -> bool:
    """Insert people, leaving out those whose issuer has their address already.

    False when somebody was left out: read back with `by_emails` who stands behind an address now.
    """
    return insert_ignoring(connection, table, people) == len(people)


def by_emails(connection: Connection, issuer_id: str, emails: Collection[str]) -> dict[str, tuple[str, str]]:
    """An issuer's candidates with these e-mail addresses (lower case), by address: id, and slug of the portfolio."""
    if not emails:
        return {}
    which = (table.c.issuer_id == issuer_id) & table.c.email.in_(sorted(emails))
    rows = connection.execute(select(table.c.email, table.c.id, portfolio_slug()).where(which))
    return {email: (own_id, slug) for email, own_id, slug in rows}


def by_slug(connection: Connection, slug: str) -> Candidate | None:
    """The candidate whose portfolio is shown at this slug, or None. A slug that was joined leads to the joined one."""
    row = connection.execute(select(table).where(table.c.slug == slug)).one_or_none()
    return None if row is None else _followed(connection, Candidate(**row._mapping))


def by_id(connection: Connection, candidate_id: str) -> Candidate | None:
    """The candidate in whose portfolio the work of the one with this id is shown, or None."""
    row = connection.execute(select(table).where(table.c.id == candidate_id)).one_or_none()
    return None if row is None else _followed(connection, Candidate(**row._mapping))


def own_email(connection: Connection, candidate_id: str) -> str | None:
    """The address of just this candidate, wherever the work is shown; None when it is unknown."""
    return connection.execute(select(table.c.email).where(table.c.id == candidate_id)).scalar_one_or_none()


def rename(connection: Connection, candidate_id: str, name: str) -> None:
    """Call a candidate by another name from now on; the portfolio's address stays."""
    connection.execute(update(table).where(table.c.id == candidate_id).values(name=name))


def _followed(connection: Connection, found: Candidate) -> Candidate | None:
    return found if found.joined_into is None else by_id(connection, found.joined_into)


def every(connection: Connection) -> list[Candidate]:
    """All candidates, by slug, joined ones too."""
    return [Candidate(**row._mapping) for row in connection.execute(select(table).order_by(table.c.slug))]


def join(connection: Connection, candidate_id: str, into: str) -> None:
    """Show all that is shown in one portfolio in another one. Both ids are of candidates that are not joined."""
    which = (table.c.id == candidate_id) | (table.c.joined_into == candidate_id)
    connection.execute(update(table).where(which).values(joined_into=into))


def lock(connection: Connection, ids: Collection[str]) -> None:
    """Let nobody else join these until the transaction ends."""
    query = select(table.c.id).where(table.c.id.in_(sorted(ids))).order_by(table.c.id)
    connection.execute(query.with_for_update(key_share=True)).all()
