"""Tasks: what is due is done, on both backends, whatever a queue loses."""

import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from credentials.core.errors import NotFound
from credentials.mail.errors import MailUnknown
from credentials.tasks.errors import BrokerUnusable
from credentials.tasks.queue import FORGET_AFTER, MOST_AT_ONCE, MOST_QUEUED, Kind, Tasks, with_limits
from tests.tasks.redis_server import redis_server
from tests.tasks.rows import Rows, tasks_of, wait_for


def test_what_is_due_is_done_once(broker: str) -> None:
    rows = Rows(*(f"row-{number}" for number in range(50)))
    tasks = tasks_of(broker, rows)
    tasks.start(workers=3)
    wait_for(rows, 50)
    tasks.stop()

    assert sorted(rows.done) == sorted(f"row-{number}" for number in range(50))


def test_a_row_that_fails_is_told_by_its_code_and_comes_round(broker: str) -> None:
    rows, told = Rows("row"), [("", "")]
    rows.trouble = MailUnknown("ana@mail.example")
    tasks = tasks_of(broker, rows, told)
    tasks.start()
    until = time.monotonic() + 20
    while len(told) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    rows.trouble = None
    wait_for(rows, 1)
    tasks.stop()

    assert ("rows", "mail-unknown") in told
    assert "ana@mail.example" not in str(told)
    assert rows.done == ["row"]


def test_a_bug_ends_no_worker(broker: str) -> None:
    rows, told = Rows("row"), [("", "")]
    rows.trouble = ZeroDivisionError("secret")
    tasks = tasks_of(broker, rows, told)
    tasks.start()
    until = time.monotonic() + 20
    while len(told) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    rows.trouble = None
    wait_for(rows, 1)
    tasks.stop()

    assert told[1] == ("rows", "ZeroDivisionError")
    assert rows.done == ["row"]


def test_a_lost_queue_is_filled_again(tmp_path: Path) -> None:
    rows = Rows("row")
    with redis_server(tmp_path) as address:
        tasks_of(address, rows).sweep()
    with redis_server(tmp_path) as address:
        other = tasks_of(address, rows)
        other.start()
        wait_for(rows, 1)
        other.stop()

    assert rows.done == ["row"]


def test_a_broker_whose_workers_are_away_is_not_filled_without_end(tmp_path: Path) -> None:
    rows, now = Rows(*(f"row-{number}" for number in range(MOST_AT_ONCE))), [datetime.now(UTC)]
    with redis_server(tmp_path) as address:
        tasks = Tasks(address, b"s" * 32, lambda: now[0], lambda *_: None)
        tasks.register(Kind("rows", rows.due, rows.run))
        queued = 0
        for _ in range(30):
            queued += tasks.sweep()
            tasks.wake()
            now[0] += FORGET_AFTER
        waiting = tasks._huey.pending_count()
        workers = tasks_of(address, rows)
        workers.start(2)
        wait_for(rows, MOST_AT_ONCE)
        workers.stop()

    assert MOST_QUEUED <= waiting < MOST_QUEUED + MOST_AT_ONCE
    assert queued < waiting
    assert len(rows.done) == MOST_AT_ONCE


def test_a_broker_that_is_gone_stops_no_request(tmp_path: Path) -> None:
    rows, told = Rows("row"), [("", "")]
    with redis_server(tmp_path) as address:
        tasks = tasks_of(address, rows, told)
    tasks.poke("rows", "row")

    assert told[1][0] == "rows"
    assert tasks.drain() == 1
    assert rows.done == ["row"]


def test_what_another_secret_signed_is_not_run(tmp_path: Path) -> None:
    rows, stranger = Rows(), Rows("evil")
    with redis_server(tmp_path) as address:
        forged = Tasks(address, b"t" * 32, lambda: datetime.now(UTC), lambda *_: None)
        forged.register(Kind("rows", stranger.due, stranger.run))
        forged.sweep()
        ran: list[str] = []
        tasks = Tasks(address, b"s" * 32, lambda: datetime.now(UTC), lambda *_: None)
        tasks.register(Kind("rows", rows.due, ran.append))
        tasks.start()
        time.sleep(1.5)
        tasks.stop()

    assert ran == []


def test_a_kind_that_cannot_say_what_is_due_stops_no_other() -> None:
    rows, told = Rows("row"), [("", "")]

    def broken(now: datetime, limit: int) -> list[str]:
        raise NotFound

    tasks = tasks_of("", rows, told)
    tasks.register(Kind("broken", broken, rows.run))
    assert tasks.drain() == 1
    assert rows.done == ["row"]


@pytest.mark.parametrize("address", ["redis://:bad:port:/x", "nonsense://x"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(BrokerUnusable):
        tasks_of(address, Rows())


def test_a_defect_in_one_kind_ends_neither_the_sweep_nor_the_others(broker: str) -> None:
    rows, told = Rows("row"), [("", "")]

    def broken(now: datetime, limit: int) -> list[str]:
        raise ZeroDivisionError("secret")

    tasks = Tasks(broker, b"s" * 32, lambda: datetime.now(UTC), lambda *said: told.append(said))
    tasks.register(Kind("broken", broken, rows.run))
    tasks.register(Kind("rows", rows.due, rows.run))
    tasks.start()
    wait_for(rows, 1)
    rows.waiting.append("later")
    wait_for(rows, 2)
    tasks.stop()

    assert rows.done == ["row", "later"]
    assert told.count(("broken", "ZeroDivisionError")) >= 2


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that take turns as often as they can, so that a race shows itself."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_sweeping_while_other_threads_queue_breaks_nothing(hasty_threads: None) -> None:
    tasks, ended = tasks_of("", Rows()), threading.Event()

    def come_and_go() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            tasks.poke("rows", str(number))

    threads = [threading.Thread(target=come_and_go) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        swept = [tasks.sweep() for _ in range(300)]
    finally:
        ended.set()
        for thread in threads:
            thread.join()

    assert swept == [0] * 300


def test_a_queue_that_fails_in_any_way_fails_no_request() -> None:
    told: list[tuple[str, str]] = [("", "")]
    tasks = tasks_of("", Rows("row"), told)
    tasks.poke("rows", threading.Lock())  # type: ignore[arg-type]  # nothing that can be queued

    assert told[1:] == [("rows", "TypeError")]


@pytest.mark.parametrize(
    ("address", "limited"),
    [
        ("redis://a/1", "redis://a/1?socket_connect_timeout=2&socket_timeout=10"),
        ("unix:///run/redis.sock?db=1", "unix:///run/redis.sock?db=1&socket_connect_timeout=2&socket_timeout=10"),
        ("redis://a/1?socket_timeout=3", "redis://a/1?socket_timeout=3&socket_connect_timeout=2"),
        ("redis://a?socket_connect_timeout=1&socket_timeout=3", "redis://a?socket_connect_timeout=1&socket_timeout=3"),
    ],
)
def test_limits_of_time_are_added_where_the_address_has_none(address: str, limited: str) -> None:
    assert with_limits(address) == limited


def test_stopping_waits_for_the_task_that_runs_and_begins_no_other(broker: str) -> None:
    begun, ended = threading.Event(), []

    def slow(row_id: str) -> None:
        begun.set()
        time.sleep(0.5)
        ended.append(row_id)

    tasks = Tasks(broker, b"s" * 32, lambda: datetime.now(UTC), lambda *_: None)
    tasks.register(Kind("rows", lambda *_: ("first", "second"), slow))
    tasks.start(every=0.01)
    assert begun.wait(10)
    tasks.stop()
    time.sleep(0.6)

    assert ended == ["first"]


def test_stopping_does_not_wait_for_ever() -> None:
    begun, leave = threading.Event(), threading.Event()

    def stuck(_row_id: str) -> None:
        begun.set()
        leave.wait(30)

    tasks = Tasks("", b"s" * 32, lambda: datetime.now(UTC), lambda *_: None)
    tasks.register(Kind("rows", lambda *_: ("stuck",), stuck))
    tasks.start(every=0.01)
    assert begun.wait(10)
    began = time.monotonic()
    tasks.stop(patience=0.2)
    leave.set()

    assert time.monotonic() - began < 5


def test_what_never_started_stops_at_once() -> None:
    tasks_of("", Rows("row")).stop()
