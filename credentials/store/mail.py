"""Letters as kept: to whom, of what kind, what became of them. The text is sealed, and gone once a letter is out."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, insert, or_, select, update

from credentials.store.inserting import conflict_aware
from credentials.store.pages import Place, following
from credentials.store.tables import mail as table
from credentials.store.tables import unsubscribed

MailState = Literal["queued", "kept", "sent", "failed", "bounced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One letter. `kept`: there is no mail server. `due_at`: not before then. `problem`: the last one, in a word."""

    id: str
    kind: str
    address: str
    issuer_id: str | None
    subject_id: str | None
    subject: str
    body: bytes | None
    state: MailState
    attempts: int
    due_at: datetime
    created_at: datetime
    leased_until: datetime | None = None
    sent_at: datetime | None = None
    bounced_at: datetime | None = None
    problem: str | None = None


def add(connection: Connection, mail: Mail) -> None:
    """Insert a letter."""
    connection.execute(insert(table), asdict(mail))


def by_id(connection: Connection, mail_id: str) -> Mail | None:
    """The letter with this id, or None."""
    row = connection.execute(select(table).where(table.c.id == mail_id)).one_or_none()
    return None if row is None else Mail(**row._mapping)


def newest(connection: Connection, limit: int, states: Collection[str] = (), before: Place | None = None) -> list[Mail]:
    """The newest letters, of some states or of all; `before` is the time and id of the last one seen."""
    query = select(table).where(following(table.c.created_at, table.c.id, before))
    query = query.order_by(table.c.created_at.desc(), table.c.id).limit(limit)
    if states:
        query = query.where(table.c.state.in_(states))
    return [Mail(**row._mapping) for row in connection.execute(query)]


def counts(connection: Connection) -> dict[str, int]:
    """How many letters there are of each state."""
    query = select(table.c.state, func.count()).group_by(table.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def due(connection: Connection, now: datetime, limit: int) -> list[str]:
    """The ids of letters that wait and that nobody is sending, the longest due first."""
    free = or_(table.c.leased_until.is_(None), table.c.leased_until <= now)
    query = select(table.c.id).where(table.c.state == "queued", table.c.due_at <= now, free)
    return list(connection.execute(query.order_by(table.c.due_at).limit(limit)).scalars())


def lease(connection: Connection, mail_id: str, now: datetime, until: datetime) -> Mail | None:
    """Take a letter that waits, to send it; None when somebody else has it or it waits no more."""
    free = or_(table.c.leased_until.is_(None), table.c.leased_until <= now)
    which = (table.c.id == mail_id) & (table.c.state == "queued") & (table.c.due_at <= now)
    if connection.execute(update(table).where(which, free).values(leased_until=until)).rowcount != 1:
        return None
    return by_id(connection, mail_id)


def sent(connection: Connection, mail_id: str, at: datetime) -> None:
    """A mail server took the letter: its text is erased."""
    values = {"state": "sent", "sent_at": at, "body": None, "leased_until": None, "problem": None}
    connection.execute(update(table).where(table.c.id == mail_id).values(**values))


def is_held(connection: Connection, mail: Mail) -> bool:
    """Whether the lease under which a letter was taken stands: it still waits, and nobody else took it since."""
    which = (table.c.id == mail.id) & (table.c.state == "queued") & (table.c.leased_until == mail.leased_until)
    return connection.execute(select(table.c.id).where(which).with_for_update()).first() is not None


def postponed(connection: Connection, mail_id: str, attempts: int, due_at: datetime, problem: str) -> None:
    """The letter is tried again later."""
    values = {"attempts": attempts, "due_at": due_at, "leased_until": None, "problem": problem}
    connection.execute(update(table).where(table.c.id == mail_id).values(**values))


def ended(connection: Connection, mail_id: str, state: MailState, problem: str, at: datetime) -> None:
    """The letter is not tried any more: `failed` or `bounced`. Its text is erased."""
    values = {"state": state, "problem": problem, "body": None, "leased_until": None}
    if state == "bounced":
        values["bounced_at"] = at  # type: ignore[assignment]
    connection.execute(update(table).where(table.c.id == mail_id).values(**values))


def queue_kept(connection: Connection, at: datetime) -> int:
    """Letters that were kept for want of a mail server now wait to be sent; returns how many."""
    which = (table.c.state == "kept") & table.c.body.is_not(None)
    return connection.execute(update(table).where(which).values(state="queued", due_at=at)).rowcount


def erase_kept(connection: Connection, before: datetime) -> None:
    """Erase the text of letters that were kept and are older than a moment."""
    old = (table.c.state == "kept") & (table.c.created_at < before)
    connection.execute(update(table).where(old).values(body=None))


def unsubscribe(connection: Connection, address: str, kind: str, at: datetime) -> None:
    """Send no more letters of a kind to an address."""
    statement = conflict_aware(connection, unsubscribed).values(address=address, kind=kind, at=at)
    connection.execute(statement.on_conflict_do_nothing())


def is_unsubscribed(connection: Connection, address: str, kind: str) -> bool:
    """Whether an address turned off letters of a kind."""
    which = (unsubscribed.c.address == address) & (unsubscribed.c.kind == kind)
    return connection.execute(select(unsubscribed.c.kind).where(which)).first() is not None
