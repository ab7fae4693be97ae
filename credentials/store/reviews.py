"""Reviews as kept: for each submission and deliverable, whether it was accepted, with a note."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from credentials.store.submissions import SubmittedItem
from credentials.store.tables import deliverable_review as table
from credentials.store.tables import submission, submitted_item


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverableReview:
    """The verdict on one deliverable of a submission: counted from 0 in the agreement that was then in force."""

    engagement_id: str
    number: int
    deliverable: int
    issuer_id: str
    accepted: bool
    note: str
    agreement_number: int = 1


def add(connection: Connection, reviews: list[DeliverableReview]) -> None:
    """Insert verdicts. One on the same deliverable of the same submission raises IntegrityError."""
    if reviews:
        connection.execute(insert(table), [asdict(one) for one in reviews])


def all_of(connection: Connection, engagement_id: str) -> list[DeliverableReview]:
    """Every verdict of an engagement, the oldest first."""
    query = select(table).where(table.c.engagement_id == engagement_id).order_by(table.c.number, table.c.deliverable)
    return [DeliverableReview(**row._mapping) for row in connection.execute(query)]


def all_items(connection: Connection, engagement_id: str) -> list[SubmittedItem]:
    """Everything that was handed in, the oldest submission first."""
    order = (submitted_item.c.number, submitted_item.c.deliverable, submitted_item.c.place)
    query = select(submitted_item).where(submitted_item.c.engagement_id == engagement_id).order_by(*order)
    return [SubmittedItem(**row._mapping) for row in connection.execute(query)]


def mark_reviewed(connection: Connection, engagement_id: str, number: int, by: str, at: datetime) -> None:
    """Note by whom and when a submission was reviewed."""
    which = (submission.c.engagement_id == engagement_id) & (submission.c.number == number)
    connection.execute(update(submission).where(which).values(reviewed_by=by, reviewed_at=at))
