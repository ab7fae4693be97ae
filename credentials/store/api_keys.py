"""API keys as kept: only a digest of each, with the issuer it belongs to and what it may do."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from credentials.store.tables import api_key as table


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One key. `digest` is a hash of the secret (32 bytes); `scopes` are words separated by spaces.

    `person_id`: who answers for what it does in projects, where it may do anything there.
    """

    id: str
    issuer_id: str
    digest: bytes
    label: str
    scopes: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    person_id: str | None = None


def add(connection: Connection, key: ApiKey) -> None:
    """Insert a key."""
    connection.execute(insert(table), asdict(key))


def by_digest(connection: Connection, digest: bytes) -> ApiKey | None:
    """The key with this digest, revoked or not, or None."""
    row = connection.execute(select(table).where(table.c.digest == digest)).one_or_none()
    return None if row is None else ApiKey(**row._mapping)


def of_issuer(connection: Connection, issuer_id: str) -> list[ApiKey]:
    """All keys of an issuer, oldest first."""
    query = select(table).where(table.c.issuer_id == issuer_id).order_by(table.c.created_at, table.c.id)
    return [ApiKey(**row._mapping) for row in connection.execute(query)]


def touch(connection: Connection, key_id: str, at: datetime) -> None:
    """Remember when a key was last used."""
    connection.execute(update(table).where(table.c.id == key_id).values(last_used_at=at))


def revoke(connection: Connection, issuer_id: str, key_id: str, at: datetime) -> bool:
    """Revoke an issuer's key; False when it has none with this id or it is revoked already."""
    which = (table.c.issuer_id == issuer_id) & (table.c.id == key_id) & table.c.revoked_at.is_(None)
    return connection.execute(update(table).where(which).values(revoked_at=at)).rowcount == 1


def not_revoked(connection: Connection) -> set[str]:
    """The ids of all keys that were not revoked, whoever's they are."""
    return set(connection.execute(select(table.c.id).where(table.c.revoked_at.is_(None))).scalars())


def revoked(connection: Connection) -> dict[str, datetime]:
    """When each revoked key was revoked, by id."""
    query = select(table.c.id, table.c.revoked_at).where(table.c.revoked_at.is_not(None))
    return {row.id: row.revoked_at for row in connection.execute(query)}


def revoke_by_id(connection: Connection, key_id: str, at: datetime) -> None:
    """Revoke a key, whosever it is: for what a restored database forgot."""
    connection.execute(update(table).where(table.c.id == key_id).values(revoked_at=at))
