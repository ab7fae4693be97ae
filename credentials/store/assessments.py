"""Assessments as kept: what the candidate wrote of the work, and what the supervisor says of it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from credentials.store.tables import assessment as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One engagement's assessment. `ratings` is JSON of what was typed.

    `private_comment` is for the company's own people: it is in no repr, and nothing but the review page reads it.
    """

    engagement_id: str
    issuer_id: str
    description: str = ""
    summary: str = ""
    ratings: str = "[]"
    words: str = ""
    private_comment: str = ""
    changed_at: datetime

    def __repr__(self) -> str:
        """Without anything that was written."""
        return f"Assessment(engagement_id={self.engagement_id!r})"


def of_engagement(connection: Connection, engagement_id: str) -> Assessment | None:
    """The assessment of an engagement, or None."""
    row = connection.execute(select(table).where(table.c.engagement_id == engagement_id)).one_or_none()
    return None if row is None else Assessment(**row._mapping)


def put(connection: Connection, assessment: Assessment) -> None:
    """Write an assessment over the one before. The caller holds the engagement's lock."""
    values = asdict(assessment)
    which = table.c.engagement_id == assessment.engagement_id
    if connection.execute(update(table).where(which).values(**values)).rowcount == 0:
        connection.execute(insert(table).values(**values))
