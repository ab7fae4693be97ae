"""Which mechanism a form belongs to."""

from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.core.errors import CredentialError, SignatureMismatch, UnknownForm
from credentials.core.mechanism import SecuringMechanism
from credentials.core.securing import FORMS, MECHANISMS, VC_JWT, VC_JWT_PQ, issue, recognise
from credentials.core.strict_json import dump
from tests.core.parties import Party, ed25519_party, ml_dsa_party, p256_party


def test_each_mechanism_is_registered_under_its_name() -> None:
    mechanism: SecuringMechanism = VC_JWT
    assert MECHANISMS["vc+jwt"] is mechanism
    assert all(name == mechanism.name for name, mechanism in MECHANISMS.items())
    assert (mechanism.media_type, mechanism.extension) == ("application/vc+jwt", "jwt")


def test_the_second_token_is_written_by_one_of_its_own_and_read_as_the_first() -> None:
    assert MECHANISMS["vc+jwt;pq"] is VC_JWT_PQ
    assert (VC_JWT_PQ.form, VC_JWT_PQ.media_type, VC_JWT_PQ.extension) == ("vc+jwt", "application/vc+jwt", "pq.jwt")
    assert FORMS["vc+jwt"] is VC_JWT
    party = ml_dsa_party()
    token = issue(
        _unsigned(party),
        sign=party.sign,
        key=party.key,
        verification_method=party.method,
        created=NOW,
        mechanism=VC_JWT_PQ.name,
    )
    assert recognise(token) is VC_JWT


def test_a_token_is_recognised(issuer: Party) -> None:
    assert recognise(issuer.token(b'{"alg":"EdDSA"}', b"{}").encode()) is VC_JWT
    assert recognise(issuer.token(b'{\n "alg":"EdDSA"}', b"{}").encode()) is VC_JWT


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"https://a.example/c/1",
        b"www.a.example",
        b"eyJh.eyJh",
        b"eyJh.e30.AAAA.AAAA",
        b"e30~disclosure~",
        b"\x89PNG\r\n",
        b"7KQ2-M9XV-4T",
        b"\xff\xfe",
    ],
)
def test_other_things_are_not(data: bytes) -> None:
    with pytest.raises(UnknownForm):
        recognise(data)


NOW = datetime(2026, 3, 16, tzinfo=UTC)


def _unsigned(party: Party, **changes: Any) -> bytes:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:3f1c3a5e-94a7-4a52-9b1c-0d9a1f6d2c11",
        "type": ["VerifiableCredential"],
        "issuer": party.did,
        "validFrom": "2026-03-16T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:8f7d9c2b-2f0e-4a0e-8c59-6f2f4f1a7b10"},
    }
    return dump(document | changes)


@pytest.mark.parametrize("party", [ed25519_party(), p256_party()], ids=["EdDSA", "ES256"])
def test_what_is_issued_verifies_and_keeps_the_credential(party: Party) -> None:
    token = issue(_unsigned(party), sign=party.sign, key=party.key, verification_method=party.method, created=NOW)
    verified = VC_JWT.verify(VC_JWT.read(token), party.key)
    assert verified.credential.document["issuer"] == party.did
    assert verified.verification_method == party.method


def test_a_signature_by_another_key_is_never_handed_over(issuer: Party) -> None:
    other = ed25519_party(b"\x02" * 32)
    with pytest.raises(SignatureMismatch):
        issue(_unsigned(issuer), sign=other.sign, key=issuer.key, verification_method=issuer.method, created=NOW)


@pytest.mark.parametrize(
    "changes", [{"id": None}, {"validFrom": "2026-03-16T00:00:00.5Z"}, {"credentialSubject": {}}, {"iss": "x"}]
)
def test_what_is_no_credential_is_not_signed(issuer: Party, changes: dict[str, Any]) -> None:
    signed: list[bytes] = []

    def sign(data: bytes) -> bytes:
        signed.append(data)
        return issuer.sign(data)

    with pytest.raises(CredentialError):
        issue(_unsigned(issuer, **changes), sign=sign, key=issuer.key, verification_method=issuer.method, created=NOW)
    assert signed == []
