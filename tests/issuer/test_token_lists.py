"""The Token Status List says what the bitstring lists say, from the same events, and is kept just as they are."""

from datetime import timedelta

import pytest

from credentials.core.issuer_metadata import parse_issuer_metadata
from credentials.core.token_status_list import parse_status_list_token, verify_status_list_token
from credentials.issuer.errors import IssuerUnknown, StatusListUnknown
from credentials.issuer.service import IssuerService
from tests.issuer.conftest import Clock, MakeDraft
from tests.issuer.readers import bit, released
from tests.store.snapshots import Snapshots

ISSUER = "https://localhost:8000/issuers/acme"


def places_of(service: IssuerService, credential: str) -> tuple[tuple[str, ...], int]:
    """The lists of a credential, revocation first, and its index."""
    entries = released(service, credential).credential.statuses
    return tuple(one.list_url.rpartition("/")[2] for one in entries), entries[0].index


def status(service: IssuerService, credential: str) -> int:
    """What a verifier reads, under a key that the issuer's metadata lists now."""
    lists, index = places_of(service, credential)
    token = parse_status_list_token(service.token_status_list(*lists))
    metadata = parse_issuer_metadata(service.issuer_metadata("acme"), ISSUER)
    verify_status_list_token(token, metadata.assertion_key(f"{ISSUER}#{token.key_name}").key)
    assert (token.issuer, token.subject) == (ISSUER, f"http://localhost:8000/status/{lists[0]}/token/{lists[1]}")
    return token.statuses.status(index)


def test_both_kinds_of_list_say_the_same(service: IssuerService, draft: MakeDraft) -> None:
    one, two = service.issue("acme", draft()).id, service.issue("acme", draft()).id
    assert (status(service, one), status(service, two)) == (0, 0)
    service.suspend(one, "Under review")
    assert (status(service, one), bit(service, released(service, one), "suspension")) == (2, True)
    service.lift(one, "All well")
    assert (status(service, one), bit(service, released(service, one), "suspension")) == (0, False)
    service.suspend(one, "Again")
    service.revoke(one, "Wrong person")
    assert (status(service, one), bit(service, released(service, one))) == (1, True)
    assert status(service, two) == 0


def test_a_list_is_kept_until_there_is_news(service: IssuerService, draft: MakeDraft, clock: Clock) -> None:
    one = service.issue("acme", draft()).id
    lists, _ = places_of(service, one)
    first = service.token_status_list(*lists)
    clock.advance(minutes=10)
    assert service.token_status_list(*lists) == first
    clock.advance(minutes=30)
    fresh = service.token_status_list(*lists)
    assert fresh != first
    service.revoke(one, "Wrong person")
    assert service.token_status_list(*lists) != fresh


def test_a_list_of_a_stolen_key_is_signed_anew(service: IssuerService, draft: MakeDraft) -> None:
    one = service.issue("acme", draft()).id
    service.revoke(one, "Wrong person")
    assert status(service, one) == 1
    (name,) = (key.name for key in service.keys("acme") if key.state == "active")
    service.report_compromise("acme", name, service.means.now() - timedelta(days=1))
    assert status(service, one) == 1


def test_a_restore_cannot_undo_a_withdrawal(service: IssuerService, draft: MakeDraft, snapshots: Snapshots) -> None:
    one = service.issue("acme", draft()).id
    lists, index = places_of(service, one)
    copy = snapshots.take()
    service.revoke(one, "Wrong person")
    assert status(service, one) == 1
    snapshots.put_back(copy)
    token = parse_status_list_token(service.token_status_list(*lists))
    assert token.statuses.status(index) == 1


def test_an_issuer_that_does_not_suspend_has_a_list_of_one(service: IssuerService, draft: MakeDraft) -> None:
    service.create_issuer("plain", "Plain Ltd", suspends=False)
    issued = service.issue("plain", draft(selective=True)).id
    service.revoke(issued, "Wrong person")
    lists, index = places_of(service, issued)
    assert len(lists) == 1
    assert parse_status_list_token(service.token_status_list(*lists)).statuses.status(index) == 1


def test_lists_that_do_not_belong_together(service: IssuerService, draft: MakeDraft) -> None:
    service.create_issuer("other", "Other Ltd")
    (revocation, suspension), _ = places_of(service, service.issue("acme", draft()).id)
    (others, held), _ = places_of(service, service.issue("other", draft()).id)
    for names in (
        ("nobody",),
        ("nobody", suspension),
        (suspension,),
        (suspension, revocation),
        (revocation, revocation),
        (revocation, held),
        (others, suspension),
        (revocation, "nobody"),
    ):
        with pytest.raises(StatusListUnknown):
            service.token_status_list(*names)


def test_metadata_lists_retired_keys_and_no_stolen_ones(service: IssuerService) -> None:
    (first,) = (key.name for key in service.keys("acme"))
    second = service.rotate_key("acme").name
    third = service.create_key("acme", "P-256").name
    service.report_compromise("acme", second, service.means.now())
    document = parse_issuer_metadata(service.issuer_metadata("acme"), ISSUER)
    listed = {method.id.rpartition("#")[2] for method in document.methods}
    assert {first, third} <= listed
    assert second not in listed
    with pytest.raises(IssuerUnknown):
        service.issuer_metadata("nobody")
