"""Issued once: idempotency, refusals, resuming, several workers at once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from credentials.core.errors import CredentialError
from credentials.issuer.errors import (
    DraftRefused,
    IdempotencyConflict,
    IssuerSuspended,
    IssuerUnknown,
    SelfCheckFailed,
)
from credentials.issuer.intents import record
from credentials.issuer.service import IssuerService, KeyedDraft
from credentials.issuer.signing import check_own, sign_checked, sign_unchecked
from credentials.keyring.files import FileKeyring
from credentials.store import credentials
from credentials.store.engine import read
from credentials.store.tables import candidate, credential, secured_form, signing_intent, status_entry
from tests.drafts import keyed_drafts, numbered_draft
from tests.issuer.conftest import Clock, MakeDraft


def count(service: IssuerService, *tables: object) -> list[int]:
    with read(service.means.engine) as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]  # type: ignore[arg-type]


def body(service: IssuerService, credential_id: str, form_name: str = "vc+jwt") -> bytes:
    with read(service.means.engine) as connection:
        form = credentials.secured(connection, credential_id, form_name)
    assert form is not None
    return form.body


def test_the_same_key_and_draft_is_the_same_credential(service: IssuerService, draft: MakeDraft, clock: Clock) -> None:
    first = service.issue("acme", draft(), idempotency_key="row 1")
    clock.advance(days=30)
    second = service.issue("acme", draft(), idempotency_key="row 1")
    assert (second.id, second.code, second.url, second.portfolio_slug) == (
        first.id,
        first.code,
        first.url,
        first.portfolio_slug,
    )
    assert (first.repeated, second.repeated) == (False, True)
    assert count(service, credential, secured_form, status_entry) == [1, 2, 2]


def test_the_same_key_and_another_draft_is_refused(service: IssuerService, draft: MakeDraft) -> None:
    service.issue("acme", draft(), idempotency_key="row 1")
    with pytest.raises(IdempotencyConflict):
        service.issue("acme", draft(role="Lead"), idempotency_key="row 1")
    assert count(service, credential) == [1]


def test_a_conflict_within_a_batch_records_nothing_of_it(service: IssuerService, draft: MakeDraft) -> None:
    batch = [KeyedDraft("row 1", draft()), KeyedDraft("row 1", draft(role="Lead"))]
    with pytest.raises(IdempotencyConflict):
        list(service.issue_many("acme", batch))
    assert count(service, credential, status_entry, candidate) == [0, 0, 0]


def test_a_repetition_within_a_batch_is_issued_once(service: IssuerService, draft: MakeDraft) -> None:
    issued = list(service.issue_many("acme", [KeyedDraft("row 1", draft())] * 3))
    assert [one.repeated for one in issued] == [False, True, True]
    assert len({one.id for one in issued}) == 1


def test_without_a_key_each_is_new(service: IssuerService, draft: MakeDraft) -> None:
    issued = list(service.issue_many("acme", [KeyedDraft(None, draft())] * 3))
    assert not any(one.repeated for one in issued)
    assert len({one.id for one in issued}) == len({one.code for one in issued}) == 3


def test_keys_are_each_issuers_own(service: IssuerService, draft: MakeDraft) -> None:
    service.create_issuer("other", "Other")
    first = service.issue("acme", draft(), idempotency_key="row 1")
    second = service.issue("other", draft(role="Lead"), idempotency_key="row 1")
    assert first.id != second.id
    assert first.portfolio_slug != second.portfolio_slug


def test_order_is_kept_over_batches_of_new_and_known(service: IssuerService) -> None:
    before = {one.id for one in service.issue_many("acme", keyed_drafts(5, 3))}
    issued = list(service.issue_many("acme", keyed_drafts(12), batch=4))
    assert [one.repeated for one in issued] == [False] * 3 + [True] * 5 + [False] * 4
    assert {one.id for one in issued[3:8]} == before


def test_one_address_is_one_person_and_no_address_is_another(service: IssuerService, draft: MakeDraft) -> None:
    slugs = [
        service.issue("acme", draft(recipient_email=email)).portfolio_slug
        for email in ("ana@mail.example", "ANA@mail.example", None, None)
    ]
    assert slugs[0] == slugs[1]
    assert len(set(slugs)) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient_name": ""},
        {"supervisor_name": " "},
        {"evidence_url": "javascript:alert(1)"},
        {"summary": "hidden \u202e mark"},
    ],
)
def test_lint_refuses_before_anything_is_recorded(
    service: IssuerService, draft: MakeDraft, changes: dict[str, object]
) -> None:
    with pytest.raises(DraftRefused) as caught:
        service.issue("acme", draft(**changes), idempotency_key="row 1")
    assert [finding.field for finding in caught.value.findings if finding.level == "error"] == list(changes)
    assert count(service, credential, candidate) == [0, 0]
    assert not service.issue("acme", draft(), idempotency_key="row 1").repeated


def test_what_is_over_before_it_begins_is_refused(service: IssuerService, draft: MakeDraft, clock: Clock) -> None:
    with pytest.raises(DraftRefused) as caught:
        service.issue("acme", draft(valid_until=clock.now - timedelta(days=1)))
    assert caught.value.where == "valid_until"


def test_unknown_and_suspended_issuers_sign_nothing(service: IssuerService, draft: MakeDraft) -> None:
    with pytest.raises(IssuerUnknown):
        service.issue("nobody", draft())
    service.suspend_issuer("acme", "Reported by three candidates")
    with pytest.raises(IssuerSuspended, match="three candidates"):
        service.issue("acme", draft())


def test_a_crash_after_the_intent_resumes_to_the_same_bytes(service: IssuerService) -> None:
    batch = list(keyed_drafts(3))
    recorded = record(service.means, "acme", batch)
    assert count(service, credential, signing_intent, secured_form) == [3, 6, 0]
    assert service.resume() == 6
    for one in recorded.to_sign:
        secured = body(service, one.intent.credential_id, one.intent.format)
        key = service.means.signer.public_key(one.intent.key_id)
        assert secured == sign_checked(service.means.signer, one, key)
    assert service.resume() == 0


def test_issuing_again_finishes_what_a_crash_left(service: IssuerService) -> None:
    recorded = record(service.means, "acme", list(keyed_drafts(3)))
    issued = list(service.issue_many("acme", keyed_drafts(4)))
    assert [one.repeated for one in issued] == [True, True, True, False]
    assert [one.id for one in issued[:3]] == [one.id for one in recorded.issued]
    assert count(service, credential, secured_form) == [4, 8]


def test_resume_of_one_issuer_leaves_the_others(service: IssuerService) -> None:
    service.create_issuer("other", "Other")
    record(service.means, "acme", list(keyed_drafts(2)))
    record(service.means, "other", list(keyed_drafts(1)))
    assert service.resume("other") == 2
    assert service.resume() == 4
    with pytest.raises(IssuerUnknown):
        service.resume("nobody")


def test_a_wrong_signature_is_never_released(service: IssuerService, keyring: FileKeyring) -> None:
    recorded = record(service.means, "acme", list(keyed_drafts(1)))
    other = keyring.public_key(keyring.create("Ed25519"))
    with pytest.raises(SelfCheckFailed):
        sign_checked(keyring, recorded.to_sign[0], other)


@pytest.mark.parametrize("form", ["vc+jwt", "eddsa-rdfc-2022"])
def test_a_form_of_something_else_is_never_released(service: IssuerService, form: str) -> None:
    """Signed by the right key but not what was intended; or what was intended, with a bit of its signature flipped."""
    signer = service.means.signer
    to_sign = record(service.means, "acme", list(keyed_drafts(2))).to_sign
    one, other = (waiting for waiting in to_sign if waiting.intent.format == form)
    key = signer.public_key(one.intent.key_id)
    secured = sign_unchecked(signer, one)
    check_own(one, secured, key)
    flipped = secured[:-20] + bytes([secured[-20] ^ 1]) + secured[-19:]
    for wrong in (sign_unchecked(signer, other), flipped, secured[:-1], secured + b"A", b""):
        with pytest.raises(SelfCheckFailed):
            check_own(one, wrong, key)


def test_threads_share_one_service(service: IssuerService) -> None:
    results: list[list[str]] = []
    errors: list[CredentialError] = []

    def work(first: int) -> None:
        try:
            drafts = list(keyed_drafts(60))
            shifted = drafts[first:] + drafts[:first]
            issued = service.issue_many("acme", shifted, batch=7)
            by_key = {str(keyed.idempotency_key): one.id for keyed, one in zip(shifted, issued, strict=True)}
            results.append([by_key[key] for key in sorted(by_key)])
        except CredentialError as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 20, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert results[0] == results[1] == results[2]
    assert count(service, credential, secured_form, status_entry) == [60, 120, 120]


def test_a_batch_is_a_handful_of_statements(service: IssuerService) -> None:
    assert not any(one.repeated for one in service.issue_many("acme", keyed_drafts(1_000), batch=500))
    assert numbered_draft(1) == numbered_draft(1)
    assert count(service, secured_form) == [2_000]
