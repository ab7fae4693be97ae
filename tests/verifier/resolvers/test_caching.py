"""The cache: bounded, honest about age, one fetch at a time, failures remembered briefly."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from credentials.verifier.errors import (
    AnswerTooLarge,
    LocationRefused,
    NotFoundThere,
    ResolutionFailed,
    TimedOut,
    TooBusy,
)
from credentials.verifier.patience import waiting_at_most
from credentials.verifier.resolvers import CachingResolver, Fetched

START = datetime(2026, 3, 16, 12, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Source:
    """A resolver that counts, and answers with what its function says."""

    clock: Clock
    answer: Callable[[str], bytes | ResolutionFailed] = lambda url: url.encode()
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        self.asked.append(url)
        found = self.answer(url)
        if isinstance(found, ResolutionFailed):
            raise found
        return Fetched(found, accept, self.clock())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(clock: Clock) -> Source:
    return Source(clock)


def fetch(resolver: CachingResolver, url: str = "https://a.example/", accept: str = "x/y", cap: int = 100) -> Fetched:
    return resolver.fetch(url, accept=accept, max_bytes=cap)


def test_a_fresh_document_is_not_fetched_again(clock: Clock, source: Source) -> None:
    cache = CachingResolver(source, clock)
    first = fetch(cache)
    clock.move(59.9)
    assert fetch(cache) is first
    assert first.fetched_at == START
    assert len(source.asked) == 1


@pytest.mark.parametrize("seconds", [60, 61, 1e6, -0.001, -3600])
def test_a_document_too_old_or_from_the_future_is_fetched_again(clock: Clock, source: Source, seconds: float) -> None:
    cache = CachingResolver(source, clock)
    fetch(cache)
    clock.move(seconds)
    assert fetch(cache).fetched_at == clock.now
    assert len(source.asked) == 2


@pytest.mark.parametrize(("wanted_since", "asked"), [(-10, 1), (0, 1), (0.001, 2), (10, 2)])
def test_whoever_wants_it_newer_than_what_is_kept_has_it_fetched(
    clock: Clock, source: Source, wanted_since: float, asked: int
) -> None:
    cache = CachingResolver(source, clock)
    fetch(cache)
    clock.move(20)
    since = START + timedelta(seconds=wanted_since)
    found = cache.fetch("https://a.example/", accept="x/y", max_bytes=100, not_before=since)

    assert len(source.asked) == asked
    assert found.fetched_at == (clock.now if asked == 2 else START)
    assert fetch(cache) is found


def test_each_entry_has_its_own_age(clock: Clock, source: Source) -> None:
    cache = CachingResolver(source, clock, age_of=lambda url, _: timedelta(hours=1 if "keys" in url else 0))
    for _ in range(2):
        fetch(cache, "https://a.example/keys")
        fetch(cache, "https://a.example/status")
    assert source.asked.count("https://a.example/keys") == 1
    assert source.asked.count("https://a.example/status") == 2


def test_another_question_is_another_entry(clock: Clock, source: Source) -> None:
    cache = CachingResolver(source, clock)
    fetch(cache)
    fetch(cache, accept="other/type")
    fetch(cache, cap=99)
    fetch(cache, "https://a.example/?")
    assert len(source.asked) == 4


@pytest.mark.parametrize("kind", [NotFoundThere, TimedOut, AnswerTooLarge])
def test_a_failure_is_remembered_briefly(clock: Clock, source: Source, kind: type[ResolutionFailed]) -> None:
    source.answer = lambda url: kind("why", where=url)
    cache = CachingResolver(source, clock)
    seen = []
    for _ in range(3):
        with pytest.raises(kind, match="why") as caught:
            fetch(cache)
        seen.append(caught.value)
        assert caught.value.where == "https://a.example/"
    assert len(source.asked) == 1
    assert len({id(error) for error in seen[1:]}) == 2
    clock.move(10)
    source.answer = lambda _url: b"back"
    assert fetch(cache).body == b"back"


def test_a_failure_never_hides_behind_an_old_document(clock: Clock, source: Source) -> None:
    cache = CachingResolver(source, clock)
    fetch(cache)
    clock.move(60)
    source.answer = lambda url: TimedOut("slow", where=url)
    with pytest.raises(TimedOut):
        fetch(cache)


def test_a_defect_is_not_cached(clock: Clock, source: Source) -> None:
    def broken(_url: str) -> bytes:
        raise ZeroDivisionError

    source.answer = broken
    cache = CachingResolver(source, clock)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fetch(cache)
    source.answer = lambda _url: b"mended"
    assert fetch(cache).body == b"mended"


def test_the_least_recently_used_goes_first(clock: Clock, source: Source) -> None:
    cache = CachingResolver(source, clock, max_entries=2)
    for name in ("a", "b", "a", "c", "a", "b"):
        fetch(cache, name)
    assert source.asked == ["a", "b", "c", "b"]


def test_bytes_are_bounded(clock: Clock, source: Source) -> None:
    source.answer = lambda _url: b"x" * 2000
    cache = CachingResolver(source, clock, max_bytes=7000)
    for name in ("a", "b", "c", "c", "b", "a"):
        fetch(cache, name)
    assert source.asked == ["a", "b", "c", "a"]


def test_what_is_larger_than_the_cache_is_passed_on(clock: Clock, source: Source) -> None:
    source.answer = lambda _url: b"x" * 101
    cache = CachingResolver(source, clock, max_bytes=100)
    assert len(fetch(cache).body) == 101
    assert len(fetch(cache).body) == 101
    assert len(source.asked) == 2


def test_endless_failures_do_not_fill_memory(clock: Clock, source: Source) -> None:
    source.answer = lambda url: NotFoundThere("no", where=url)
    cache = CachingResolver(source, clock, max_entries=3)
    for number in range(50):
        with pytest.raises(NotFoundThere):
            fetch(cache, str(number))
    assert len(vars(cache)["_entries"]) == 3
    assert vars(cache)["_gates"] == {}


def test_many_who_ask_at_once_make_one_fetch(clock: Clock, source: Source) -> None:
    def slow(_url: str) -> bytes:
        time.sleep(0.05)
        return b"once"

    source.answer = slow
    cache, bodies = CachingResolver(source, clock), list[bytes]()
    threads = [threading.Thread(target=lambda: bodies.append(fetch(cache).body)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies == [b"once"] * 12
    assert len(source.asked) == 1


def test_one_slow_address_does_not_hold_up_another(clock: Clock, source: Source) -> None:
    release = threading.Event()

    def answer(url: str) -> bytes:
        if url == "slow":
            release.wait(60)
        return b"x"

    source.answer = answer
    cache = CachingResolver(source, clock)
    waiting = threading.Thread(target=lambda: fetch(cache, "slow"))
    waiting.start()
    fetch(cache, "quick")
    assert waiting.is_alive()
    release.set()
    waiting.join()


@pytest.mark.parametrize("kind", [NotFoundThere, TimedOut])
def test_addresses_count_as_much_as_what_stands_there(
    clock: Clock, source: Source, kind: type[ResolutionFailed]
) -> None:
    source.answer = lambda url: kind("why", where=url)
    cache = CachingResolver(source, clock, max_bytes=10_000)
    for number in range(20):
        with pytest.raises(kind):
            fetch(cache, f"{number:04}" + "a" * 2000)
    with pytest.raises(kind):
        fetch(cache, "0000" + "a" * 2000)
    assert len(source.asked) == 21
    with pytest.raises(kind):
        fetch(cache, "0019" + "a" * 2000)
    assert len(source.asked) == 21


@pytest.mark.parametrize("length", [2049, 12_000, 1_000_000])
def test_an_address_nobody_visits_is_not_even_asked_for(clock: Clock, source: Source, length: int) -> None:
    cache = CachingResolver(source, clock)
    with pytest.raises(LocationRefused) as caught:
        fetch(cache, "https://a.example/" + "a" * (length - 18))
    assert source.asked == []
    assert len(caught.value.where) <= 200
    assert fetch(cache, "https://a.example/" + "a" * 2030).body


def test_what_is_stale_makes_room_first(clock: Clock, source: Source) -> None:
    cache = CachingResolver(
        source, clock, max_entries=3, age_of=lambda url, _: timedelta(seconds=9 if url == "b" else 99)
    )
    for name in ("a", "b", "c"):
        fetch(cache, name)
    clock.move(10)
    fetch(cache, "d")
    fetch(cache, "a")
    fetch(cache, "c")
    assert source.asked == ["a", "b", "c", "d"]


def test_being_too_busy_is_nobody_elses_answer(clock: Clock, source: Source) -> None:
    source.answer = lambda url: TooBusy("for now", where=url)
    cache = CachingResolver(source, clock)
    with pytest.raises(TooBusy):
        fetch(cache)
    source.answer = lambda _url: b"back"
    assert fetch(cache).body == b"back"


def test_one_callers_haste_is_nobody_elses_answer(clock: Clock, source: Source) -> None:
    ticks = [0.0]

    def answer(url: str) -> ResolutionFailed:
        ticks[0] += 8
        return TimedOut("in a hurry", where=url)

    source.answer = answer
    cache = CachingResolver(source, clock)
    with waiting_at_most(8, lambda: ticks[0]), pytest.raises(TimedOut):
        fetch(cache)
    source.answer = lambda _url: b"back"
    assert fetch(cache).body == b"back"


def test_nobody_waits_for_anothers_fetch_beyond_their_own_time(clock: Clock, source: Source) -> None:
    asked, release = threading.Event(), threading.Event()

    def answer(_url: str) -> bytes:
        asked.set()
        release.wait(60)
        return b"x"

    source.answer = answer
    cache = CachingResolver(source, clock)
    waiting = threading.Thread(target=lambda: fetch(cache))
    waiting.start()
    asked.wait(5)
    with waiting_at_most(0.2), pytest.raises(TimedOut):
        fetch(cache)
    assert waiting.is_alive()
    release.set()
    waiting.join()
    assert fetch(cache).body == b"x"
