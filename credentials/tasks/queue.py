"""Tasks: what waits to be done is a row somewhere; a queue only says which rows to look at, and may be lost.

- Each kind of task tells which of its rows are due, and how to do one. `run` takes the row by a lease in the database,
  so that of two workers one does it, and a worker that dies leaves a lease that ends.
- A sweep asks every kind what is due, every second or so, and puts it into the queue: what a queue lost comes back.
  Whoever committed a row says so (`wake`), and the next sweep is made at once.
- The queue is huey's: in the memory of each process (embedded, nothing to install), or in Redis, where any number of
  `credentials worker` processes share it. Messages in Redis are signed: whoever can write there runs nothing here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode

from huey import MemoryHuey, RedisHuey
from huey.api import Huey
from huey.consumer import Consumer
from huey.exceptions import HueyException
from huey.serializer import SignedSerializer

from credentials.core.errors import CredentialError
from credentials.tasks.errors import BrokerUnusable

SWEEP_SECONDS = 1.0
LEAST_PAUSE_SECONDS = 0.05
"""Between two sweeps, however often somebody wakes the queue."""
POLL_SECONDS = 0.1
"""How often a worker without work looks into the queue of its own process. It is told of those in Redis."""
BROKER_REST = timedelta(seconds=10)
"""A broker that could not be told of something is told nothing for this long: no request waits for it again."""
MOST_AT_ONCE = 100
MOST_QUEUED = 1000
"""With so many messages in a broker nothing is added: its workers are behind, or there are none. The rows wait."""
FORGET_AFTER = timedelta(seconds=30)
"""A row that was put into the queue is not put there again for this long, unless it was done before."""
LIMITS = {"socket_connect_timeout": "2", "socket_timeout": "10"}
"""Seconds that a Redis is waited for, unless its address says otherwise. A worker's own question takes one."""
Report = Callable[[str, str], None]
"""Told of each failure: the kind of task, and the error's code or class. Never of what is in a row."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task. `due(now, limit)` gives the ids of rows that wait; `run(id)` does one, if it still waits."""

    name: str
    due: Callable[[datetime, int], Sequence[str]]
    run: Callable[[str], object]


class Tasks:
    """The queue of one process. `broker`: empty for the embedded one, or the address of a Redis.

    Raises BrokerUnusable when the address cannot be used.
    """

    def __init__(self, broker: str, secret: bytes, clock: Callable[[], datetime], report: Report) -> None:
        self._huey = _huey(broker, secret)
        self._kinds: dict[str, Kind] = {}
        self._clock = clock
        self._report = report
        self._queued: dict[tuple[str, str], datetime] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._broker_rests_until = datetime.min.replace(tzinfo=UTC)
        self._consumer: Consumer | None = None
        self._sweeper: threading.Thread | None = None
        self._do = self._huey.task(name="do")(self._perform)
        self._wake_workers = self._huey.task(name="wake")(self._woken.set)
        self.embedded = not broker

    def register(self, kind: Kind) -> None:
        """Add a kind. Before `start`."""
        self._kinds[kind.name] = kind

    def poke(self, name: str, row_id: str) -> None:
        """Put a row into the queue at once. A queue that cannot be reached is no trouble: the sweep comes round."""
        with self._lock:
            self._queued[name, row_id] = self._clock()
        try:
            self._do(name, row_id)
        except Exception as error:  # noqa: BLE001 - what it tells of is committed: no request fails for the queue
            self._report(name, type(error).__name__)

    def wake(self) -> None:
        """Say that a row was committed: the next sweep is made at once, here or by a worker of the broker's.

        Never raises: a broker that cannot be reached is reported, and its workers' own sweeps come round.
        """
        if self.embedded:
            self._woken.set()
            return
        now = self._clock()
        if now < self._broker_rests_until:
            return
        try:
            if not self._is_full():
                self._wake_workers()
        except Exception as error:  # noqa: BLE001 - as in `poke`
            self._broker_rests_until = now + BROKER_REST
            self._report("wake", type(error).__name__)

    def sweep(self) -> int:
        """Queue everything that is due and was not queued lately; returns how many."""
        now = self._clock()
        if not self._has_room():
            return 0
        lately = self._queued_lately(now)
        found = 0
        for kind in self._kinds.values():
            for row_id in self._due(kind, now):
                if (kind.name, row_id) not in lately:
                    self.poke(kind.name, row_id)
                    found += 1
        return found

    def _has_room(self) -> bool:
        """Whether more may be put into the queue. Of a broker that cannot be asked, `poke` tells."""
        try:
            return not self._is_full()
        except Exception:  # noqa: BLE001 - as in `poke`
            return True

    def _is_full(self) -> bool:
        return not self.embedded and self._huey.pending_count() >= MOST_QUEUED

    def _queued_lately(self, now: datetime) -> set[tuple[str, str]]:
        with self._lock:
            self._queued = {row: at for row, at in self._queued.items() if now - at < FORGET_AFTER}
            return set(self._queued)

    def drain(self) -> int:
        """Do all that is due now, here and without the queue; returns how many rows were tried."""
        done = 0
        for kind in self._kinds.values():
            for row_id in self._due(kind, self._clock()):
                self._perform(kind.name, row_id)
                done += 1
        return done

    def start(self, workers: int = 1, *, every: float = SWEEP_SECONDS) -> None:
        """Work in threads of this process until `stop`. `every`: seconds between sweeps that nobody asks for."""
        self._consumer = _QuietConsumer(
            self._huey, workers=workers, periodic=False, initial_delay=POLL_SECONDS, max_delay=POLL_SECONDS
        )
        self._consumer.start()
        self._sweeper = threading.Thread(target=self._sweep_on, args=(every,), name="sweep", daemon=True)
        self._sweeper.start()

    def stop(self, patience: float | None = None) -> None:
        """Let the tasks that run end, begin no other, and return; after `patience` seconds even if one still runs.

        A task that is left running then loses its lease after a while, as if its process had died.
        """
        self._stopping.set()
        self._woken.set()
        if self._consumer is not None:
            self._consumer.shutdown_timeout = patience
            self._consumer.stop(graceful=True)
        if self._sweeper is not None:
            self._sweeper.join(patience)

    def _sweep_on(self, every: float) -> None:
        while not self._stopping.is_set():
            self._woken.wait(every)
            self._woken.clear()  # Before the sweep: what is committed from here on asks for another one.
            if not self._stopping.is_set():
                self.sweep()
            self._stopping.wait(LEAST_PAUSE_SECONDS)

    def _due(self, kind: Kind, now: datetime) -> Sequence[str]:
        try:
            return kind.due(now, MOST_AT_ONCE)
        except CredentialError as error:
            self._report(kind.name, error.code)
        except Exception as error:  # noqa: BLE001 - one kind's trouble ends neither the sweep nor the other kinds
            self._report(kind.name, type(error).__name__)
        return ()

    def _perform(self, name: str, row_id: str) -> None:
        kind = self._kinds.get(name)
        if kind is None:
            return
        try:
            kind.run(row_id)
        except CredentialError as error:
            self._report(name, error.code)
        except Exception as error:  # noqa: BLE001 - the boundary of a thread: told by class, and the row comes round
            self._report(name, type(error).__name__)
        finally:
            with self._lock:
                self._queued.pop((name, row_id), None)


class _QuietConsumer(Consumer):  # type: ignore[misc]  # huey has no types
    """Huey's consumer inside a process that handles its own signals."""

    def _set_signal_handlers(self) -> None:
        pass


def _huey(broker: str, secret: bytes) -> Huey:
    serializer = SignedSerializer(secret=secret.hex())
    if not broker:
        return MemoryHuey("credentials", results=False, serializer=serializer)
    try:
        return RedisHuey("credentials", url=with_limits(broker), results=False, serializer=serializer)
    except (HueyException, ValueError) as error:
        raise BrokerUnusable(str(error).partition("\n")[0], where="CREDENTIALS_TASKS_BROKER") from None


def with_limits(broker: str) -> str:
    """The address, with the limits of time that it does not set itself."""
    given = parse_qs(broker.partition("?")[2])
    missing = urlencode({name: seconds for name, seconds in LIMITS.items() if name not in given})
    return f"{broker}{'&' if '?' in broker else '?'}{missing}" if missing else broker
