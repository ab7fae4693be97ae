"""A batch is signed in a process of its own: the same forms, released in the same order, whatever becomes of it."""

import gc
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil
import pytest

from credentials.core.base64url import decode as b64decode
from credentials.core.errors import CredentialError
from credentials.issuer.bulk.errors import LineTooLong
from credentials.issuer.errors import DraftRefused, IdempotencyConflict
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.intents import KeyedDraft, record
from credentials.issuer.service import IssuerService
from credentials.issuer.signing import sign_all
from credentials.issuer.signing_beside import SigningBeside
from credentials.keyring.files import FileKeyring
from credentials.keyring.master import load_or_create_master_secret
from credentials.store.credentials import unreleased
from credentials.store.engine import open_engine, read
from credentials.store.migrate import upgrade
from credentials.store.tables import credential, secured_form
from tests.drafts import keyed_drafts, numbered_draft

BATCH = 130
"""Two forms each: enough for a process of its own."""

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2, reason="wants two processors"
)


class CountingKeyring(FileKeyring):
    """Counts what is signed in this process. Of a token that says `spoils` it signs something else.

    `watch` is called before each signature, wherever that is made.
    """

    signed = 0
    spoils: bytes | None = None
    watch: Callable[[], object] = staticmethod(lambda: None)

    def sign(self, key_id: str, data: bytes) -> bytes:
        self.signed += 1
        self.watch()
        spoiled = self.spoils is not None and len(data) > 64 and self.spoils in b64decode(data.partition(b".")[2])
        return super().sign(key_id, data + b"!" if spoiled else data)


def opened(folder: Path) -> IssuerService:
    """A service with the issuer `acme`, on SQLite, by a clock that goes on."""
    engine = open_engine(f"sqlite:///{folder / 'service.db'}")
    upgrade(engine)
    keys = folder / "keys"
    keyring = CountingKeyring(keys, load_or_create_master_secret(keys, None))
    made = IssuerService(
        engine, keyring, "http://localhost:8000", HighWaterMark(folder / "published"), lambda: datetime.now(UTC)
    )
    if not made.issuers():
        made.create_issuer("acme", "Acme Analytics")
    return made


def keyring_of(service: IssuerService) -> CountingKeyring:
    assert isinstance(service.means.signer, CountingKeyring)
    return service.means.signer


def stored(service: IssuerService) -> tuple[int, int]:
    """How many credentials there are, and how many released forms."""
    with read(service.means.engine) as connection:
        found = [len(connection.execute(table.select()).all()) for table in (credential, secured_form)]
    return found[0], found[1]


def alone(scenario: Callable[..., Any], *given: object) -> Any:
    """What a scenario gives in a fresh process, which has one thread, as that of a command has."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(scenario, *given).result(timeout=120)


def children() -> list[int]:
    return [one.pid for one in psutil.Process().children()]


# Scenarios -----------------------------------------------------------------------------------------------------------


def issue_all(folder: Path, rows: int) -> tuple[list[str | None], int, list[int], tuple[int, int]]:
    """Issue; the order of the keys that were issued, what this process signed, its children meanwhile, what is kept."""
    service = opened(folder)
    keyring_of(service).signed = 0
    issued, during = [], set[int]()
    for one in service.issue_many("acme", keyed_drafts(rows), BATCH):
        issued.append(one)
        during |= set(children())
    assert not children()
    with read(service.means.engine) as connection:
        keys = {row.id: row.idempotency_key for row in connection.execute(credential.select())}
    seen = [None if one.repeated else keys[one.id] for one in issued]
    return seen, keyring_of(service).signed, list(during), stored(service)


def watch_the_marks(folder: Path, rows: int) -> tuple[list[int], dict[str, int]]:
    """How far the marks were raised at each signature, by another process; and how far in the end."""
    service, told = opened(folder), folder / "marks"
    record_outside, issuer_id = service.means.high_water, service.issuer("acme").id

    def tell() -> None:
        with told.open("a") as file:
            file.write(f"{min(record_outside.allotted(issuer_id).values(), default=0)}\n")

    keyring_of(service).watch = tell
    for _ in service.issue_many("acme", keyed_drafts(rows), BATCH):
        pass
    return list(map(int, told.read_text().split())), record_outside.allotted(issuer_id)


def forms_of(folder: Path) -> bool:
    """Whether the process gives the very forms that signing here gives."""
    service = opened(folder)
    batch, now = record(service.means, "acme", list(keyed_drafts(BATCH))).to_sign, service.means.now()
    with SigningBeside(service.means.signer) as beside:
        assert beside.takes(batch)
        beside.hand_over(batch, now)
        with pytest.raises(ValueError, match="to be taken back"):
            beside.hand_over(batch, now)
        keyring_of(service).signed = 0
        forms = beside.take_back()
        assert keyring_of(service).signed == 0
        with pytest.raises(ValueError, match="no batch"):
            beside.take_back()
    return forms == sign_all(service.means.signer, batch, now)


def without_files(folder: Path) -> bool:
    """Whether a batch is signed when there can be no pipe to another process."""
    service = opened(folder)
    batch, now = record(service.means, "acme", list(keyed_drafts(BATCH))).to_sign, service.means.now()
    with SigningBeside(service.means.signer) as beside:
        assert beside.takes(batch)
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, before[1]))
        try:
            beside.hand_over(batch, now)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        assert not children()
        return beside.take_back() == sign_all(service.means.signer, batch, now)


def kill_the_signer(folder: Path, at: int) -> tuple[int, int, tuple[int, int]]:
    """Kill the process when `at` were released; what was released in all, what this process signed, what is kept."""
    service = opened(folder)
    keyring_of(service).signed = released = 0
    for _ in service.issue_many("acme", keyed_drafts(4 * BATCH), BATCH):
        released += 1
        if released == at:
            for pid in children():
                os.kill(pid, signal.SIGKILL)
    return released, keyring_of(service).signed, stored(service)


def sign_wrongly(folder: Path) -> tuple[int, str, tuple[int, int]]:
    """Sign wrongly within the second batch; what was released, the error, what is kept."""
    service = opened(folder)
    keyring_of(service).spoils = f"report {BATCH + 7}".encode()
    released, error = until_it_fails(service, keyed_drafts(3 * BATCH))
    return released, error.code, stored(service)


def refuse_a_draft(folder: Path, kind: str) -> tuple[int, tuple[int, int]]:
    """A bad draft in the third batch; what was released before, what is kept."""

    def drafts() -> Iterator[KeyedDraft]:
        yield from keyed_drafts(2 * BATCH + 5)
        if kind == "list":
            raise LineTooLong("a line of two gigabytes")
        if kind == "lint":
            yield KeyedDraft("nameless", replace(numbered_draft(1), recipient_name=""))
        yield KeyedDraft(next(keyed_drafts(1)).idempotency_key, numbered_draft(9))

    service = opened(folder)
    released, error = until_it_fails(service, drafts())
    assert isinstance(error, {"lint": DraftRefused, "conflict": IdempotencyConflict, "list": LineTooLong}[kind])
    return released, stored(service)


def until_it_fails(service: IssuerService, drafts: Iterator[KeyedDraft]) -> tuple[int, CredentialError]:
    """How many were released before, and what stopped it."""
    released = 0
    try:
        for _ in service.issue_many("acme", drafts, BATCH):
            released += 1
    except CredentialError as error:
        assert not children()
        return released, error
    raise AssertionError("nothing was refused")


def count_the_frozen(folder: Path) -> tuple[int, list[int], int]:
    """How many objects the collector of this process leaves alone: before, while it issues, and after."""
    service = opened(folder)
    before = gc.get_freeze_count()
    issuing = service.issue_many("acme", keyed_drafts(3 * BATCH), BATCH)
    during = [gc.get_freeze_count() for _ in issuing]
    return before, during, gc.get_freeze_count()


def stop_taking(folder: Path, after: int) -> tuple[tuple[int, int], int]:
    """Take some and no more; what is kept, what is left to be signed."""
    service = opened(folder)
    issuing = service.issue_many("acme", keyed_drafts(4 * BATCH), BATCH)
    for _ in islice(issuing, after):
        pass
    issuing.close()  # type: ignore[attr-defined]
    assert not children()
    with read(service.means.engine) as connection:
        ids = [row.id for row in connection.execute(credential.select())]
        return stored(service), len(list(unreleased(connection, ids=ids)))


def wait_to_be_killed(folder: Path, told: Path) -> None:
    """Issue until the signing process runs, say which it is, and wait."""
    service = opened(folder)
    next(service.issue_many("acme", keyed_drafts(4 * BATCH), BATCH))
    issuing = service.issue_many("acme", keyed_drafts(4 * BATCH, 4 * BATCH), BATCH)
    next(issuing)
    told.with_suffix(".new").write_text(" ".join(map(str, children())))
    told.with_suffix(".new").rename(told)
    time.sleep(60)


# What they show ------------------------------------------------------------------------------------------------------


def test_every_batch_is_signed_beside(tmp_path: Path) -> None:
    rows = 2 * BATCH + 11
    seen, signed_here, during, kept = alone(issue_all, tmp_path, rows)
    assert seen == [one.idempotency_key for one in keyed_drafts(rows)]
    assert signed_here == 0
    assert len(during) == 1
    assert kept == (rows, 2 * rows)


def test_the_marks_are_raised_before_anything_is_signed(tmp_path: Path) -> None:
    seen, last = alone(watch_the_marks, tmp_path, 3 * BATCH)
    assert len(seen) == 6 * BATCH
    assert all(mark >= BATCH * (1 + number // (2 * BATCH)) for number, mark in enumerate(seen))
    assert set(last.values()) == {3 * BATCH}


def test_again_nothing_is_signed_and_no_process_started(tmp_path: Path) -> None:
    alone(issue_all, tmp_path, 2 * BATCH)
    seen, signed_here, during, kept = alone(issue_all, tmp_path, 2 * BATCH)
    assert seen == [None] * 2 * BATCH
    assert (signed_here, during, kept) == (0, [], (2 * BATCH, 4 * BATCH))


def test_the_collector_spares_what_both_share_while_they_do(tmp_path: Path) -> None:
    before, during, after = alone(count_the_frozen, tmp_path)
    assert min(during[:BATCH]) > 10_000
    assert (before, after) == (0, 0)


def test_a_small_batch_is_signed_here(tmp_path: Path) -> None:
    _seen, signed_here, during, kept = alone(issue_all, tmp_path, BATCH - 5)
    assert (signed_here, during, kept) == (2 * (BATCH - 5), [], (BATCH - 5, 2 * (BATCH - 5)))


def test_the_forms_are_those_that_would_be_made_here(tmp_path: Path) -> None:
    assert alone(forms_of, tmp_path)


def test_without_another_process_it_is_signed_here(tmp_path: Path) -> None:
    assert alone(without_files, tmp_path)


def test_beside_other_threads_it_is_signed_here(tmp_path: Path) -> None:
    """Under pytest's own threads, as under a server's: a copy might wait for a lock that nobody opens."""
    service = opened(tmp_path)
    batch = record(service.means, "acme", list(keyed_drafts(BATCH))).to_sign
    waiting = threading.Event()
    other = threading.Thread(target=waiting.wait)
    other.start()
    try:
        assert not SigningBeside(service.means.signer).takes(batch)
    finally:
        waiting.set()
        other.join()


@pytest.mark.parametrize("at", [1, BATCH, BATCH + 1, 3 * BATCH])
def test_a_signer_that_dies_costs_nothing(tmp_path: Path, at: int) -> None:
    released, signed_here, kept = alone(kill_the_signer, tmp_path, at)
    assert released == 4 * BATCH
    assert kept == (4 * BATCH, 8 * BATCH)
    assert 0 < signed_here <= 6 * BATCH


def test_what_was_signed_wrongly_stops_it_there(tmp_path: Path) -> None:
    released, code, kept = alone(sign_wrongly, tmp_path)
    assert (released, code) == (BATCH, "self-check-failed")
    assert kept[1] == 2 * BATCH
    seen, _signed, _during, kept = alone(issue_all, tmp_path, 3 * BATCH)
    assert len(seen) == 3 * BATCH
    assert kept == (3 * BATCH, 6 * BATCH)


@pytest.mark.parametrize("kind", ["lint", "conflict", "list"])
def test_what_stands_before_a_bad_batch_is_released(tmp_path: Path, kind: str) -> None:
    assert alone(refuse_a_draft, tmp_path, kind) == (2 * BATCH, (2 * BATCH, 4 * BATCH))


@pytest.mark.parametrize("after", [1, BATCH + 1])
def test_who_stops_taking_leaves_nothing_unsigned(tmp_path: Path, after: int) -> None:
    kept, left = alone(stop_taking, tmp_path, after)
    assert left == 0
    assert kept[1] == 2 * kept[0] <= 2 * (after + 2 * BATCH)


def test_the_signer_ends_when_its_process_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "told"
    process = get_context("spawn").Process(target=wait_to_be_killed, args=(tmp_path, told))
    process.start()
    deadline = time.monotonic() + 60
    while not told.exists() and time.monotonic() < deadline and process.is_alive():
        time.sleep(0.02)
    (signer,) = map(int, told.read_text().split())
    assert psutil.pid_exists(signer)
    process.kill()
    process.join()
    while psutil.pid_exists(signer) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not psutil.pid_exists(signer)
    seen, _signed, _during, kept = alone(issue_all, tmp_path, 8 * BATCH)
    assert len(seen) == 8 * BATCH
    assert kept == (8 * BATCH, 16 * BATCH)
