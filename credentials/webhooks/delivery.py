"""Send a message to an endpoint, once at a time, until it is taken or there is no more hope.

1. The lease: whoever sends a delivery holds it in the database, committed before anything is sent. After a crash it
   runs out, and the message is sent again under the same `webhook-id`, by which a receiver drops what it had before.
2. The request, outside every transaction. A status from 200 to 299 means it was taken.
3. The result, only while the lease is still ours. 410 ends the endpoint. Every other answer, and none, is tried again
   after a growing while, not before the moment that a 429 or 503 names (`retry_after`); after the last one the delivery
   has failed.
4. An endpoint that took nothing since its first failure five days ago ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine

from credentials.core.errors import CredentialError
from credentials.store import webhooks as rows
from credentials.store.engine import write
from credentials.store.webhooks import Claimed, EndReason, Webhook
from credentials.webhooks.retry_after import wanted_pause
from credentials.webhooks.sealing import Sealer
from credentials.webhooks.signing import headers

LEASE: Final = timedelta(minutes=2)
"""Longer than any request may take."""

PAUSES: Final[Sequence[timedelta]] = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""How long to wait after each failed try: ten tries within about three days."""

JITTER: Final = 0.2
"""By which part of itself a pause is longer or shorter, so that what failed together is not repeated together."""

PATIENCE: Final = timedelta(days=5)
"""How long an endpoint may fail at everything before it ends."""

OUR_OWN_FAULT: Final = frozenset({"too-busy-to-ask", "webhook-secret-unreadable"})
"""Codes of what kept us from asking at all: no try of the endpoint's."""


class Carrier(Protocol):
    """Takes requests to other people's servers, under every protection. Its errors are CredentialErrors."""

    def check(self, url: str, /) -> None:
        """Raise a CredentialError for an address that is never visited, without visiting it."""
        ...

    def post(self, url: str, body: bytes, headers: Mapping[str, str], /) -> tuple[int, str]:
        """Send a body; the status of the answer and its `Retry-After`, or "". CredentialError when there is none."""
        ...


Ended = Callable[[Connection, Webhook], None]
"""Told, in the transaction, of an endpoint that ended by itself: so that its issuer can be told."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try: the status answered, or the code of what went wrong. `pause`: the least they ask for."""

    answered: int | None
    problem: str | None
    pause: timedelta = field(default=timedelta())

    @property
    def is_success(self) -> bool:
        """Whether the endpoint took the message."""
        return self.answered is not None and 200 <= self.answered < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What sending works with. `chance` gives numbers from 0 to 1 for the jitter."""

    engine: Engine
    sealer: Sealer
    carrier: Carrier
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    ended: Ended

    def deliver(self, message_id: str, webhook_id: str) -> None:
        """Send one delivery, if it is due and nobody else is at it. Raises the store's errors."""
        now = self.clock()
        with write(self.engine) as connection:
            claimed = rows.claim(connection, message_id, webhook_id, now, now + LEASE)
            if claimed is not None and claimed.webhook.ended_at is not None:
                rows.settle(connection, claimed.delivery, {"state": "dropped"})
                return
        if claimed is not None:
            outcome = self._send(claimed)
            with write(self.engine) as connection:
                self._settle(connection, claimed, outcome)

    def _send(self, claimed: Claimed) -> Outcome:
        now, webhook, message = self.clock(), claimed.webhook, claimed.message
        try:
            signed = headers(message.id, now, message.body, self._keys(webhook, now))
            answered, retry_after = self.carrier.post(webhook.address, message.body, signed)
            return Outcome(answered, None, wanted_pause(answered, retry_after, self.clock()))
        except CredentialError as error:
            return Outcome(None, error.code)  # its detail may repeat the address, which may be a secret

    def _keys(self, webhook: Webhook, now: datetime) -> list[bytes]:
        """The secrets that sign now, the newest first."""
        sealed = [webhook.secret]
        if webhook.former_secret is not None and webhook.former_until is not None and now < webhook.former_until:
            sealed.append(webhook.former_secret)
        return [self.sealer.open(one, webhook.issuer_id, webhook.id) for one in sealed]

    def _settle(self, connection: Connection, claimed: Claimed, outcome: Outcome) -> None:
        now = self.clock()
        if not rows.settle(connection, claimed.delivery, self._values(claimed, outcome, now)):
            return
        if outcome.is_success:
            self._change(connection, claimed.webhook, {"failing_since": None})
        elif outcome.problem not in OUR_OWN_FAULT:
            self._note_failure(connection, claimed.webhook, outcome, now)

    def _values(self, claimed: Claimed, outcome: Outcome, now: datetime) -> dict[str, Any]:
        """The delivery's columns after a try."""
        told = {"answered": outcome.answered, "problem": outcome.problem}
        if outcome.problem in OUR_OWN_FAULT:
            return told | {"due_at": now + self._pause(0)}
        tried = claimed.delivery.attempts + 1
        if outcome.is_success:
            return told | {"state": "delivered", "attempts": tried, "delivered_at": now}
        if outcome.answered == 410:
            return told | {"state": "failed", "attempts": tried}
        if tried > len(PAUSES):
            return told | {"state": "failed", "attempts": tried}
        return told | {"attempts": tried, "due_at": now + self._pause(tried - 1, outcome.pause)}

    def _pause(self, position: int, least: timedelta = timedelta()) -> timedelta:
        """Ours, or the one that they ask for if that is longer; theirs is only ever stretched."""
        chance = self.chance()
        return max(PAUSES[position] * (1 - JITTER + 2 * JITTER * chance), least * (1 + JITTER * chance))

    def _note_failure(self, connection: Connection, webhook: Webhook, outcome: Outcome, now: datetime) -> None:
        current = rows.by_id(connection, webhook.issuer_id, webhook.id)
        if current is None or current.ended_at is not None:
            return
        since = current.failing_since or now
        if outcome.answered == 410:
            self._end(connection, current, now, "gone")
        elif now - since >= PATIENCE:
            self._end(connection, current, now, "failing")
        elif current.failing_since is None:
            self._change(connection, current, {"failing_since": since})

    def _end(self, connection: Connection, webhook: Webhook, now: datetime, reason: EndReason) -> None:
        rows.end(connection, webhook.issuer_id, webhook.id, now, reason)
        current = rows.by_id(connection, webhook.issuer_id, webhook.id)
        self.ended(connection, current or webhook)

    @staticmethod
    def _change(connection: Connection, webhook: Webhook, values: Mapping[str, Any]) -> None:
        rows.change(connection, webhook.issuer_id, webhook.id, values)
