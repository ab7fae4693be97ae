"""What a company's first page counts and lists: its engagements by state, what waits, awards signed lately."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from credentials.store.tables import agreement, award, engagement, payment, person, project


@dataclass(frozen=True, slots=True)
class GoingOn:
    """An engagement in a line: whose, on what, where it stands, and what is due (None: nothing)."""

    id: str
    state: str
    title: str
    person: str
    award_id: str | None
    changed_at: datetime
    due_on: date | None


def states(connection: Connection, issuer_id: str) -> dict[str, int]:
    """How many engagements of a company are in each state; states without any are left out."""
    counted = select(engagement.c.state, func.count().label("many")).where(engagement.c.issuer_id == issuer_id)
    return {row.state: row.many for row in connection.execute(counted.group_by(engagement.c.state))}


def going_on(connection: Connection, issuer_id: str, limit: int = 200) -> list[GoingOn]:
    """A company's engagements that are not over, or whose pay is due, those that wait longest first."""
    due = (payment.c.engagement_id == engagement.c.id) & (payment.c.state == "due")
    joined = (
        engagement.join(project, project.c.id == engagement.c.project_id)
        .join(person, person.c.id == engagement.c.person_id)
        .outerjoin(payment, due)
    )
    columns = (engagement.c.id, engagement.c.state, project.c.title, person.c.name)
    more = (engagement.c.award_id, engagement.c.changed_at, payment.c.due_on)
    open_still = engagement.c.state.not_in(("completed", "ended")) | payment.c.due_on.is_not(None)
    query = select(*columns, *more).select_from(joined).where(engagement.c.issuer_id == issuer_id, open_still)
    return [GoingOn(*row) for row in connection.execute(query.order_by(engagement.c.changed_at).limit(limit))]


def to_answer(connection: Connection, issuer_id: str) -> set[str]:
    """The engagements whose newest terms are the candidate's and were not answered."""
    later = agreement.alias()
    newest = select(func.max(later.c.number)).where(later.c.engagement_id == agreement.c.engagement_id)
    waits = agreement.c.company_accepted_at.is_(None) & agreement.c.refused_at.is_(None)
    query = select(agreement.c.engagement_id).where(
        agreement.c.issuer_id == issuer_id,
        agreement.c.side == "candidate",
        waits,
        agreement.c.number == newest.correlate(agreement).scalar_subquery(),
    )
    return set(connection.execute(query).scalars())


def signed_since(connection: Connection, issuer_id: str, since: datetime, limit: int = 2000) -> list[tuple[date, str]]:
    """Day and form of each award that a company signed since a moment, the newest first."""
    which = (award.c.issuer_id == issuer_id) & (award.c.state == "signed") & (award.c.changed_at >= since)
    query = select(award.c.changed_at, award.c.form).where(which).order_by(award.c.changed_at.desc()).limit(limit)
    return [(at.date(), form) for at, form in connection.execute(query)]
