"""Whom a proof was made for, which keys are asked for, and that nobody else makes a verified credential."""

from datetime import UTC, datetime

import pytest

from credentials.core import strict_json
from credentials.core.credential import Credential, parse_credential
from credentials.core.errors import (
    AudienceMismatch,
    AudienceRestricted,
    CredentialError,
    KeyAlgorithmMismatch,
    SignatureMismatch,
)
from credentials.core.mechanism import (
    MAX_UNSIGNED_BYTES,
    Presented,
    Proof,
    Unsigned,
    VerifiedCredential,
    check_audience,
    check_signatures,
    verified,
)
from credentials.core.securing import MECHANISMS
from tests.core.parties import Party, p256_party

NOW = datetime(2026, 3, 16, tzinfo=UTC)
JCS = MECHANISMS["eddsa-jcs-2022"]

Audience = tuple[tuple[str, ...], str]
AUDIENCES: list[tuple[Audience, str | None, str | None, type[CredentialError] | None, str]] = [
    # What the proof names (domains, challenge); what is expected (domain, challenge); the error, and where.
    (((), ""), None, None, None, ""),
    ((("a.example",), ""), None, None, AudienceRestricted, "/proof/domain"),
    (((), "n"), None, None, AudienceRestricted, "/proof/challenge"),
    ((("",), ""), None, None, AudienceRestricted, "/proof/domain"),
    ((("a.example",), "n"), "a.example", "n", None, ""),
    ((("b.example", "a.example"), "n"), "a.example", "n", None, ""),
    ((("b.example",), "n"), "a.example", "n", AudienceMismatch, "/proof/domain"),
    (((), "n"), "a.example", "n", AudienceMismatch, "/proof/domain"),
    ((("sub.a.example",), "n"), "a.example", "n", AudienceMismatch, "/proof/domain"),
    ((("A.example",), "n"), "a.example", "n", AudienceMismatch, "/proof/domain"),
    ((("a.example/",), "n"), "a.example", "n", AudienceMismatch, "/proof/domain"),
    ((("a.example",), "m"), "a.example", "n", AudienceMismatch, "/proof/challenge"),
    ((("a.example",), ""), "a.example", "n", AudienceMismatch, "/proof/challenge"),
    ((("a.example",), "N"), "a.example", "n", AudienceMismatch, "/proof/challenge"),
    ((("a.example",), "n "), "a.example", "n", AudienceMismatch, "/proof/challenge"),
    ((("a.example",), "n"), "a.example", None, AudienceRestricted, "/proof/challenge"),
    ((("a.example",), "n"), None, "n", AudienceRestricted, "/proof/domain"),
    ((("a.example",), ""), "a.example", None, None, ""),
    (((), "n"), None, "n", None, ""),
    (((), ""), "", None, AudienceMismatch, "/proof/domain"),
]


@pytest.mark.parametrize(
    ("named", "domain", "challenge", "kind", "where"), AUDIENCES, ids=lambda value: repr(value)[:40]
)
def test_a_proof_is_for_whom_it_names_and_for_nobody_else(
    named: Audience, domain: str | None, challenge: str | None, kind: type[CredentialError] | None, where: str
) -> None:
    proof = Proof("x", "did:web:a.example#k", "Ed25519", None, domains=named[0], challenge=named[1])
    if kind is None:
        check_audience(proof, domain, challenge)
        return
    with pytest.raises(kind) as caught:
        check_audience(proof, domain, challenge)
    assert caught.value.where == where


def test_a_long_domain_is_not_repeated_in_full() -> None:
    with pytest.raises(AudienceMismatch) as caught:
        check_audience(Proof("x", "did:web:a.example#k", "Ed25519", None), "a" * 5000, None)
    assert len(caught.value.detail) < 150


@pytest.fixture(scope="module")
def secured(issuer: Party) -> bytes:
    return signed(issuer)


def signed(issuer: Party) -> bytes:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://credentials.example/c/1",
        "type": ["VerifiableCredential"],
        "issuer": issuer.did,
        "credentialSubject": {"id": "urn:uuid:person", "name": "Zoë"},
    }
    unsigned = JCS.unsigned(strict_json.dump(document))
    prepared = JCS.prepare(unsigned, verification_method=issuer.method, algorithm="Ed25519", created=NOW)
    return JCS.assemble(prepared, issuer.sign(prepared.signing_input))


@pytest.fixture(scope="module")
def presented(secured: bytes) -> Presented:
    return JCS.read(secured)


def test_the_issuers_own_key_is_enough(presented: Presented, issuer: Party) -> None:
    check_signatures(JCS, presented, [issuer.key])
    held = JCS.verify(presented, issuer.key)
    assert (held.mechanism, held.verification_method) == ("eddsa-jcs-2022", issuer.method)
    assert (held.algorithm, held.thumbprint) == (presented.algorithm, issuer.key.thumbprint())
    assert presented.proofs[0].controller == issuer.did


def test_without_the_issuers_own_key_nothing_is_checked(presented: Presented) -> None:
    with pytest.raises(ValueError, match="own key"):
        check_signatures(JCS, presented, [None])


@pytest.mark.parametrize("count", [0, 2])
def test_there_is_one_key_for_each_proof(presented: Presented, issuer: Party, count: int) -> None:
    with pytest.raises(ValueError, match="zip"):
        check_signatures(JCS, presented, [issuer.key] * count)


def test_another_key_is_no_good(presented: Presented, stranger: Party) -> None:
    with pytest.raises(SignatureMismatch):
        check_signatures(JCS, presented, [stranger.key])
    with pytest.raises(KeyAlgorithmMismatch):
        check_signatures(JCS, presented, [p256_party().key])


def test_a_second_proof_is_told_only_where_somebody_asked_for_its_key(presented: Presented, issuer: Party) -> None:
    two = Presented(
        presented.form,
        presented.issuer,
        presented.document,
        presented.claims,
        presented.payload,
        (presented.proofs[0], presented.proofs[0]),
    )
    credential = JCS.parse(presented)
    assert len(verified(credential, two, [issuer.key, None]).proofs) == 1
    assert len(verified(credential, two, [issuer.key, issuer.key]).proofs) == 2


@pytest.fixture
def credential(secured: bytes) -> Credential:
    document = strict_json.parse_object(secured, max_bytes=1 << 20)
    document.pop("proof")
    return parse_credential(document)


@pytest.mark.parametrize("seal", [None, object(), "seal", 0], ids=["none", "object", "text", "number"])
def test_nobody_else_makes_a_verified_credential(credential: Credential, seal: object) -> None:
    with pytest.raises(TypeError, match="only a securing mechanism"):
        VerifiedCredential(credential, "json", (), seal=seal)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-json"),
        (b"[]", "not-json"),
        (b"{}", "wrong-context"),
        (b'{"a":1,"a":2}', "duplicate-key"),
        (b" " * (MAX_UNSIGNED_BYTES + 1), "too-large"),
    ],
    ids=["empty", "a list", "nothing said", "said twice", "too long"],
)
def test_what_is_no_credential_is_not_made_ready_to_sign(data: bytes, code: str) -> None:
    with pytest.raises(CredentialError) as caught:
        Unsigned.parse(data)
    assert caught.value.code == code


def test_the_document_is_as_it_stands_and_the_credential_is_merged(issuer: Party) -> None:
    whole = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:c",
        "type": ["VerifiableCredential"],
        "issuer": issuer.did,
        "credentialSubject": {"id": "urn:uuid:person", "name": "Zoë"},
        "evidence": [{"id": "urn:uuid:person", "type": "Evidence"}],
    }
    parsed = Unsigned.parse(strict_json.dump(whole))
    assert parsed.document == whole
    assert parsed.credential.document != whole
