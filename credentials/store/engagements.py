"""Engagements as kept: one person's work on one project, from the taken offer to the credential."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from credentials.store.pages import Place, following, page
from credentials.store.tables import engagement as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """One engagement. `state` is one of `projects.lifecycle.EngagementState`; `version` grows with each change.

    `ends_on` is the deadline in force; `award_id` the award that accepted work became.
    """

    id: str
    issuer_id: str
    project_id: str
    application_id: str
    person_id: str
    state: str
    version: int
    ends_on: date
    created_at: datetime
    changed_at: datetime
    award_id: str | None = None
    ended_reason: str | None = None
    reminded_at: datetime | None = None
    leased_until: datetime | None = None


def add(connection: Connection, engagement: Engagement) -> None:
    """Insert an engagement."""
    connection.execute(insert(table).values(**asdict(engagement)))


def of_company(connection: Connection, issuer_id: str, engagement_id: str, *, lock: bool = False) -> Engagement | None:
    """A company's engagement, or None; `lock` keeps others from changing it until the transaction ends."""
    return _one(connection, table.c.issuer_id == issuer_id, engagement_id, lock)


def of_person(connection: Connection, person_id: str, engagement_id: str, *, lock: bool = False) -> Engagement | None:
    """A candidate's engagement, or None; `lock` as above."""
    return _one(connection, table.c.person_id == person_id, engagement_id, lock)


def _one(connection: Connection, whose: ColumnElement[bool], engagement_id: str, lock: bool) -> Engagement | None:
    query = select(table).where(whose, table.c.id == engagement_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Engagement(**row._mapping)


def all_of_person(
    connection: Connection, person_id: str, before: Place | None = None, limit: int = 100
) -> list[Engagement]:
    """A candidate's engagements, changed last first, after a place (when one was changed, and which)."""
    query = select(table).where(table.c.person_id == person_id, following(table.c.changed_at, table.c.id, before))
    found = connection.execute(query.order_by(table.c.changed_at.desc(), table.c.id).limit(limit))
    return [Engagement(**row._mapping) for row in found]


def begun_by(connection: Connection, application_id: str) -> str | None:
    """The id of the engagement that an application became, None while there is none."""
    query = select(table.c.id).where(table.c.application_id == application_id)
    return connection.execute(query).scalar_one_or_none()


def page_of_company(
    connection: Connection, issuer_id: str, state: str | None, before: Place | None, limit: int
) -> list[Engagement]:
    """A company's engagements in a state (None: in any), begun last first, after a place (when and which)."""
    found = connection.execute(page(table, table.c.issuer_id == issuer_id, state, before, limit))
    return [Engagement(**row._mapping) for row in found]


def change(connection: Connection, engagement: Engagement) -> None:
    """Write an engagement's new state over the old one."""
    connection.execute(update(table).where(table.c.id == engagement.id).values(**asdict(engagement)))


def complete(connection: Connection, award_id: str, at: datetime) -> bool:
    """The award of an engagement was signed: it is completed. False when no accepted engagement has this award."""
    which = (table.c.award_id == award_id) & (table.c.state == "accepted")
    values = {"state": "completed", "version": table.c.version + 1, "changed_at": at}
    return connection.execute(update(table).where(which).values(**values)).rowcount == 1


def nearing(connection: Connection, now: datetime, limit: int) -> list[str]:
    """The ids of engagements to remind: work goes on, and the deadline is three days or one day off. Each once.

    Days are those of UTC. `reminded_at` is when the candidate was reminded of this very deadline last.
    """
    query = select(table.c.id).where(_is_nearing(now)).order_by(table.c.ends_on, table.c.id)
    return list(connection.execute(query.limit(limit)).scalars())


def is_nearing(connection: Connection, engagement_id: str, now: datetime) -> bool:
    """Whether this engagement is one of them."""
    query = select(table.c.id).where(_is_nearing(now), table.c.id == engagement_id)
    return connection.execute(query).first() is not None


def _is_nearing(now: datetime) -> ColumnElement[bool]:
    today = now.astimezone(UTC).date()
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    ends, reminded = table.c.ends_on, table.c.reminded_at
    first = ends.between(today, today + timedelta(days=3)) & reminded.is_(None)
    tomorrow = (ends == today + timedelta(days=1)) & (reminded < midnight)
    last_day = (ends == today) & (reminded < midnight - timedelta(days=1))
    return table.c.state.in_(("working", "returned")) & or_(first, tomorrow, last_day)


def by_id(connection: Connection, engagement_id: str, *, lock: bool = False) -> Engagement | None:
    """An engagement, whoever's, for the service's own tasks; `lock` as above."""
    return _one(connection, table.c.id == engagement_id, engagement_id, lock)
