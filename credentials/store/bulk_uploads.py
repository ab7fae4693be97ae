"""Uploaded lists as kept: whose, how far each has come. The file and what was found in it lie beside the database.

States: mapping (nobody knows which column is what) → checking → checked → running → done; cancelled from the three
before the last.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, case, insert, or_, select, update

from credentials.store.pages import Place, page
from credentials.store.tables import bulk_upload as table
from credentials.store.tables import column_mapping as mapping

UploadState = Literal["mapping", "checking", "checked", "running", "done", "cancelled"]
WORKED_ON = ("checking", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkUpload:
    """One list. `lines` of its file, rows `seen` in this state so far, those `good` to issue, those `issued`.

    `reading`: JSON, how it is read (`credentials.console.reading`). `key_id`: the API key that brought or changed it.
    """

    id: str
    issuer_id: str
    person_id: str
    name: str
    state: UploadState
    lines: int
    seen: int
    good: int
    issued: int
    created_at: datetime
    changed_at: datetime
    reading: str = "{}"
    leased_until: datetime | None = None
    key_id: str | None = None


def add(connection: Connection, upload: BulkUpload) -> None:
    """Insert a list."""
    connection.execute(insert(table), asdict(upload))


def by_id(connection: Connection, issuer_id: str, upload_id: str) -> BulkUpload | None:
    """A company's list, or None."""
    row = connection.execute(select(table).where(table.c.issuer_id == issuer_id, table.c.id == upload_id))
    found = row.one_or_none()
    return None if found is None else BulkUpload(**found._mapping)


def page_of_issuer(
    connection: Connection, issuer_id: str, state: str | None, before: Place | None, limit: int
) -> list[BulkUpload]:
    """A page of a company's lists, the newest first, after a place."""
    rows = connection.execute(page(table, table.c.issuer_id == issuer_id, state, before, limit))
    return [BulkUpload(**row._mapping) for row in rows]


def of_issuer(connection: Connection, issuer_id: str, limit: int = 20) -> list[BulkUpload]:
    """A company's lists, the newest first."""
    query = select(table).where(table.c.issuer_id == issuer_id).order_by(table.c.created_at.desc(), table.c.id)
    return [BulkUpload(**row._mapping) for row in connection.execute(query.limit(limit))]


def read_as(connection: Connection, upload: BulkUpload) -> None:
    """How a list is read from now on, how many lines it has then, and which API key had a part in it."""
    which = (table.c.issuer_id == upload.issuer_id) & (table.c.id == upload.id)
    values = {"reading": upload.reading, "lines": upload.lines, "key_id": upload.key_id}
    connection.execute(update(table).where(which).values(**values))


def remember(connection: Connection, issuer_id: str, headings: str, reading: str, now: datetime) -> None:
    """How a company reads lists with these headings; `headings` is a digest."""
    which = (mapping.c.issuer_id == issuer_id) & (mapping.c.headings == headings)
    values = {"reading": reading, "changed_at": now}
    if connection.execute(update(mapping).where(which).values(**values)).rowcount == 0:
        connection.execute(insert(mapping), {"issuer_id": issuer_id, "headings": headings, **values})


def remembered(connection: Connection, issuer_id: str, headings: str) -> str | None:
    """How a company read the last list with these headings, or None."""
    which = (mapping.c.issuer_id == issuer_id) & (mapping.c.headings == headings)
    return connection.execute(select(mapping.c.reading).where(which)).scalar_one_or_none()


def due(connection: Connection, now: datetime, limit: int) -> list[str]:
    """The ids of lists that are worked on and that nobody has."""
    free = or_(table.c.leased_until.is_(None), table.c.leased_until <= now)
    query = select(table.c.id).where(table.c.state.in_(WORKED_ON), free)
    return list(connection.execute(query.order_by(table.c.changed_at).limit(limit)).scalars())


def lease(connection: Connection, upload_id: str, now: datetime, until: datetime) -> BulkUpload | None:
    """Take a list to work on; None when somebody else has it or there is nothing to do."""
    free = or_(table.c.leased_until.is_(None), table.c.leased_until <= now)
    which = (table.c.id == upload_id) & table.c.state.in_(WORKED_ON)
    if connection.execute(update(table).where(which, free).values(leased_until=until)).rowcount != 1:
        return None
    return BulkUpload(**connection.execute(select(table).where(table.c.id == upload_id)).one()._mapping)


def progress(
    connection: Connection, upload: BulkUpload, seen: int, good: int, issued: int, now: datetime, until: datetime
) -> bool:
    """Note how far a leased list has come, and keep it; False when it was cancelled or is read in another way now."""
    which = (table.c.id == upload.id) & (table.c.state == upload.state) & (table.c.reading == upload.reading)
    values = {"seen": seen, "good": good, "issued": issued, "changed_at": now, "leased_until": until}
    return connection.execute(update(table).where(which).values(**values)).rowcount == 1


def move(
    connection: Connection, issuer_id: str, upload_id: str, before: tuple[str, ...], after: UploadState, now: datetime
) -> bool:
    """Bring a company's list from one of some states to another; False when it is in none of them."""
    which = (table.c.issuer_id == issuer_id) & (table.c.id == upload_id) & table.c.state.in_(before)
    values: dict[str, Any] = {"state": after, "changed_at": now, "leased_until": None}
    if after in WORKED_ON:
        # What was issued before it was cancelled is passed over at once: it goes on from there.
        goes_on = (table.c.state == "cancelled") & (table.c.issued > 0)
        values["seen"] = case((goes_on, table.c.seen), else_=0) if after == "running" else 0
    return connection.execute(update(table).where(which).values(**values)).rowcount == 1
