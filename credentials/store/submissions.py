"""Submissions as kept: what was handed in for each deliverable, and when."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from credentials.store.tables import submission as table
from credentials.store.tables import submitted_item


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submission of an engagement, counted from 1; `receipt` is signed, kept byte for byte."""

    engagement_id: str
    number: int
    issuer_id: str
    note: str
    late: bool
    created_at: datetime
    receipt: bytes | None = None
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedItem:
    """One file or link. `deliverable` counts those of the agreement from 0, `place` what was handed in for it."""

    engagement_id: str
    number: int
    deliverable: int
    place: int
    issuer_id: str
    file_id: str | None = None
    url: str | None = None


def add(connection: Connection, submission: Submission) -> None:
    """Insert a submission."""
    connection.execute(insert(table).values(**asdict(submission)))


def add_item(connection: Connection, item: SubmittedItem) -> None:
    """Insert what was handed in for a deliverable."""
    connection.execute(insert(submitted_item).values(**asdict(item)))


def newest(connection: Connection, engagement_id: str) -> Submission | None:
    """The last submission of an engagement, or None."""
    query = select(table).where(table.c.engagement_id == engagement_id).order_by(table.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else Submission(**row._mapping)


def items(connection: Connection, engagement_id: str, number: int) -> list[SubmittedItem]:
    """What was handed in with a submission, in the order of the deliverables."""
    which = (submitted_item.c.engagement_id == engagement_id) & (submitted_item.c.number == number)
    query = select(submitted_item).where(which).order_by(submitted_item.c.deliverable, submitted_item.c.place)
    return [SubmittedItem(**row._mapping) for row in connection.execute(query)]
