"""Waking: a woken queue waits for no sweep, few sweeps follow many wakes, and no broker holds up who wakes."""

import socket
import time
from datetime import UTC, datetime
from pathlib import Path

from credentials.tasks.queue import BROKER_REST, Kind, Tasks
from tests.tasks.redis_server import redis_server
from tests.tasks.rows import Rows, tasks_of, wait_for


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
