"""The public life of signing keys: whose, which, since when. The private halves are the keyring's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, insert, select, update

from credentials.store.tables import signing_key as table

POST_QUANTUM: Final[Literal["ML-DSA-44"]] = "ML-DSA-44"
"""The algorithm of keys with a life of their own, beside that of the ordinary ones."""
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

    @property
    def is_post_quantum(self) -> bool:
        """Whether it signs the second token of a credential, and nothing else."""
        return self.algorithm == POST_QUANTUM


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


def every(connection: Connection) -> list[SigningKey]:
    """All keys of all issuers, oldest first."""
    query = select(table).order_by(table.c.created_at, table.c.name)
    return [SigningKey(**row._mapping) for row in connection.execute(query)]


def by_id(connection: Connection, row_id: str) -> SigningKey | None:
    """The key whose row has this id, or None."""
    row = connection.execute(select(table).where(table.c.id == row_id)).one_or_none()
    return None if row is None else SigningKey(**row._mapping)


def stolen(connection: Connection, key_ids: Collection[str]) -> set[str]:
    """Those of these private keys (by their ids in the keyring) that were reported stolen."""
    which = table.c.key_id.in_(sorted(key_ids)) & table.c.compromised_since.is_not(None)
    return set(connection.execute(select(table.c.key_id).where(which)).scalars())


def active(keys: Sequence[SigningKey], *, post_quantum: bool = False) -> SigningKey | None:
    """The one of an issuer's ordinary, or post-quantum, keys that signs now: the one activated last."""
    in_use = [key for key in keys if key.state == "active" and key.is_post_quantum is post_quantum]
    return max(in_use, key=lambda key: (key.activated_at or key.created_at, key.name), default=None)
