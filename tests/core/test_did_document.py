"""DID documents: the keys of an issuer."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.did_document import DidDocument, PublishedKey, parse_did_document, write_did_document
from credentials.core.errors import (
    BadDidDocument,
    CredentialError,
    KeyNotAuthorised,
    KeyNotListed,
    KeyUnusable,
    TooLarge,
    UnsupportedKey,
)
from tests.core.parties import Party, ed25519_party, p256_party, rsa_party

DID = "did:web:a.example"
STOLEN = datetime(2026, 5, 1, 12, tzinfo=UTC)


def parse(document: Any) -> DidDocument:
    return parse_did_document(json.dumps(document).encode(), DID)


@pytest.fixture
def document(issuer: Party) -> dict[str, Any]:
    method = {"id": f"{DID}#k", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": issuer.key.to_jwk()}
    return {"id": DID, "verificationMethod": [method], "assertionMethod": [f"{DID}#k"]}


def test_each_key_is_published_twice(issuer: Party) -> None:
    keys = [PublishedKey("key-1", issuer.key), PublishedKey("key-2", p256_party().key, revoked=STOLEN)]
    data = write_did_document(DID, keys)
    written, read = json.loads(data), parse_did_document(data, DID)
    assert [method["type"] for method in written["verificationMethod"]] == ["JsonWebKey", "Multikey"] * 2
    assert written["assertionMethod"] == [method["id"] for method in written["verificationMethod"]]
    assert all("d" not in method.get("publicKeyJwk", {}) for method in written["verificationMethod"])
    for name, key, revoked in (("key-1", issuer.key, None), ("key-2", p256_party().key, STOLEN)):
        for method in (f"{DID}#{name}", f"{DID}#{name}-multikey"):
            found = read.assertion_key(method)
            assert (found.key, found.revoked, found.controller) == (key, revoked, DID)


def test_a_key_without_a_multikey_is_not_published() -> None:
    with pytest.raises(UnsupportedKey):
        write_did_document(DID, [PublishedKey("key-1", rsa_party().key)])


def test_an_issuer_without_keys() -> None:
    with pytest.raises(KeyNotListed):
        parse_did_document(write_did_document(DID, []), DID).assertion_key(f"{DID}#key-1")


def test_relative_ids_are_those_of_the_document(document: dict[str, Any], issuer: Party) -> None:
    document["verificationMethod"][0]["id"] = "#k"
    document["assertionMethod"] = ["#k"]
    assert parse(document).assertion_key(f"{DID}#k").key == issuer.key


def test_a_method_may_stand_in_assertion_method_itself(document: dict[str, Any], issuer: Party) -> None:
    document = {"id": DID, "assertionMethod": document["verificationMethod"]}
    assert parse(document).assertion_key(f"{DID}#k").key == issuer.key


@pytest.mark.parametrize("kind", ["JsonWebKey", "JsonWebKey2020"])
def test_types_with_a_jwk(kind: str, document: dict[str, Any], any_party: Party) -> None:
    document["verificationMethod"][0] |= {"type": kind, "publicKeyJwk": any_party.key.to_jwk()}
    assert parse(document).assertion_key(f"{DID}#k").key == any_party.key


@pytest.mark.parametrize("kind", ["Multikey", "Ed25519VerificationKey2020"])
def test_types_with_a_multikey(kind: str, issuer: Party) -> None:
    method = {"id": f"{DID}#k", "type": kind, "controller": DID, "publicKeyMultibase": issuer.key.to_multikey()}
    assert parse({"id": DID, "assertionMethod": [method]}).assertion_key(f"{DID}#k").key == issuer.key


def test_a_document_as_others_write_it(issuer: Party, stranger: Party) -> None:
    """Contexts and members that are not read, keys of several kinds, embedded and referenced, with relative ids."""
    jwk, multikey = p256_party().key.to_jwk() | {"alg": "ES256", "kid": "x"}, stranger.key.to_multikey()
    owned = {"controller": DID}
    document = {
        "@context": ["https://www.w3.org/ns/cid/v1", {"@base": "did:web:evil.example", "id": "urn:evil"}],
        "id": DID,
        "controller": ["did:web:parent.example"],
        "alsoKnownAs": ["https://a.example/"],
        "verificationMethod": [
            {"id": "#a", "type": "JsonWebKey2020", "publicKeyJwk": jwk, **owned},
            {"id": f"{DID}#e", "type": "Ed25519VerificationKey2018", "publicKeyBase58": "z", **owned},
            {"id": "#x", "type": "X25519KeyAgreementKey2020", "publicKeyMultibase": "z6LS", **owned},
        ],
        "assertionMethod": [
            "#a",
            {"id": "#b", "type": "Ed25519VerificationKey2020", "publicKeyMultibase": multikey, **owned},
            {"id": f"{DID}#c", "type": "Multikey", "publicKeyMultibase": issuer.key.to_multikey(), **owned},
        ],
        "authentication": [{"id": "#d", "type": "Multikey", "publicKeyMultibase": multikey, **owned}],
        "service": [{"id": "#files", "type": "Files", "serviceEndpoint": "https://a.example"}],
    }
    read = parse(document)
    assert read.assertion_key(f"{DID}#a").key == p256_party().key
    assert read.assertion_key(f"{DID}#b").key == stranger.key
    assert read.assertion_key(f"{DID}#c").key == issuer.key
    for name in ("e", "x"):
        with pytest.raises(KeyUnusable):
            read.assertion_key(f"{DID}#{name}")
    assert read.key_for(f"{DID}#d", "authentication").key == stranger.key
    with pytest.raises(KeyNotAuthorised):
        read.assertion_key(f"{DID}#d")  # embedded for authentication, so for nothing else
    with pytest.raises(KeyNotAuthorised):
        read.key_for(f"{DID}#b", "authentication")
    with pytest.raises(KeyNotListed):
        read.assertion_key(f"{DID}#f")


def test_a_controlled_identifier_document_may_have_an_https_id(issuer: Party) -> None:
    address = "https://a.example/issuers/1"
    method = {"id": "#k", "type": "Multikey", "controller": address, "publicKeyMultibase": issuer.key.to_multikey()}
    data = json.dumps({"id": address, "assertionMethod": [method]}).encode()
    assert parse_did_document(data, address).assertion_key(f"{address}#k").key == issuer.key
    with pytest.raises(BadDidDocument):
        parse_did_document(data, address + "/")


def test_when_a_key_ends(document: dict[str, Any]) -> None:
    document["verificationMethod"][0] |= {"revoked": "2026-05-01T12:00:00Z", "expires": "2027-05-01T12:00:00Z"}
    method = parse(document).assertion_key(f"{DID}#k")
    assert method.revoked == STOLEN
    assert method.expires == datetime(2027, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", [f"{DID}#other", f"{DID}#K", DID, "#k", "", "did:web:b.example#k", f"{DID}#k "])
def test_a_key_that_is_not_listed(name: str, document: dict[str, Any]) -> None:
    with pytest.raises(KeyNotListed):
        parse(document).assertion_key(name)


@pytest.mark.parametrize("listed", [[], ["did:web:b.example#k"], [DID], ["k"], [f"{DID}#K"]])
def test_a_key_that_may_not_assert(listed: list[str], document: dict[str, Any]) -> None:
    document["assertionMethod"] = listed
    document["authentication"] = [f"{DID}#k"]
    with pytest.raises(KeyNotAuthorised):
        parse(document).assertion_key(f"{DID}#k")


def test_a_key_controlled_by_someone_else(document: dict[str, Any]) -> None:
    document["verificationMethod"][0]["controller"] = "did:web:b.example"
    with pytest.raises(KeyNotAuthorised):
        parse(document).assertion_key(f"{DID}#k")


def unusable(change: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda method: {name: value for name, value in (method | change).items() if value != "delete"}


@pytest.mark.parametrize(
    "change",
    [
        {"type": "X25519KeyAgreementKey2020"},
        {"type": "Multikey"},
        {"type": "delete"},
        {"type": ["JsonWebKey"]},
        {"controller": "delete"},
        {"controller": 7},
        {"publicKeyJwk": "delete"},
        {"publicKeyJwk": "x"},
        {"publicKeyJwk": {}},
        {"publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}},
        {"publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": "A", "d": "A"}},
        {"publicKeyMultibase": "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu"},
        {"revoked": "yesterday"},
        {"revoked": None},
        {"expires": 1},
    ],
)
def test_a_key_that_cannot_be_used_does_not_spoil_the_others(
    change: dict[str, Any], document: dict[str, Any], issuer: Party
) -> None:
    good = document["verificationMethod"][0]
    document["verificationMethod"] = [unusable({**change, "id": f"{DID}#bad"})(good), good]
    document["assertionMethod"].append(f"{DID}#bad")
    read = parse(document)
    assert read.assertion_key(f"{DID}#k").key == issuer.key
    with pytest.raises(KeyUnusable) as caught:
        read.assertion_key(f"{DID}#bad")
    assert caught.value.detail


@pytest.mark.parametrize(
    "change",
    [
        {"id": "did:web:b.example"},
        {"id": None},
        {"id": [DID]},
        {"verificationMethod": {}},
        {"verificationMethod": None},
        {"verificationMethod": "x"},
        {"verificationMethod": [None]},
        {"verificationMethod": ["did:web:a.example#k"]},
        {"verificationMethod": [{}]},
        {"verificationMethod": [{"id": 7}]},
        {"verificationMethod": [[]]},
        {"assertionMethod": f"{DID}#k"},
        {"assertionMethod": [7]},
        {"assertionMethod": [{"type": "JsonWebKey"}]},
        {"assertionMethod": [f"{DID}#k"] * 501},
    ],
)
def test_broken_documents(change: dict[str, Any], document: dict[str, Any]) -> None:
    with pytest.raises(BadDidDocument):
        parse(document | change)


def test_two_keys_may_not_share_an_id(document: dict[str, Any], stranger: Party) -> None:
    twin = document["verificationMethod"][0] | {"publicKeyJwk": stranger.key.to_jwk()}
    for other in (twin, twin | {"id": "#k"}, twin | {"type": "Unknown"}):
        with pytest.raises(BadDidDocument, match="one id"):
            parse(document | {"verificationMethod": [*document["verificationMethod"], other]})
        with pytest.raises(BadDidDocument, match="one id"):
            parse(document | {"assertionMethod": [other]})


@pytest.mark.parametrize("data", [b"", b"[]", b"<html>", b'{"id":"x","id":"x"}', b"\xef\xbb\xbf{}", b"\xff"])
def test_what_is_no_document(data: bytes) -> None:
    with pytest.raises(CredentialError):
        parse_did_document(data, DID)


def test_a_huge_document() -> None:
    with pytest.raises(TooLarge):
        parse_did_document(b" " * 300_000, DID)


PARTS = st.recursive(
    st.none() | st.integers() | st.sampled_from([DID, f"{DID}#k", "#k", "JsonWebKey", "Multikey", "z6Mk"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "controller", "publicKeyJwk", "publicKeyMultibase", "revoked"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.fixed_dictionaries({"id": st.just(DID)}, optional={"verificationMethod": PARTS, "assertionMethod": PARTS}))
def test_any_document_is_read_or_gives_our_error(document: dict[str, Any]) -> None:
    try:
        read = parse(document)
    except CredentialError:
        return
    with pytest.raises(CredentialError):
        read.assertion_key(f"{DID}#absent")


@given(st.sampled_from(["key-1", "2026-03", "a"]), st.none() | st.just(STOLEN))
def test_what_is_written_is_read(name: str, revoked: datetime | None) -> None:
    party = ed25519_party()
    read = parse_did_document(write_did_document(DID, [PublishedKey(name, party.key, revoked)]), DID)
    assert read.assertion_key(f"{DID}#{name}").revoked == revoked
