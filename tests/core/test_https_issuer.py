"""Issuers named by an https address, and where their keys stand."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.did_document import DidDocument
from credentials.core.errors import (
    BadDidDocument,
    BadHttpsId,
    CredentialError,
    KeyNotAuthorised,
    KeyNotListed,
    KeyUnusable,
    NotJson,
    TooLarge,
)
from credentials.core.https_issuer import is_https_id, key_address, parse_key_file, require_key_name
from tests.core.parties import Party

ISSUER = "https://acme.example/issuers/1"
ADDRESS = "https://acme.example/keys/1.jwk"


def read(document: Any) -> DidDocument:
    return parse_key_file(json.dumps(document).encode(), ISSUER, ADDRESS)


@pytest.mark.parametrize(
    "text",
    [
        "https://acme.example",
        "https://acme.example/",
        "https://acme.example:8443/issuers/14",
        "https://Acme.Example/a",
        "https://example.edu/issuers/565049?v=3_0",
        "https://a.example/r%C3%B8d/a.b",
        "https://127.0.0.1/x",
    ],
)
def test_plain_addresses(text: str) -> None:
    assert is_https_id(text)
    require_key_name(text)
    require_key_name(text + "#key-1")
    assert not is_https_id(text + "#key-1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https:",
        "https://",
        "https:///x",
        "http://acme.example/",
        "HTTPS://acme.example/",
        "https://user@acme.example/",
        "https://user:pw@acme.example/",
        "https://acme.example:0/",
        "https://acme.example:0443/",
        "https://acme.example:123456/",
        "https://acme.example\\@evil.example/",
        "https://acme.example/../evil",
        "https://acme.example/a/.",
        "https://acme.example/%2e%2E/x",
        "https://acme.example/a b",
        "https://acme.example/\n",
        "https://acme.example/é",
        "https://аcme.example/",
        "https://acme..example/",
        "https://-acme.example/",
        "https://acme_.example/",
        "https://acme.example./",
        "https://[::1]/",
        "https://acme.example/%zz",
        "https://acme.example/#",
        "https://acme.example/#a#b",
        "https://acme.example/" + "x" * 2048,
        " https://acme.example/",
        "did:web:acme.example",
    ],
)
def test_other_texts_are_no_address(text: str) -> None:
    assert not is_https_id(text)
    with pytest.raises(BadHttpsId):
        require_key_name(text)


@pytest.mark.parametrize(
    ("issuer", "method", "address"),
    [
        (ISSUER, f"{ISSUER}#key-1", ISSUER),
        (ISSUER, ADDRESS, ADDRESS),
        (ISSUER, f"{ADDRESS}#key-1", ADDRESS),
        (ISSUER, "https://ACME.example:443/k", "https://ACME.example:443/k"),
        ("https://acme.example:8443/", "https://acme.example:8443/k", "https://acme.example:8443/k"),
    ],
)
def test_where_a_key_stands(issuer: str, method: str, address: str) -> None:
    assert key_address(issuer, method) == address


@pytest.mark.parametrize(
    "method",
    [
        "https://evil.example/keys/1.jwk",
        "https://evil.example/issuers/1#key-1",
        "https://acme.example.evil.example/k",
        "https://evil.acme.example/k",
        "https://example/k",
        "https://acme.example:8443/k",
    ],
)
def test_a_key_on_another_origin_is_not_the_issuers(method: str) -> None:
    with pytest.raises(KeyNotAuthorised):
        key_address(ISSUER, method)


@pytest.mark.parametrize("method", ["", "#k", "did:web:acme.example#k", "http://acme.example/k", "//acme.example/k"])
def test_a_key_without_an_address_is_nowhere(method: str) -> None:
    with pytest.raises(BadHttpsId):
        key_address(ISSUER, method)


def test_a_single_jwk_is_named_by_its_address(any_party: Party) -> None:
    method = read(any_party.key.to_jwk()).assertion_key(ADDRESS)
    assert (method.key, method.controller) == (any_party.key, ISSUER)


def test_a_single_jwk_may_have_a_name_of_its_own(issuer: Party) -> None:
    document = read(issuer.key.to_jwk() | {"kid": "key-1"})
    assert document.assertion_key(f"{ADDRESS}#key-1").key == document.assertion_key(ADDRESS).key == issuer.key
    with pytest.raises(KeyNotListed):
        document.assertion_key(f"{ADDRESS}#key-2")
    assert read(issuer.key.to_jwk() | {"kid": ADDRESS}).assertion_key(ADDRESS).key == issuer.key


def test_a_set_has_keys_by_name(issuer: Party, stranger: Party) -> None:
    keys = [issuer.key.to_jwk() | {"kid": ADDRESS}, stranger.key.to_jwk() | {"kid": "b"}, issuer.key.to_jwk()]
    document = read({"keys": keys})
    assert document.assertion_key(ADDRESS).key == issuer.key
    assert document.assertion_key(f"{ADDRESS}#b").key == stranger.key
    for name in (f"{ADDRESS}#a", f"{ADDRESS}#", "b", f"{ISSUER}#b"):
        with pytest.raises(KeyNotListed):
            document.assertion_key(name)


@pytest.mark.parametrize(
    "said", [{"use": "enc"}, {"use": None}, {"key_ops": []}, {"key_ops": ["sign"]}, {"key_ops": "verify"}]
)
def test_a_key_for_something_else_signs_nothing(said: dict[str, Any], issuer: Party) -> None:
    with pytest.raises(KeyNotAuthorised):
        read(issuer.key.to_jwk() | said).assertion_key(ADDRESS)
    assert read(issuer.key.to_jwk() | {"use": "sig", "key_ops": ["verify"]}).assertion_key(ADDRESS).key == issuer.key


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43},
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43, "d": "A" * 43},
        {"kty": "oct", "k": "AAAA"},
        {"id": ISSUER, "assertionMethod": []},
    ],
)
def test_an_unsound_key_says_why(jwk: dict[str, Any]) -> None:
    with pytest.raises(KeyUnusable):
        read(jwk).assertion_key(ADDRESS)


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({"keys": 7}, BadDidDocument),
        ({"keys": [7]}, BadDidDocument),
        ({"keys": [{"kid": "a"}, {"kid": "a"}]}, BadDidDocument),
        ({"keys": [{"kid": "a"}, {"kid": f"{ADDRESS}#a"}]}, BadDidDocument),
        ({"keys": [{}] * 501}, BadDidDocument),
        ([], NotJson),
        ("x" * 300_000, TooLarge),
    ],
)
def test_files_that_hold_no_keys(document: Any, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        read(document)


@given(st.text(max_size=40), st.text(max_size=40))
def test_only_our_error_and_only_the_same_host(start: str, rest: str) -> None:
    method = f"https://{start}acme.example{rest}"
    try:
        address = key_address(ISSUER, method)
    except CredentialError:
        return
    assert address.lower().startswith(
        ("https://acme.example/", "https://acme.example:443", "https://acme.example?")
    ) or (address.lower() == "https://acme.example")
