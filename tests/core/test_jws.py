"""The front door for signed tokens."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base64url
from credentials.core.errors import (
    AlgorithmRefused,
    BadHeader,
    CredentialError,
    HeaderMemberRefused,
    KeyAlgorithmMismatch,
    SignatureMismatch,
    TooLarge,
)
from credentials.core.jws import (
    MAX_HEADER_BYTES,
    CompactJws,
    compact,
    parse_compact,
    protected,
    signing_input,
    verify_jws,
)
from credentials.core.keys import PublicKey
from tests.core.parties import Party, ed25519_party, ml_dsa_party, p256_party, rsa_party, vectors


@pytest.mark.parametrize("case", vectors("jws_published.json"), ids=lambda case: case["name"])
def test_published(case: dict[str, Any]) -> None:
    key = PublicKey.from_jwk(case["jwk"])
    jws = parse_compact(case["token"])
    verify_jws(jws, key)
    changed = CompactJws(jws.header, jws.payload, jws.signing_input + b"A", jws.signature)
    with pytest.raises(SignatureMismatch):
        verify_jws(changed, key)


@pytest.mark.parametrize("case", vectors("ml_dsa_44_rfc9964.json"), ids=lambda case: case["name"])
def test_published_ml_dsa_44(case: dict[str, Any]) -> None:
    key, jws = PublicKey.from_jwk(case["jwk"]), parse_compact(case["token"])
    verify_jws(jws, key)
    assert jws.payload.decode() == case["payload"]
    assert jws.header["kid"] == case["thumbprint"]
    assert compact(jws.signing_input, jws.signature).decode() == case["token"]


def test_taken_apart(issuer: Party) -> None:
    token = issuer.token(b'{"alg":"EdDSA"}', b"\x00payload\xff")
    jws = parse_compact(token)
    assert dict(jws.header) == {"alg": "EdDSA"}
    assert jws.payload == b"\x00payload\xff"
    assert compact(jws.signing_input, jws.signature).decode() == token
    assert parse_compact(token.encode()) == jws
    assert signing_input(jws.header, jws.payload) == jws.signing_input


def test_the_header_cannot_be_changed_afterwards(issuer: Party) -> None:
    jws = parse_compact(issuer.token(b'{"alg":"EdDSA"}', b"{}"))
    with pytest.raises(TypeError):
        jws.header["alg"] = "ES256"  # type: ignore[index]


def test_both_names_of_ed25519(issuer: Party) -> None:
    for alg in ("EdDSA", "Ed25519"):
        verify_jws(parse_compact(issuer.token(json.dumps({"alg": alg}).encode(), b"{}")), issuer.key)


def test_each_algorithm_verifies_its_own(any_party: Party) -> None:
    jws = parse_compact(any_party.token(json.dumps({"alg": any_party.alg}).encode(), b"{}"))
    verify_jws(jws, any_party.key)
    other = CompactJws(jws.header, jws.payload, jws.signing_input + b"x", jws.signature)
    with pytest.raises(SignatureMismatch):
        verify_jws(other, any_party.key)


@pytest.mark.parametrize("alg", ["EdDSA", "Ed25519", "ES256", "RS256", "ML-DSA-44"])
def test_no_algorithm_takes_another_kind_of_key(alg: str) -> None:
    for party in (ed25519_party(), p256_party(), rsa_party(), ml_dsa_party()):
        made = party.token(json.dumps({"alg": alg}).encode(), b"{}").encode()
        joined, signature = made.rsplit(b".", 1)
        jws = CompactJws({"alg": alg}, b"{}", joined, base64url.decode(signature))
        if alg in (party.alg, {"EdDSA": "Ed25519"}.get(party.alg)):
            verify_jws(jws, party.key)
        else:
            with pytest.raises(KeyAlgorithmMismatch):
                verify_jws(jws, party.key)


@pytest.mark.parametrize("alg", ["none", "HS256", "ES384", ""])
def test_parts_put_together_by_hand_are_judged_too(alg: str, issuer: Party) -> None:
    with pytest.raises(AlgorithmRefused):
        verify_jws(CompactJws({"alg": alg}, b"", b"", b""), issuer.key)


def test_another_key_of_the_same_kind(issuer: Party, stranger: Party) -> None:
    with pytest.raises(SignatureMismatch):
        verify_jws(parse_compact(issuer.token(b'{"alg":"EdDSA"}', b"{}")), stranger.key)


def test_an_ml_dsa_44_signature_of_another_length(issuer: Party) -> None:
    party = ml_dsa_party()
    jws = parse_compact(party.token(b'{"alg":"ML-DSA-44"}', b"{}"))
    good = jws.signature
    for signature in (b"", good[:-1], good[1:], good + b"\0", good[:64], bytes(2420), b"\xff" * 2420):
        with pytest.raises(SignatureMismatch):
            verify_jws(CompactJws(jws.header, jws.payload, jws.signing_input, signature), party.key)


@pytest.mark.parametrize(("alg", "longest"), [("EdDSA", 1024), ("ES256", 1024), ("RS256", 1024), ("ML-DSA-44", 2420)])
def test_a_signature_longer_than_its_algorithm_needs_is_not_read(alg: str, longest: int, issuer: Party) -> None:
    head = base64url.encode(json.dumps({"alg": alg}).encode())
    parse_compact(f"{head}.e30.{base64url.encode(bytes(longest))}")
    with pytest.raises(TooLarge):
        parse_compact(f"{head}.e30.{base64url.encode(bytes(longest + 2))}")


@pytest.mark.parametrize("alg", ["ML-DSA-65", "ML-DSA-87", "ML-DSA-44-ES256", "ml-dsa-44", "HashML-DSA-44"])
def test_no_other_lattice(alg: str) -> None:
    with pytest.raises(AlgorithmRefused):
        parse_compact(ml_dsa_party().token(json.dumps({"alg": alg}).encode(), b"{}"))


ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.mark.parametrize(
    "signature",
    [
        bytes(64),
        b"\xff" * 64,
        bytes(31) + b"\x01" + bytes(32),
        ORDER.to_bytes(32, "big") * 2,
        b"\x30\x06\x02\x01\x01\x02\x01\x01",
        bytes(63),
        bytes(65),
        b"\x01",
        bytes(96),
    ],
)
def test_es256_signatures_that_are_none(signature: bytes) -> None:
    party = p256_party()
    jws = parse_compact(party.token(b'{"alg":"ES256"}', b"{}"))
    with pytest.raises(SignatureMismatch):
        verify_jws(CompactJws(jws.header, jws.payload, jws.signing_input, signature), party.key)


def test_es256_takes_no_der(issuer: Party) -> None:
    """RFC 7518 section 3.4 wants r and s side by side; another encoding would be a second spelling."""
    party = p256_party()
    jws = parse_compact(party.token(b'{"alg":"ES256"}', b"{}"))
    r, s = jws.signature[:32], jws.signature[32:]
    der = b"\x30\x46\x02\x21\x00" + r + b"\x02\x21\x00" + s
    with pytest.raises(SignatureMismatch):
        verify_jws(CompactJws(jws.header, jws.payload, jws.signing_input, der), party.key)


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_ed25519_signatures_of_other_lengths(issuer: Party, length: int) -> None:
    with pytest.raises(SignatureMismatch):
        verify_jws(CompactJws({"alg": "EdDSA"}, b"", b"x", bytes(length)), issuer.key)


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_bytes_cannot_move_between_message_and_signature(issuer: Party, cut: int) -> None:
    """A library that is handed signature and message as one text would not see where one ends."""
    message = b"eyJhbGciOiJFZERTQSJ9.e30.e30.e30.e30.e30.e30"
    signature = issuer.sign(message)
    verify_jws(CompactJws({"alg": "EdDSA"}, b"", message, signature), issuer.key)
    longer = CompactJws({"alg": "EdDSA"}, b"", message[cut:], signature + message[:cut])
    shorter = CompactJws({"alg": "EdDSA"}, b"", signature[-cut:] + message, signature[:-cut])
    for moved in (longer, shorter):
        with pytest.raises(SignatureMismatch):
            verify_jws(moved, issuer.key)


@pytest.mark.parametrize("length", [0, 255, 256, 257, 512])
def test_rs256_signatures_that_are_none(length: int) -> None:
    with pytest.raises(SignatureMismatch):
        verify_jws(CompactJws({"alg": "RS256"}, b"", b"x", bytes(length)), rsa_party().key)


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ({"alg": "EdDSA", "jwk": "x"}, HeaderMemberRefused),
        ({"alg": "none"}, AlgorithmRefused),
        ({"typ": "vc+jwt"}, BadHeader),
        ({"alg": "EdDSA", "kid": "x" * MAX_HEADER_BYTES}, TooLarge),
    ],
)
def test_what_we_sign_passes_the_gate_too(header: dict[str, str], error: type[CredentialError]) -> None:
    with pytest.raises(error):
        signing_input(header, b"{}")
    with pytest.raises(error):
        protected(header)


def test_a_protected_header_is_the_first_part(issuer: Party) -> None:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": issuer.method}
    assert signing_input(header, b"{}") == protected(header) + b".e30"


def test_sizes() -> None:
    token = ed25519_party().token(b'{"alg":"EdDSA"}', bytes(1000))
    assert parse_compact(token, max_bytes=len(token)).payload == bytes(1000)
    with pytest.raises(TooLarge):
        parse_compact(token, max_bytes=len(token) - 1)
    with pytest.raises(TooLarge):
        parse_compact("A" * 2_000_000)
    with pytest.raises(TooLarge):
        parse_compact(base64url.encode(b'{"alg":"EdDSA"' + b" " * (MAX_HEADER_BYTES - 500) + b"}") + ".e30.AAAA")
    with pytest.raises(TooLarge):
        parse_compact(base64url.encode(b'{"alg":"EdDSA"' + b" " * MAX_HEADER_BYTES + b"}") + ".e30.AAAA")


def test_an_error_says_no_more_than_it_must() -> None:
    with pytest.raises(CredentialError) as caught:
        parse_compact(base64url.encode(json.dumps({"alg": "A" * 3000}).encode()) + ".e30.AAAA")
    assert len(str(caught.value)) < 200


@given(st.text(max_size=80) | st.text(alphabet="eyJhbGciOiJFZERTQSJ9._-=", max_size=80))
def test_garbage_gives_only_our_error(text: str) -> None:
    try:
        jws = parse_compact(text)
    except CredentialError:
        return
    with pytest.raises(CredentialError):
        verify_jws(jws, ed25519_party().key)


@given(st.binary(max_size=60))
def test_garbage_in_bytes(data: bytes) -> None:
    with pytest.raises(CredentialError):
        verify_jws(parse_compact(data), ed25519_party().key)


@given(
    st.dictionaries(
        st.sampled_from(["alg", "typ", "cty", "kid", "iss", "jwk", "crit"]), st.text(max_size=8) | st.none()
    )
)
def test_any_header_gives_a_header_or_our_error(header: dict[str, Any]) -> None:
    token = ed25519_party().token(json.dumps(header).encode(), b"{}")
    try:
        assert dict(parse_compact(token).header) == header
    except CredentialError:
        assert header.get("alg") not in ("EdDSA", "ES256") or set(header) & {"jwk", "crit"} or None in header.values()
