"""Corrections: which credential takes the place of which, and whether the old one says so already."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from credentials.store.tables import correction as table
from credentials.store.tables import secured_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """`successor_id` takes the place of `credential_id`. `reason` is public, `private_note` is not.

    `settled_at`: since when the old one says so; None while it does not.
    """

    successor_id: str
    credential_id: str
    reason: str
    private_note: str
    created_at: datetime
    settled_at: datetime | None = None


def add(connection: Connection, made: Correction) -> None:
    """Insert a correction. Raises IntegrityError when the credential has one."""
    connection.execute(insert(table), asdict(made))


def of_credential(connection: Connection, credential_id: str) -> Correction | None:
    """What takes a credential's place, or None."""
    row = connection.execute(select(table).where(table.c.credential_id == credential_id)).one_or_none()
    return None if row is None else Correction(**row._mapping)


def unsettled(connection: Connection, limit: int = 100) -> list[Correction]:
    """Corrections that were signed and that the old credential does not tell of, the oldest first."""
    signed = exists().where(secured_form.c.credential_id == table.c.successor_id)
    query = select(table).where(table.c.settled_at.is_(None), signed).order_by(table.c.created_at).limit(limit)
    return [Correction(**row._mapping) for row in connection.execute(query)]


def settle(connection: Connection, successor_id: str, at: datetime) -> None:
    """The old credential tells of its correction, or never will."""
    connection.execute(update(table).where(table.c.successor_id == successor_id).values(settled_at=at))
