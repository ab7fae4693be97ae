"""Public keys in files, in every spelling, and what they stand for."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.did_document import PublishedKey, write_did_document
from credentials.core.errors import CredentialError, KeyNotListed
from credentials.core.key_files import MAX_FILE_BYTES, MAX_KEYS, parse_key_file
from tests.core.parties import Party

DID = "did:web:acme.example"
OTHER = "did:web:other.example"


def file(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.fixture
def jwk(issuer: Party) -> dict[str, str]:
    return issuer.key.to_jwk()


def test_every_spelling_of_one_bare_key(issuer: Party, jwk: dict[str, str]) -> None:
    multikey = issuer.key.to_multikey()
    for data in (
        file(jwk),
        file({"keys": [jwk]}),
        file({"type": "Multikey", "publicKeyMultibase": multikey}),
        file({"type": "JsonWebKey", "publicKeyJwk": jwk}),
        f"\n{multikey}\n".encode(),
    ):
        found = parse_key_file(data).document_for(DID, f"{DID}#any")
        assert found.assertion_key(f"{DID}#any").key == issuer.key


def test_a_named_key_is_that_key_and_no_other(jwk: dict[str, str], issuer: Party) -> None:
    for name in ("k1", f"{DID}#k1"):
        parsed = parse_key_file(file(jwk | {"kid": name}))
        assert parsed.document_for(DID, f"{DID}#k1").assertion_key(f"{DID}#k1").key == issuer.key
        with pytest.raises(KeyNotListed):
            parsed.document_for(DID, f"{DID}#k2")


def test_a_key_is_always_called_by_its_thumbprint(jwk: dict[str, str], issuer: Party) -> None:
    named = f"{DID}#{issuer.key.thumbprint()}"
    assert parse_key_file(file(jwk | {"kid": "k1"})).document_for(DID, named).assertion_key(named).key == issuer.key


def test_of_a_set_the_one_that_is_named(issuer: Party, stranger: Party) -> None:
    one, two = issuer.key.to_jwk() | {"kid": "a"}, stranger.key.to_jwk() | {"kid": "b"}
    parsed = parse_key_file(file({"keys": [one, two]}))
    assert parsed.document_for(DID, f"{DID}#b").assertion_key(f"{DID}#b").key == stranger.key
    with pytest.raises(KeyNotListed):
        parsed.document_for(DID, f"{DID}#c")


def test_several_nameless_keys_stand_for_nothing(issuer: Party, stranger: Party) -> None:
    parsed = parse_key_file(file({"keys": [issuer.key.to_jwk(), stranger.key.to_jwk()]}))
    with pytest.raises(KeyNotListed):
        parsed.document_for(DID, f"{DID}#c")


def test_a_document_is_held_to_what_it_says(issuer: Party) -> None:
    parsed = parse_key_file(write_did_document(DID, [PublishedKey("k1", issuer.key)]))
    assert parsed.document_for(DID, f"{DID}#k1").assertion_key(f"{DID}#k1").key == issuer.key
    with pytest.raises(KeyNotListed):
        parsed.document_for(DID, f"{DID}#k2").assertion_key(f"{DID}#k2")
    with pytest.raises(KeyNotListed):
        parsed.document_for(OTHER, f"{OTHER}#k1")


def test_a_controller_document_need_not_be_of_a_did(issuer: Party) -> None:
    at = "https://vc.example/issuers/5678"
    document = json.loads(write_did_document(DID, [PublishedKey("k1", issuer.key)]).replace(DID.encode(), at.encode()))
    assert parse_key_file(file(document)).document_for(at, f"{at}#k1").assertion_key(f"{at}#k1").key == issuer.key


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad-key"),
        (b"eyJ.a.b", "bad-key"),
        (b"z0", "not-base58"),
        (b"z6Mk", "unsupported-key"),
        (b"\xff", "not-utf8"),
        (b"[]", "bad-key"),
        (b"{}", "unsupported-key"),
        (b"{", "not-json"),
        (b'{"kty":"OKP","crv":"Ed25519"}', "bad-key"),
        (b'{"kty":"OKP","crv":"Ed25519","x":"","d":""}', "private-key-shown"),
        (b'{"kty":"OKP","kty":"OKP"}', "duplicate-key"),
        (b'{"keys":{}}', "bad-key"),
        (b'{"keys":[]}', "bad-key"),
        (b'{"keys":[7]}', "bad-key"),
        (b'{"keys":[{"kty":"oct","k":"AA"}]}', "private-key-shown"),
        (b'{"publicKeyMultibase":7}', "bad-key"),
        (b'{"publicKeyMultibase":""}', "bad-key"),
        (b'{"verificationMethod":[]}', "bad-key"),
        (b'{"id":"did:web:a.example","verificationMethod":7}', "bad-did-document"),
        (b'{"a":"' + b"x" * MAX_FILE_BYTES + b'"}', "too-large"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_holds_no_public_key_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(CredentialError) as caught:
        parse_key_file(data)
    assert caught.value.code == code


def test_names_must_be_texts_and_sets_bounded(jwk: dict[str, str]) -> None:
    for value in (jwk | {"kid": 7}, jwk | {"kid": ""}, {"keys": [jwk] * (MAX_KEYS + 1)}):
        with pytest.raises(CredentialError):
            parse_key_file(file(value))


@given(st.binary(max_size=200))
def test_any_bytes_are_keys_or_refused(data: bytes) -> None:
    try:
        parse_key_file(data)
    except CredentialError:
        return
