"""Projects as kept: what a company wants done, as typed, and the columns by which the board finds it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, update

from credentials.store.inserting import insert_ignoring
from credentials.store.issuers import Issuer
from credentials.store.pages import Place, following, page
from credentials.store.tables import issuer
from credentials.store.tables import project as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One project. `form` is JSON of what was typed; `words` is its text, folded, to be searched.

    `state` is one of `projects.lifecycle.ProjectState`; `version` grows with each change of what it says. `opened_at`
    is when it was last put on the board.
    """

    id: str
    issuer_id: str
    author_id: str
    state: str
    form: str
    title: str
    words: str
    remote: bool
    ends_on: date | None
    version: int
    created_at: datetime
    changed_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the board is asked for: every word, folded; remote work only; done by a day; what follows a place."""

    words: Sequence[str] = ()
    remote: bool = False
    by: date | None = None
    before: tuple[datetime, str] | None = None


def add_once(connection: Connection, made: Project) -> bool:
    """Insert a project; False when there is one with this id."""
    return insert_ignoring(connection, table, [tuple(asdict(made)[column.name] for column in table.c)]) == 1


def of_company(connection: Connection, issuer_id: str, project_id: str, *, lock: bool = False) -> Project | None:
    """A company's project, or None; `lock` keeps others from changing it until the transaction ends."""
    return _one(connection, select(table).where(table.c.issuer_id == issuer_id, table.c.id == project_id), lock)


def by_id(connection: Connection, project_id: str, *, lock: bool = False) -> Project | None:
    """The project with this id, whoever's it is, or None: for what the board shows, and for who applied."""
    return _one(connection, select(table).where(table.c.id == project_id), lock)


def _one(connection: Connection, query: Select[Any], lock: bool) -> Project | None:
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Project(**row._mapping)


def changed_last(connection: Connection, issuer_id: str, before: Place | None, limit: int) -> list[Project]:
    """A company's projects, changed last first, after a place (when one was changed, and which)."""
    query = select(table).where(table.c.issuer_id == issuer_id, following(table.c.changed_at, table.c.id, before))
    found = connection.execute(query.order_by(table.c.changed_at.desc(), table.c.id).limit(limit))
    return [Project(**row._mapping) for row in found]


def page_of_company(
    connection: Connection, issuer_id: str, state: str | None, before: tuple[datetime, str] | None, limit: int
) -> list[Project]:
    """A company's projects in a state (None: in any), begun last first, after a place (when and which)."""
    found = connection.execute(page(table, table.c.issuer_id == issuer_id, state, before, limit))
    return [Project(**row._mapping) for row in found]


def change(connection: Connection, changed: Project) -> None:
    """Write a project's new state over the old one."""
    connection.execute(update(table).where(table.c.id == changed.id).values(**asdict(changed)))


def board(connection: Connection, wanted: Wanted, today: date, limit: int) -> list[tuple[Project, Issuer]]:
    """The open projects that anybody may see, with their companies, opened last first.

    Left out are those whose deadline has passed and those of companies that the service does not vouch for any more.
    """
    query = _open_ones(today).where(*(table.c.words.contains(word, autoescape=True) for word in wanted.words))
    if wanted.remote:
        query = query.where(table.c.remote.is_(True))
    if wanted.by is not None:
        query = query.where(table.c.ends_on <= wanted.by)
    query = query.where(following(table.c.opened_at, table.c.id, wanted.before))
    rows = connection.execute(query.order_by(table.c.opened_at.desc(), table.c.id).limit(limit)).all()
    companies = {one: _issuer(connection, one) for one in {row.issuer_id for row in rows}}
    return [(Project(**row._mapping), companies[row.issuer_id]) for row in rows]


def _open_ones(today: date) -> Select[Any]:
    # As Issuer.is_suspended says it.
    vouched = or_(issuer.c.suspended_at.is_(None), issuer.c.reinstated_at > issuer.c.suspended_at)
    joined = select(table).join(issuer, issuer.c.id == table.c.issuer_id)
    return joined.where(vouched, table.c.state == "open", table.c.ends_on >= today)


def _issuer(connection: Connection, issuer_id: str) -> Issuer:
    return Issuer(**connection.execute(select(issuer).where(issuer.c.id == issuer_id)).one()._mapping)


def count_open(connection: Connection, today: date) -> int:
    """How many projects the board has."""
    return connection.execute(select(func.count()).select_from(_open_ones(today).subquery())).scalar_one()
