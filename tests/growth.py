"""How work grows with its size: what no slow machine and no busy neighbour changes."""

import time
from collections.abc import Callable
from timeit import repeat
from typing import TypeVar

TURNS = 7

T = TypeVar("T")


def times_as_long(work: Callable[[T], object], one: T, other: T) -> float:
    """How many times the processor time of `work(one)` goes into that of `work(other)`, each the least of `TURNS`.

    What else the machine does only ever adds to a time, so the least of several is the nearest to the truth. The
    collector is off (`timeit` sees to that): it walks all that the process holds, whatever the work is.
    """
    return _least(work, other) / _least(work, one)


def _least(work: Callable[[T], object], given: T) -> float:
    return min(repeat(lambda: work(given), timer=time.process_time, number=1, repeat=TURNS))
