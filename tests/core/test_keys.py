"""Public keys in their three spellings."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base58, base64url
from credentials.core.errors import (
    BadKey,
    CredentialError,
    NotBase58,
    NotBase64Url,
    PrivateKeyShown,
    UnsupportedKey,
    WeakKey,
)
from credentials.core.keys import PublicKey
from tests.core.parties import Party, vectors

P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
GENERATOR = ec.derive_private_key(1, ec.SECP256R1()).public_key().public_numbers()
ED25519 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


def number(value: int, size: int = 32) -> str:
    return base64url.encode(value.to_bytes(size, "big"))


@pytest.mark.parametrize("case", vectors("keys_published.json"), ids=lambda case: case["name"])
def test_published(case: dict[str, Any]) -> None:
    key = PublicKey.from_jwk(case["jwk"])
    assert key.to_jwk() == case["jwk"]
    if "thumbprint" in case:
        assert key.thumbprint() == case["thumbprint"]
    if "did" in case:
        assert PublicKey.from_did_key(case["did"]) == key
        assert key.to_did_key() == case["did"]
    if "multikey" in case:
        assert PublicKey.from_multikey(case["multikey"]) == key
        assert key.to_multikey() == case["multikey"]


@pytest.mark.parametrize("case", vectors("ml_dsa_44_rfc9964.json"), ids=lambda case: case["name"])
def test_published_ml_dsa_44(case: dict[str, Any]) -> None:
    key = PublicKey.from_jwk(case["jwk"])
    assert key.to_jwk() == case["jwk"]
    assert list(key.to_jwk()) == ["alg", "kty", "pub"]
    assert key.thumbprint() == case["thumbprint"]
    assert base58.decode(key.to_multikey()[1:])[:2] == b"\x90\x24"  # 0x1210 as a varint


def test_a_key_is_the_same_in_every_spelling(any_party: Party) -> None:
    key = any_party.key
    assert PublicKey.from_jwk(key.to_jwk()) == key
    if key.algorithm != "RSA":
        assert PublicKey.from_multikey(key.to_multikey()) == key
        assert PublicKey.from_did_key(key.to_did_key()) == key


def test_both_forms_of_a_point_are_one_key() -> None:
    x, y = GENERATOR.x.to_bytes(32, "big"), GENERATOR.y.to_bytes(32, "big")
    assert PublicKey.p256(b"\x04" + x + y) == PublicKey.p256(bytes([2 + (y[-1] & 1)]) + x)


def test_further_jwk_members_do_not_matter() -> None:
    jwk = {**ED25519, "kid": "x", "use": "sig", "alg": "EdDSA", "key_ops": ["verify"], "x5t": "AAAA"}
    assert PublicKey.from_jwk(jwk) == PublicKey.from_jwk(ED25519)


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"])
def test_a_private_key_is_refused_whatever_its_kind(member: str) -> None:
    with pytest.raises(PrivateKeyShown) as caught:
        PublicKey.from_jwk({**ED25519, member: "AAAA"})
    assert caught.value.where == member
    assert "AAAA" not in str(caught.value)


@pytest.mark.parametrize(
    ("jwk", "error"),
    [
        ({}, UnsupportedKey),
        ({"kty": None}, UnsupportedKey),
        ({"kty": ["OKP"], "crv": "Ed25519"}, UnsupportedKey),
        ({"kty": "okp", "crv": "Ed25519"}, UnsupportedKey),
        ({"kty": "OKP", "crv": "X25519", "x": ED25519["x"]}, UnsupportedKey),
        ({"kty": "OKP", "crv": "Ed448", "x": ED25519["x"]}, UnsupportedKey),
        ({"kty": "EC", "crv": "P-521", "x": "", "y": ""}, UnsupportedKey),
        ({"kty": "EC", "crv": "P-384", "x": "", "y": ""}, BadKey),
        ({"kty": "EC", "crv": "P-384", "x": number(GENERATOR.x), "y": number(GENERATOR.y)}, BadKey),
        ({"kty": "EC", "crv": "P-384", "x": number(1, 48), "y": number(1, 48)}, WeakKey),
        ({"kty": "EC", "crv": "secp256k1", "x": "", "y": ""}, UnsupportedKey),
        ({"kty": "EC", "crv": "Ed25519", "x": ED25519["x"]}, UnsupportedKey),
        ({"kty": "AKP"}, UnsupportedKey),
        ({"kty": "AKP", "alg": "ML-DSA-65", "pub": "AAAA"}, UnsupportedKey),
        ({"kty": "AKP", "alg": ["ML-DSA-44"], "pub": "AAAA"}, UnsupportedKey),
        ({"kty": "AKP", "pub": "AAAA"}, UnsupportedKey),
        ({"kty": "AKP", "alg": "ML-DSA-44"}, BadKey),
        ({"kty": "AKP", "alg": "ML-DSA-44", "pub": ""}, BadKey),
        ({"kty": "AKP", "alg": "ML-DSA-44", "pub": "A" * 1749}, NotBase64Url),
        ({"kty": "AKP", "alg": "ML-DSA-44", "pub": "A" * 1750}, WeakKey),
        ({"kty": "oct"}, UnsupportedKey),
        ({"kty": "OKP", "crv": "Ed25519"}, BadKey),
        ({"kty": "OKP", "crv": "Ed25519", "x": 7}, BadKey),
        ({"kty": "OKP", "crv": "Ed25519", "x": ""}, BadKey),
        ({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}, BadKey),
        ({"kty": "OKP", "crv": "Ed25519", "x": ED25519["x"] + "="}, NotBase64Url),
        ({"kty": "OKP", "crv": "Ed25519", "x": ED25519["x"][:-1] + "p"}, NotBase64Url),
        ({"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}, WeakKey),
        ({"kty": "EC", "crv": "P-256", "x": number(GENERATOR.x)}, BadKey),
        ({"kty": "EC", "crv": "P-256", "x": number(GENERATOR.x), "y": number(GENERATOR.y, 33)}, BadKey),
        ({"kty": "EC", "crv": "P-256", "x": number(GENERATOR.x), "y": number(GENERATOR.y ^ 1)}, WeakKey),
        ({"kty": "EC", "crv": "P-256", "x": number(0), "y": number(0)}, WeakKey),
        ({"kty": "EC", "crv": "P-256", "x": number(P256), "y": number(GENERATOR.y)}, WeakKey),
        ({"kty": "EC", "crv": "P-256", "x": number(2**256 - 1), "y": number(2**256 - 1)}, WeakKey),
        ({"kty": "RSA", "e": "AQAB"}, BadKey),
        ({"kty": "RSA", "e": "AQAB", "n": ""}, BadKey),
        ({"kty": "RSA", "e": "AQAB", "n": number((1 << 2047) + 1, 257)}, BadKey),
        ({"kty": "RSA", "e": "AAEAAQ", "n": number((1 << 2047) + 1, 256)}, BadKey),
        ({"kty": "RSA", "e": "AQAB", "n": number((1 << 2046) + 1, 256)}, WeakKey),
        ({"kty": "RSA", "e": "AQAB", "n": number((1 << 1023) + 1, 128)}, WeakKey),
        ({"kty": "RSA", "e": "AQAB", "n": number((1 << 8192) + 1, 1025)}, WeakKey),
        ({"kty": "RSA", "e": "AQAB", "n": number(1 << 2047, 256)}, WeakKey),
        ({"kty": "RSA", "e": "AQ", "n": number((1 << 2047) + 1, 256)}, WeakKey),
        ({"kty": "RSA", "e": "Aw", "n": number((1 << 2047) + 1, 256)}, WeakKey),
        ({"kty": "RSA", "e": "AQAA", "n": number((1 << 2047) + 1, 256)}, WeakKey),
        ({"kty": "RSA", "e": "AQAAAAE", "n": number((1 << 2047) + 1, 256)}, WeakKey),
    ],
)
def test_unsound_jwks_are_refused(jwk: dict[str, Any], error: type[CredentialError]) -> None:
    with pytest.raises(error):
        PublicKey.from_jwk(jwk)


def test_rsa_bounds() -> None:
    smallest = rsa.generate_private_key(65537, 2048).public_key().public_numbers()
    assert PublicKey.rsa(smallest.n, smallest.e).algorithm == "RSA"


def test_rsa_has_no_multikey() -> None:
    key = PublicKey.rsa((1 << 2047) + 1, 65537)
    with pytest.raises(UnsupportedKey):
        key.to_multikey()


def test_ed25519_has_no_native_object(issuer: Party) -> None:
    with pytest.raises(UnsupportedKey):
        issuer.key.native()


GOOD = vectors("keys_published.json")[5]["multikey"]
POINT = bytes([2]) + GENERATOR.x.to_bytes(32, "big")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", BadKey),
        (GOOD[1:], BadKey),
        ("u" + GOOD[1:], BadKey),
        ("Z" + GOOD[1:], BadKey),
        ("z", UnsupportedKey),
        (GOOD[:-1], UnsupportedKey),
        (GOOD + "0", NotBase58),
        (GOOD + " ", NotBase58),
        ("z" + "1" * 1_000_000, NotBase58),
        ("z" + base58.encode(b"\xec\x01" + bytes(32)), UnsupportedKey),  # X25519
        ("z" + base58.encode(b"\x12\x05" + POINT), UnsupportedKey),
        ("z" + base58.encode(b"\xe7\x01" + POINT), UnsupportedKey),  # secp256k1
        ("z" + base58.encode(b"\xed\x01"), BadKey),
        ("z" + base58.encode(b"\xed\x01" + bytes(31)), BadKey),
        ("z" + base58.encode(b"\xed\x01" + bytes(33)), BadKey),
        ("z" + base58.encode(b"\xed\x01" + bytes(32)), WeakKey),
        ("z" + base58.encode(b"\x80\x24" + POINT[:-1]), BadKey),
        ("z" + base58.encode(b"\x80\x24" + b"\x05" + POINT[1:]), BadKey),
        ("z" + base58.encode(b"\x80\x24" + b"\x02" + b"\xff" * 32), WeakKey),
        (
            "z" + base58.encode(b"\x80\x24\x04" + GENERATOR.x.to_bytes(32, "big") + GENERATOR.y.to_bytes(32, "big")),
            BadKey,
        ),
    ],
)
def test_unsound_multikeys_are_refused(text: str, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        PublicKey.from_multikey(text)


@pytest.mark.parametrize(
    "did", ["", "did:key", "did:key:", f"did:web:{GOOD}", f"DID:key:{GOOD}", f"did:key:{GOOD}#{GOOD}"]
)
def test_other_dids_are_refused(did: str) -> None:
    with pytest.raises(CredentialError):
        PublicKey.from_did_key(did)


@given(
    st.dictionaries(
        st.sampled_from(["kty", "crv", "x", "y", "n", "e", "kid"]),
        st.sampled_from(["OKP", "EC", "RSA", "Ed25519", "P-256", "AQAB", ED25519["x"]])
        | st.text()
        | st.none()
        | st.integers(),
    )
)
def test_a_jwk_gives_a_sound_key_or_our_error(jwk: dict[str, Any]) -> None:
    try:
        key = PublicKey.from_jwk(jwk)
    except CredentialError:
        return
    assert PublicKey.from_jwk(key.to_jwk()) == key


@given(
    st.text(alphabet="z6Mkha1XgBDvot", max_size=60)
    | st.binary(max_size=36).map(lambda data: "z" + base58.encode(b"\xed\x01" + data))
)
def test_a_multikey_gives_a_sound_key_or_our_error(text: str) -> None:
    try:
        key = PublicKey.from_multikey(text)
    except CredentialError:
        return
    assert key.to_multikey() == text
