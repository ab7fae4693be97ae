"""Calls that may be sent again under one Idempotency-Key: what was asked, and the answer once there is one."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from credentials.store.inserting import insert_ignoring
from credentials.store.tables import repeated_call as table


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedCall:
    """One call of an issuer's. `digest` (32 bytes) stands for what was asked; without `status` it has no answer yet.

    `number` is random and stays the same when the call is tried again.
    """

    issuer_id: str
    key: str
    digest: bytes
    number: str
    at: datetime
    status: int | None = None
    body: bytes | None = None
    media_type: str | None = None
    location: str | None = None

    def __repr__(self) -> str:
        """Without the answer, which may tell of people."""
        return f"RepeatedCall(issuer_id={self.issuer_id}, status={self.status})"


def add_once(connection: Connection, call: RepeatedCall) -> bool:
    """Insert a call; False when the issuer has one under this key."""
    return insert_ignoring(connection, table, [tuple(asdict(call)[column.name] for column in table.c)]) == 1


def find(connection: Connection, issuer_id: str, key: str) -> RepeatedCall | None:
    """The call of an issuer under a key, or None; others wait until the transaction ends."""
    query = select(table).where(table.c.issuer_id == issuer_id, table.c.key == key).with_for_update()
    row = connection.execute(query).one_or_none()
    return None if row is None else RepeatedCall(**row._mapping)


def put(connection: Connection, call: RepeatedCall) -> None:
    """Write a call over the one of the same issuer and key."""
    which = (table.c.issuer_id == call.issuer_id) & (table.c.key == call.key)
    connection.execute(update(table).where(which).values(**asdict(call)))


def remove(connection: Connection, issuer_id: str, key: str) -> None:
    """Forget a call."""
    connection.execute(delete(table).where(table.c.issuer_id == issuer_id, table.c.key == key))


def prune(connection: Connection, before: datetime) -> int:
    """Forget every call made before a moment; returns how many there were."""
    return connection.execute(delete(table).where(table.c.at < before)).rowcount
