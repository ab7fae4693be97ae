"""Remembers what another resolver fetched, for a while and within bounds."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from credentials.verifier.errors import LocationRefused, ResolutionFailed, TimedOut, TooBusy
from credentials.verifier.patience import seconds_left
from credentials.verifier.resolvers.resolver import Clock, Fetched, Resolver, utc_now

AgeOf: TypeAlias = Callable[[str, Fetched], timedelta]
"""How long what was fetched from an address may be used without asking again."""

DEFAULT_AGE = timedelta(seconds=60)
FAILURE_AGE = timedelta(seconds=10)
"""Long enough to spare a server that is down, short enough that nobody waits for it to be asked again."""

LONGEST_URL = 2048
"""Nothing we may visit has a longer address, and what strangers write must not fill the memory."""

_LONGEST_WAIT = 60.0
_FOR_AN_ENTRY = 1024
"""Bytes that an entry takes beside its body and its address, near enough."""

_Key: TypeAlias = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What came of a fetch: a document, or an error to raise again."""

    outcome: Fetched | ResolutionFailed
    stored_at: datetime
    age: timedelta
    size: int

    def is_fresh(self, now: datetime) -> bool:
        """False too when the clock was set back: then nothing is known about the age."""
        return timedelta(0) <= now - self.stored_at < self.age


class CachingResolver:
    """A bounded cache before `resolver`, least recently used out first. Safe to share between threads.

    Documents are used for `age_of(url, fetched)`, failures for `failure_age`. When several threads ask for the same
    address at once, one fetches and the others wait. At most `max_entries` entries and `max_bytes` bytes are held, the
    addresses included. What came of our own haste (no time left, too much to do) is not remembered: it says nothing
    about the other server, and one caller's must not become another's answer.
    """

    def __init__(
        self,
        resolver: Resolver,
        clock: Clock = utc_now,
        *,
        age_of: AgeOf = lambda _url, _fetched: DEFAULT_AGE,
        failure_age: timedelta = FAILURE_AGE,
        max_entries: int = 2048,
        max_bytes: int = 64 << 20,
    ) -> None:
        self._resolver, self._clock = resolver, clock
        self._age_of, self._failure_age = age_of, failure_age
        self._max_entries, self._max_bytes = max_entries, max_bytes
        self._entries: OrderedDict[_Key, _Entry] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._gates: dict[_Key, threading.Lock] = {}

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        """See `Resolver.fetch`. `fetched_at` is when the bytes were really fetched. Raises LocationRefused too."""
        if len(url) > LONGEST_URL:
            raise LocationRefused(f"the address has more than {LONGEST_URL} characters", where=url[:200])
        key = (url, accept, max_bytes)
        with self._lock:
            entry = self._fresh(key, not_before)
        return _told(entry or self._fetch_once(key, not_before))

    def _fetch_once(self, key: _Key, not_before: datetime | None) -> _Entry:
        """Fetch, unless another thread is at it: then wait and use what it brings."""
        with self._lock:
            gate = self._gates.setdefault(key, threading.Lock())
        if not gate.acquire(timeout=seconds_left(_LONGEST_WAIT)):
            raise TimedOut("somebody else's request for it took all the time there was", where=key[0])
        try:
            with self._lock:
                entry = self._fresh(key, not_before)
            return entry or self._ask(key)
        finally:
            with self._lock:
                self._gates.pop(key, None)
            gate.release()

    def _ask(self, key: _Key) -> _Entry:
        """Fetch and remember."""
        url, accept, max_bytes = key
        outcome: Fetched | ResolutionFailed
        try:
            outcome = self._resolver.fetch(url, accept=accept, max_bytes=max_bytes)
            age = self._age_of(url, outcome)
        except ResolutionFailed as error:
            if isinstance(error, TooBusy) or not seconds_left(_LONGEST_WAIT):
                raise
            outcome, age = error, self._failure_age
        body = len(outcome.body) if isinstance(outcome, Fetched) else 0
        entry = _Entry(outcome, self._clock(), age, body + len(url) + _FOR_AN_ENTRY)
        with self._lock:
            self._remember(key, entry)
        return entry

    def _fresh(self, key: _Key, not_before: datetime | None) -> _Entry | None:
        """The entry, if it may still be used; a stale one is dropped. Needs the lock."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if not entry.is_fresh(self._clock()) or (not_before is not None and entry.stored_at < not_before):
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return entry

    def _remember(self, key: _Key, entry: _Entry) -> None:
        """Add an entry and make room: what is stale goes first, then what was longest unused. Needs the lock."""
        now = self._clock()
        for old in [key, *(other for other, kept in self._entries.items() if not kept.is_fresh(now))]:
            self._drop(old)
        self._entries[key] = entry
        self._bytes += entry.size
        while len(self._entries) > self._max_entries or self._bytes > self._max_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: _Key) -> None:
        entry = self._entries.pop(key, None)
        self._bytes -= entry.size if entry else 0


def _told(entry: _Entry) -> Fetched:
    """Return a document, or raise a failure anew: one exception object is not for several threads."""
    if isinstance(entry.outcome, Fetched):
        return entry.outcome
    raise type(entry.outcome)(entry.outcome.detail, where=entry.outcome.where) from entry.outcome
