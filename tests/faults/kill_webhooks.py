"""Kill what records and what delivers webhooks at random moments, and see that no message is lost.

    python tests/faults/kill_webhooks.py --kills 1000 --events 2000 --database sqlite --workers 3

One kind of process records events, the other delivers them to a real https receiver that sometimes fails, hangs up or
is slow. Each is killed with SIGKILL after a random while and started again. The clock of the service runs thirty times
as fast as the machine's, so that leases and pauses pass. At the end every event must have reached both endpoints under
one `webhook-id`, never twice at once, and repeated only where an answer was not good or a worker was killed.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import standardwebhooks
from sqlalchemy import Engine, func, select

from credentials.store.engine import open_engine, read, write
from credentials.store.migrate import upgrade
from credentials.store.tables import webhook_delivery, webhook_message
from credentials.webhooks.messages import emit
from credentials.webhooks.service import WebhookService
from tests.accounts.conftest import add_issuer
from tests.databases import postgresql_server
from tests.webhooks.receiver import HOST, Authority, Receiver, client_for

ISSUER = "id-of-acme"
KIND = "credential.issued"
PATHS = ("/one", "/two")
SPEED = 30
BAD_ANSWERS = 2
"""How often the receiver may fail at one delivery: more would take the long pauses."""

_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Bench:
    """Where a run happens. Every process opens its own service on it."""

    directory: Path
    url: str
    events: int
    port: int
    began: float

    def now(self) -> datetime:
        """The service's time, the same in every process."""
        return datetime.fromtimestamp(self.began, UTC) + timedelta(seconds=(time.time() - self.began) * SPEED)

    @contextlib.contextmanager
    def engine(self) -> Iterator[Engine]:
        """The database, whose connections are closed at the end."""
        engine = open_engine(self.url)
        try:
            yield engine
        finally:
            engine.dispose()

    def open(self, engine: Engine) -> WebhookService:
        """A service as a fresh process would open it."""
        client = client_for(self.directory / "tls" / "authority.pem", self.port)
        return WebhookService(engine, b"\7" * 32, client, self.now)

    @property
    def reports(self) -> Path:
        """Where recorders write what they committed."""
        return self.directory / "reports.jsonl"

    @property
    def arrivals(self) -> Path:
        """Where the receiver writes what came."""
        return self.directory / "arrivals.jsonl"


class Failed(AssertionError):
    """Something was lost, doubled, sent twice at once, or does not verify."""


# The processes -------------------------------------------------------------------------------------------------------


def receive(directory: Path, port: Any, stop: Event, seed: int) -> None:
    """The receiver's life: note each request, then answer well, badly, late or not at all."""
    chance, lock = random.Random(seed), threading.Lock()  # noqa: S311 - how to answer, nothing secret
    bad, under_way = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    receiver = Receiver()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        got = next(one for one in reversed(receiver.got) if one.id == handler.headers["webhook-id"])
        key = (handler.path, got.id)
        with lock:
            luck = chance.random()
            fails = luck < 0.3 and bad[key] < BAD_ANSWERS
            bad[key] += fails
            under_way[key] += 1
            line = {"path": key[0], "headers": got.headers, "body": got.body.decode(), "fails": fails}
            line["together"] = under_way[key]
            with (directory / "arrivals.jsonl").open("ab", buffering=0) as file:
                file.write(json.dumps(line).encode() + b"\n")
        time.sleep(0.2 if luck > 0.95 else 0)
        with lock:
            under_way[key] -= 1
        if not fails or luck > 0.1:  # else it hangs up
            handler.send_response(500 if fails else 200)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

    receiver.answer = answer
    with receiver.listening(Authority(directory / "tls").server(HOST)):
        port.send(receiver.port)
        stop.wait()


def record(bench: Bench, start: int) -> None:
    """A recorder's life: every event, from `start` on, each in a transaction of its own."""
    with bench.engine() as engine, bench.reports.open("ab", buffering=0) as report:
        for number in [*range(start, bench.events), *range(start)]:
            data = {"issuer": "acme", "credential": str(number)}
            with write(engine) as connection:
                message = emit(connection, ISSUER, KIND, f"{KIND}:{number}", data, bench.now())
            report.write(json.dumps([f"{KIND}:{number}", message]).encode() + b"\n")


def send(bench: Bench) -> None:
    """A worker's life: deliver what is due, for ever."""
    service, chance = bench.open(open_engine(bench.url)), random.SystemRandom()
    while True:
        due = service.due(bench.now(), 20)
        chance.shuffle(due)
        for one in due:
            service.deliver(one)
        time.sleep(0.01)


# The run -------------------------------------------------------------------------------------------------------------


def kill_at_random(bench: Bench, workers: int, kills: int, chance: random.Random) -> int:
    """Keep `workers` senders and one recorder alive, killing each after a while. Returns how many were killed."""
    killed, recorded = 0, False
    running: dict[BaseProcess, tuple[bool, float]] = {}
    try:
        while killed < kills or not recorded:
            _fill(bench, running, workers, chance, recorded=recorded)
            time.sleep(0.005)
            for process, (sends, deadline) in list(running.items()):
                if process.exitcode is not None:
                    _expect(process.exitcode == 0 and not sends, f"a process ended with {process.exitcode}")
                    recorded = True
                    del running[process]
                elif time.monotonic() > deadline and (killed < kills or sends):
                    killed += _kill(process)
                    del running[process]
    finally:
        killed += sum(_kill(process) for process in running)
    return killed


def _fill(
    bench: Bench,
    running: dict[BaseProcess, tuple[bool, float]],
    workers: int,
    chance: random.Random,
    *,
    recorded: bool,
) -> None:
    alive = [sends for sends, _ in running.values()]
    wanted = [True] * (workers - sum(alive)) + [False] * (not recorded and all(alive))
    for sends in wanted:
        arguments: tuple[Any, ...] = (bench,) if sends else (bench, chance.randrange(bench.events))
        process = _FORK.Process(target=send if sends else record, args=arguments)
        process.start()
        running[process] = (sends, time.monotonic() + 0.1 + chance.expovariate(1 / 0.5))


def _kill(process: BaseProcess) -> int:
    process.kill()
    process.join()
    return 1


def drain(bench: Bench, patience: float = 120) -> None:
    """Deliver what is left. Raises Failed when nothing moved for `patience` seconds."""
    deadline, before = time.monotonic() + patience, -1
    waiting = select(func.count()).select_from(webhook_delivery).where(webhook_delivery.c.state == "waiting")
    with bench.engine() as engine:
        service, left = bench.open(engine), 1
        while left:
            _expect(time.monotonic() < deadline, f"{left} deliveries are still waiting")
            for one in service.due(bench.now(), 100):
                service.deliver(one)
            with read(engine) as connection:
                left = connection.execute(waiting).scalar_one()
            if left != before:
                deadline, before = time.monotonic() + patience, left
            time.sleep(0.05)


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Failed(otherwise)


# The check -----------------------------------------------------------------------------------------------------------


def check(bench: Bench, secrets: dict[str, str], killed: int) -> int:
    """Everything arrived, once but for what had to be repeated. Returns how many arrivals were repetitions."""
    with bench.engine() as engine, read(engine) as connection:
        rows = connection.execute(select(webhook_message.c.event, webhook_message.c.id, webhook_message.c.body)).all()
        states = Counter[str](connection.execute(select(webhook_delivery.c.state)).scalars())
    messages = {row.event: (row.id, bytes(row.body).decode()) for row in rows}
    _expect(messages.keys() == {f"{KIND}:{number}" for number in range(bench.events)}, "events were lost")
    _expect(states == {"delivered": 2 * bench.events}, f"deliveries are {dict(states)}")
    for event, message in _documents(bench.reports):
        _expect(messages[event][0] == message, f"{event} was reported as {message}")
    arrivals = list(_documents(bench.arrivals))
    return _check_arrivals(arrivals, dict(messages.values()), secrets, killed)


def _documents(path: Path) -> Iterator[Any]:
    """The lines of a file, but one that a killed process left half."""
    for line in path.read_bytes().splitlines():
        try:
            document = json.loads(line)
        except json.JSONDecodeError:
            continue
        yield document


def _check_arrivals(arrivals: list[Any], bodies: dict[str, str], secrets: dict[str, str], killed: int) -> int:
    good, bad = Counter[tuple[str, str]](), 0
    for one in arrivals:
        headers, message = one["headers"], one["headers"]["webhook-id"]
        if int(headers["content-length"]) != len(one["body"].encode()):
            continue  # its sender was killed in the middle of it
        _expect(bodies.get(message) == one["body"], f"{message} came with another body, or was never committed")
        moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        signature = standardwebhooks.Webhook(secrets[one["path"]]).sign(message, moment, one["body"])
        _expect(headers["webhook-signature"] == signature, f"{message} does not verify")
        _expect(one["together"] == 1, f"{message} was sent twice at once")
        good[one["path"], message] += not one["fails"]
        bad += one["fails"]
    wanted = {(path, message) for path in PATHS for message in bodies}
    _expect({key for key, count in good.items() if count} == wanted, "a message never reached an endpoint")
    repeated = sum(good.values()) - len(wanted)
    _expect(repeated <= killed, f"{repeated} messages were repeated though only {killed} processes were killed")
    return repeated


# The bench -----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def bench_on(database: str, events: int, seed: int) -> Iterator[tuple[Bench, dict[str, str]]]:
    """A folder, a database with one issuer, a receiver, and two endpoints with their secrets by path."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        directory = Path(name)
        (mine, theirs), stop = _FORK.Pipe(), _FORK.Event()
        receiver = _FORK.Process(target=receive, args=(directory, theirs, stop, seed))
        receiver.start()
        stack.callback(receiver.join)
        stack.callback(stop.set)
        url = f"sqlite:///{directory / 'service.db'}"
        if database == "postgresql":
            server = postgresql_server(directory / "pg")
            stack.callback(server.cleanup)  # type: ignore[attr-defined]
            url = server.get_uri()  # type: ignore[attr-defined]
        bench = Bench(directory, url, events, mine.recv(), time.time())
        with bench.engine() as engine:
            upgrade(engine)
            add_issuer(engine, "acme")
            service = bench.open(engine)
            made = {path: service.add(ISSUER, f"https://{HOST}:{bench.port}{path}", [KIND]) for path in PATHS}
        bench.reports.touch()
        yield bench, {path: one.secret for path, one in made.items()}


def run(database: str, *, kills: int, events: int, workers: int, seed: int) -> tuple[int, int]:
    """Kill at least `kills` processes. Returns how many were killed and how many arrivals repeated; raises Failed."""
    chance = random.Random(seed)  # noqa: S311  (moments to kill at, nothing secret)
    with bench_on(database, events, seed) as (bench, secrets):
        killed = kill_at_random(bench, workers, kills, chance)
        drain(bench)
        return killed, check(bench, secrets, killed)


def main() -> int:
    """Run and print what was found; 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=None)
    wanted = parser.parse_args()
    seed = wanted.seed if wanted.seed is not None else int.from_bytes(os.urandom(4), "big")
    try:
        killed, repeated = run(
            wanted.database, kills=wanted.kills, events=wanted.events, workers=wanted.workers, seed=seed
        )
    except Failed as failure:
        sys.stdout.write(f"FAILED with seed {seed}: {failure}\n")
        return 1
    sys.stdout.write(
        f"{wanted.database}: {killed} kills, {wanted.events} events to {len(PATHS)} endpoints: 0 lost, "
        f"{repeated} repeated, each under its own id\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
