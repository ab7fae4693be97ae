"""The outbox's upkeep, as a kind of task: every hour, in each process that works, texts kept too long are erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from credentials.mail.outbox import Outbox

EVERY = timedelta(hours=1)
_ID = "outbox"


class Upkeep:
    """Due at once, then every hour. Each process keeps its own time: tidying twice changes nothing."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._next: datetime | None = None

    def due(self, now: datetime, _limit: int) -> Sequence[str]:
        """One id when an hour has passed, else none."""
        return (_ID,) if self._next is None or now >= self._next else ()

    def run(self, _row_id: str) -> None:
        """Tidy the outbox."""
        self._outbox.tidy()
        self._next = self._outbox.clock() + EVERY
