"""What only looks like a vc+sd-jwt or a dc+sd-jwt is refused, and what is odd but allowed is read."""

import json
from typing import Any

import pytest

from credentials.core.errors import (
    AlgorithmRefused,
    AudienceRestricted,
    ClaimMismatch,
    CredentialError,
    HeaderMemberRefused,
    ImpossiblePeriod,
    KidMissing,
    KidNotDidUrl,
    MalformedCredential,
    MustNotBeHidden,
    VcClaim,
    WrongTokenType,
)
from credentials.core.sd_jwt.concealing import conceal
from credentials.core.sd_jwt.serialised import join_sd_jwt
from credentials.core.securing import SD_JWT_VC, VC_SD_JWT, recognise
from tests.core.parties import Party
from tests.core.test_sd_jwt_forms import ENTROPY, LIST, VCT


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
