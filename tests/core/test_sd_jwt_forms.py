"""vc+sd-jwt and dc+sd-jwt: what is written is read, and what only looks like it is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.core import achievement, strict_json
from credentials.core.credential import CONTEXT_V2, STATUS_LIST_ENTRY
from credentials.core.disclosable import disclosable, parts
from credentials.core.errors import (
    AlgorithmRefused,
    AudienceRestricted,
    BadDid,
    ClaimMismatch,
    CredentialError,
    HeaderMemberRefused,
    ImpossiblePeriod,
    KidMissing,
    KidNotDidUrl,
    MalformedCredential,
    MustNotBeHidden,
    SignatureMismatch,
    UnknownForm,
    VcClaim,
    WrongTokenType,
)
from credentials.core.mechanism import SecuringMechanism
from credentials.core.sd_jwt.concealing import conceal
from credentials.core.sd_jwt.serialised import join_sd_jwt
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


# What is refused ---------------------------------------------------------------------------------------------------

Case = tuple[dict[str, Any], dict[str, Any], type[CredentialError]]


def by_hand(party: Party, header: dict[str, Any], payload: dict[str, Any]) -> bytes:
    stated = {name: value for name, value in ({"alg": party.alg, "kid": party.method} | header).items() if value}
    token = party.token(json.dumps(stated).encode(), json.dumps(payload).encode())
    return token.encode() + b"~"


def verify_vc(party: Party, token: bytes) -> None:
    VC_SD_JWT.verify(VC_SD_JWT.read(token), party.key)


@pytest.mark.parametrize(
    ("header", "change", "error"),
    [
        ({"typ": None}, {}, WrongTokenType),
        ({"typ": "JWT"}, {}, WrongTokenType),
        ({"typ": "vc+jwt"}, {}, WrongTokenType),
        ({"typ": "dc+sd-jwt"}, {}, WrongTokenType),
        ({"cty": "json"}, {}, WrongTokenType),
        ({"kid": None}, {}, KidMissing),
        ({"kid": "key-1"}, {}, KidNotDidUrl),
        ({"x5c": ["MIIB"]}, {}, HeaderMemberRefused),
        ({"jwk": {"kty": "OKP"}}, {}, HeaderMemberRefused),
        ({"jku": "https://evil.example"}, {}, HeaderMemberRefused),
        ({"trust_chain": ["x"]}, {}, HeaderMemberRefused),
        ({"x5u": "https://evil.example"}, {}, HeaderMemberRefused),
        ({"vctm": ["x"]}, {}, HeaderMemberRefused),
        ({"crit": ["b64"]}, {}, HeaderMemberRefused),
        ({"alg": "none"}, {}, AlgorithmRefused),
        ({"alg": "HS256"}, {}, AlgorithmRefused),
        ({}, {"vc": {}}, VcClaim),
        ({}, {"vp": {}}, VcClaim),
        ({}, {"issuer": None}, MalformedCredential),
        ({}, {"type": "x"}, MalformedCredential),
        ({}, {"iss": "did:web:other.example"}, ClaimMismatch),
        ({}, {"exp": 1}, ClaimMismatch),
        ({}, {"aud": "x"}, AudienceRestricted),
    ],
    ids=str,
)
def test_what_is_no_vc_sd_jwt(
    issuer: Party, plain: dict[str, Any], header: dict[str, Any], change: dict[str, Any], error: type[CredentialError]
) -> None:
    verify_vc(issuer, by_hand(issuer, {"typ": "vc+sd-jwt"}, plain))
    with pytest.raises(error):
        verify_vc(issuer, by_hand(issuer, {"typ": "vc+sd-jwt"} | header, plain | change))


def good_claims(party: Party) -> dict[str, Any]:
    return {"iss": party.did, "vct": VCT, "nbf": 1773619200}


@pytest.mark.parametrize(
    ("header", "change", "error"),
    [
        ({"typ": None}, {}, WrongTokenType),
        ({"typ": "JWT"}, {}, WrongTokenType),
        ({"typ": "vc+jwt"}, {}, WrongTokenType),
        ({"cty": "vc"}, {}, WrongTokenType),
        ({"kid": None}, {}, KidMissing),
        ({"kid": "key-1"}, {}, KidNotDidUrl),
        ({"x5c": ["MIIB"]}, {}, HeaderMemberRefused),
        ({"jwk": {"kty": "OKP"}}, {}, HeaderMemberRefused),
        ({"trust_chain": ["x"]}, {}, HeaderMemberRefused),
        ({}, {"iss": None}, MalformedCredential),
        ({}, {"iss": "nobody"}, MalformedCredential),
        ({}, {"iss": "https://a.example#x"}, MalformedCredential),
        ({"iss": "https://a.example"}, {}, ClaimMismatch),
        ({}, {"vct": None}, MalformedCredential),
        ({}, {"vct": ""}, MalformedCredential),
        ({}, {"vct": 7}, MalformedCredential),
        ({}, {"nbf": "now"}, MalformedCredential),
        ({}, {"nbf": True}, MalformedCredential),
        ({}, {"nbf": -1}, MalformedCredential),
        ({}, {"exp": 10**18}, MalformedCredential),
        ({}, {"iat": []}, MalformedCredential),
        ({}, {"exp": 5}, ImpossiblePeriod),
        ({}, {"jti": 7}, MalformedCredential),
        ({}, {"sub": ""}, MalformedCredential),
        ({}, {"aud": "x"}, AudienceRestricted),
        ({}, {"status": "x"}, MalformedCredential),
        ({}, {"status": {}}, MalformedCredential),
        ({}, {"status": {"status_list": {}}}, MalformedCredential),
        ({}, {"status": {"status_list": {"idx": "5", "uri": LIST}}}, MalformedCredential),
        ({}, {"status": {"status_list": {"idx": True, "uri": LIST}}}, MalformedCredential),
        ({}, {"status": {"status_list": {"idx": -1, "uri": LIST}}}, MalformedCredential),
        ({}, {"status": {"status_list": {"idx": 5, "uri": ""}}}, MalformedCredential),
        ({}, {"status": {str(number): {} for number in range(9)}}, MalformedCredential),
    ],
    ids=str,
)
def test_what_is_no_sd_jwt_vc(
    issuer: Party, header: dict[str, Any], change: dict[str, Any], error: type[CredentialError]
) -> None:
    payload = {name: value for name, value in (good_claims(issuer) | change).items() if value is not None}
    with pytest.raises(error):
        SD_JWT_VC.verify(SD_JWT_VC.read(by_hand(issuer, {"typ": "dc+sd-jwt"} | header, payload)), issuer.key)


def test_an_https_issuer_names_its_key_by_kid(issuer: Party) -> None:
    payload = good_claims(issuer) | {"iss": "https://a.example/x"}
    for kid in ("k1", "https://a.example/x#k1"):
        presented = SD_JWT_VC.read(by_hand(issuer, {"typ": "dc+sd-jwt", "kid": kid}, payload))
        assert presented.verification_method == "https://a.example/x#k1"
        assert presented.proofs[0].controller == "https://a.example/x"
    with pytest.raises(KidMissing):
        SD_JWT_VC.read(by_hand(issuer, {"typ": "dc+sd-jwt", "kid": "k" * 513}, payload))


def test_the_former_type_is_read_where_it_can_be_nothing_else(issuer: Party, plain: dict[str, Any]) -> None:
    former = by_hand(issuer, {"typ": "vc+sd-jwt"}, good_claims(issuer))
    assert recognise(former) is SD_JWT_VC
    SD_JWT_VC.verify(SD_JWT_VC.read(former), issuer.key)
    assert recognise(by_hand(issuer, {"typ": "vc+sd-jwt"}, plain)) is VC_SD_JWT
    assert recognise(by_hand(issuer, {"typ": "vc+sd-jwt"}, plain | {"vct": VCT})) is VC_SD_JWT
    assert recognise(b"eyJ0eXAiOiJ2YytzZC1qd3QifQ.x.x~") is VC_SD_JWT


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


@pytest.mark.parametrize("name", ["@context", "credentialStatus", "validUntil", "type", "cnf", "exp", "iss"])
def test_what_decides_must_be_open(issuer: Party, plain: dict[str, Any], name: str) -> None:
    document = plain | {"validUntil": "2030-01-01T00:00:00Z", "credentialStatus": {}, "cnf": {}, "exp": 1, "iss": "x"}
    hidden = conceal(document, [f"/{name}"], entropy=ENTROPY)
    token = by_hand(issuer, {"typ": "vc+sd-jwt"}, hidden.payload)[:-1]
    with pytest.raises(MustNotBeHidden):
        VC_SD_JWT.read(join_sd_jwt(token, hidden.disclosures))


def test_a_part_of_what_decides_must_be_open_too(issuer: Party, plain: dict[str, Any]) -> None:
    document = plain | {"credentialStatus": [{"type": "x"}], "issuer": {"id": issuer.did, "name": "x"}}
    for pointer in ("/credentialStatus/0", "/issuer/name"):
        hidden = conceal(document, [pointer], entropy=ENTROPY)
        token = by_hand(issuer, {"typ": "vc+sd-jwt"}, hidden.payload)[:-1]
        with pytest.raises(MustNotBeHidden):
            VC_SD_JWT.read(join_sd_jwt(token, hidden.disclosures))


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
