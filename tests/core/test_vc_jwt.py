"""vc+jwt: what is written is read, and nothing else than what was signed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.core import achievement, strict_json
from credentials.core.credential import parse_credential
from credentials.core.errors import (
    AlgorithmRefused,
    BadDid,
    ClaimMismatch,
    ClaimsMissing,
    CredentialError,
    DuplicateKey,
    KidMissing,
    KidNotDidUrl,
    MalformedCredential,
    NotJson,
    SignatureMismatch,
    TooLarge,
)
from credentials.core.mechanism import MAX_UNSIGNED_BYTES, Presented, Proof, Unsigned, VerifiedCredential
from credentials.core.securing import VC_JWT, VC_JWT_PQ
from tests.core.parties import Party, ed25519_party, ml_dsa_party, p256_party

CREATED = datetime(2026, 3, 16, tzinfo=UTC)
CLAIMS = {
    "jti": "https://credentials.example/c/1",
    "nbf": 1773619200,
    "sub": "urn:uuid:person",
}


def accept(token: str | bytes, party: Party) -> VerifiedCredential:
    data = token.encode("utf-8", "surrogatepass") if isinstance(token, str) else token
    return VC_JWT.verify(VC_JWT.read(data), party.key)


def good_header(party: Party) -> dict[str, Any]:
    return {"alg": party.alg, "kid": party.method}


def good_payload(plain: dict[str, Any]) -> dict[str, Any]:
    return {**plain, "iss": plain["issuer"], **CLAIMS}


def signed(party: Party, header: dict[str, Any], payload: dict[str, Any]) -> str:
    return party.token(json.dumps(header).encode(), json.dumps(payload).encode())


def issue(party: Party, unsigned: bytes) -> bytes:
    prepared = VC_JWT.prepare(
        Unsigned.parse(unsigned), verification_method=party.method, algorithm=party.key.algorithm, created=CREATED
    )
    return VC_JWT.assemble(prepared, party.sign(prepared.signing_input))


@pytest.mark.parametrize("party", [ed25519_party(), p256_party()], ids=["Ed25519", "P-256"])
def test_there_and_back(party: Party, internship: achievement.AchievementCredential) -> None:
    unsigned = achievement.to_bytes(internship)
    presented = VC_JWT.read(issue(party, unsigned))
    result = VC_JWT.verify(presented, party.key)
    assert strict_json.dump(presented.document) == unsigned
    assert achievement.parse_achievement(result.credential.document) == internship
    assert (result.mechanism, result.algorithm) == ("vc+jwt", party.alg)
    assert result.verification_method == party.method
    assert result.thumbprint == party.key.thumbprint()
    VC_JWT.check_badge(presented)


def test_the_form_that_open_badges_wants(issuer: Party, internship: achievement.AchievementCredential) -> None:
    presented = VC_JWT.read(issue(issuer, achievement.to_bytes(internship)))
    assert dict(presented.proofs[0].own.header) == {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": issuer.method}
    assert presented.claims == {
        "iss": issuer.did,
        "jti": internship.id,
        "nbf": 1773619200,
        "sub": "urn:uuid:person",
        "exp": 1931385600,
    }


def test_the_unsigned_bytes_are_kept_as_they_are(issuer: Party, plain: dict[str, Any]) -> None:
    unsigned = json.dumps(plain, indent=2, ensure_ascii=True).encode() + b"\n"
    presented = VC_JWT.read(issue(issuer, unsigned))
    assert presented.payload.startswith(unsigned.rstrip()[:-1])
    assert accept(issue(issuer, unsigned), issuer).credential.id == plain["id"]


@pytest.mark.parametrize("indent", [None, 2])
def test_what_is_kept_gives_the_same_signing_input(issuer: Party, plain: dict[str, Any], indent: int | None) -> None:
    unsigned = Unsigned.parse(json.dumps(plain, indent=indent).encode())
    prepared = VC_JWT.prepare(unsigned, verification_method=issuer.method, algorithm="Ed25519", created=CREATED)
    assert VC_JWT.restore(unsigned.data, prepared.template) == prepared
    assert len(prepared.template) < 600  # the header and the claims, not the credential again


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NotJson),
        (b"[]", NotJson),
        (b'{"@context":"https://www.w3.org/ns/credentials/v2"}', MalformedCredential),
        (b'{"id":"urn:a","id":"urn:b"}', DuplicateKey),
        (b" " * (MAX_UNSIGNED_BYTES + 1), TooLarge),
    ],
    ids=["nothing", "no object", "no credential", "twice", "too large"],
)
def test_what_is_no_credential_cannot_be_secured(data: bytes, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        Unsigned.parse(data)


def test_signing_again_gives_the_same_bytes(issuer: Party, plain: dict[str, Any]) -> None:
    assert issue(issuer, json.dumps(plain).encode()) == issue(issuer, json.dumps(plain).encode())


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"id": None}, MalformedCredential),
        ({"credentialSubject": {"name": "x"}}, MalformedCredential),
        ({"credentialSubject": [{"id": "urn:a"}, {"id": "urn:b"}]}, MalformedCredential),
        ({"validFrom": "2026-03-16T00:00:00.5Z"}, MalformedCredential),
        ({"validUntil": "2027-03-16T00:00:00.5Z"}, MalformedCredential),
        ({"iss": "x"}, MalformedCredential),
        ({"exp": 1}, MalformedCredential),
        ({"vc": {}}, MalformedCredential),
    ],
)
def test_what_cannot_be_written(
    issuer: Party, plain: dict[str, Any], change: dict[str, Any], error: type[CredentialError]
) -> None:
    with pytest.raises(error):
        issue(issuer, json.dumps(plain | change).encode())


@pytest.mark.parametrize("missing", ["id", "validFrom"])
def test_what_lacks_a_claim_cannot_be_written(issuer: Party, plain: dict[str, Any], missing: str) -> None:
    del plain[missing]
    with pytest.raises(MalformedCredential):
        issue(issuer, json.dumps(plain).encode())


def test_preparing_refuses_other_algorithms_and_names(plain: dict[str, Any], issuer: Party, any_party: Party) -> None:
    unsigned = Unsigned.parse(json.dumps(plain).encode())
    for algorithm in ("RSA", "RS256", "none", "HS256", ""):
        with pytest.raises(AlgorithmRefused):
            VC_JWT.prepare(unsigned, verification_method=issuer.method, algorithm=algorithm, created=CREATED)
    with pytest.raises(BadDid):
        VC_JWT.prepare(unsigned, verification_method="key-1", algorithm="Ed25519", created=CREATED)


@pytest.mark.parametrize(
    "header", [{}, {"typ": "JWT"}, {"typ": "vc+jwt"}, {"cty": "vc"}, {"typ": "vc+jwt", "cty": "vc"}]
)
def test_accepted_headers(header: dict[str, Any], issuer: Party, plain: dict[str, Any]) -> None:
    accept(signed(issuer, good_header(issuer) | header, good_payload(plain)), issuer)


@pytest.mark.parametrize("absent", ["iss", "jti", "nbf", "sub"])
def test_a_foreign_token_may_lack_claims(absent: str, issuer: Party, plain: dict[str, Any]) -> None:
    payload = good_payload(plain)
    del payload[absent]
    token = signed(issuer, good_header(issuer), payload)
    accept(token, issuer)
    with pytest.raises(ClaimsMissing, match=f"lacks {absent}$"):
        VC_JWT.check_badge(VC_JWT.read(token.encode()))


def test_a_relative_kid_is_the_issuers(issuer: Party, plain: dict[str, Any]) -> None:
    header = {"alg": "EdDSA", "kid": "#" + issuer.method.partition("#")[2]}
    assert VC_JWT.read(signed(issuer, header, good_payload(plain)).encode()).verification_method == issuer.method


def test_a_post_quantum_token_says_the_same_and_is_read_like_any_other(plain: dict[str, Any]) -> None:
    party, first = ml_dsa_party(), ed25519_party()
    unsigned = json.dumps(plain).encode()
    prepared = VC_JWT_PQ.prepare(
        Unsigned.parse(unsigned), verification_method=party.method, algorithm=party.key.algorithm, created=CREATED
    )
    token = VC_JWT_PQ.assemble(prepared, party.sign(prepared.signing_input))
    VC_JWT_PQ.check_own(prepared, token, party.key)
    presented = VC_JWT.read(token)
    assert presented.payload == VC_JWT.read(issue(first, unsigned)).payload
    result = VC_JWT.verify(presented, party.key)
    assert (result.form, result.algorithm, result.thumbprint) == ("vc+jwt", "ML-DSA-44", party.key.thumbprint())
    with pytest.raises(SignatureMismatch):
        VC_JWT.verify(presented, ml_dsa_party(b"\x02" * 32).key)


def test_each_instance_signs_with_its_own_kind_of_key(plain: dict[str, Any], issuer: Party) -> None:
    unsigned = Unsigned.parse(json.dumps(plain).encode())
    for mechanism, algorithms in ((VC_JWT, ["ML-DSA-44"]), (VC_JWT_PQ, ["Ed25519", "EdDSA", "P-256", "ES256", "RSA"])):
        for algorithm in algorithms:
            with pytest.raises(AlgorithmRefused):
                mechanism.prepare(unsigned, verification_method=issuer.method, algorithm=algorithm, created=CREATED)


def test_no_flipped_bit_of_a_post_quantum_token_is_forgiven(plain: dict[str, Any]) -> None:
    party = ml_dsa_party()
    token = signed(party, good_header(party), good_payload(plain | {"issuer": party.did})).encode()
    accept(token, party)
    for place in range(len(token)):
        flipped = bytearray(token)
        flipped[place] ^= 1 << place % 7
        with pytest.raises(CredentialError):
            accept(bytes(flipped), party)


HTTPS_ISSUER = "https://acme.example/issuers/1"


@pytest.mark.parametrize(
    ("kid", "method"),
    [
        ("https://acme.example/keys/1", "https://acme.example/keys/1"),
        (f"{HTTPS_ISSUER}#key-1", f"{HTTPS_ISSUER}#key-1"),
        ("#key-1", f"{HTTPS_ISSUER}#key-1"),
        ("https://evil.example/keys/1", "https://evil.example/keys/1"),  # refused when it is looked up
        ("did:web:acme.example#key-1", "did:web:acme.example#key-1"),
    ],
)
def test_an_https_issuers_kid_may_be_an_address(kid: str, method: str, issuer: Party, plain: dict[str, Any]) -> None:
    payload = good_payload(plain | {"issuer": HTTPS_ISSUER})
    presented = VC_JWT.read(signed(issuer, {"alg": "EdDSA", "kid": kid}, payload).encode())
    assert (presented.issuer, presented.verification_method) == (HTTPS_ISSUER, method)


@pytest.mark.parametrize(
    "kid",
    ["http://acme.example/k", "https://user@acme.example/k", "https://acme.example/../k", "https:", "//acme.example/k"],
)
def test_an_odd_address_is_no_kid(kid: str, issuer: Party, plain: dict[str, Any]) -> None:
    payload = good_payload(plain | {"issuer": HTTPS_ISSUER})
    with pytest.raises(KidNotDidUrl):
        VC_JWT.read(signed(issuer, {"alg": "EdDSA", "kid": kid}, payload).encode())


@pytest.mark.parametrize("name", ["did:web:acme.example", "http://acme.example", "urn:uuid:1", f"{HTTPS_ISSUER}#x"])
def test_a_key_at_an_address_is_for_issuers_that_are_at_one(name: str, issuer: Party, plain: dict[str, Any]) -> None:
    payload = good_payload(plain | {"issuer": name})
    with pytest.raises(KidNotDidUrl):
        VC_JWT.read(signed(issuer, {"alg": "EdDSA", "kid": "https://acme.example/k"}, payload).encode())


def test_an_iss_in_the_header_must_agree(issuer: Party, plain: dict[str, Any]) -> None:
    accept(signed(issuer, {**good_header(issuer), "iss": issuer.did}, good_payload(plain)), issuer)
    with pytest.raises(ClaimMismatch):
        accept(signed(issuer, {**good_header(issuer), "iss": "did:web:evil.example"}, good_payload(plain)), issuer)


def test_true_is_not_one(issuer: Party, plain: dict[str, Any]) -> None:
    plain["validFrom"] = "1970-01-01T00:00:01Z"
    accept(signed(issuer, good_header(issuer), good_payload(plain) | {"nbf": 1}), issuer)
    with pytest.raises(ClaimMismatch):
        accept(signed(issuer, good_header(issuer), good_payload(plain) | {"nbf": True}), issuer)


def test_an_iat_is_not_a_statement_of_the_credential(issuer: Party, plain: dict[str, Any]) -> None:
    assert (
        "iat"
        not in accept(signed(issuer, good_header(issuer), good_payload(plain) | {"iat": 5}), issuer).credential.document
    )


def test_a_fraction_of_a_second_may_be_dropped_by_others(issuer: Party, plain: dict[str, Any]) -> None:
    plain["validFrom"] = "2026-03-16T00:00:00.75Z"
    accept(signed(issuer, good_header(issuer), good_payload(plain)), issuer)


def test_a_version_one_credential(issuer: Party, plain: dict[str, Any]) -> None:
    plain |= {"@context": ["https://www.w3.org/2018/credentials/v1"], "issuanceDate": plain.pop("validFrom")}
    assert accept(signed(issuer, good_header(issuer), good_payload(plain)), issuer).credential.version == "1.1"


def test_only_verify_makes_a_verified_credential(issuer: Party, plain: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="only a securing mechanism"):
        VerifiedCredential(parse_credential(plain), "vc+jwt", (), seal=object())


def test_another_mechanisms_form_is_not_taken(issuer: Party, plain: dict[str, Any]) -> None:
    other = Presented("other", issuer.did, plain, {}, b"", (Proof("other", issuer.method, "x", object()),))
    with pytest.raises(TypeError, match="other"):
        VC_JWT.verify(other, issuer.key)


def test_a_token_without_kid_names_no_key(issuer: Party, plain: dict[str, Any]) -> None:
    with pytest.raises(KidMissing):
        VC_JWT.read(signed(issuer, {"alg": "EdDSA"}, good_payload(plain)).encode())


def test_the_issuers_own_key_is_needed(issuer: Party, internship: achievement.AchievementCredential) -> None:
    mechanism = VC_JWT
    prepared = mechanism.prepare(
        Unsigned.parse(achievement.to_bytes(internship)),
        verification_method=issuer.method,
        algorithm=issuer.key.algorithm,
        created=CREATED,
    )
    presented = mechanism.read(mechanism.assemble(prepared, issuer.sign(prepared.signing_input)))
    with pytest.raises(ValueError, match="own key"):
        mechanism.verify(presented, None)
    for keys in ((), (issuer.key, issuer.key)):
        with pytest.raises(ValueError, match="unpack"):
            mechanism.verify(presented, *keys)
    assert mechanism.verify(presented, issuer.key).credential.id == internship.id
