"""Status lists, the entries allotted from them, and the events that decide each bit.

A bit is never stored: it is derived from the events. The published list is a cache that counts the events it shows.
"""

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, Table, exists, func, insert, select, update

from credentials.store.inserting import conflict_aware, insert_ignoring, insert_rows
from credentials.store.tables import published_list, signing_key, status_entry, status_event, status_list

Purpose = Literal["revocation", "suspension"]
EventKind = Literal["revoked", "replaced", "suspended", "lifted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList:
    """One list of `size` bits. `allotted` entries are given out, in the order that the secret `seed` decides."""

    id: str
    issuer_id: str
    purpose: Purpose
    size: int
    seed: bytes
    allotted: int
    created_at: datetime
    closed_at: datetime | None = None


class Entry(NamedTuple):
    """A credential's bit: its place in a list."""

    list_id: str
    idx: int
    credential_id: str
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """Something that happened to a credential's status. `position` counts a credential's events from 1.

    `reason` is public, `private_note` is not. `successor` is the id of a corrected version. `idempotency_key`: under
    which its issuer asked for it, if under any; `request_digest` (hex) tells whether another call asks for the same.
    """

    id: str
    issuer_id: str
    credential_id: str
    list_id: str
    idx: int
    purpose: Purpose
    position: int
    kind: EventKind
    at: datetime
    reason: str
    private_note: str
    successor: str | None = None
    idempotency_key: str | None = None
    request_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedList:
    """The signed list as served, which private key (by its id in the keyring) signed it, how many events it shows.

    `body` is the token, `embedded` the same list with an embedded proof; a Token Status List has no such form.
    """

    list_id: str
    key_id: str
    events: int
    built_at: datetime
    valid_until: datetime
    body: bytes
    embedded: bytes = b""


def add_list(connection: Connection, new: StatusList) -> None:
    """Insert a list; nothing when it is there."""
    insert_ignoring(connection, status_list, [astuple(new)])


def of_issuer(connection: Connection, issuer_id: str) -> list[StatusList]:
    """All lists of an issuer, oldest first."""
    query = select(status_list).where(status_list.c.issuer_id == issuer_id)
    ordered = query.order_by(status_list.c.created_at, status_list.c.id)
    return [StatusList(**row._mapping) for row in connection.execute(ordered)]


def by_id(connection: Connection, list_id: str) -> StatusList | None:
    """The list with this id, or None."""
    row = connection.execute(select(status_list).where(status_list.c.id == list_id)).one_or_none()
    return None if row is None else StatusList(**row._mapping)


def allotments(connection: Connection) -> dict[str, StatusList]:
    """Every list by id."""
    return {row.id: StatusList(**row._mapping) for row in connection.execute(select(status_list))}


def set_allotted(connection: Connection, list_id: str, allotted: int) -> None:
    """Move a list's counter; the caller holds its issuer's lock."""
    connection.execute(update(status_list).where(status_list.c.id == list_id).values(allotted=allotted))


def close(connection: Connection, list_ids: Sequence[str], at: datetime) -> None:
    """Allot no more from these lists. Their bits keep being published."""
    which = status_list.c.id.in_(list_ids) & status_list.c.closed_at.is_(None)
    connection.execute(update(status_list).where(which).values(closed_at=at))


def add_entries(connection: Connection, rows: Sequence[Entry]) -> None:
    """Insert entries. Raises IntegrityError when an index was handed out before."""
    insert_rows(connection, status_entry, rows)


def entries(connection: Connection, credential_id: str) -> list[Entry]:
    """A credential's entries, revocation first."""
    query = select(status_entry).where(status_entry.c.credential_id == credential_id)
    return [Entry(**row._mapping) for row in connection.execute(query.order_by(status_entry.c.purpose))]


def credential_at(connection: Connection, list_id: str, idx: int) -> str | None:
    """The id of the credential that has this place in a list, or None."""
    place = (status_entry.c.list_id == list_id) & (status_entry.c.idx == idx)
    return connection.execute(select(status_entry.c.credential_id).where(place)).scalar_one_or_none()


def add_event(connection: Connection, event: RecordedEvent) -> None:
    """Insert an event. Raises IntegrityError when its id, or this position in its credential's story, is taken."""
    connection.execute(insert(status_event), asdict(event))


def story(connection: Connection, credential_id: str) -> list[RecordedEvent]:
    """A credential's events in the order they happened."""
    query = select(status_event).where(status_event.c.credential_id == credential_id)
    return [RecordedEvent(**row._mapping) for row in connection.execute(query.order_by(status_event.c.position))]


def by_idempotency_key(connection: Connection, issuer_id: str, key: str) -> RecordedEvent | None:
    """The event that an issuer asked for under this key, or None."""
    which = (status_event.c.issuer_id == issuer_id) & (status_event.c.idempotency_key == key)
    row = connection.execute(select(status_event).where(which)).one_or_none()
    return None if row is None else RecordedEvent(**row._mapping)


def events_of_list(connection: Connection, list_id: str) -> list[RecordedEvent]:
    """All events of a list, each credential's in the order they happened."""
    query = select(status_event).where(status_event.c.list_id == list_id)
    ordered = query.order_by(status_event.c.credential_id, status_event.c.position)
    return [RecordedEvent(**row._mapping) for row in connection.execute(ordered)]


def count_events(connection: Connection, list_id: str) -> int:
    """How many events concern a list."""
    query = select(func.count()).select_from(status_event).where(status_event.c.list_id == list_id)
    return int(connection.execute(query).scalar_one())


def event_ids(connection: Connection) -> set[str]:
    """The ids of every recorded event."""
    return set(connection.execute(select(status_event.c.id)).scalars())


def published(connection: Connection, list_id: str, table: Table = published_list) -> PublishedList | None:
    """The list as last published, or None; also None when the key that signed it was reported stolen since.

    `table`: `published_list`, or `published_token_list` for what one or two lists say as a Token Status List.
    """
    stolen = exists().where(signing_key.c.key_id == table.c.key_id, signing_key.c.compromised_since.is_not(None))
    query = select(table).where(table.c.list_id == list_id, ~stolen)
    row = connection.execute(query).one_or_none()
    return None if row is None else PublishedList(**row._mapping)


def publish(connection: Connection, built: PublishedList, table: Table = published_list) -> None:
    """Keep a freshly built list, unless one is there with more events, or a newer one of the same key with as many."""
    said = {name: value for name, value in asdict(built).items() if name in table.c}
    statement = conflict_aware(connection, table).values(said)
    new = statement.excluded
    newer = (new.events > table.c.events) | (
        (new.events == table.c.events) & ((new.built_at > table.c.built_at) | (new.key_id != table.c.key_id))
    )
    changed = {name: new[name] for name in said if name != "list_id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["list_id"], set_=changed, where=newer))
