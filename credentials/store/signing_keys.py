"""The public life of signing keys: whose, which, since when. The private halves are the keyring's."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from credentials.store.tables import signing_key as table

KeyState = Literal["created", "active", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One key of one issuer. `name` is the fragment in its DID, `key_id` its opaque name in the keyring.

    `state`: created (published, not used yet) → active (signs) → retired (signs no more, still verifies).
    `compromised_since`: signatures that cannot prove they are older are worth nothing.
    """

    id: str
    issuer_id: str
    name: str
    key_id: str
    algorithm: str
    public_jwk: str
    state: KeyState
    created_at: datetime
    activated_at: datetime | None = None
    retired_at: datetime | None = None
    compromised_since: datetime | None = None


def add(connection: Connection, key: SigningKey) -> None:
    """Insert a key. Raises sqlalchemy's IntegrityError when the name is taken."""
    connection.execute(insert(table), asdict(key))


def change(connection: Connection, row_id: str, values: Mapping[str, Any]) -> None:
    """Set columns of one key."""
    connection.execute(update(table).where(table.c.id == row_id).values(**values))


def of_issuer(connection: Connection, issuer_id: str) -> list[SigningKey]:
    """All keys of an issuer, oldest first."""
    query = select(table).where(table.c.issuer_id == issuer_id).order_by(table.c.created_at, table.c.name)
    return [SigningKey(**row._mapping) for row in connection.execute(query)]


def active(connection: Connection, issuer_id: str) -> SigningKey | None:
    """The key that signs for an issuer now: the one activated last."""
    query = (
        select(table)
        .where(table.c.issuer_id == issuer_id, table.c.state == "active")
        .order_by(table.c.activated_at.desc(), table.c.name.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else SigningKey(**row._mapping)
