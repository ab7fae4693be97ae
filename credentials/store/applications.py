"""Applications as kept: who wants to do which project, in their words, and what became of it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, union_all, update

from credentials.store import candidates
from credentials.store.inserting import insert_ignoring
from credentials.store.pages import Place, following
from credentials.store.tables import application as table
from credentials.store.tables import (
    audit_event,
    award,
    candidate,
    credential,
    engagement,
    handover,
    issuer,
    person,
    project,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application. `state` is one of `projects.lifecycle.ApplicationState`; `answer` what the company wrote back.

    `portfolio` is the path of a portfolio page of the candidate's, or None.
    """

    id: str
    project_id: str
    issuer_id: str
    person_id: str
    state: str
    note: str
    created_at: datetime
    changed_at: datetime
    portfolio: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Applicant:
    """An application with the name of who sent it."""

    application: Application
    name: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One of a candidate's own applications, with what they need to know of its project and company."""

    application: Application
    title: str
    project_state: str
    issuer_slug: str


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who finished work for a company before: how often, and when last."""

    person_id: str
    name: str
    times: int
    last_at: datetime


def add_once(connection: Connection, made: Application) -> bool:
    """Insert an application; False when this person applied to this project before."""
    return insert_ignoring(connection, table, [tuple(asdict(made)[column.name] for column in table.c)]) == 1


def of_company(connection: Connection, issuer_id: str, application_id: str, *, lock: bool = False) -> Applicant | None:
    """An application to a company, or None; `lock` keeps others from changing it until the transaction ends."""
    found = _one(connection, table.c.issuer_id == issuer_id, application_id, lock)
    return None if found is None else Applicant(found, _name(connection, found.person_id))


def of_person(connection: Connection, person_id: str, application_id: str, *, lock: bool = False) -> Application | None:
    """A candidate's own application, or None; `lock` as above."""
    return _one(connection, table.c.person_id == person_id, application_id, lock)


def to_project(connection: Connection, person_id: str, project_id: str) -> Application | None:
    """What a person sent to a project, or None."""
    query = select(table).where(table.c.person_id == person_id, table.c.project_id == project_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Application(**row._mapping)


def _one(connection: Connection, whose: ColumnElement[bool], application_id: str, lock: bool) -> Application | None:
    query = select(table).where(whose, table.c.id == application_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Application(**row._mapping)


def _name(connection: Connection, person_id: str) -> str:
    return str(connection.execute(select(person.c.name).where(person.c.id == person_id)).scalar_one())


def applied_to(connection: Connection, issuer_id: str, project_id: str) -> frozenset[str]:
    """The ids of everybody who applied to a company's project, of those too who took it back."""
    query = select(table.c.person_id).where(table.c.issuer_id == issuer_id, table.c.project_id == project_id)
    return frozenset(connection.execute(query).scalars())


def page_of_project(
    connection: Connection, issuer_id: str, project_id: str, after: tuple[datetime, str] | None, limit: int
) -> list[Applicant]:
    """Who applied to a company's project, the first to come first, after a place (when and which)."""
    query = (
        select(table, person.c.name)
        .join(person, person.c.id == table.c.person_id)
        .where(table.c.issuer_id == issuer_id, table.c.project_id == project_id)
    )
    if after is not None:
        at, last = after
        query = query.where(or_(table.c.created_at > at, and_(table.c.created_at == at, table.c.id > last)))
    rows = connection.execute(query.order_by(table.c.created_at, table.c.id).limit(limit)).all()
    return [Applicant(Application(**{c.name: row._mapping[c] for c in table.c}), row.name) for row in rows]


def counts(connection: Connection, issuer_id: str) -> dict[str, int]:
    """How many applications wait for a decision, by the project's id."""
    undecided = table.c.state.in_(("sent", "shortlisted"))
    query = select(table.c.project_id, func.count()).where(table.c.issuer_id == issuer_id, undecided)
    return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.project_id))}


def sent_by(connection: Connection, person_id: str, before: Place | None = None, limit: int = 100) -> list[Sent]:
    """A candidate's own applications, those changed last first, after a place (when one was changed, and which)."""
    names = (project.c.title, project.c.state.label("project_state"), issuer.c.slug)
    query = (
        select(table, *names)
        .join(project, project.c.id == table.c.project_id)
        .join(issuer, issuer.c.id == table.c.issuer_id)
        .where(table.c.person_id == person_id, following(table.c.changed_at, table.c.id, before))
        .order_by(table.c.changed_at.desc(), table.c.id)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    return [Sent(Application(**{c.name: row._mapping[c] for c in table.c}), row[-3], row[-2], row[-1]) for row in rows]


def change(connection: Connection, changed: Application) -> None:
    """Write an application's new state over the old one."""
    connection.execute(update(table).where(table.c.id == changed.id).values(**asdict(changed)))


def claimed_by(connection: Connection, person_id: str, limit: int) -> list[str]:
    """The ids of the credentials that a person took as theirs, the newest first."""
    query = select(handover.c.credential_id).where(handover.c.claimed_by == person_id)
    newest = query.order_by(handover.c.claimed_at.desc(), handover.c.credential_id)
    return list(connection.execute(newest.limit(limit)).scalars())


def portfolios_of(connection: Connection, person_id: str) -> list[str]:
    """The slugs of the portfolio pages on which something stands that a person took as theirs, in their order."""
    query = (
        select(candidates.portfolio_slug().label("slug"))
        .select_from(candidate)
        .join(credential, credential.c.candidate_id == candidate.c.id)
        .join(handover, handover.c.credential_id == credential.c.id)
        .where(handover.c.claimed_by == person_id)
    )
    return sorted(set(connection.execute(query).scalars()))


def known_to(connection: Connection, issuer_id: str, before: Place | None = None, limit: int = 100) -> list[Known]:
    """Who finished work for this company, whose was latest first; `before`: after the one of this last time and id.

    That is whoever took a credential of it as theirs, and whoever completed a project of it. A credential that came
    from a project counts once, with the project.
    """
    query, latest = _known(issuer_id)
    query = query.having(following(latest, person.c.id, before)).order_by(latest.desc(), person.c.id).limit(limit)
    return [Known(*row) for row in connection.execute(query)]


def is_known_to(connection: Connection, issuer_id: str, person_id: str) -> bool:
    """Whether this person finished work for this company, as `known_to` has it."""
    query, _latest = _known(issuer_id)
    return connection.execute(query.where(person.c.id == person_id)).first() is not None


def _known(issuer_id: str) -> tuple[Select[Any], ColumnElement[datetime]]:
    """The query for whom a company knows, and when each finished something last."""
    over = (engagement.c.issuer_id == issuer_id) & (engagement.c.state == "completed")
    of_projects = select(award.c.credential_id).join(engagement, engagement.c.award_id == award.c.id)
    counted = of_projects.where(over, award.c.credential_id.is_not(None))
    claimed = select(handover.c.claimed_by.label("person_id"), handover.c.claimed_at.label("at")).where(
        handover.c.issuer_id == issuer_id,
        handover.c.claimed_by.is_not(None),
        handover.c.credential_id.not_in(counted),
    )
    completed = select(engagement.c.person_id, engagement.c.changed_at.label("at")).where(over)
    done = union_all(claimed, completed).subquery()
    latest = func.max(done.c.at)
    query = (
        select(person.c.id, person.c.name, func.count(), latest)
        .join(done, done.c.person_id == person.c.id)
        .where(person.c.closed_at.is_(None))
        .group_by(person.c.id, person.c.name)
    )
    return query, latest


def invited_to(connection: Connection, issuer_id: str, project_id: str) -> frozenset[str]:
    """The ids of the people whom a company invited to its project, as its audit trail has them."""
    query = select(audit_event.c.detail).where(
        audit_event.c.issuer_id == issuer_id,
        audit_event.c.subject == f"project:{project_id}",
        audit_event.c.action == "project.invited",
    )
    people = (
        msgspec.json.decode(one, type=dict[str, str]).get("person") for one in connection.execute(query).scalars()
    )
    return frozenset(one for one in people if one)
