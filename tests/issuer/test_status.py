"""Withdrawing, holding and lifting: events with a public reason, bits and a story that follow from them."""

from collections.abc import Callable

import pytest

from credentials.core.did_document import parse_did_document
from credentials.core.errors import BadIdentifier
from credentials.core.securing import MECHANISMS, recognise
from credentials.core.status_list import parse_status_list_credential
from credentials.core.status_story import parse_story
from credentials.issuer import publish
from credentials.issuer.errors import (
    CredentialUnknown,
    ReasonMissing,
    StatusConflict,
    StatusListUnknown,
    SuspensionNotOffered,
)
from credentials.issuer.intents import record
from credentials.issuer.publish import LIST_TTL, LIST_VALIDITY, REBUILD_AFTER
from credentials.issuer.service import IssuerService
from credentials.issuer.status import MAX_HOLDS
from credentials.store import status
from credentials.store.engine import read
from tests.drafts import keyed_drafts, numbered_draft
from tests.issuer.conftest import Clock


def bits(service: IssuerService, credential_id: str) -> dict[str, bool]:
    """A credential's bits by purpose, as published now."""
    with read(service.means.engine) as connection:
        entries = status.entries(connection, credential_id)
    found = {}
    for entry in entries:
        document = MECHANISMS["vc+jwt"].read(service.status_list(entry.list_id)).document
        listed = parse_status_list_credential(document, purpose=entry.purpose, now=service.means.now())
        found[str(entry.purpose)] = listed.is_set(entry.idx)
        assert sum(byte.bit_count() for byte in listed.bits) <= 1
    return found


def one_list(service: IssuerService, credential_id: str) -> str:
    with read(service.means.engine) as connection:
        return status.entries(connection, credential_id)[0].list_id


def test_bits_follow_events_at_once(service: IssuerService) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    assert bits(service, issued) == {"revocation": False, "suspension": False}
    service.suspend(issued, "Under review")
    assert bits(service, issued) == {"revocation": False, "suspension": True}
    service.lift(issued, "Cleared")
    assert bits(service, issued) == {"revocation": False, "suspension": False}
    service.suspend(issued, "Under review again")
    service.revoke(issued, "Wrong person")
    assert bits(service, issued) == {"revocation": True, "suspension": True}


def test_the_story_tells_all_but_the_private_notes(service: IssuerService, clock: Clock) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    service.suspend(issued, "Under review", "a secret about somebody")
    clock.advance(hours=-2)  # a clock set back must not turn the story round
    service.lift(issued, "Cleared")
    service.revoke(issued.lower(), "Wrong person", "another secret")
    token = service.status_story(issued)
    told = parse_story(token)
    assert [(event.kind, event.reason) for event in told.events] == [
        ("suspended", "Under review"),
        ("lifted", "Cleared"),
        ("revoked", "Wrong person"),
    ]
    assert b"secret" not in told.jws.payload
    assert [event.private_note for event in service.story(issued)] == ["a secret about somebody", "", "another secret"]


def test_what_does_not_follow_is_refused(service: IssuerService) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    with pytest.raises(StatusConflict):
        service.lift(issued, "Not on hold")
    service.suspend(issued, "Under review")
    with pytest.raises(StatusConflict):
        service.suspend(issued, "Twice")
    service.revoke(issued, "Wrong person")
    for change in (service.revoke, service.suspend, service.lift):
        with pytest.raises(StatusConflict):
            change(issued, "Too late")
    assert len(service.story(issued)) == 2


def test_a_story_cannot_grow_for_ever(service: IssuerService) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    for turn in range(MAX_HOLDS):
        (service.lift if turn % 2 else service.suspend)(issued, "To and fro")
    with pytest.raises(StatusConflict):
        service.suspend(issued, "Once more")
    service.revoke(issued, "Enough")
    parse_story(service.status_story(issued))


@pytest.mark.parametrize("reason", ["", "   ", "two\nlines", "hidden \u202e mark", "x" * 501])
def test_a_reason_is_needed_and_can_be_shown(service: IssuerService, reason: str) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    with pytest.raises(ReasonMissing):
        service.revoke(issued, reason)
    with pytest.raises(ReasonMissing):
        service.revoke(issued, "Fine", "x" * 2_001)
    assert service.story(issued) == []


def test_unknown_foreign_and_unreleased_look_the_same(service: IssuerService) -> None:
    service.create_issuer("other", "Other")
    foreign = service.issue("other", numbered_draft(1)).id
    unreleased = record(service.means, "acme", list(keyed_drafts(1))).issued[0].id
    for target, slug in (("0" * 26, None), (foreign, "acme"), (foreign, "nobody"), (unreleased, None)):
        with pytest.raises(CredentialUnknown, match="no such credential"):
            service.revoke(target, "Not mine", slug=slug)
    for target in ("0" * 26, unreleased):
        with pytest.raises(CredentialUnknown):
            service.status_story(target)
    with pytest.raises(BadIdentifier):
        service.revoke("../../etc/passwd", "Not an id")
    service.revoke(foreign, "Its own", slug="other")


def test_without_a_suspension_entry_there_is_no_hold(service: IssuerService) -> None:
    service.create_issuer("plain", "Plain", suspends=False)
    issued = service.issue("plain", numbered_draft(1)).id
    with pytest.raises(SuspensionNotOffered):
        service.suspend(issued, "Under review")
    service.revoke(issued, "Wrong person")
    assert bits(service, issued) == {"revocation": True}


def test_a_list_is_kept_until_an_event_or_its_age(service: IssuerService, clock: Clock) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    own = one_list(service, issued)
    first = service.status_list(own)
    clock.advance(minutes=10)
    assert service.status_list(own) == first
    service.revoke(issued, "Wrong person")
    second = service.status_list(own)
    assert second != first
    clock.advance(seconds=REBUILD_AFTER.total_seconds())
    assert service.status_list(own) != second
    clock.advance(days=-30)  # a clock that ran ahead leaves nothing dated in the future
    document = MECHANISMS["vc+jwt"].read(service.status_list(own)).document
    parse_status_list_credential(document, purpose="revocation", now=clock.now)


def test_a_list_says_how_long_it_may_be_kept(service: IssuerService) -> None:
    own = one_list(service, service.issue("acme", numbered_draft(1)).id)
    presented = MECHANISMS["vc+jwt"].read(service.status_list(own))
    listed = parse_status_list_credential(presented.document, purpose="revocation", now=service.means.now())
    assert listed.ttl == LIST_TTL
    assert LIST_TTL.total_seconds() <= 60
    assert listed.valid_until == service.means.now() + LIST_VALIDITY
    assert presented.issuer == service.issuer("acme").did
    assert len(listed) == 131_072


def test_a_list_in_its_two_forms_says_the_same_and_ages_alike(service: IssuerService, clock: Clock) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    own = one_list(service, issued)
    did = service.issuer("acme").did
    keys = parse_did_document(service.did_document("acme"), did)
    seen = set()
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: service.revoke(issued, "Wrong person"),
        lambda: clock.advance(hours=1),
    ]
    for change in changes:
        change()
        embedded, token = service.embedded_status_list(own), service.status_list(own)
        assert service.embedded_status_list(own) == embedded
        seen.add(embedded)
        documents = []
        for body in (embedded, token):
            mechanism = recognise(body)
            presented = mechanism.read(body)
            assert presented.issuer == did
            key = keys.assertion_key(presented.verification_method).key
            documents.append(mechanism.verify(presented, key).credential.document)
        assert documents[0] == documents[1]
    assert len(seen) == 3


def test_the_embedded_proof_of_a_list_is_of_the_keys_own_suite(service: IssuerService) -> None:
    service.create_issuer("other", "Other", algorithm="P-256")
    for slug, suite in (("acme", "eddsa-rdfc-2022"), ("other", "ecdsa-rdfc-2019")):
        own = one_list(service, service.issue(slug, numbered_draft(1)).id)
        presented = recognise(service.embedded_status_list(own)).read(service.embedded_status_list(own))
        assert [proof.mechanism for proof in presented.proofs] == [suite]


def test_an_older_list_never_replaces_a_newer_one(service: IssuerService, clock: Clock) -> None:
    issued = service.issue("acme", numbered_draft(1)).id
    own = one_list(service, issued)
    with read(service.means.engine) as connection:
        slow = publish._view(service.means, connection, own)  # a slow worker's view, before the event
    service.revoke(issued, "Wrong person")
    fresh = service.status_list(own)
    clock.advance(seconds=1)
    publish.keep(service.means, publish._build(service.means, slow, service.means.now()))
    assert service.status_list(own) == fresh
    assert bits(service, issued)["revocation"]


def test_unknown_lists(service: IssuerService) -> None:
    for own in ("0" * 26, "", "../did.json"):
        with pytest.raises(StatusListUnknown):
            service.status_list(own)
