"""Whatever becomes of a batch or of the process that signs it, what was recorded gets its forms, each once."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import psutil
import pytest

from credentials.core.errors import CredentialError
from credentials.issuer.bulk.errors import LineTooLong
from credentials.issuer.errors import DraftRefused, IdempotencyConflict
from credentials.issuer.intents import KeyedDraft
from credentials.issuer.service import IssuerService
from credentials.store.credentials import unreleased
from credentials.store.engine import read
from credentials.store.tables import credential
from tests.drafts import keyed_drafts, numbered_draft
from tests.issuer.beside import BATCH, alone, children, issue_all, keyring_of, opened, stored, wants_two_processors

pytestmark = wants_two_processors

# Scenarios -----------------------------------------------------------------------------------------------------------


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
