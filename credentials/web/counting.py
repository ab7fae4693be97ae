"""Counters in this process's memory, as a storage of the `limits` library.

The library's own memory storage starts a thread a hundred times a second to forget old counters, which costs more
than the counting. Here old counters are forgotten while counting, whenever there are too many.
"""

from __future__ import annotations

import time
from threading import Lock

from limits.storage.base import Storage

MOST_COUNTERS = 100_000


class ProcessMemory(Storage):
    """Fixed windows: a count and when it ends, by key. Safe to share between threads."""

    STORAGE_SCHEME = ["process"]  # noqa: RUF012 - the library declares it as a list

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._counters: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong here: nothing of its own."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, in a window of `expiry` seconds that starts with its first count; the count so far."""
        now = time.time()
        with self._lock:
            count, ends = self._counters.get(key, (0, 0.0))
            if ends <= now:
                self._forget_old(now)
                count, ends = 0, now + expiry
            self._counters[key] = (count + amount, ends)
        return count + amount

    def get(self, key: str) -> int:
        """The count in the present window."""
        count, ends = self._counters.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When the present window ends, in seconds since 1970; now when there is none."""
        return max(time.time(), self._counters.get(key, (0, 0.0))[1])

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forget everything; how much that was."""
        with self._lock:
            forgotten = len(self._counters)
            self._counters.clear()
        return forgotten

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._lock:
            self._counters.pop(key, None)

    def _forget_old(self, now: float) -> None:
        """Make room once there are too many; if none is old, all go: memory is bounded, limits are approximate."""
        if len(self._counters) < MOST_COUNTERS:
            return
        live = {key: kept for key, kept in self._counters.items() if kept[1] > now}
        self._counters = live if len(live) < MOST_COUNTERS else {}
