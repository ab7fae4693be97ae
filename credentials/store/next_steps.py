"""What a company offered somebody after completed work, as kept: a further project or a job, and their answer."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from credentials.store.tables import next_step as table

StepState = Literal["draft", "sent", "interested", "not-now"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherStep:
    """One offer. `project`: a further project, a draft until its candidate is invited; `job`: a note about one."""

    engagement_id: str
    number: int
    issuer_id: str
    person_id: str
    kind: Literal["project", "job"]
    project_id: str | None = None
    title: str
    place: str = ""
    link: str = ""
    words: str = ""
    state: StepState
    created_by: str
    created_at: datetime
    changed_at: datetime


def of_engagement(connection: Connection, engagement_id: str) -> list[FurtherStep]:
    """Everything that was offered after an engagement, in order."""
    query = select(table).where(table.c.engagement_id == engagement_id).order_by(table.c.number)
    return [FurtherStep(**row._mapping) for row in connection.execute(query)]


def add(connection: Connection, step: FurtherStep) -> None:
    """Insert an offer. The caller holds the engagement's lock."""
    connection.execute(insert(table).values(**asdict(step)))


def change(connection: Connection, step: FurtherStep) -> None:
    """Write an offer over the one before. The caller holds the engagement's lock."""
    which = (table.c.engagement_id == step.engagement_id) & (table.c.number == step.number)
    connection.execute(update(table).where(which).values(**asdict(step)))
