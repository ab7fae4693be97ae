"""Issuers: each company's name, address and DID, and what is known about who it is."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from credentials.store.tables import credential
from credentials.store.tables import issuer as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """One company that issues. `name` is self-typed and proves nothing; `confirmed_domain` is what somebody checked.

    `suspends`: its credentials carry a second status entry so that they can be put on hold. `sandbox`: everything it
    issues is marked as a test. `suspended_at`/`suspended_reason`: this service no longer vouched for it from then on;
    `reinstated_at`: it does again. `confirmed_note` and `reinstated_note` are private. All times are aware, UTC.
    """

    id: str
    slug: str
    name: str
    url: str | None
    did: str
    suspends: bool
    sandbox: bool
    created_at: datetime
    confirmed_domain: str | None = None
    confirmed_level: str | None = None
    confirmed_at: datetime | None = None
    confirmed_note: str | None = None
    suspended_at: datetime | None = None
    suspended_reason: str | None = None
    reinstated_at: datetime | None = None
    reinstated_note: str | None = None

    @property
    def is_suspended(self) -> bool:
        """Whether the last suspension stands. Of two at the same moment the suspension holds."""
        if self.suspended_at is None:
            return False
        return self.reinstated_at is None or self.suspended_at >= self.reinstated_at


def add(connection: Connection, issuer: Issuer) -> None:
    """Insert an issuer. Raises sqlalchemy's IntegrityError when its id, slug or DID is taken."""
    connection.execute(insert(table), asdict(issuer))


def change(connection: Connection, issuer_id: str, values: Mapping[str, Any]) -> None:
    """Set columns of one issuer."""
    connection.execute(update(table).where(table.c.id == issuer_id).values(**values))


def by_slug(connection: Connection, slug: str) -> Issuer | None:
    """The issuer with this slug, or None."""
    row = connection.execute(select(table).where(table.c.slug == slug)).one_or_none()
    return None if row is None else Issuer(**row._mapping)


def is_taken(connection: Connection, slug: str, did: str) -> bool:
    """Whether some issuer has this slug or this DID."""
    query = select(table.c.id).where((table.c.slug == slug) | (table.c.did == did)).limit(1)
    return connection.execute(query).first() is not None


def by_id(connection: Connection, issuer_id: str) -> Issuer | None:
    """The issuer with this id, or None."""
    row = connection.execute(select(table).where(table.c.id == issuer_id)).one_or_none()
    return None if row is None else Issuer(**row._mapping)


def of_credentials(connection: Connection, credential_ids: Collection[str]) -> dict[str, Issuer]:
    """The issuer of each of these credentials, by the credential's id."""
    wanted = credential.c.id.in_(sorted(credential_ids))
    rows = connection.execute(select(credential.c.id, credential.c.issuer_id).where(wanted))
    owners: dict[str, str] = {row.id: row.issuer_id for row in rows}
    found = {one: by_id(connection, one) for one in set(owners.values())}
    return {own: issuer for own, owner in owners.items() if (issuer := found[owner]) is not None}


def lock(connection: Connection, issuer_id: str) -> None:
    """Let no other transaction allot, or change keys, for this issuer until this one ends."""
    query = select(table.c.id).where(table.c.id == issuer_id)
    connection.execute(query.with_for_update(key_share=True)).one()


def every(connection: Connection) -> list[Issuer]:
    """All issuers, by slug."""
    return [Issuer(**row._mapping) for row in connection.execute(select(table).order_by(table.c.slug))]
