"""Sessions as kept: a digest of the cookie, whose it is, how and from where it began."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from credentials.store.tables import session as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session. `proved_at`: when the person last proved who they are; `origin`: the network it began from."""

    id: str
    digest: bytes
    person_id: str
    method: str
    agent: str
    origin: str
    created_at: datetime
    proved_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


def add(connection: Connection, made: Session) -> None:
    """Insert a session."""
    connection.execute(insert(table), asdict(made))


def by_digest(connection: Connection, digest: bytes) -> Session | None:
    """The session whose cookie has this digest, ended or not, or None."""
    row = connection.execute(select(table).where(table.c.digest == digest)).one_or_none()
    return None if row is None else Session(**row._mapping)


def of_person(connection: Connection, person_id: str) -> list[Session]:
    """A person's sessions, the newest first."""
    query = select(table).where(table.c.person_id == person_id).order_by(table.c.created_at.desc(), table.c.id)
    return [Session(**row._mapping) for row in connection.execute(query)]


def touch(connection: Connection, session_id: str, at: datetime) -> None:
    """Remember when a session was last seen."""
    connection.execute(update(table).where(table.c.id == session_id).values(last_seen_at=at))


def prove(connection: Connection, session_id: str, digest: bytes, method: str, at: datetime) -> None:
    """Remember that the person proved who they are again; the cookie changes with it."""
    values = {"proved_at": at, "digest": digest, "method": method}
    connection.execute(update(table).where(table.c.id == session_id).values(**values))


def end(connection: Connection, person_id: str, session_id: str, at: datetime) -> bool:
    """End one of a person's sessions; False when they have no open one with this id."""
    mine = (table.c.person_id == person_id) & (table.c.id == session_id) & table.c.ended_at.is_(None)
    return connection.execute(update(table).where(mine).values(ended_at=at)).rowcount == 1


def end_everybodys(connection: Connection, at: datetime) -> int:
    """End every session there is; returns how many."""
    return connection.execute(update(table).where(table.c.ended_at.is_(None)).values(ended_at=at)).rowcount


def end_others(connection: Connection, person_id: str, kept: str | None, at: datetime) -> int:
    """End every session of a person but one (or all, with None); returns how many."""
    mine = (table.c.person_id == person_id) & table.c.ended_at.is_(None)
    others = mine if kept is None else mine & (table.c.id != kept)
    return connection.execute(update(table).where(others).values(ended_at=at)).rowcount
