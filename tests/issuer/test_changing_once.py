"""A status change asked for again under its idempotency key happens once, whatever happened in between."""

import threading

import pytest

from credentials.issuer.errors import IdempotencyConflict, StatusConflict
from credentials.issuer.service import IssuerService
from credentials.issuer.status import Change, Changed
from credentials.store.status import EventKind
from tests.drafts import numbered_draft
from tests.issuer.conftest import Clock
from tests.store.snapshots import Snapshots


@pytest.fixture
def own(service: IssuerService) -> str:
    """A released credential."""
    return service.issue("acme", numbered_draft(1)).id


def change(service: IssuerService, own: str, kind: EventKind, key: str | None, reason: str = "Why") -> Changed:
    return service.change(Change(credential_id=own, kind=kind, reason=reason, idempotency_key=key))


def kinds(service: IssuerService, own: str) -> list[str]:
    return [event.kind for event in service.story(own)]


def test_a_retry_is_answered_with_what_it_did(service: IssuerService, own: str, clock: Clock) -> None:
    """Even when the hold was ended in between: the retry puts nothing on hold again."""
    first = change(service, own, "suspended", "k1")
    change(service, own, "lifted", "k2")
    clock.advance(hours=1)
    again = change(service, own.lower(), "suspended", "k1", " Why ")
    assert not first.repeated
    assert again.repeated
    assert again.event == first.event
    assert kinds(service, own) == ["suspended", "lifted"]


@pytest.mark.parametrize(("kind", "reason"), [("revoked", "Why"), ("lifted", "Why"), ("suspended", "Another reason")])
def test_the_key_stands_for_one_change(service: IssuerService, own: str, kind: EventKind, reason: str) -> None:
    change(service, own, "suspended", "k1")
    with pytest.raises(IdempotencyConflict):
        change(service, own, kind, "k1", reason)
    assert kinds(service, own) == ["suspended"]


def test_a_note_is_part_of_the_request(service: IssuerService, own: str) -> None:
    change(service, own, "suspended", "k1")
    with pytest.raises(IdempotencyConflict):
        service.change(Change(credential_id=own, kind="suspended", reason="Why", note="x", idempotency_key="k1"))


def test_another_credential_is_another_request(service: IssuerService, own: str) -> None:
    other = service.issue("acme", numbered_draft(2)).id
    change(service, own, "revoked", "k1")
    with pytest.raises(IdempotencyConflict):
        change(service, other, "revoked", "k1")
    assert kinds(service, other) == []


def test_keys_are_each_issuers_own(service: IssuerService, own: str) -> None:
    service.create_issuer("other", "Other")
    other = service.issue("other", numbered_draft(2)).id
    assert not change(service, own, "revoked", "k1").repeated
    assert not change(service, other, "revoked", "k1").repeated


def test_without_a_key_nothing_is_repeated(service: IssuerService, own: str) -> None:
    change(service, own, "revoked", None)
    with pytest.raises(StatusConflict):
        change(service, own, "revoked", None)
    with pytest.raises(StatusConflict):
        change(service, own, "revoked", "k1")


def test_a_restore_forgets_no_key(service: IssuerService, own: str, snapshots: Snapshots) -> None:
    copy = snapshots.take()
    first = change(service, own, "suspended", "k1")
    change(service, own, "lifted", "k2")
    snapshots.put_back(copy)
    again = change(service, own, "suspended", "k1")
    assert again.repeated
    assert again.event == first.event
    assert kinds(service, own) == ["suspended", "lifted"]


def test_a_key_used_anew_before_the_restore_was_noticed(service: IssuerService, own: str, snapshots: Snapshots) -> None:
    """The lost event comes back, but the key stays with whoever used it meanwhile."""
    first = snapshots.take()
    change(service, own, "suspended", None)
    snapshots.put_back(first)
    service.reconcile()
    other = service.issue("acme", numbered_draft(2)).id  # in another list than `own`
    second = snapshots.take()
    change(service, own, "revoked", "k1")
    snapshots.put_back(second)
    assert not change(service, other, "revoked", "k1").repeated
    service.reconcile()
    assert kinds(service, own) == ["suspended", "revoked"]
    assert change(service, other, "revoked", "k1").repeated
    assert not service.status().behind


def test_two_at_once_under_one_key(service: IssuerService, own: str) -> None:
    other = service.issue("acme", numbered_draft(2)).id
    outcomes: list[object] = []

    def ask(credential: str) -> None:
        try:
            outcomes.append(change(service, credential, "revoked", "k1").repeated)
        except IdempotencyConflict as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=ask, args=(credential,)) for credential in (own, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["False", "idempotency-conflict"]
    assert len(kinds(service, own) + kinds(service, other)) == 1
