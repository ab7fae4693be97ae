"""Bounded memory for what was decoded once: key documents and status lists.

Nothing here knows about time or trust. A key is the full bytes that a value was made of, so the memory can only ever
give back what those very bytes decode to; whether a list is fresh is asked anew at every verification.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


_NOTHING: Final = (None, 0)


class BoundedCache(Generic[Key, Value]):
    """The oldest entries go first once there are more than `max_entries` or more than `max_weight` bytes.

    Safe to share between threads. An entry heavier than `max_weight` is not kept at all. Reading takes no lock and
    moves nothing, for it is on the path of every verification; an entry in daily use is decoded again once in a round.
    """

    __slots__ = ("_entries", "_lock", "_max_entries", "_max_weight", "_weight")

    def __init__(self, *, max_entries: int, max_weight: int) -> None:
        self._max_entries: Final = max_entries
        self._max_weight: Final = max_weight
        self._weight = 0
        # Not a plain dict, which looks for its first entry past all those that were deleted before it.
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock: Final = Lock()

    def get(self, key: Key) -> Value | None:
        """The value kept for `key`, or None."""
        entry = self._entries.get(key)
        return None if entry is None else entry[0]

    def put(self, key: Key, value: Value, *, weight: int) -> None:
        """Keep `value`; `weight` is about how many bytes it and its key take."""
        if weight > self._max_weight:
            return
        with self._lock:
            self._weight -= self._entries.pop(key, _NOTHING)[1]
            self._entries[key] = value, weight
            self._weight += weight
            while len(self._entries) > self._max_entries or self._weight > self._max_weight:
                self._weight -= self._entries.popitem(last=False)[1][1]

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def weight(self) -> int:
        """Bytes held, as far as the callers told."""
        return self._weight
