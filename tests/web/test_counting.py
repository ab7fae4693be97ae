"""Counters in memory keep the contract of the `limits` library."""

import threading
import time

import pytest
from limits import parse
from limits.strategies import FixedWindowRateLimiter

from credentials.web import counting
from credentials.web.counting import ProcessMemory


def test_a_window_counts_up_to_its_limit_and_starts_again() -> None:
    limiter, item = FixedWindowRateLimiter(ProcessMemory()), parse("2 per 1 second")
    assert [limiter.hit(item, "a") for _ in range(4)] == [True, True, False, False]
    assert limiter.hit(item, "b")
    assert 0 < limiter.get_window_stats(item, "a").reset_time - time.time() <= 1
    time.sleep(1.05)
    assert limiter.hit(item, "a")


def test_counts_are_read_cleared_and_reset() -> None:
    memory = ProcessMemory()
    assert memory.get("x") == 0
    assert memory.get_expiry("x") <= time.time()
    memory.incr("x", 60, amount=3)
    assert memory.get("x") == 3
    assert memory.get_expiry("x") > time.time() + 50
    memory.clear("x")
    assert memory.get("x") == 0
    memory.incr("y", 60)
    assert memory.reset() == 1
    assert memory.check()


def test_no_thread_is_started() -> None:
    before = threading.active_count()
    memory = ProcessMemory()
    for number in range(100):
        memory.incr(str(number), 0.001)
    assert threading.active_count() == before


def test_memory_is_bounded_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_COUNTERS", 50)
    memory = ProcessMemory()
    for number in range(500):
        memory.incr(str(number), 60)
    assert len(memory._counters) <= 50


def test_old_counters_make_room_before_live_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_COUNTERS", 50)
    memory = ProcessMemory()
    memory.incr("live", 60)
    for number in range(48):
        memory.incr(str(number), 0.01)
    time.sleep(0.02)
    memory.incr("one more", 60)
    memory.incr("and another", 60)
    assert memory.get("live") == 1


def test_threads_do_not_lose_counts() -> None:
    memory = ProcessMemory()
    threads = [threading.Thread(target=lambda: [memory.incr("x", 60) for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert memory.get("x") == 4000
