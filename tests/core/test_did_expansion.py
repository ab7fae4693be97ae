"""did:key and did:jwk: the document follows from the DID, and from nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base58, base64url
from credentials.core.did_document import DidDocument, parse_did_document
from credentials.core.did_expansion import expand_did, is_self_contained
from credentials.core.errors import (
    BadDid,
    BadKey,
    CredentialError,
    KeyNotAuthorised,
    KeyNotListed,
    KeyUnusable,
    NotBase58,
    PrivateKeyShown,
    UnsupportedKey,
    WeakKey,
)
from credentials.core.keys import PublicKey
from tests.core.parties import Party, vectors

DID_KEYS = vectors("did_key_published.json")
DID_JWKS = vectors("did_jwk_published.json")


def document_of(did: str) -> DidDocument:
    return parse_did_document(expand_did(did), did)


def did_jwk(jwk: Any) -> str:
    return "did:jwk:" + base64url.encode(jwk if isinstance(jwk, bytes) else json.dumps(jwk).encode())


@pytest.mark.parametrize("case", [case for case in DID_KEYS if "code" not in case], ids=lambda case: case["name"])
def test_published_did_keys(case: dict[str, Any]) -> None:
    did, name = case["did"], case["did"].removeprefix("did:key:")
    key = document_of(did).assertion_key(f"{did}#{name}").key
    if "jwk" in case:
        assert key == PublicKey.from_jwk(case["jwk"])
    else:
        assert key == PublicKey.ed25519(base58.decode(case["raw_base58"]))
    assert key.to_did_key() == did


@pytest.mark.parametrize("case", [case for case in DID_KEYS if "code" in case], ids=lambda case: case["name"])
def test_published_did_keys_of_other_types(case: dict[str, Any]) -> None:
    with pytest.raises(CredentialError) as caught:
        expand_did(case["did"])
    assert caught.value.code == case["code"]


@pytest.mark.parametrize("case", DID_JWKS, ids=lambda case: case["name"])
def test_published_did_jwks(case: dict[str, Any]) -> None:
    did = case["did"]
    assert json.loads(expand_did(did)) == case["document"]
    if "code" in case:
        with pytest.raises(KeyUnusable):
            document_of(did).assertion_key(f"{did}#0")
    else:
        jwk = case["document"]["verificationMethod"][0]["publicKeyJwk"]
        assert document_of(did).assertion_key(f"{did}#0").key == PublicKey.from_jwk(jwk)


def test_a_did_key_may_do_all_but_agree_on_keys(issuer: Party) -> None:
    document = json.loads(expand_did(issuer.did))
    relationships = ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation")
    assert {name: document[name] for name in relationships} == {name: [issuer.method] for name in relationships}
    assert "keyAgreement" not in document


def test_any_key_makes_a_did_jwk(any_party: Party) -> None:
    did = did_jwk(any_party.key.to_jwk())
    assert document_of(did).assertion_key(f"{did}#0").key == any_party.key


def test_other_members_of_the_jwk_are_shown_and_change_nothing(issuer: Party) -> None:
    did = did_jwk(issuer.key.to_jwk() | {"kid": "other", "use": "sig", "color": "blue"})
    document = json.loads(expand_did(did))
    assert document["verificationMethod"][0]["publicKeyJwk"]["color"] == "blue"
    assert "keyAgreement" not in document
    assert document_of(did).assertion_key(f"{did}#0").key == issuer.key
    for name in ("other", "1", "00", ""):
        with pytest.raises(KeyNotListed):
            document_of(did).assertion_key(f"{did}#{name}")


def test_a_did_jwk_for_encryption_signs_nothing(issuer: Party) -> None:
    did = did_jwk(issuer.key.to_jwk() | {"use": "enc"})
    with pytest.raises(KeyNotAuthorised):
        document_of(did).assertion_key(f"{did}#0")


@pytest.mark.parametrize(
    ("did", "error"),
    [
        ("", BadDid),
        ("did:web:a.example", BadDid),
        ("did:key:", BadDid),
        ("did:key:z6Mk#z6Mk", BadDid),
        ("did:key:z0", NotBase58),
        ("did:key:u7QE", BadKey),
        ("did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", UnsupportedKey),  # X25519
        ("did:key:z" + base58.encode(b"\xed\x01" + b"\x01" + bytes(31)), WeakKey),
        ("did:key:z" + base58.encode(b"\xed\x01" + bytes(31)), BadKey),
        ("did:key:z" + base58.encode(b"\x80\x24\x02" + b"\xff" * 32), WeakKey),
        ("did:jwk:", BadDid),
        ("did:jwk:e30", BadDid),
        ("did:jwk:e31", BadDid),
        ("did:jwk:!", BadDid),
        (did_jwk(b"[]"), BadDid),
        (did_jwk(b'"x"'), BadDid),
        (did_jwk(b"\xff"), BadDid),
        (did_jwk({"kty": 7}), BadDid),
        (did_jwk(b'{"kty":"OKP","kty":"EC"}'), BadDid),
        (did_jwk(b'{"kty":' + b"[" * 40 + b"]" * 40 + b"}"), BadDid),
        (did_jwk({"kty": "OKP", "crv": "Ed25519", "x": "A" * 43, "d": "A" * 43}), PrivateKeyShown),
        (did_jwk({"kty": "oct", "k": "AAAA"}), PrivateKeyShown),
        (did_jwk({"kty": "OKP", "x": "A" * 3000}), BadDid),
        ("did:jwk:" + "A" * 4000, BadDid),
    ],
)
def test_other_dids_have_no_document(did: str, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        expand_did(did)


@pytest.mark.parametrize("jwk", [{"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(bytes(32))}, {"kty": "EC"}])
def test_a_did_jwk_with_an_unsound_key_signs_nothing(jwk: dict[str, str]) -> None:
    did = did_jwk(jwk)
    with pytest.raises(KeyUnusable):
        document_of(did).assertion_key(f"{did}#0")


def test_which_dids_need_no_network() -> None:
    assert is_self_contained("did:key:zX")
    assert is_self_contained("did:jwk:e30")
    assert not any(map(is_self_contained, ["did:web:a.example", "did:keys:z", "https://a.example", ""]))


@given(st.sampled_from(["did:key:z", "did:jwk:", "did:jwk:eyJ"]), st.text(max_size=60))
def test_only_our_error(start: str, rest: str) -> None:
    try:
        data = expand_did(start + rest)
    except CredentialError:
        return
    assert json.loads(data)["id"] == start + rest
