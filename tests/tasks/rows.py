"""Rows that wait for a queue, and a queue that knows them."""

import threading
import time
from datetime import UTC, datetime

from credentials.tasks.queue import Kind, Tasks


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


def tasks_of(broker: str, rows: Rows, told: list[tuple[str, str]] | None = None) -> Tasks:
    tasks = Tasks(broker, b"s" * 32, lambda: datetime.now(UTC), lambda *said: (told or []).append(said))
    tasks.register(Kind("rows", rows.due, rows.run))
    return tasks


def wait_for(rows: Rows, number: int) -> None:
    until = time.monotonic() + 20
    while len(rows.done) < number and time.monotonic() < until:
        time.sleep(0.02)
