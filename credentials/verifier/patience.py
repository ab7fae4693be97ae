"""One deadline for all that one verification asks of other people's servers.

A credential names many addresses: keys, lists, a story. Each answer has a time limit of its own, and whoever writes the
credential could make us wait for one after the other. So a verification says how long it will wait altogether, and
whoever waits for the network asks here how much of that is left. Times are of the monotonic clock, in seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

Ticks = Callable[[], float]
"""Seconds on a clock that never goes back."""

PATIENCE: Final = 8.0
"""How many seconds a verification waits for other people's servers, all of them together."""

_deadline: ContextVar[tuple[float, Ticks] | None] = ContextVar("deadline of the verification under way", default=None)


class waiting_at_most:  # noqa: N801 (a context manager, named as it reads)
    """Within this context the network is waited for so long and no longer; a deadline set further out still holds."""

    __slots__ = ("_moment", "_ticks", "_token")

    def __init__(self, seconds: float, ticks: Ticks = time.monotonic) -> None:
        self._moment, self._ticks = ticks() + seconds_left(seconds), ticks

    def __enter__(self) -> None:
        self._token = _deadline.set((self._moment, self._ticks))

    def __exit__(self, *_: object) -> None:
        _deadline.reset(self._token)


def seconds_left(limit: float) -> float:
    """How long something may take that would be given `limit` seconds by itself: 0 when no time is left."""
    if (deadline := _deadline.get()) is None:
        return limit
    moment, ticks = deadline
    return max(0.0, min(limit, moment - ticks()))
