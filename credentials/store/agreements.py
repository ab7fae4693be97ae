"""Agreements as kept: each version of the terms byte for byte, who proposed it, who accepted or refused it.

Rows are added, and answered once; what they say never changes. The database refuses anything else.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from credentials.store.numbers import may_be_kept
from credentials.store.tables import agreement as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One version. `document` is canonical JSON, `digest` its SHA-256 (32 bytes); `side` says who proposed it.

    `side` is `company` or `candidate`. A proposal counts as its own side's acceptance.
    """

    engagement_id: str
    number: int
    issuer_id: str
    document: bytes
    digest: bytes
    proposed_by: str
    created_at: datetime
    side: str = "company"
    company_accepted_at: datetime | None = None
    company_accepted_by: str | None = None
    candidate_accepted_at: datetime | None = None
    refused_at: datetime | None = None
    refused_by: str | None = None
    refused_reason: str | None = None

    @property
    def agreed_at(self) -> datetime | None:
        """When the second side accepted it; None while one did not."""
        one, other = self.company_accepted_at, self.candidate_accepted_at
        return max(one, other) if one is not None and other is not None else None


def add(connection: Connection, agreement: Agreement) -> None:
    """Insert a version. Raises IntegrityError when the engagement has one with this number."""
    connection.execute(insert(table).values(**asdict(agreement)))


def all_of(connection: Connection, engagement_id: str) -> list[Agreement]:
    """Every version of an engagement's agreement, the first one first."""
    query = select(table).where(table.c.engagement_id == engagement_id).order_by(table.c.number)
    return [Agreement(**row._mapping) for row in connection.execute(query)]


def by_number(connection: Connection, engagement_id: str, number: int) -> Agreement | None:
    """One version, or None."""
    if not may_be_kept(number):
        return None
    query = select(table).where(table.c.engagement_id == engagement_id, table.c.number == number)
    row = connection.execute(query).one_or_none()
    return None if row is None else Agreement(**row._mapping)


def newest(connection: Connection, engagement_id: str) -> Agreement | None:
    """The version that was proposed last, or None."""
    return _last(connection, engagement_id, agreed=False)


def in_force(connection: Connection, engagement_id: str) -> Agreement | None:
    """The newest version that both accepted, or None."""
    return _last(connection, engagement_id, agreed=True)


def _last(connection: Connection, engagement_id: str, *, agreed: bool) -> Agreement | None:
    query = select(table).where(table.c.engagement_id == engagement_id)
    if agreed:
        query = query.where(table.c.company_accepted_at.is_not(None), table.c.candidate_accepted_at.is_not(None))
    row = connection.execute(query.order_by(table.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else Agreement(**row._mapping)


def accept(connection: Connection, agreement: Agreement, side: str, person_id: str, at: datetime) -> None:
    """One side accepts a version."""
    company = {"company_accepted_at": at, "company_accepted_by": person_id}
    _answer(connection, agreement, company if side == "company" else {"candidate_accepted_at": at})


def refuse(connection: Connection, agreement: Agreement, person_id: str, reason: str, at: datetime) -> None:
    """Somebody refuses a version, and says why."""
    _answer(connection, agreement, {"refused_at": at, "refused_by": person_id, "refused_reason": reason})


def _answer(connection: Connection, agreement: Agreement, values: dict[str, object]) -> None:
    which = (table.c.engagement_id == agreement.engagement_id) & (table.c.number == agreement.number)
    connection.execute(update(table).where(which).values(**values))
