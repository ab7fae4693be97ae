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


class BoundedCache(Generic[Key, Value]):
    """Least recently used entries go first once there are more than `max_entries` or more than `max_weight` bytes.

    Safe to share between threads. An entry heavier than `max_weight` is not kept at all.
    """

    __slots__ = ("_entries", "_lock", "_max_entries", "_max_weight", "_weight")

    def __init__(self, *, max_entries: int, max_weight: int) -> None:
        self._max_entries: Final = max_entries
        self._max_weight: Final = max_weight
        self._weight = 0
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock: Final = Lock()

    def get(self, key: Key) -> Value | None:
        """The value kept for `key`, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Key, value: Value, *, weight: int) -> None:
        """Keep `value`; `weight` is about how many bytes it and its key take."""
        if weight > self._max_weight:
            return
        with self._lock:
            self._weight += weight - self._entries.pop(key, (value, 0))[1]
            self._entries[key] = (value, weight)
            while len(self._entries) > self._max_entries or self._weight > self._max_weight:
                _, (_, dropped) = self._entries.popitem(last=False)
                self._weight -= dropped

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def weight(self) -> int:
        """Bytes held, as far as the callers told."""
        return self._weight
