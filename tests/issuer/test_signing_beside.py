"""A batch is signed in a process of its own: the same forms, released in the same order."""

import gc
import resource
import threading
from pathlib import Path

import pytest

from credentials.issuer.intents import record
from credentials.issuer.signing import sign_all
from credentials.issuer.signing_beside import SigningBeside
from tests.drafts import keyed_drafts
from tests.issuer.beside import BATCH, alone, children, issue_all, keyring_of, opened, wants_two_processors

pytestmark = wants_two_processors

# Scenarios -----------------------------------------------------------------------------------------------------------


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


def count_the_frozen(folder: Path) -> tuple[int, list[int], int]:
    """How many objects the collector of this process leaves alone: before, while it issues, and after."""
    service = opened(folder)
    before = gc.get_freeze_count()
    issuing = service.issue_many("acme", keyed_drafts(3 * BATCH), BATCH)
    during = [gc.get_freeze_count() for _ in issuing]
    return before, during, gc.get_freeze_count()


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
