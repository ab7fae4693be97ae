"""The main job of an issuer: a draft becomes a released credential, once."""

from credentials.core.achievement import parse_achievement
from credentials.core.did_document import parse_did_document
from credentials.core.micro_internship import completed_work
from credentials.core.securing import MECHANISMS
from credentials.core.status_list import parse_status_list_credential
from credentials.core.status_story import parse_story, verify_story
from credentials.issuer.service import IssuerService
from credentials.store import credentials
from credentials.store.engine import read
from tests.issuer.conftest import BASE, MakeDraft


def test_issue_and_verify(service: IssuerService, draft: MakeDraft) -> None:
    issued = service.issue("acme", draft())
    assert not issued.repeated
    with read(service.means.engine) as connection:
        form = credentials.secured(connection, issued.id, "vc+jwt")
    assert form
    presented = MECHANISMS["vc+jwt"].read(form.body)
    document = parse_did_document(service.did_document("acme"), presented.issuer)
    method = document.assertion_key(presented.verification_method)
    verified = MECHANISMS["vc+jwt"].verify(presented, method.key)
    assert completed_work(parse_achievement(verified.credential.document)).person == "Ana Lima"
    assert len(verified.credential.statuses) == 2
    for entry in verified.credential.statuses:
        listed = MECHANISMS["vc+jwt"].read(service.status_list(entry.list_url.rsplit("/", 1)[1]))
        bits = parse_status_list_credential(listed.document, purpose=entry.purpose, now=service.means.now())
        assert not bits.is_set(entry.index)
    service.revoke(issued.id, "Wrong person")
    for entry in verified.credential.statuses:
        listed = MECHANISMS["vc+jwt"].read(service.status_list(entry.list_url.rsplit("/", 1)[1]))
        bits = parse_status_list_credential(listed.document, purpose=entry.purpose, now=service.means.now())
        assert bits.is_set(entry.index) == (entry.purpose == "revocation")
    story = parse_story(service.status_story(issued.id))
    verify_story(story, method.key)
    assert story.events[0].reason == "Wrong person"
    assert story.credential_id == f"{BASE}/c/{issued.id}"
