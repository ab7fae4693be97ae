"""Who stands as a reference for which work, as kept, and whether the candidate lets that be seen."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, insert, select, update

from credentials.store.pages import Place, page
from credentials.store.tables import award, engagement, person, submission
from credentials.store.tables import reference as table

ReferenceState = Literal["asked", "agreed", "declined", "revoked"]
LONGEST_FIRST_NAME = 40


def first_name(name: str) -> str:
    """The first of a person's names, cut to what a page has room for."""
    return (name.split() or [""])[0][:LONGEST_FIRST_NAME]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The reference for one engagement. `asked` and `answered` count the questions that were passed on."""

    engagement_id: str
    id: str
    issuer_id: str
    person_id: str
    supervisor_id: str
    state: ReferenceState
    shown: bool
    asked: int
    answered: int
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ShownReference:
    """A reference that a credential's page names: for which work, and the supervisor's name as they gave it."""

    engagement_id: str
    supervisor: str

    @property
    def first_name(self) -> str:
        """The first of the supervisor's names."""
        return first_name(self.supervisor)


@dataclass(frozen=True, slots=True)
class Named:
    """A reference, and the name of whoever was asked; empty for somebody who is gone."""

    reference: Reference
    supervisor: str


def of_engagement(connection: Connection, engagement_id: str, *, lock: bool = False) -> Reference | None:
    """The reference for an engagement, or None; `lock` keeps others from changing it until the transaction ends."""
    return _one(connection, table.c.engagement_id == engagement_id, lock)


def of_supervisor(
    connection: Connection, supervisor_id: str, reference_id: str, *, lock: bool = False
) -> Reference | None:
    """A reference that this person was asked for, or None; `lock` as above."""
    return _one(connection, (table.c.supervisor_id == supervisor_id) & (table.c.id == reference_id), lock)


def _one(connection: Connection, which: ColumnElement[bool], lock: bool) -> Reference | None:
    query = select(table).where(which)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Reference(**row._mapping)


def all_of_supervisor(
    connection: Connection, supervisor_id: str, before: Place | None = None, limit: int = 100
) -> list[Reference]:
    """What a person was asked to stand for, the newest first, after a place."""
    rows = connection.execute(page(table, table.c.supervisor_id == supervisor_id, None, before, limit))
    return [Reference(**row._mapping) for row in rows]


def page_of_company(
    connection: Connection, issuer_id: str, state: str | None, before: Place | None, limit: int
) -> list[Named]:
    """What was asked of a company's people, the newest first, after a place."""
    rows = connection.execute(page(table, table.c.issuer_id == issuer_id, state, before, limit))
    found = [Reference(**row._mapping) for row in rows]
    names = _names(connection, {one.supervisor_id for one in found})
    return [Named(one, names.get(one.supervisor_id, "")) for one in found]


def _names(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    query = select(person.c.id, person.c.name).where(person.c.id.in_(sorted(ids)))
    return {row.id: row.name for row in connection.execute(query)}


def add(connection: Connection, reference: Reference) -> None:
    """Insert a reference. The caller holds the engagement's lock."""
    connection.execute(insert(table).values(**asdict(reference)))


def change(connection: Connection, reference: Reference) -> None:
    """Write a reference over the one before."""
    which = table.c.engagement_id == reference.engagement_id
    connection.execute(update(table).where(which).values(**asdict(reference)))


def count(connection: Connection, engagement_id: str, *, asked: int = 0, answered: int = 0) -> None:
    """Count a question that was passed on, or answered."""
    values = {"asked": table.c.asked + asked, "answered": table.c.answered + answered}
    connection.execute(update(table).where(table.c.engagement_id == engagement_id).values(**values))


def shown_for(connection: Connection, credential_id: str) -> ShownReference | None:
    """Who stands as a reference on a credential's page, or None: they agreed, and the candidate shows it."""
    return shown_among(connection, [credential_id]).get(credential_id)


def shown_among(connection: Connection, credential_ids: Collection[str]) -> dict[str, ShownReference]:
    """As above for several credentials, by their ids; those without anybody are left out."""
    joined = (
        table.join(engagement, engagement.c.id == table.c.engagement_id)
        .join(award, award.c.id == engagement.c.award_id)
        .join(person, person.c.id == table.c.supervisor_id)
    )
    query = select(award.c.credential_id, table.c.engagement_id, person.c.name).select_from(joined)
    shown = (table.c.state == "agreed") & table.c.shown & person.c.closed_at.is_(None)
    rows = connection.execute(query.where(award.c.credential_id.in_(sorted(credential_ids)), shown))
    return {row.credential_id: ShownReference(row.engagement_id, row.name) for row in rows}


def supervisor_of(connection: Connection, engagement_id: str) -> str | None:
    """The id of whoever reviewed an engagement's last submission, or None."""
    query = select(submission.c.reviewed_by).where(submission.c.engagement_id == engagement_id)
    last = query.where(submission.c.reviewed_by.is_not(None)).order_by(submission.c.number.desc()).limit(1)
    return connection.execute(last).scalar_one_or_none()


def credential_of(connection: Connection, engagement_id: str) -> str | None:
    """The id of the credential that an engagement became, or None."""
    joined = engagement.join(award, award.c.id == engagement.c.award_id)
    query = select(award.c.credential_id).select_from(joined).where(engagement.c.id == engagement_id)
    return connection.execute(query).scalar_one_or_none()
