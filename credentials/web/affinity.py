"""Each worker process on a processor of its own.

A worker's threads take turns at the interpreter, so a second processor adds nothing to one worker. But each time one of
them lets go, as it does for every signature, whichever runs next has to fetch all it needs from the other processor's
memory, and a verification costs almost twice as much (ADR 23). Who wants more processors used starts more workers.
"""

from __future__ import annotations

import multiprocessing
import os
import random
from collections.abc import Callable
from contextlib import suppress
from ctypes import c_uint
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def on_one_processor(app_factory: Callable[[], WSGIApplication]) -> Callable[[], WSGIApplication]:
    """`app_factory`, which first binds the worker that calls it to the processor whose turn it is.

    The first turn is anybody's, so that several services on one machine do not all choose the same processor. Threads
    that a worker starts afterwards stay there too. Where processes cannot be bound, nothing changes.
    """
    turn: Synchronized[int] = multiprocessing.Value(c_uint, random.randrange(1 << 16))  # noqa: S311 - no secret
    return _Bound(app_factory, turn)


@dataclass(frozen=True, slots=True)
class _Bound:
    """Picklable, as granian wants it; `turn` counts the workers that were started."""

    app_factory: Callable[[], WSGIApplication]
    turn: Synchronized[int]

    def __call__(self) -> WSGIApplication:
        with self.turn:
            turn = self.turn.value
            self.turn.value += 1
        bind(turn)
        take_turns_seldom()
        return self.app_factory()


def take_turns_seldom() -> None:
    """Ask the kernel to switch between this process's threads less often than for one that somebody types at.

    On one processor a thread that was woken would take it from the one that woke it, to wait for the interpreter that
    this one still holds. A new thread is asked for the same. Where it is not allowed, nothing changes.
    """
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def bind(turn: int) -> None:
    """Let this process run only on the processor of this number, counted round among those that it may use."""
    if hasattr(os, "sched_setaffinity"):
        usable = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {usable[turn % len(usable)]})
