"""Tasks: what is due is done, on both backends, whatever a queue loses."""

import socket
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
from credentials.tasks.queue import BROKER_REST, FORGET_AFTER, MOST_AT_ONCE, MOST_QUEUED, Kind, Tasks, with_limits
from tests.tasks.redis_server import redis_server


class Rows:
    """Rows that wait, as a table would have them."""

    def __init__(self, *ids: str) -> None:
        self.waiting = list(ids)
        self.done: list[str] = []
        self.lock = threading.Lock()
        self.trouble: Exception | None = None

    def due(self, now: datetime, limit: int) -> list[str]:
        with self.lock:
            return self.waiting[:limit]

    def run(self, row_id: str) -> None:
        with self.lock:
            if self.trouble is not None:
                raise self.trouble
            if row_id in self.waiting:
                self.waiting.remove(row_id)
                self.done.append(row_id)


@pytest.fixture(params=["embedded", "redis"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of each backend."""
    if request.param == "embedded":
        yield ""
        return
    with redis_server(tmp_path) as address:
        yield address


def tasks_of(broker: str, rows: Rows, told: list[tuple[str, str]] | None = None) -> Tasks:
    tasks = Tasks(broker, b"s" * 32, lambda: datetime.now(UTC), lambda *said: (told or []).append(said))
    tasks.register(Kind("rows", rows.due, rows.run))
    return tasks


def wait_for(rows: Rows, number: int) -> None:
    until = time.monotonic() + 20
    while len(rows.done) < number and time.monotonic() < until:
        time.sleep(0.02)


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


def test_a_woken_queue_waits_for_no_sweep(broker: str) -> None:
    rows = Rows()
    serving, working = tasks_of(broker, rows), tasks_of(broker, rows)
    worker = serving if serving.embedded else working
    worker.start(every=3600)
    for number in range(1, 6):
        rows.waiting.append(f"row-{number}")
        serving.wake()
        wait_for(rows, number)
    worker.stop()

    assert rows.done == [f"row-{number}" for number in range(1, 6)]


def test_a_queue_that_nobody_wakes_sleeps_until_its_sweep(broker: str) -> None:
    rows = Rows("row")
    tasks = tasks_of(broker, rows)
    tasks.start(every=3600)
    time.sleep(0.5)
    tasks.stop()

    assert rows.done == []


def test_waking_a_thousand_times_sweeps_a_few_times() -> None:
    asked: list[datetime] = []

    def none_due(now: datetime, _limit: int) -> tuple[str, ...]:
        asked.append(now)
        return ()

    tasks = Tasks("", b"s" * 32, lambda: datetime.now(UTC), lambda *_: None)
    tasks.register(Kind("rows", none_due, str))
    tasks.start(every=3600)
    for _ in range(1000):
        tasks.wake()
        time.sleep(0.0002)
    tasks.stop()

    assert 1 <= len(asked) <= 40


def test_a_broker_that_is_gone_is_told_once_and_then_left_alone(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    moments = [datetime(2026, 3, 16, 9, tzinfo=UTC)]
    with redis_server(tmp_path) as address:
        tasks = Tasks(address, b"s" * 32, lambda: moments[-1], lambda *said: told.append(said))
        tasks.wake()
    for _ in range(50):
        tasks.wake()
    assert [kind for kind, _ in told] == ["wake"]

    moments.append(moments[-1] + BROKER_REST)
    tasks.wake()
    assert [kind for kind, _ in told] == ["wake", "wake"]


def test_a_broker_that_never_answers_holds_nobody_up_for_long() -> None:
    told = [("", "")]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0?socket_timeout=0.2"
        tasks = tasks_of(address, Rows(), told)
        began = time.monotonic()
        tasks.wake()

    assert time.monotonic() - began < 5
    assert told[1:] == [("wake", "TimeoutError")]


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
