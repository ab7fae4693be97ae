"""Which issuers look like somebody else, and which of these likenesses the operator cleared."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from credentials.store.inserting import insert_ignoring
from credentials.store.tables import issuer
from credentials.store.tables import resemblance as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Resemblance:
    """One likeness: `what` (a name or a domain of the issuer) looks like `resembles`, by the trick `how`.

    `resembles` is a domain: of a well-known company, or confirmed for another issuer. The fields stand in the order of
    the table's columns.
    """

    issuer_id: str
    what: str
    resembles: str
    how: str
    found_at: datetime
    cleared_at: datetime | None = None
    cleared_by: str | None = None
    cleared_note: str | None = None


def add(connection: Connection, found: Iterable[Resemblance]) -> int:
    """Insert likenesses; one that is known stays as it is, cleared or not. Returns how many were new."""
    return insert_ignoring(connection, table, [astuple(one) for one in found])


def of_issuer(connection: Connection, issuer_id: str) -> list[Resemblance]:
    """All likenesses of an issuer, oldest first."""
    query = select(table).where(table.c.issuer_id == issuer_id)
    rows = connection.execute(query.order_by(table.c.found_at, table.c.what, table.c.resembles))
    return [Resemblance(**row._mapping) for row in rows]


def standing(connection: Connection) -> list[Resemblance]:
    """The likenesses of all issuers that nobody cleared, oldest first."""
    query = select(table).where(table.c.cleared_at.is_(None))
    rows = connection.execute(query.order_by(table.c.found_at, table.c.issuer_id, table.c.what, table.c.resembles))
    return [Resemblance(**row._mapping) for row in rows]


def flagged(connection: Connection) -> frozenset[str]:
    """The ids of the issuers that have a likeness which nobody cleared."""
    query = select(table.c.issuer_id).where(table.c.cleared_at.is_(None)).distinct()
    return frozenset(connection.execute(query).scalars())


def is_flagged(connection: Connection, issuer_id: str) -> bool:
    """Whether an issuer has a likeness that nobody cleared."""
    query = select(table.c.issuer_id).where(table.c.issuer_id == issuer_id, table.c.cleared_at.is_(None)).limit(1)
    return connection.execute(query).first() is not None


def clear(connection: Connection, issuer_id: str, what: str, resembles: str, at: datetime, by: str, note: str) -> bool:
    """Say that a likeness is harmless; False when there is none that stands."""
    which = (table.c.issuer_id == issuer_id) & (table.c.what == what) & (table.c.resembles == resembles)
    values = {"cleared_at": at, "cleared_by": by, "cleared_note": note}
    query = update(table).where(which, table.c.cleared_at.is_(None)).values(**values)
    return connection.execute(query).rowcount == 1


def reopen(connection: Connection, issuer_id: str, what: str, resembles: str, cleared_by: str) -> None:
    """Let a likeness stand again if it was cleared by this one."""
    which = (table.c.issuer_id == issuer_id) & (table.c.what == what) & (table.c.resembles == resembles)
    values = {"cleared_at": None, "cleared_by": None, "cleared_note": None}
    connection.execute(update(table).where(which, table.c.cleared_by == cleared_by).values(**values))


def others_confirmed(connection: Connection, issuer_id: str) -> list[tuple[str, str]]:
    """Name and domain of every other confirmed issuer that is beyond doubt, and that was not cleared of this likeness.

    Left out are sandboxes, issuers that are flagged themselves, and those whose likeness to this issuer's own domain
    was cleared: a likeness goes both ways, and is cleared once.
    """
    own = select(issuer.c.confirmed_domain).where(issuer.c.id == issuer_id).scalar_subquery()
    doubted = select(table.c.issuer_id).where(table.c.cleared_at.is_(None) | (table.c.resembles == own))
    query = select(issuer.c.name, issuer.c.confirmed_domain).where(
        issuer.c.id != issuer_id,
        issuer.c.confirmed_domain.is_not(None),
        issuer.c.sandbox.is_(False),
        issuer.c.id.not_in(doubted),
    )
    return [(row.name, row.confirmed_domain) for row in connection.execute(query)]
