"""JWT VC Issuer Metadata: where it lies, what is in it, and what is not the issuer's."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.did_document import PublishedKey
from credentials.core.errors import BadIssuerMetadata, CredentialError, KeyNotListed, KeyUnusable
from credentials.core.issuer_metadata import (
    keys_elsewhere,
    metadata_url,
    parse_issuer_metadata,
    parse_key_set,
    write_issuer_metadata,
)
from tests.core.parties import Party

ISSUER = "https://acme.example/issuers/acme"


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://example.com", "https://example.com/.well-known/jwt-vc-issuer"),
        ("https://example.com/", "https://example.com/.well-known/jwt-vc-issuer"),
        ("https://example.com/tenant/1234", "https://example.com/.well-known/jwt-vc-issuer/tenant/1234"),
        ("https://example.com/tenant/1234/", "https://example.com/.well-known/jwt-vc-issuer/tenant/1234"),
        ("https://example.com:8443/x", "https://example.com:8443/.well-known/jwt-vc-issuer/x"),
    ],
)
def test_where_it_lies(issuer: str, url: str) -> None:
    assert metadata_url(issuer) == url


@pytest.mark.parametrize(
    "issuer",
    [
        "http://example.com",
        "did:web:example.com",
        "example.com",
        "https://",
        "https:///x",
        "https://example.com?x=1",
        "https://example.com/#k1",
        "https://me@example.com",
        "https://example.com/a b",
        "https://example.com\\x",
        "https://exämple.com",
        "https://[::1",
        "https://example.com/" + "x" * 2048,
        "HTTPS://example.com",
        "",
    ],
)
def test_what_is_no_address_of_an_issuer(issuer: str) -> None:
    with pytest.raises(BadIssuerMetadata):
        metadata_url(issuer)


def test_there_and_back(issuer: Party, stranger: Party) -> None:
    stolen = PublishedKey("k2", stranger.key, datetime(2026, 1, 1, tzinfo=UTC))
    data = write_issuer_metadata(ISSUER, [PublishedKey("k1", issuer.key), stolen])
    assert keys_elsewhere(data, ISSUER) is None
    document = parse_issuer_metadata(data, ISSUER)
    assert document.assertion_key(f"{ISSUER}#k1").key == issuer.key
    with pytest.raises(KeyNotListed):
        document.assertion_key(f"{ISSUER}#k2")


def written(signer: Party, /, **changes: Any) -> bytes:
    jwk = {**signer.key.to_jwk(), "kid": "k1"}
    whole = {"issuer": ISSUER, "jwks": {"keys": [jwk]}} | changes
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": None},
        {"issuer": "https://acme.example/issuers/other"},
        {"issuer": ISSUER + "/"},
        {"jwks": None},
        {"jwks_uri": f"{ISSUER}/jwks"},
        {"jwks": None, "jwks_uri": "https://elsewhere.example/jwks"},
        {"jwks": None, "jwks_uri": "http://acme.example/jwks"},
        {"jwks": None, "jwks_uri": "https://acme.example:8443/jwks"},
        {"jwks": None, "jwks_uri": 7},
        {"jwks": None, "jwks_uri": "https://[::1"},
    ],
    ids=str,
)
def test_metadata_that_does_not_count(issuer: Party, changes: dict[str, Any]) -> None:
    with pytest.raises(BadIssuerMetadata):
        keys_elsewhere(written(issuer, **changes), ISSUER)


def test_keys_on_the_same_origin(issuer: Party) -> None:
    address = "https://acme.example/keys.json"
    assert keys_elsewhere(written(issuer, jwks=None, jwks_uri=address), ISSUER) == address
    keys = json.dumps({"keys": [{**issuer.key.to_jwk(), "kid": "k1"}]}).encode()
    assert parse_key_set(keys, ISSUER).assertion_key(f"{ISSUER}#k1").key == issuer.key


@pytest.mark.parametrize("jwks", ["x", [], {}, {"keys": {}}, {"keys": ["x"]}, {"keys": [{}] * 501}], ids=repr)
def test_what_is_no_key_set(issuer: Party, jwks: Any) -> None:
    with pytest.raises(BadIssuerMetadata):
        parse_issuer_metadata(written(issuer, jwks=jwks), ISSUER)


def test_two_keys_of_one_name(issuer: Party) -> None:
    jwk = issuer.key.to_jwk()
    for other in ("k1", f"{ISSUER}#k1"):
        keys = {"keys": [{**jwk, "kid": "k1"}, {**jwk, "kid": other}]}
        with pytest.raises(BadIssuerMetadata, match="two keys"):
            parse_issuer_metadata(written(issuer, jwks=keys), ISSUER)


@pytest.mark.parametrize("change", [{"use": "enc"}, {"kty": "oct", "k": "AA"}, {"x": "AA"}, {"d": "AA"}], ids=str)
def test_a_key_that_cannot_be_used_does_not_spoil_the_others(issuer: Party, change: dict[str, Any]) -> None:
    jwk = issuer.key.to_jwk()
    keys = {"keys": [{**jwk, "kid": "bad"} | change, {**jwk, "kid": "k1"}, jwk]}
    document = parse_issuer_metadata(written(issuer, jwks=keys), ISSUER)
    assert document.assertion_key(f"{ISSUER}#k1").key == issuer.key
    with pytest.raises(KeyUnusable):
        document.assertion_key(f"{ISSUER}#bad")


@given(st.binary(max_size=60))
def test_it_is_read_or_refused(data: bytes) -> None:
    for read in (keys_elsewhere, parse_issuer_metadata, parse_key_set):
        try:
            read(data, ISSUER)
        except CredentialError:
            continue
