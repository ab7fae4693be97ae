"""Bulk issue against its floor: `python tests/bench/bench_bulk.py [--rows 10000] [--rounds 3] [--forms 2] [--memory]`.

The floor is what one signed form cannot do without: libsodium signs as many messages of the same bytes, and one bulk
insert of SQLAlchemy Core stores the same bytes (unsigned credential, token) durably, in one transaction.
The bulk issue does all of the real thing: lint, digests, idempotency, status entries, intents, marks outside the
database, signatures, self-verification through the strict front door, release; of a token and an embedded proof, or
with `--forms 1` of a token alone. Both run in turn, in one process; the ratio of the quickest of each is what counts.
`--memory` compares the peak of 2,000 and of `--rows` rows instead.
"""

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import psutil
from nacl.bindings import crypto_sign, crypto_sign_seed_keypair
from sqlalchemy import Column, Engine, LargeBinary, MetaData, Table, Text, insert, select

from credentials.issuer.forms import COMPACT, signers_of
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from credentials.keyring.files import FileKeyring
from credentials.keyring.master import load_or_create_master_secret
from credentials.store.engine import open_engine, read, write
from credentials.store.issuers import Issuer
from credentials.store.migrate import upgrade
from credentials.store.signing_keys import SigningKey
from credentials.store.tables import credential, secured_form
from tests.drafts import keyed_drafts

BARS = {1: (3.0, 2.0), 2: (6.0, 4.0)}
"""By the number of forms: what the ratio must not exceed, and what would be better."""
MEMORY_BAR_MIB = 200

_FLOOR = Table(
    "floor",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("unsigned", LargeBinary),
    Column("body", LargeBinary),
)


def open_service(directory: Path) -> IssuerService:
    """A new service with one issuer, on a file in `directory`."""
    engine = open_engine(f"sqlite:///{directory / 'service.db'}")
    upgrade(engine)
    keyring = FileKeyring(directory / "keys", load_or_create_master_secret(directory / "keys", None))
    record = HighWaterMark(directory / "published")
    service = IssuerService(engine, keyring, "https://credentials.example", record, lambda: datetime.now(UTC))
    service.create_issuer("acme", "Acme Analytics")
    return service


class Spent(NamedTuple):
    """Seconds on the wall, and seconds of work on all processors, that of the signing process included."""

    wall: float
    cpu: float


def timed(work: Callable[[], None]) -> Spent:
    """What `work` takes, the collector's debts paid before."""
    gc.collect()
    wall, cpu = time.perf_counter(), worked()
    work()
    return Spent(time.perf_counter() - wall, worked() - cpu)


def worked() -> float:
    """Seconds that this process and those it started, and that have ended, were at work."""
    return sum(os.times()[:4])


def bulk(service: IssuerService, rows: int) -> None:
    """Issue `rows` drafts from a generator, as the command line does."""
    for _issued in service.issue_many("acme", keyed_drafts(rows)):
        pass


def stored_bytes(engine: Engine) -> list[dict[str, object]]:
    """What a bulk issue stored, a row a credential: the bytes that the floor stores again."""
    query = (
        select(credential.c.id, credential.c.unsigned, secured_form.c.body)
        .join(secured_form, secured_form.c.credential_id == credential.c.id)
        .where(secured_form.c.format == COMPACT)
    )
    with read(engine) as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def floor(directory: Path, rows: list[dict[str, object]]) -> Spent:
    """What it takes to sign the same messages and store the same bytes, and nothing else."""
    engine = open_engine(f"sqlite:///{directory / 'floor.db'}")
    with write(engine) as connection:
        _FLOOR.create(connection)
    _public, secret = crypto_sign_seed_keypair(bytes(32))
    messages = [bytes(row["body"]).rpartition(b".")[0] for row in rows]  # type: ignore[call-overload]

    def work() -> None:
        for message in messages:
            crypto_sign(message, secret)
        with write(engine) as connection:
            connection.execute(insert(_FLOOR), rows)

    spent = timed(work)
    engine.dispose()
    return spent


def one_round(rows: int) -> tuple[Spent, Spent]:
    """A bulk issue and its floor."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        service = open_service(directory)
        drafts = list(keyed_drafts(rows))

        def work() -> None:
            for _issued in service.issue_many("acme", iter(drafts)):
                pass

        spent = timed(work)
        stored = stored_bytes(service.means.engine)
        service.means.engine.dispose()
        return spent, floor(directory, stored)


def peak_mib(rows: int) -> float:
    """Peak memory of a fresh process that bulk-issues `rows` drafts, and of its signing process, in MiB.

    What the two share is counted once: each has its proportional part of it, looked at fifty times a second.
    """
    command = [sys.executable, __file__, "--child", str(rows)]
    peak = 0.0
    with psutil.Popen(command) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(proportional_mib, (process, *children_of(process)))))
            time.sleep(0.02)
    if process.returncode:
        raise SystemExit("the bulk issue failed")
    return peak


def children_of(process: psutil.Process) -> list[psutil.Process]:
    """Its children; none if it has just ended."""
    try:
        found: list[psutil.Process] = process.children()
    except psutil.NoSuchProcess:
        return []
    return found


def proportional_mib(process: psutil.Process) -> float:
    """Its part of the memory, in MiB; nothing if it has just ended."""
    try:
        return float(process.memory_full_info().pss) / 2**20
    except psutil.NoSuchProcess:
        return 0.0


def child(rows: int) -> None:
    """Issue, for the memory it takes."""
    with tempfile.TemporaryDirectory() as name:
        bulk(open_service(Path(name)), rows)


def compare_memory(rows: int) -> bool:
    """Print the peaks of a small and a large bulk issue; True when within the bar and flat."""
    small, large = peak_mib(2_000), peak_mib(rows)
    sys.stdout.write(f"peak memory: {small:.0f} MiB at 2,000 rows, {large:.0f} MiB at {rows:,} (≤ {MEMORY_BAR_MIB})\n")
    return large <= MEMORY_BAR_MIB and large - small <= 20


def token_signers_of(issuer: Issuer, keys: Sequence[SigningKey]) -> Iterator[tuple[str, SigningKey]]:
    """The signer of the token alone."""
    return (one for one in signers_of(issuer, keys) if one[0] == COMPACT)


def compare_speed(rows: int, rounds: int, forms: int) -> bool:
    """Print the ratio of the quickest bulk issue to the quickest floor; True when the wall's is within the bar."""
    bar, better = BARS[forms]
    if forms == 1:
        patch("credentials.issuer.intents.signers_of", token_signers_of).start()
    measured = [one_round(rows) for _ in range(rounds)]
    ratios: list[float] = []
    for clock in Spent._fields:
        spent = min(getattr(one, clock) for one, _ in measured)
        least = min(getattr(one, clock) for _, one in measured)
        ratios.append(spent / least)
        sys.stdout.write(
            f"bulk issue ({clock}): {spent / rows * 1e6:.0f} µs a row, floor {least / rows * 1e6:.0f} µs, "
            f"ratio {spent / least:.2f} (≤ {bar}, better ≤ {better})\n"
        )
    return ratios[0] <= bar


def main() -> int:
    """Run and return 0 when within the bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--forms", type=int, choices=list(BARS), default=2)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--child", type=int)
    wanted = parser.parse_args()
    if wanted.child is not None:
        child(wanted.child)
        return 0
    good = compare_memory(wanted.rows) if wanted.memory else compare_speed(wanted.rows, wanted.rounds, wanted.forms)
    return 0 if good else 1


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    sys.exit(main())
