"""Agreements as kept: the document of each, byte for byte, and who accepted it when."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from credentials.store.tables import agreement as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One agreement of an engagement; number 1 is what work begins by, each later one an amendment.

    `document` is canonical JSON, `digest` its SHA-256.
    """

    engagement_id: str
    number: int
    issuer_id: str
    document: bytes
    digest: bytes
    proposed_by: str
    created_at: datetime
    company_accepted_at: datetime | None = None
    company_accepted_by: str | None = None
    candidate_accepted_at: datetime | None = None
    refused_at: datetime | None = None
    refused_by: str | None = None
    refused_reason: str | None = None


def add(connection: Connection, agreement: Agreement) -> None:
    """Insert an agreement."""
    connection.execute(insert(table).values(**asdict(agreement)))


def in_force(connection: Connection, engagement_id: str) -> Agreement | None:
    """The newest agreement that both accepted, or None."""
    both = table.c.company_accepted_at.is_not(None) & table.c.candidate_accepted_at.is_not(None)
    query = select(table).where(table.c.engagement_id == engagement_id, both).order_by(table.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else Agreement(**row._mapping)
