"""The supervisor's words as an endorsement inside what is issued: signed once, kept to the byte, never in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from credentials.core import strict_json
from credentials.core.credential import Credential
from credentials.core.endorsement import NAME, TYPE, carried
from credentials.core.sd_jwt_vc_claims import as_credential
from credentials.core.securing import FORMS, recognise
from credentials.issuer import release
from credentials.issuer.draft import Draft
from credentials.issuer.intents import KeyedDraft, record
from credentials.issuer.lookup import released as forms_of
from credentials.issuer.service import IssuerService
from credentials.store import credentials
from credentials.store.engine import read
from credentials.verifier.holder import SELECTIVE_FORMS
from tests.drafts import numbered_draft
from tests.issuer.readers import released, verified

PRAISED = replace(numbered_draft(1), endorse=True)
LONGEST = "ß" * 2000


def token_of(service: IssuerService, credential_id: str) -> str:
    (token,) = carried(released(service, credential_id).credential.document)
    assert isinstance(token, str)
    return token


def endorsement(service: IssuerService, credential_id: str) -> Credential:
    return verified(service, token_of(service, credential_id).encode()).credential


def test_the_words_are_an_endorsement_of_the_credential_by_its_own_issuer(service: IssuerService) -> None:
    issued = service.issue("acme", PRAISED)
    found = endorsement(service, issued.id)

    assert TYPE in found.types
    assert found.issuer_id == service.issuer("acme").did
    assert found.document["name"] == NAME
    assert found.document["credentialSubject"] == {
        "id": issued.url,
        "type": ["EndorsementSubject"],
        "endorsementComment": PRAISED.supervisor_words,
    }
    assert found.statuses == ()


@pytest.mark.parametrize(
    "draft",
    [numbered_draft(1), replace(PRAISED, supervisor_words=None), replace(PRAISED, supervisor_words="")],
    ids=["not asked for", "no words", "empty words"],
)
def test_without_words_or_the_wish_there_is_none(service: IssuerService, draft: Draft) -> None:
    assert carried(released(service, service.issue("acme", draft).id).credential.document) == []


def test_words_that_nobody_endorses_cost_no_signature(service: IssuerService, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    sign = service.means.signer.sign

    def counting(key_id: str, data: bytes) -> bytes:
        counted.append(key_id)
        return sign(key_id, data)

    monkeypatch.setattr(service.means.signer, "sign", counting)
    service.issue("acme", numbered_draft(1))
    plain = len(counted)
    service.issue("acme", PRAISED)

    assert (plain, len(counted) - plain) == (2, 3)


def test_a_crash_resumes_to_the_same_endorsement(service: IssuerService) -> None:
    recorded = record(service.means, "acme", [KeyedDraft("one", PRAISED)])
    with read(service.means.engine) as connection:
        stored = credentials.by_id(connection, recorded.issued[0].id)
    assert stored is not None
    before = strict_json.parse_object(stored.unsigned, max_bytes=1 << 20)["endorsementJwt"]
    assert service.issue("acme", PRAISED, idempotency_key="one").id == stored.id

    assert before == [token_of(service, stored.id)]


def test_forms_signed_anew_after_a_theft_carry_the_same_endorsement(service: IssuerService) -> None:
    recorded = record(service.means, "acme", [KeyedDraft(None, PRAISED)])
    (name,) = (key.name for key in service.keys("acme") if key.state == "active")
    service.report_compromise("acme", name, service.means.now() - timedelta(days=1))
    release._resume_batch(service.means, None)
    issued = released(service, recorded.issued[0].id)

    own = FORMS["vc+jwt"].read(carried(issued.credential.document)[0].encode())
    assert issued.verification_method.rpartition("#")[2] != name
    assert own.verification_method.rpartition("#")[2] == name


def test_every_form_carries_it_and_a_holder_may_leave_it_out_with_the_words(service: IssuerService) -> None:
    issued = service.issue("acme", replace(PRAISED, selective=True))
    expected = token_of(service, issued.id)

    for form in forms_of(service.means, issued.id):
        secured = recognise(form.body)
        document = secured.read(form.body).document
        assert carried(as_credential(document) or document) == [expected], form.format
        hidden = b"".join(form.body.split(b"~")[:1])
        if secured.form in SELECTIVE_FORMS:
            assert expected.encode() not in hidden


def test_the_longest_words_keep_the_token_small(service: IssuerService) -> None:
    issued = service.issue("acme", replace(PRAISED, supervisor_words=LONGEST))
    plain = service.issue("acme", replace(PRAISED, supervisor_words=LONGEST, endorse=False))

    assert size_of(service, issued.id) - size_of(service, plain.id) < 10_000
    assert size_of(service, service.issue("acme", PRAISED).id) < 8_000


def size_of(service: IssuerService, credential_id: str) -> int:
    return next(len(one.body) for one in forms_of(service.means, credential_id) if one.format == "vc+jwt")
