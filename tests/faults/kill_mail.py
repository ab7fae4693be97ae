"""Kill workers that send mail at random moments, over both queues, and see that no letter is lost.

    python tests/faults/kill_mail.py --kills 500 --letters 2000 --queue redis --workers 3

The workers run the real queue: embedded, each for itself, or all on one Redis. Each is killed with SIGKILL after a
random while and started again. The service's clock runs a hundred times as fast as the machine's, so that leases end.
Every letter must have reached the mail server, and one that came again must have come under the same Message-ID.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from credentials.mail.message import Letter
from credentials.mail.outbox import Outbox
from credentials.mail.smtp import MailServer
from credentials.store.engine import open_engine, write
from credentials.store.migrate import upgrade
from credentials.tasks.queue import Kind, Tasks
from tests.mail.sink import sink
from tests.tasks.redis_server import redis_server

SECRET = b"k" * 32
SPEED = 100
PATIENCE = 90
"""Seconds without a letter on its way after which a run has failed: how fast they go depends on the machine."""
_FORK = multiprocessing.get_context("fork")


class Failed(AssertionError):
    """A letter was lost, or came again under another Message-ID."""


@dataclass(frozen=True)
class Bench:
    """Where a run happens. Every process opens its own outbox on it."""

    folder: Path
    broker: str
    port: int
    began: float

    def now(self) -> datetime:
        """The service's time, the same in every process."""
        return datetime.fromtimestamp(self.began, UTC) + timedelta(seconds=(time.time() - self.began) * SPEED)

    def outbox(self) -> Outbox:
        """An outbox as a fresh process would open it."""
        server = MailServer(host="127.0.0.1", port=self.port, security="none", sender="no-reply@service.example")
        engine = open_engine(f"sqlite:///{self.folder / 'service.db'}")
        return Outbox(engine, SECRET, "https://service.example", server, self.now)


def receive(folder: Path, port: Connection) -> None:
    """The mail server's life: write down the Message-ID and recipient of each letter as it is taken."""
    with sink() as found:
        assert found.server is not None
        port.send(found.server.port)
        written = 0
        with (folder / "arrivals").open("a", buffering=1) as file:
            while True:
                for to, message in found.taken[written:]:
                    file.write(f"{message['Message-ID']} {to}\n")
                    written += 1
                time.sleep(0.005)


def work(bench: Bench) -> None:
    """A worker's life."""
    outbox = bench.outbox()
    tasks = Tasks(bench.broker, SECRET, bench.now, lambda *_: None)
    tasks.register(Kind("mail", outbox.due, outbox.deliver))
    tasks.start(2)
    while True:
        tasks.sweep()
        time.sleep(0.05)


def kill_at_random(bench: Bench, workers: int, kills: int, chance: random.Random) -> int:
    """Keep some workers alive, killing each after a while, until enough were killed and nothing waits."""
    killed, outbox = 0, bench.outbox()
    running: dict[BaseProcess, float] = {}
    left, until = -1, time.monotonic() + PATIENCE
    try:
        while (waiting := outbox.counts().get("queued", 0)) or killed < kills:
            if waiting != left or not waiting:
                left, until = waiting, time.monotonic() + PATIENCE
            if time.monotonic() > until:
                raise Failed(f"letters still wait: {outbox.counts()}")
            for _ in range(workers - len(running)):
                process: BaseProcess = _FORK.Process(target=work, args=(bench,))
                process.start()
                running[process] = time.monotonic() + 0.3 + chance.expovariate(2)
            time.sleep(0.02)
            for process in [one for one, end in running.items() if killed < kills and time.monotonic() > end]:
                del running[process]
                killed += _kill(process)
    finally:
        for process in running:
            _kill(process)
    return killed


def _kill(process: BaseProcess) -> int:
    process.kill()
    process.join()
    return 1


def check(bench: Bench, wanted: dict[str, str], killed: int) -> int:
    """Every letter arrived under its own Message-ID; returns how many came again. Raises Failed."""
    time.sleep(0.5)
    lines = (bench.folder / "arrivals").read_text().splitlines()
    arrived = Counter(line.split(" ")[0] for line in lines)
    if dict(line.split(" ") for line in lines) != wanted:
        raise Failed(f"{len(wanted.keys() - arrived.keys())} letters never arrived, or went to somebody else")
    repeated = sum(arrived.values()) - len(arrived)
    if repeated > killed:
        raise Failed(f"{repeated} letters came again though only {killed} workers were killed")
    return repeated


@contextlib.contextmanager
def bench_on(queue: str) -> Iterator[Bench]:
    """A folder with a database, a mail server, and a queue."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        mine, theirs = _FORK.Pipe()
        server = _FORK.Process(target=receive, args=(folder, theirs))
        server.start()
        stack.callback(_kill, server)
        broker = stack.enter_context(redis_server(folder)) if queue == "redis" else ""
        yield Bench(folder, broker, mine.recv(), time.time())


def run(queue: str, *, kills: int, letters: int, workers: int, seed: int) -> tuple[int, int]:
    """Kill `kills` workers while letters wait. Returns how many were killed and how many letters came again."""
    chance = random.Random(seed)  # noqa: S311  (moments to kill at, nothing secret)
    with bench_on(queue) as bench:
        outbox = bench.outbox()
        upgrade(outbox.engine)
        letter = Letter(kind="sign-in", subject="Hello", paragraphs=("Hello.",))
        wanted: dict[str, str] = {}
        with write(outbox.engine) as connection:
            for number in range(letters):
                to = f"reader-{number}@mail.example"
                mail_id = outbox.put(connection, letter, to)
                assert mail_id is not None
                wanted[f"<{outbox.message_id(mail_id)}>"] = to
        outbox.engine.dispose()
        killed = kill_at_random(bench, workers, kills, chance)
        return killed, check(bench, wanted, killed)


def main() -> int:
    """Run and print what was found; 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--letters", type=int, default=2000)
    parser.add_argument("--queue", choices=["embedded", "redis"], default="embedded")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    asked = parser.parse_args()
    try:
        killed, repeated = run(
            asked.queue, kills=asked.kills, letters=asked.letters, workers=asked.workers, seed=asked.seed
        )
    except Failed as failure:
        sys.stdout.write(f"FAILED with seed {asked.seed}: {failure}\n")
        return 1
    sys.stdout.write(f"{asked.queue}: {killed} kills, {asked.letters} letters: 0 lost, {repeated} came again\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
