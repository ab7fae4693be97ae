"""Upkeep: something that each process that works does every hour, as a kind of task. Doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

EVERY = timedelta(hours=1)
_ID = "upkeep"


class Hourly:
    """Due at once, then every hour. Each process keeps its own time."""

    def __init__(self, call: Callable[[], object], clock: Callable[[], datetime]) -> None:
        self._call, self._clock = call, clock
        self._next: datetime | None = None

    def due(self, now: datetime, _limit: int) -> Sequence[str]:
        """One id when an hour has passed, else none."""
        return (_ID,) if self._next is None or now >= self._next else ()

    def run(self, _row_id: str) -> None:
        """Do it. What it raises is told, and it is due again at once."""
        self._call()
        self._next = self._clock() + EVERY
