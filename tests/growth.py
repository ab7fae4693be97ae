"""How work grows with its size: what no slow machine and no busy neighbour changes."""

import time
from collections.abc import Callable
from typing import TypeVar

TURNS = 7

T = TypeVar("T")


def times_as_long(work: Callable[[T], object], one: T, other: T) -> float:
    """How many times the processor time of `work(one)` goes into that of `work(other)`, each the least of `TURNS`.

    What else the machine does only ever adds to a time, so the least of several is the nearest to the truth.
    """
    ones, others = zip(*((_seconds(work, one), _seconds(work, other)) for _ in range(TURNS)), strict=True)
    return min(others) / min(ones)


def _seconds(work: Callable[[T], object], given: T) -> float:
    started = time.process_time()
    work(given)
    return time.process_time() - started
