"""Webhooks of issuers, behind one door: endpoints and deliveries. Each call owns its transactions; what happened is
recorded in somebody else's, by `messages`.

Every call names the issuer; a foreign endpoint or message is as good as unknown. Secrets are shown once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine

from credentials.core.errors import CredentialError
from credentials.store import issuers
from credentials.store import webhooks as rows
from credentials.store.engine import read, write
from credentials.store.webhooks import Listed, Webhook
from credentials.webhooks import messages
from credentials.webhooks.delivery import Carrier, Ended, Sending
from credentials.webhooks.errors import (
    CursorUnusable,
    DeliveryUnknown,
    TooManyWebhooks,
    WebhookAddressRefused,
    WebhookEnded,
    WebhookIssuerUnknown,
    WebhookUnknown,
)
from credentials.webhooks.kinds import known_kinds
from credentials.webhooks.sealing import Sealer
from credentials.webhooks.signing import draw_secret, spell_secret

__all__ = ["Carrier", "MadeWebhook", "Page", "WebhookService"]

MOST_WEBHOOKS: Final = 20
OVERLAP: Final = timedelta(hours=24)
"""How long the secret before a rotation signs beside the new one."""

MOST_LISTED: Final = 100
KEPT_FOR: Final = timedelta(days=30)
"""How long a message can be listed and sent again. One that still waits is kept until it waits no more."""
_FORGOTTEN_AT_ONCE: Final = 500
_MARK: Final = "msg_"
_CHANCE: Final = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class MadeWebhook:
    """An endpoint and its new secret, which is shown once; the secret stays out of every repr."""

    webhook: Webhook
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a history, the newest message first, and the cursor of the next part; None at the end."""

    deliveries: list[Listed]
    cursor: str | None


def say_nothing(_connection: Connection, _webhook: Webhook) -> None:
    """For a service that tells nobody of endpoints that ended, and for a change that is told nowhere."""


Within = Callable[[Connection, Webhook], None]
"""What is written in the transaction of a change of an endpoint: the line of the audit trail."""


class WebhookService:
    """Add endpoints, send them what happened. Safe to use from several threads, processes and machines.

    `secret`: random bytes of the service under which the endpoints' own secrets are sealed. `carrier` makes the
    requests. `ended` is told of each endpoint that ended by itself. `chance` decides on the jitter.
    """

    def __init__(
        self,
        engine: Engine,
        secret: bytes,
        carrier: Carrier,
        clock: Callable[[], datetime],
        *,
        ended: Ended = say_nothing,
        chance: Callable[[], float] = _CHANCE.random,
    ) -> None:
        self._engine, self._carrier, self._clock = engine, carrier, clock
        self._sealer = Sealer(secret)
        self._sending = Sending(
            engine=engine, sealer=self._sealer, carrier=carrier, clock=clock, chance=chance, ended=ended
        )

    # Endpoints -------------------------------------------------------------------------------------------------------

    def add(self, issuer_id: str, address: str, kinds: Iterable[str], within: Within = say_nothing) -> MadeWebhook:
        """Tell an issuer's address of events of some kinds from now on.

        Raises WebhookAddressRefused, WebhookKindUnknown, WebhookIssuerUnknown, TooManyWebhooks.
        """
        wanted = known_kinds(kinds)
        self._require_address(address)
        webhook_id, secret = messages.new_id(), draw_secret()
        webhook = Webhook(
            id=webhook_id,
            issuer_id=issuer_id,
            address=address,
            secret=self._sealer.seal(secret, issuer_id, webhook_id),
            kinds=" ".join(wanted),
            created_at=self._clock(),
        )
        with write(self._engine) as connection:
            if issuers.by_id(connection, issuer_id) is None:
                raise WebhookIssuerUnknown(where="issuer")
            issuers.lock(connection, issuer_id)
            if len(rows.of_issuer(connection, issuer_id)) >= MOST_WEBHOOKS:
                raise TooManyWebhooks(f"an issuer has at most {MOST_WEBHOOKS}")
            rows.add(connection, webhook)
            within(connection, webhook)
        return MadeWebhook(webhook, spell_secret(secret))

    def _require_address(self, address: str) -> None:
        try:
            self._carrier.check(address)
        except CredentialError as error:
            raise WebhookAddressRefused(error.detail, where="address") from None

    def listed(self, issuer_id: str) -> list[Webhook]:
        """An issuer's endpoints, oldest first, with those that ended by themselves."""
        with read(self._engine) as connection:
            return rows.of_issuer(connection, issuer_id)

    def remove(self, issuer_id: str, webhook_id: str, within: Within = say_nothing) -> None:
        """End an endpoint and forget its secret; what waits for it is dropped. Raises WebhookUnknown."""
        with write(self._engine) as connection:
            within(connection, _require(connection, issuer_id, webhook_id))
            rows.end(connection, issuer_id, webhook_id, self._clock(), "removed")

    def rotate(self, issuer_id: str, webhook_id: str, within: Within = say_nothing) -> MadeWebhook:
        """Give an endpoint a new secret; the one before signs beside it for 24 hours. WebhookUnknown, WebhookEnded."""
        secret, until = draw_secret(), self._clock() + OVERLAP
        with write(self._engine) as connection:
            _require(connection, issuer_id, webhook_id)
            issuers.lock(connection, issuer_id)
            before = _require_active(connection, issuer_id, webhook_id)
            sealed = self._sealer.seal(secret, issuer_id, webhook_id)
            changed = {"secret": sealed, "former_secret": before.secret, "former_until": until}
            rows.change(connection, issuer_id, webhook_id, changed)
            webhook = _require(connection, issuer_id, webhook_id)
            within(connection, webhook)
        return MadeWebhook(webhook, spell_secret(secret))

    def issuer_id(self, slug: str) -> str:
        """The id of the issuer with this slug. Raises WebhookIssuerUnknown."""
        with read(self._engine) as connection:
            found = issuers.by_slug(connection, slug)
        if found is None:
            raise WebhookIssuerUnknown(where="issuer")
        return found.id

    # What happened ---------------------------------------------------------------------------------------------------

    # Deliveries ------------------------------------------------------------------------------------------------------

    def due(self, now: datetime, limit: int) -> list[str]:
        """The ids, `message:webhook`, of what is to be sent now, the longest due first."""
        with read(self._engine) as connection:
            return [f"{message}:{webhook}" for message, webhook in rows.due(connection, now, limit)]

    def deliver(self, delivery_id: str) -> None:
        """Send one delivery, if it is due and nobody else is at it. An unknown one does nothing."""
        message_id, _, webhook_id = delivery_id.partition(":")
        self._sending.deliver(message_id, webhook_id)

    def tidy(self) -> int:
        """Forget messages older than `KEPT_FOR` whose deliveries are all over, a few in a transaction; how many."""
        before, forgotten = self._clock() - KEPT_FOR, 0
        while True:
            with write(self._engine) as connection:
                found = rows.forget(connection, before, _FORGOTTEN_AT_ONCE)
            forgotten += found
            if found < _FORGOTTEN_AT_ONCE:
                return forgotten

    def replay(self, issuer_id: str, message_id: str, webhook_id: str) -> None:
        """Send a message to an endpoint again, whatever became of it. WebhookUnknown, WebhookEnded, DeliveryUnknown."""
        with write(self._engine) as connection:
            _require_active(connection, issuer_id, webhook_id)
            if not rows.send_again(connection, issuer_id, message_id, webhook_id, self._clock()):
                raise DeliveryUnknown(where="message")

    def history(self, issuer_id: str, webhook_id: str, cursor: str | None = None, limit: int = 50) -> Page:
        """Deliveries to an endpoint, the newest message first. Raises WebhookUnknown, CursorUnusable.

        `cursor`: of the page before; `limit` 1 to 100.
        """
        if cursor is not None and not cursor.startswith(_MARK):
            raise CursorUnusable(where="cursor")
        wanted = max(1, min(limit, MOST_LISTED))
        with read(self._engine) as connection:
            _require(connection, issuer_id, webhook_id)
            found = rows.history(connection, issuer_id, webhook_id, after=cursor, limit=wanted + 1)
        page = found[:wanted]
        return Page(page, page[-1].delivery.message_id if len(found) > wanted else None)


def _require(connection: Connection, issuer_id: str, webhook_id: str) -> Webhook:
    found = rows.by_id(connection, issuer_id, webhook_id)
    if found is None:
        raise WebhookUnknown(where="webhook")
    return found


def _require_active(connection: Connection, issuer_id: str, webhook_id: str) -> Webhook:
    found = _require(connection, issuer_id, webhook_id)
    if found.ended_at is not None:
        raise WebhookEnded(f"ended: {found.ended_reason}", where="webhook")
    return found
