"""Kill bulk issues at random moments and see that nothing is lost, issued twice or given a used status index.

    python tests/faults/kill_bulk.py --kills 1000 --rows 10000 --database sqlite --workers 3

Workers issue the same file at once, each from another row on, in the batches of production. Each is killed with
SIGKILL after a random while and started again, until one comes to the end of the file; then the next file, until
enough workers were killed. After each file, everything that was ever reported or stored is checked.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, func, select

from credentials.core.did_document import parse_did_document
from credentials.core.securing import recognise
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService, KeyedDraft
from credentials.keyring.files import FileKeyring
from credentials.keyring.master import load_or_create_master_secret
from credentials.store.engine import open_engine, read
from credentials.store.migrate import upgrade
from credentials.store.tables import credential, secured_form, signing_intent, status_entry, status_list
from tests.databases import postgresql_server
from tests.drafts import keyed_drafts

FORMS_OF_EACH = 2
"""A token and a document with an embedded proof."""

_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Bench:
    """Where a run happens. Every process opens its own service on it."""

    directory: Path
    url: str
    rows: int

    def open(self) -> IssuerService:
        """A service as a fresh process would open it."""
        keys = self.directory / "keys"
        return IssuerService(
            open_engine(self.url),
            FileKeyring(keys, load_or_create_master_secret(keys, None)),
            "https://credentials.example",
            HighWaterMark(self.directory / "published"),
            lambda: datetime.now(UTC),
        )

    @property
    def reports(self) -> Path:
        """Where workers write what they were told is issued."""
        return self.directory / "reports.jsonl"


class Failed(AssertionError):
    """Something was lost, doubled, shared, or does not verify."""


def rotated(file: int, rows: int, start: int) -> Iterator[KeyedDraft]:
    """All rows of a file, beginning at `start`."""
    first = file * rows
    yield from keyed_drafts(rows - start, first + start)
    yield from keyed_drafts(start, first)


def work(bench: Bench, file: int, start: int, *, resumes: bool) -> None:
    """One worker's life: perhaps resume what others left, then issue the file, reporting as it goes."""
    service = bench.open()
    if resumes:
        service.resume()
    drafts = list(rotated(file, bench.rows, start))
    issued = service.issue_many("acme", iter(drafts))
    with bench.reports.open("ab", buffering=0) as report:
        for keyed, one in zip(drafts, issued, strict=True):
            report.write(json.dumps([keyed.idempotency_key, one.id]).encode() + b"\n")


def run_file(bench: Bench, file: int, workers: int, chance: random.Random, kills_left: int) -> int:
    """Issue one file with `workers` at a time, killing as long as kills are left. Returns how many were killed."""
    running: dict[BaseProcess, float] = {}
    try:
        killed = _until_one_finishes(bench, file, workers, chance, kills_left, running)
    finally:
        for process in running:
            _kill(process)
    return killed + len(running)


def _until_one_finishes(
    bench: Bench, file: int, workers: int, chance: random.Random, kills_left: int, running: dict[BaseProcess, float]
) -> int:
    killed, finished = 0, False
    while not finished:
        while len(running) < workers:
            process = _start(bench, file, chance)
            running[process] = time.monotonic() + chance.expovariate(1 / 0.4)
        time.sleep(0.002)
        for process, deadline in list(running.items()):
            if process.exitcode is not None:
                _expect_clean_exit(process)
                finished = True
                del running[process]
            elif time.monotonic() > deadline and killed < kills_left:
                _kill(process)
                killed += 1
                del running[process]
    return killed


def _start(bench: Bench, file: int, chance: random.Random) -> BaseProcess:
    start, resumes = chance.randrange(bench.rows), chance.random() < 0.3
    process = _FORK.Process(target=work, args=(bench, file, start), kwargs={"resumes": resumes})
    process.start()
    return process


def _kill(process: BaseProcess) -> None:
    if process.pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    process.join()


def _expect_clean_exit(process: BaseProcess) -> None:
    process.join()
    if process.exitcode != 0:
        raise Failed(f"a worker ended with {process.exitcode}")


def check(bench: Bench, files: int) -> int:
    """Resume, then check all that was issued. Returns how many credentials there are; raises Failed."""
    service = bench.open()
    service.resume()
    _expect(not service.status().behind, "the database is behind what was published")
    rows = {keyed.idempotency_key for file in range(files) for keyed in keyed_drafts(bench.rows, file * bench.rows)}
    with read(service.means.engine) as connection:
        stored = _pairs(connection, select(credential.c.idempotency_key, credential.c.id))
        total = connection.execute(select(func.count()).select_from(credential)).scalar_one()
        released = connection.execute(select(func.count()).select_from(secured_form)).scalar_one()
        asked_for = connection.execute(select(func.count()).select_from(signing_intent)).scalar_one()
        digests = connection.execute(select(func.count(credential.c.draft_digest.distinct()))).scalar_one()
    _expect(stored.keys() == rows, f"{len(rows - stored.keys())} rows lost")
    _expect(total == len(rows) == digests, f"{total} credentials for {len(rows)} rows")
    _expect(released == asked_for, f"{asked_for - released} forms not released")
    _expect(released == FORMS_OF_EACH * total, f"{released} forms of {total} credentials")
    _check_reports(bench, stored)
    _check_entries(service, total)
    _check_signatures(service, total)
    service.means.engine.dispose()
    return int(total)


def _pairs(connection: Connection, query: Select[Any]) -> dict[Any, Any]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Failed(otherwise)


def _check_reports(bench: Bench, stored: dict[str | None, str]) -> None:
    """What any worker was ever told is issued is there, under the same id. A killed one may leave half a line."""
    for line in bench.reports.read_bytes().splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            key, own_id = json.loads(line)
            _expect(stored.get(key) == own_id, f"{key} was reported as {own_id}, stored is {stored.get(key)}")


def _check_entries(service: IssuerService, total: int) -> None:
    with read(service.means.engine) as connection:
        entries = connection.execute(select(status_entry.c.list_id, status_entry.c.idx)).all()
        allotted = _pairs(connection, select(status_list.c.id, status_list.c.allotted))
    _expect(len(entries) == len(set(entries)) == 2 * total, "status entries are shared or missing")
    used = Counter(list_id for list_id, _ in entries)
    _expect(all(allotted[one] == count for one, count in used.items()), "a counter is not the number of entries")


def _check_signatures(service: IssuerService, total: int) -> None:
    """Every released form verifies under its issuer's key, and no two credentials name one status entry."""
    seen: dict[tuple[str, int], str | None] = {}
    document = parse_did_document(service.did_document("acme"), service.issuer("acme").did)
    with read(service.means.engine) as connection:
        for (body,) in connection.execution_options(yield_per=500).execute(select(secured_form.c.body)):
            form = recognise(bytes(body))
            presented = form.read(bytes(body))
            key = document.assertion_key(presented.verification_method).key
            credential = form.verify(presented, key).credential
            for entry in credential.statuses:
                whose = seen.setdefault((entry.list_url, entry.index), credential.id)
                _expect(whose == credential.id, "a signed status entry is shared")
    _expect(len(seen) == 2 * total, "signed status entries are shared")


@contextlib.contextmanager
def bench_on(database: str, rows: int) -> Iterator[Bench]:
    """A folder and a database for a run, with one issuer. PostgreSQL is started for it."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        directory = Path(name)
        url = f"sqlite:///{directory / 'service.db'}"
        if database == "postgresql":
            server = postgresql_server(directory / "pg")
            stack.callback(server.cleanup)  # type: ignore[attr-defined]
            url = server.get_uri()  # type: ignore[attr-defined]
        bench = Bench(directory, url, rows)
        service = bench.open()
        upgrade(service.means.engine)
        service.create_issuer("acme", "Acme Analytics")
        service.means.engine.dispose()
        bench.reports.touch()
        yield bench


def run(database: str, *, kills: int, rows: int, workers: int, seed: int) -> tuple[int, int, int]:
    """Kill at least `kills` workers. Returns workers killed, files issued, credentials checked; raises Failed."""
    chance = random.Random(seed)  # noqa: S311  (moments to kill at, nothing secret)
    killed = files = total = 0
    with bench_on(database, rows) as bench:
        while killed < kills:
            killed += run_file(bench, files, workers, chance, kills - killed)
            files += 1
            total = check(bench, files)
            sys.stderr.write(f"{database}: {killed} killed, {files} files, {total} credentials, all well\n")
    return killed, files, total


def main() -> int:
    """Run and print what was found; 1 when something was lost, doubled or shared."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=None)
    wanted = parser.parse_args()
    seed = wanted.seed if wanted.seed is not None else random.SystemRandom().randrange(2**32)
    sys.stderr.write(f"seed {seed}\n")
    try:
        killed, files, total = run(
            wanted.database, kills=wanted.kills, rows=wanted.rows, workers=wanted.workers, seed=seed
        )
    except Failed as failure:
        sys.stdout.write(f"FAILED with seed {seed}: {failure}\n")
        return 1
    sys.stdout.write(
        f"{wanted.database}: {killed} kills over {files} bulk issues of {wanted.rows} rows "
        f"by {wanted.workers} workers; {total} credentials: 0 lost, 0 issued twice, 0 indexes shared, all verify\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
