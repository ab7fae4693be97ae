"""Questions to those who stand as references, as kept for 30 days at most."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from credentials.store.tables import question as table

QuestionState = Literal["unconfirmed", "waiting", "answered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `address` is where the answer goes; of the two links only SHA-256 digests are kept."""

    id: str
    engagement_id: str
    issuer_id: str
    name: str
    company: str
    address: str = field(repr=False)
    canonical: str = field(repr=False)
    words: str = field(repr=False)
    state: QuestionState
    confirm_digest: bytes = field(repr=False)
    answer_digest: bytes | None = field(default=None, repr=False)
    created_at: datetime


def add(connection: Connection, question: Question) -> None:
    """Insert a question."""
    connection.execute(insert(table).values(**asdict(question)))


def to_confirm(connection: Connection, digest: bytes, *, lock: bool = False) -> Question | None:
    """The question that its asker's link names, or None; `lock` keeps others from taking it."""
    return _one(connection, (table.c.confirm_digest == digest) & (table.c.state == "unconfirmed"), lock)


def to_answer(connection: Connection, digest: bytes, *, lock: bool = False) -> Question | None:
    """The question that the link to answer it names, or None; `lock` as above."""
    return _one(connection, (table.c.answer_digest == digest) & (table.c.state == "waiting"), lock)


def _one(connection: Connection, which: ColumnElement[bool], lock: bool) -> Question | None:
    query = select(table).where(which)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Question(**row._mapping)


def passed_on(connection: Connection, question_id: str, answer_digest: bytes) -> bool:
    """Let a confirmed question wait for its answer. False when it was confirmed before."""
    values: dict[str, object] = {"state": "waiting", "answer_digest": answer_digest}
    return _moved(connection, question_id, "unconfirmed", values)


def answered(connection: Connection, question_id: str) -> bool:
    """Mark a question as answered. False when it was answered before."""
    return _moved(connection, question_id, "waiting", {"state": "answered"})


def _moved(connection: Connection, question_id: str, before: str, values: dict[str, object]) -> bool:
    which = (table.c.id == question_id) & (table.c.state == before)
    return connection.execute(update(table).where(which).values(**values)).rowcount == 1


def of_address_since(connection: Connection, canonical: str, since: datetime) -> int:
    """How many questions named this address since then."""
    return _count(connection, (table.c.canonical == canonical) & (table.c.created_at > since))


def passed_on_since(connection: Connection, engagement_id: str, since: datetime) -> int:
    """How many questions about an engagement, asked since then, were passed on."""
    which = (table.c.engagement_id == engagement_id) & (table.c.state != "unconfirmed")
    return _count(connection, which & (table.c.created_at > since))


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(which)).scalar_one()


def drop(connection: Connection, question_id: str) -> None:
    """Delete a question."""
    connection.execute(delete(table).where(table.c.id == question_id))


def drop_open(connection: Connection, engagement_id: str) -> None:
    """Delete the questions about an engagement that nobody answered."""
    connection.execute(delete(table).where(table.c.engagement_id == engagement_id, table.c.state != "answered"))


def drop_before(connection: Connection, unconfirmed: datetime, others: datetime) -> int:
    """Delete questions made before these moments; returns how many."""
    old = ((table.c.state == "unconfirmed") & (table.c.created_at < unconfirmed)) | (table.c.created_at < others)
    return connection.execute(delete(table).where(old)).rowcount
