"""How often an issuer's credentials are looked at and verified, by day. Counts alone: nothing of who looked."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, insert, select, update

from credentials.store.tables import attention as table
from credentials.store.tables import issuer


@dataclass(frozen=True, slots=True)
class Attention:
    """How often pages of credentials were looked at, and how often a credential was verified."""

    looked: int
    verified: int


def add(connection: Connection, did: str, day: date, more: Attention) -> None:
    """Add to an issuer's counts of a day; nothing for a DID that is no issuer's here."""
    issuer_id = connection.execute(select(issuer.c.id).where(issuer.c.did == did)).scalar_one_or_none()
    if issuer_id is None:
        return
    which = (table.c.issuer_id == issuer_id) & (table.c.day == day)
    grown = {"looked": table.c.looked + more.looked, "verified": table.c.verified + more.verified}
    if connection.execute(update(table).where(which).values(**grown)).rowcount == 0:
        values = {"issuer_id": issuer_id, "day": day, "looked": more.looked, "verified": more.verified}
        connection.execute(insert(table), values)


def since(connection: Connection, issuer_id: str, day: date) -> Attention:
    """An issuer's counts from a day on."""
    sums = (func.coalesce(func.sum(table.c.looked), 0), func.coalesce(func.sum(table.c.verified), 0))
    which = (table.c.issuer_id == issuer_id) & (table.c.day >= day)
    row = connection.execute(select(*sums).where(which)).one()
    return Attention(int(row[0]), int(row[1]))
