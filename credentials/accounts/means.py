"""What the accounts work with: the database, the service's secret and address, a way to send letters, a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine

from credentials.accounts.tokens import Tickets
from credentials.mail.message import Letter

CEREMONY = timedelta(minutes=10)
"""How long a passkey's challenge and the second step of a sign-in may take."""


class Send(Protocol):
    """Puts a letter into the outbox, in the caller's transaction; it goes out once that is committed."""

    def __call__(self, connection: Connection, letter: Letter, address: str) -> object:
        """Take the letter."""
        ...


WantedOf = Literal["nobody", "staff", "everybody"]
"""Of whom a second step is wanted: `staff` are the people of companies and whoever runs the service."""

Claimed = Callable[[Connection, str, str, datetime], None]
"""Told that a credential was claimed, in that transaction: the issuer's id, the credential's id, when."""


def nobody_hears(connection: Connection, issuer_id: str, credential_id: str, now: datetime) -> None:
    """Nobody is told."""
    del connection, issuer_id, credential_id, now


@dataclass(frozen=True, slots=True)
class Means:
    """See above. `base_url` is the public origin, without a final slash; `second_step`: of whom one is wanted."""

    engine: Engine
    secret: bytes = field(repr=False)
    base_url: str
    send: Send
    clock: Callable[[], datetime]
    claimed: Claimed = nobody_hears
    second_step: WantedOf = "staff"

    @property
    def host(self) -> str:
        """The service's host name: what passkeys are bound to (WebAuthn's RP ID)."""
        return urlsplit(self.base_url).hostname or ""

    def tickets(self, purpose: str) -> Tickets:
        """Tickets of one purpose."""
        return Tickets(self.secret, purpose, CEREMONY)
