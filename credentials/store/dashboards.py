"""What a company's first page counts and lists: its engagements by state, what waits, what it issued lately."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Select, func, select

from credentials.store.tables import agreement, credential, engagement, handover, payment, person, project, secured_form


@dataclass(frozen=True, slots=True)
class Waiting:
    """An engagement in a line: whose, on what, where it stands, when pay is due (None: it is not)."""

    id: str
    state: str
    title: str
    person: str
    award_id: str | None
    due_on: date | None
    to_answer: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """Credentials that were sent, of those the ones whose holder opened them, of those the ones that were taken."""

    sent: int
    opened: int
    claimed: int


def states(connection: Connection, issuer_id: str) -> dict[str, int]:
    """How many engagements of a company are in each state; states without any are left out."""
    counted = select(engagement.c.state, func.count().label("many")).where(engagement.c.issuer_id == issuer_id)
    return {row.state: row.many for row in connection.execute(counted.group_by(engagement.c.state))}


def waiting(connection: Connection, issuer_id: str) -> list[Waiting]:
    """A company's engagements that somebody in it has something to do for, those that wait longest first.

    There are terms to answer, a submission to review, a credential to sign, or pay that is due.
    """
    due = (payment.c.engagement_id == engagement.c.id) & (payment.c.state == "due")
    joined = (
        engagement.join(project, project.c.id == engagement.c.project_id)
        .join(person, person.c.id == engagement.c.person_id)
        .outerjoin(payment, due)
    )
    asked = engagement.c.id.in_(_to_answer(issuer_id)) & engagement.c.state.not_in(("accepted", "completed", "ended"))
    columns = (engagement.c.id, engagement.c.state, project.c.title, person.c.name)
    more = (engagement.c.award_id, payment.c.due_on, asked)
    waits = engagement.c.state.in_(("delivered", "accepted")) | payment.c.due_on.is_not(None) | asked
    query = select(*columns, *more).select_from(joined).where(engagement.c.issuer_id == issuer_id, waits)
    return [Waiting(*row) for row in connection.execute(query.order_by(engagement.c.changed_at, engagement.c.id))]


def _to_answer(issuer_id: str) -> Select[tuple[str]]:
    """The engagements whose newest terms are the candidate's and were not answered."""
    later = agreement.alias()
    newest = select(func.max(later.c.number)).where(later.c.engagement_id == agreement.c.engagement_id)
    waits = agreement.c.company_accepted_at.is_(None) & agreement.c.refused_at.is_(None)
    return select(agreement.c.engagement_id).where(
        agreement.c.issuer_id == issuer_id,
        agreement.c.side == "candidate",
        waits,
        agreement.c.number == newest.correlate(agreement).scalar_subquery(),
    )


def issued_since(
    connection: Connection, issuer_id: str, since: datetime, limit: int = 20_000
) -> Iterator[tuple[date, bytes]]:
    """Day and unsigned bytes of each credential that a company issued since a moment, the newest first.

    However it came about: from a file, through the API, by an award or by a project. What is not signed yet is not.
    """
    released = select(secured_form.c.credential_id).where(secured_form.c.credential_id == credential.c.id).exists()
    which = (credential.c.issuer_id == issuer_id) & (credential.c.created_at >= since) & released
    query = select(credential.c.created_at, credential.c.unsigned).where(which)
    for at, unsigned in connection.execute(query.order_by(credential.c.created_at.desc()).limit(limit)):
        yield at.date(), unsigned


def reached(connection: Connection, issuer_id: str) -> Reached:
    """How far a company's credentials came that were sent to somebody."""
    # Whoever took one has opened it, also where no link was needed for that.
    opened = func.coalesce(handover.c.opened_at, handover.c.claimed_at)
    columns = (func.count(), func.count(opened), func.count(handover.c.claimed_at))
    row = connection.execute(select(*columns).where(handover.c.issuer_id == issuer_id)).one()
    return Reached(*row)
