"""Uploaded files as kept: whose they are, what they belong to, how many bytes of which digest."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from credentials.store.tables import file as table
from credentials.store.tables import submitted_item

FileVisibility = Literal["public", "link", "confidential"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One whole file. `subject` is what it belongs to (`award:<id>`, `engagement:<id>`).

    `visibility` counts once `credential_id` names the signed credential that lists it. `removed_at`: nothing names the
    file any more, and its bytes will go.
    """

    id: str
    issuer_id: str
    person_id: str
    subject: str
    name: str
    media_type: str
    size: int
    sha256: bytes
    sha384: bytes
    preview: bool
    created_at: datetime
    visibility: FileVisibility = "confidential"
    credential_id: str | None = None
    removed_at: datetime | None = None


def add(connection: Connection, made: StoredFile) -> None:
    """Insert a file."""
    connection.execute(insert(table), asdict(made))


def by_id(connection: Connection, file_id: str) -> StoredFile | None:
    """The file with this id, or None. Whoever asks must be checked: no company is named here."""
    row = connection.execute(select(table).where(table.c.id == file_id)).one_or_none()
    return None if row is None else StoredFile(**row._mapping)


def of_subject(connection: Connection, issuer_id: str, subject: str, *, lock: bool = False) -> list[StoredFile]:
    """All files of one thing of a company, also those that nothing names any more, the oldest first.

    `lock` keeps others from changing them until the transaction ends.
    """
    which = (table.c.issuer_id == issuer_id) & (table.c.subject == subject)
    query = select(table).where(which).order_by(table.c.created_at, table.c.id)
    found = connection.execute(query.with_for_update() if lock else query)
    return [StoredFile(**row._mapping) for row in found]


def total_size(connection: Connection, issuer_id: str) -> int:
    """Bytes of all files of a company."""
    query = select(func.coalesce(func.sum(table.c.size), 0)).where(table.c.issuer_id == issuer_id)
    return int(connection.execute(query).scalar_one())


def keep(connection: Connection, issuer_id: str, subject: str, named: Collection[str], at: datetime) -> None:
    """Of one thing's files, those with these ids stay; the others are removed, unless a credential lists them."""
    mine = (table.c.issuer_id == issuer_id) & (table.c.subject == subject) & table.c.credential_id.is_(None)
    connection.execute(update(table).where(mine, table.c.id.in_(sorted(named))).values(removed_at=None))
    others = mine & table.c.id.not_in(sorted(named)) & table.c.removed_at.is_(None)
    connection.execute(update(table).where(others).values(removed_at=at))


def move(connection: Connection, issuer_id: str, ids: Collection[str], before: str, after: str) -> None:
    """Let files of one thing of a company belong to another one, unless a credential lists them."""
    mine = (table.c.issuer_id == issuer_id) & (table.c.subject == before) & table.c.credential_id.is_(None)
    connection.execute(update(table).where(mine, table.c.id.in_(sorted(ids))).values(subject=after))


def list_in(
    connection: Connection,
    issuer_id: str,
    file_id: str,
    credential_id: str,
    visibility: FileVisibility,
    *,
    instead_of: str = "",
) -> None:
    """A signed credential lists this file, for these to see.

    A file that another credential lists stays there, unless it is the one whose place this one takes (`instead_of`).
    """
    free = table.c.credential_id.is_(None) | table.c.credential_id.in_((credential_id, instead_of))
    which = (table.c.issuer_id == issuer_id) & (table.c.id == file_id) & free
    values = {"credential_id": credential_id, "visibility": visibility, "removed_at": None}
    connection.execute(update(table).where(which).values(**values))


def pictures_of(connection: Connection, credential_id: str) -> list[StoredFile]:
    """The pictures that a signed credential lists for everybody to see, with a preview, the oldest first."""
    which = (table.c.credential_id == credential_id) & (table.c.visibility == "public") & table.c.preview
    query = select(table).where(which).order_by(table.c.created_at, table.c.id)
    return [StoredFile(**row._mapping) for row in connection.execute(query)]


def removed(connection: Connection, before: datetime, limit: int) -> Sequence[str]:
    """The ids of files that were removed before a moment and that no credential lists."""
    which = (table.c.removed_at <= before) & table.c.credential_id.is_(None)
    query = select(table.c.id).where(which).order_by(table.c.removed_at).limit(limit)
    return list(connection.execute(query).scalars())


def forget(connection: Connection, file_id: str, before: datetime) -> bool:
    """Delete the row of a removed file; False when it is wanted again, or gone."""
    which = (table.c.id == file_id) & (table.c.removed_at <= before) & table.c.credential_id.is_(None)
    return connection.execute(delete(table).where(which)).rowcount == 1


def unnamed(connection: Connection, before: datetime, limit: int) -> Sequence[str]:
    """The ids of files that were sent for work before a moment and that no submission and no credential names."""
    query = select(table.c.id).where(_is_unnamed(before)).order_by(table.c.created_at)
    return list(connection.execute(query.limit(limit)).scalars())


def forget_unnamed(connection: Connection, file_id: str, before: datetime) -> bool:
    """Delete the row of such a file; False when something names it by now."""
    # A submission locks its files first: once the lock is had, what it says is committed and seen.
    connection.execute(select(table.c.id).where(table.c.id == file_id).with_for_update())
    return connection.execute(delete(table).where(table.c.id == file_id, _is_unnamed(before))).rowcount == 1


def _is_unnamed(before: datetime) -> ColumnElement[bool]:
    named = select(submitted_item.c.file_id).where(submitted_item.c.file_id == table.c.id).exists()
    return and_(
        table.c.subject.startswith("engagement:", autoescape=True),
        table.c.created_at <= before,
        table.c.credential_id.is_(None),
        ~named,
    )


def known(connection: Connection, ids: Collection[str]) -> set[str]:
    """Which of these ids have a row."""
    return set(connection.execute(select(table.c.id).where(table.c.id.in_(sorted(ids)))).scalars())
