"""Forged, changed, cut and made-up vc+jwt: each is refused with an error of ours."""

import json
from string import Template
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.credential import issuer_of
from credentials.core.errors import CredentialError, SignatureMismatch
from credentials.core.securing import VC_JWT
from tests.core.parties import Party, ed25519_party, vectors
from tests.core.test_vc_jwt import accept, good_header, good_payload, issue, signed

HOSTILE = vectors("jws_hostile.json")


def hostile_token(case: dict[str, Any], party: Party, plain: dict[str, Any]) -> str:
    """The token of a case; what it does not change is good, and the signature is real."""

    def raw(name: str, good: dict[str, Any]) -> bytes:
        if f"{name}_hex" in case:
            return bytes.fromhex(case[f"{name}_hex"])
        text = case.get(name) or json.dumps(good)
        return Template(text).safe_substitute(kid=party.method).encode("utf-8", "surrogatepass")

    payload = good_payload(plain) | case.get("patch", {})
    payload = {name: value for name, value in payload.items() if value != "${delete}"}
    token = party.token(raw("header", good_header(party)), raw("payload", payload))
    if "token" not in case:
        return token
    head, body, signature = token.split(".")
    spare = signature[:-1] + chr(ord(signature[-1]) + 1)
    text = case["token"].replace("${s'}", spare)
    return Template(text).safe_substitute(h=head, p=body, s=signature)


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["name"])
def test_hostile_tokens(case: dict[str, Any], issuer: Party, plain: dict[str, Any]) -> None:
    with pytest.raises(CredentialError) as caught:
        accept(hostile_token(case, issuer, plain), issuer)
    assert caught.value.code == case["code"], str(caught.value)
    assert len(str(caught.value)) < 400


def test_the_hostile_tokens_are_good_but_for_their_fault(issuer: Party, plain: dict[str, Any]) -> None:
    assert len(HOSTILE) >= 80
    accept(hostile_token({}, issuer, plain), issuer)


def test_another_key(issuer: Party, stranger: Party, plain: dict[str, Any]) -> None:
    with pytest.raises(SignatureMismatch):
        VC_JWT.verify(VC_JWT.read(issue(issuer, json.dumps(plain).encode())), stranger.key)


def test_the_signature_is_judged_first(issuer: Party, stranger: Party, plain: dict[str, Any]) -> None:
    """A forger's document says nothing, not even that it is malformed."""
    payload = good_payload(plain) | {"type": "nonsense", "sub": "someone else"}
    with pytest.raises(SignatureMismatch):
        accept(signed(stranger, good_header(issuer), payload), issuer)


def test_every_bit_counts(issuer: Party, plain: dict[str, Any]) -> None:
    token = issue(issuer, json.dumps(plain).encode())
    accept(token, issuer)
    for place in range(len(token)):
        for bit in range(8):
            flipped = bytearray(token)
            flipped[place] ^= 1 << bit
            with pytest.raises(CredentialError):
                accept(bytes(flipped), issuer)


def test_every_cut_and_every_repetition(issuer: Party, plain: dict[str, Any]) -> None:
    token = issue(issuer, json.dumps(plain).encode())
    for place in range(len(token)):
        for other in (token[:place], token[place + 1 :], token[:place] + token[place : place + 1] + token[place:]):
            if other != token:
                with pytest.raises(CredentialError):
                    accept(other, issuer)


def test_no_half_of_one_token_fits_another(issuer: Party, plain: dict[str, Any]) -> None:
    one = issue(issuer, json.dumps(plain).encode()).split(b".")
    other = issue(issuer, json.dumps(plain | {"name": "x"}).encode()).split(b".")
    for mixed in ([one[0], other[1], one[2]], [one[0], one[1], other[2]]):
        with pytest.raises(SignatureMismatch):
            accept(b".".join(mixed), issuer)


SHAPES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["did:web:a.example", "2026-03-16T00:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "name"]), inner, max_size=3)
    ),
    max_leaves=8,
)
MEMBERS = [
    "id",
    "type",
    "issuer",
    "validFrom",
    "validUntil",
    "credentialSubject",
    "credentialStatus",
    "@context",
    "iss",
    "nbf",
    "aud",
]


@given(change=st.dictionaries(st.sampled_from(MEMBERS), SHAPES, min_size=1, max_size=3))
def test_any_payload_is_verified_or_gives_our_error(change: dict[str, Any]) -> None:
    issuer = ed25519_party()
    base = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": issuer.did,
        "credentialSubject": {"id": "urn:uuid:person"},
    }
    try:
        result = accept(signed(issuer, good_header(issuer), base | change), issuer)
    except CredentialError:
        return
    assert result.credential.issuer_id == issuer_of(base | change)
