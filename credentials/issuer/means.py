"""What issuing works with, handed to every part of it, and the small facts that follow from it."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from credentials.core.identifiers import CREDENTIAL_ID_BYTES, credential_id
from credentials.issuer.errors import IssuerUnknown
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.listening import Announce, say_nothing
from credentials.keyring.signer import KeyBackend
from credentials.store import issuers
from credentials.store.issuers import Issuer

Watch = Callable[[Connection, Issuer, datetime], None]
"""Told of an issuer, in the transaction in which it is made or changed, with the time."""


def nobody_watches(_connection: Connection, _issuer: Issuer, _now: datetime) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class Means:
    """The database, the keys, the public base address (no slash at its end), the record outside, and the clock.

    `announce` hears what happens, in the transaction in which it happens. `watch` looks at each issuer that is made or
    changed: whom it looks like is kept in the same transaction.
    """

    engine: Engine
    signer: KeyBackend
    base_url: str
    high_water: HighWaterMark
    clock: Callable[[], datetime]
    announce: Announce = say_nothing
    watch: Watch = field(default=nobody_watches)

    def now(self) -> datetime:
        """The time, UTC, in whole seconds: `validFrom` must equal the token's `nbf`, which counts seconds."""
        return self.clock().astimezone(UTC).replace(microsecond=0)

    def credential_url(self, credential: str) -> str:
        """The address, and the `id`, of a credential."""
        return f"{self.base_url}/c/{credential}"

    def list_url(self, list_id: str) -> str:
        """The address of a status list."""
        return f"{self.base_url}/status/{list_id}"

    @property
    def credential_type(self) -> str:
        """The `vct` of our SD-JWT VCs."""
        return f"{self.base_url}/types/micro-internship"


def new_id() -> str:
    """26 random Crockford base-32 characters, 128 bits."""
    return credential_id(os.urandom(CREDENTIAL_ID_BYTES))


def require_issuer(means: Means, connection: Connection, slug: str) -> Issuer:
    """The issuer with this slug. Raises IssuerUnknown, and DatabaseBehind when more was published about it."""
    found = issuers.by_slug(connection, slug)
    means.high_water.check_issuer(slug, found)
    if found is None:
        raise IssuerUnknown(f"no issuer {slug!r}")
    return found
