"""vc+sd-jwt and dc+sd-jwt: what is written is read, and told apart from other forms."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.core import achievement, strict_json
from credentials.core.credential import CONTEXT_V2, STATUS_LIST_ENTRY
from credentials.core.disclosable import disclosable, parts
from credentials.core.errors import (
    AlgorithmRefused,
    BadDid,
    CredentialError,
    MalformedCredential,
    SignatureMismatch,
    UnknownForm,
)
from credentials.core.mechanism import SecuringMechanism
from credentials.core.sd_jwt_vc_claims import as_credential, sd_jwt_vc_claims
from credentials.core.securing import SD_JWT_VC, VC_JWT, VC_SD_JWT, issue, recognise
from tests.core.parties import BASE, Party, ed25519_party, p256_party

CREATED = datetime(2026, 3, 16, tzinfo=UTC)
ENTROPY = bytes(range(32))
VCT = f"{BASE}/types/micro-internship"
LIST = f"{BASE}/status/1/token"


def claims_of(unsigned: bytes, party: Party) -> bytes:
    return sd_jwt_vc_claims(unsigned, vct=VCT, issuer=party.did, list_url=LIST, index=5)


def secured(form: SecuringMechanism, party: Party, unsigned: bytes) -> bytes:
    return issue(
        unsigned if form is VC_SD_JWT else claims_of(unsigned, party),
        sign=party.sign,
        key=party.key,
        verification_method=party.method,
        created=CREATED,
        mechanism=form.name,
        entropy=ENTROPY,
    )


FORMS = pytest.mark.parametrize("form", [VC_SD_JWT, SD_JWT_VC], ids=lambda form: form.name)


@FORMS
@pytest.mark.parametrize("party", [ed25519_party(), p256_party()], ids=["Ed25519", "P-256"])
def test_there_and_back(form: SecuringMechanism, party: Party, internship: achievement.AchievementCredential) -> None:
    unsigned = achievement.to_bytes(internship).replace(ed25519_party().did.encode(), party.did.encode())
    token = secured(form, party, unsigned)
    assert recognise(token) is form
    presented = form.read(token)
    result = form.verify(presented, party.key)
    assert (result.mechanism, result.algorithm, result.thumbprint) == (form.name, party.alg, party.key.thumbprint())
    assert result.verification_method == party.method
    assert result.credential.issuer_id == party.did
    assert result.credential.valid_from == internship.valid_from
    assert result.credential.valid_until == internship.valid_until
    assert result.credential.subject_id == "urn:uuid:person"
    form.check_badge(presented)


@FORMS
def test_the_same_entropy_gives_the_same_token(
    form: SecuringMechanism, issuer: Party, internship: achievement.AchievementCredential
) -> None:
    unsigned = achievement.to_bytes(internship)
    assert secured(form, issuer, unsigned) == secured(form, issuer, unsigned)


def test_the_whole_document_comes_back(issuer: Party, internship: achievement.AchievementCredential) -> None:
    unsigned = achievement.to_bytes(internship)
    presented = VC_SD_JWT.read(secured(VC_SD_JWT, issuer, unsigned))
    assert achievement.parse_achievement(presented.document) == internship
    header = dict(presented.proofs[0].own.sd_jwt.jws.header)
    assert header == {"alg": "EdDSA", "typ": "vc+sd-jwt", "cty": "vc", "kid": issuer.method}


def test_the_claims_of_an_sd_jwt_vc(issuer: Party, internship: achievement.AchievementCredential) -> None:
    presented = SD_JWT_VC.read(secured(SD_JWT_VC, issuer, achievement.to_bytes(internship)))
    payload = presented.document
    assert dict(presented.proofs[0].own.sd_jwt.jws.header) == {"alg": "EdDSA", "typ": "dc+sd-jwt", "kid": issuer.method}
    told = {name: payload[name] for name in ("iss", "vct", "jti", "sub", "nbf", "exp", "iat", "status")}
    assert told == {
        "iss": issuer.did,
        "vct": VCT,
        "jti": internship.id,
        "sub": "urn:uuid:person",
        "nbf": 1773619200,
        "exp": 1931385600,
        "iat": 1773619200,
        "status": {"status_list": {"idx": 5, "uri": LIST}},
    }
    assert not {"@context", "type", "id", "validFrom", "credentialStatus"} & payload.keys()
    (entry,) = SD_JWT_VC.parse(presented).statuses
    assert (entry.type, entry.status_list_index, entry.status_list_credential) == (STATUS_LIST_ENTRY, "5", LIST)


def test_it_is_shown_as_the_badge_it_tells_of(issuer: Party, internship: achievement.AchievementCredential) -> None:
    shown = as_credential(json.loads(claims_of(achievement.to_bytes(internship), issuer)))
    assert shown is not None
    badge = achievement.read_achievement(shown)
    assert (badge.credential_subject, badge.evidence) == (internship.credential_subject, internship.evidence)
    assert (badge.valid_from, badge.issuer_profile.name) == (internship.valid_from, "Nordlys")
    assert as_credential({"vct": "x"}) is None
    assert as_credential({"credentialSubject": {}}) is None


def test_what_can_be_left_out(internship: achievement.AchievementCredential) -> None:
    document = json.loads(achievement.to_bytes(internship))
    pointers = disclosable(document)
    assert pointers == (
        "/credentialSubject/identifier/0",
        "/credentialSubject/identifier/1",
        "/credentialSubject/result/0",
        "/credentialSubject/result/1",
        "/credentialSubject/achievement/resultDescription/0",
        "/credentialSubject/achievement/resultDescription/1",
        "/evidence/0",
    )
    found = {part.name: part for part in parts(document)}
    assert list(found) == ["name", "email", "hours", "writing", "deliverable"]
    assert found["hours"].words == "Hours: 37.5"
    assert found["hours"].pointers == (pointers[2], pointers[4])
    assert sorted(pointer for part in found.values() for pointer in part.pointers) == sorted(pointers)


@pytest.mark.parametrize("document", [{}, {"evidence": "x"}, {"credentialSubject": []}, {"credentialSubject": {}}])
def test_documents_without_parts(document: dict[str, Any]) -> None:
    assert (disclosable(document), parts(document)) == ((), ())


def test_parts_that_are_odd_are_still_told() -> None:
    result = {"resultDescription": "urn:nobody", "value": "5"}
    subject = {"identifier": [{}, None, 7], "result": [result, {}, None]}
    names = [part.name for part in parts({"credentialSubject": subject, "evidence": [None, {"name": "x"}, {}]})]
    assert names == ["identifier", "identifier-2", "result", "result-2", "deliverable", "deliverable-2"]


@FORMS
def test_other_forms_are_told_apart(
    form: SecuringMechanism, issuer: Party, internship: achievement.AchievementCredential
) -> None:
    token = secured(form, issuer, achievement.to_bytes(internship))
    assert recognise(token.partition(b"~")[0]) is VC_JWT
    with pytest.raises(UnknownForm):
        recognise(b"~" + token)
    with pytest.raises(CredentialError):
        VC_JWT.read(token)


@FORMS
def test_what_cannot_be_written(
    form: SecuringMechanism, issuer: Party, internship: achievement.AchievementCredential
) -> None:
    unsigned = achievement.to_bytes(internship)
    document = form.unsigned(unsigned if form is VC_SD_JWT else claims_of(unsigned, issuer))
    for method, algorithm, error in (
        (issuer.method, "RSA", AlgorithmRefused),
        (issuer.method, "none", AlgorithmRefused),
        ("key-1", "Ed25519", BadDid if form is VC_SD_JWT else MalformedCredential),
        ("", "Ed25519", BadDid if form is VC_SD_JWT else MalformedCredential),
    ):
        with pytest.raises(error):
            form.prepare(document, verification_method=method, algorithm=algorithm, created=CREATED, entropy=ENTROPY)
    with pytest.raises(ValueError, match="random"):
        form.prepare(document, verification_method=issuer.method, algorithm="Ed25519", created=CREATED)


@FORMS
def test_the_issuers_own_check(
    form: SecuringMechanism, issuer: Party, internship: achievement.AchievementCredential, stranger: Party
) -> None:
    unsigned = achievement.to_bytes(internship)
    document = form.unsigned(unsigned if form is VC_SD_JWT else claims_of(unsigned, issuer))
    prepared = form.prepare(
        document, verification_method=issuer.method, algorithm="Ed25519", created=CREATED, entropy=ENTROPY
    )
    good = form.assemble(prepared, issuer.sign(prepared.signing_input))
    form.check_own(prepared, good, issuer.key)
    head, first, *rest = good.split(b"~")
    for wrong in (
        form.assemble(prepared, stranger.sign(prepared.signing_input)),
        head + b"~",
        b"~".join([head, *rest]),
        b"~".join([head, rest[0], first, *rest[1:]]),
        good + issuer.token(b'{"alg":"EdDSA","typ":"kb+jwt"}', b"{}").encode(),
    ):
        with pytest.raises(SignatureMismatch):
            form.check_own(prepared, wrong, issuer.key)


def test_the_smallest_credential_has_nothing_to_leave_out(issuer: Party, plain: dict[str, Any]) -> None:
    token = secured(VC_SD_JWT, issuer, strict_json.dump(plain))
    assert token.count(b"~") == 1
    assert VC_SD_JWT.read(token).document == plain
    assert plain["@context"] == [CONTEXT_V2]
