"""The holder's signature: RFC 9901's own example holds, and nothing that was made for somebody or something else."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credentials.core import base64url
from credentials.core.errors import (
    AlgorithmRefused,
    CredentialError,
    HolderKeyMissing,
    KeyAlgorithmMismatch,
    KeyBindingMismatch,
    KeyBindingMissing,
    NotCompactJws,
    PrivateKeyShown,
    SignatureMismatch,
    WrongTokenType,
)
from credentials.core.sd_jwt.concealing import conceal
from credentials.core.sd_jwt.key_binding import KeyBinding, bind, check_key_binding, holder_key, key_binding_input
from credentials.core.sd_jwt.presenting import present
from credentials.core.sd_jwt.serialised import SdJwt, join_sd_jwt, parse_sd_jwt
from tests.core.parties import Party, ed25519_party, p256_party
from tests.core.sd_jwt.published import PUBLISHED

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ASKED = KeyBinding("https://verifier.example", "n-0S6_WzA2Mj")
HOLDER = p256_party()


def issued(issuer: Party, holder: Party | None = HOLDER) -> SdJwt:
    payload: dict[str, Any] = {"iss": "https://issuer.example", "name": "Zoë", "pay": "EUR 400"}
    if holder is not None:
        payload["cnf"] = {"jwk": holder.key.to_jwk()}
    hidden = conceal(payload, ["/name", "/pay"], entropy=b"e" * 32)
    token = issuer.token(json.dumps({"alg": issuer.alg}).encode(), json.dumps(hidden.payload).encode())
    return parse_sd_jwt(join_sd_jwt(token.encode(), hidden.disclosures))


def presented(sd_jwt: SdJwt, holder: Party = HOLDER, expected: KeyBinding = ASKED) -> bytes:
    return present(sd_jwt, keep=["/name"], expected=expected, algorithm=holder.key.algorithm, sign=holder.sign, now=NOW)


def bound_by_hand(sd_jwt: SdJwt, claims: dict[str, Any], header: dict[str, Any] | None = None) -> SdJwt:
    """A presentation whose key binding says what it is told to; what is not told is right."""
    right = {"aud": ASKED.audience, "nonce": ASKED.nonce, "iat": int(NOW.timestamp()), "sd_hash": _hash(sd_jwt)}
    merged = {name: value for name, value in (right | claims).items() if value is not None}
    token = HOLDER.token(
        json.dumps({"alg": HOLDER.alg, "typ": "kb+jwt"} | (header or {})).encode(), json.dumps(merged).encode()
    )
    return parse_sd_jwt(sd_jwt.bound + token.encode())


def _hash(sd_jwt: SdJwt) -> str:
    signed = key_binding_input(sd_jwt.bound, ASKED, algorithm="P-256", now=NOW)
    return str(json.loads(base64url.decode(signed.split(b".")[1]))["sd_hash"])


def test_the_example_of_section_5_2() -> None:
    case = PUBLISHED["cases"][1]
    sd_jwt = parse_sd_jwt(case["sd_jwt"].encode())
    expected = KeyBinding(case["audience"], case["nonce"])
    check_key_binding(sd_jwt, expected, datetime.fromtimestamp(case["iat"], UTC))
    with pytest.raises(KeyBindingMismatch):
        check_key_binding(sd_jwt, expected, datetime.fromtimestamp(case["iat"] + 3600, UTC))


@pytest.mark.parametrize("holder", [ed25519_party(b"\x05" * 32), p256_party()], ids=["Ed25519", "P-256"])
def test_there_and_back(issuer: Party, holder: Party) -> None:
    sd_jwt = parse_sd_jwt(presented(issued(issuer, holder), holder))
    check_key_binding(sd_jwt, ASKED, NOW)
    assert [one.name for one in sd_jwt.disclosures] == ["name"]


@pytest.mark.parametrize("other", [KeyBinding("https://other.example", ASKED.nonce), KeyBinding(ASKED.audience, "x")])
def test_another_verifier_or_another_time(issuer: Party, other: KeyBinding) -> None:
    sd_jwt = parse_sd_jwt(presented(issued(issuer)))
    with pytest.raises(KeyBindingMismatch):
        check_key_binding(sd_jwt, other, NOW)


@pytest.mark.parametrize("later", [timedelta(minutes=7), -timedelta(minutes=2), timedelta(days=400)])
def test_an_old_or_a_future_signature(issuer: Party, later: timedelta) -> None:
    sd_jwt = parse_sd_jwt(presented(issued(issuer)))
    with pytest.raises(KeyBindingMismatch, match="just now"):
        check_key_binding(sd_jwt, ASKED, NOW + later)


@pytest.mark.parametrize("later", [timedelta(minutes=5), -timedelta(seconds=59), timedelta(0)])
def test_clocks_may_differ(issuer: Party, later: timedelta) -> None:
    check_key_binding(parse_sd_jwt(presented(issued(issuer))), ASKED, NOW + later)


def test_without_a_signature_of_the_holder(issuer: Party) -> None:
    with pytest.raises(KeyBindingMissing):
        check_key_binding(issued(issuer), ASKED, NOW)


def test_without_a_key_in_the_credential(issuer: Party) -> None:
    sd_jwt = bound_by_hand(issued(issuer, None), {})
    with pytest.raises(HolderKeyMissing):
        check_key_binding(sd_jwt, ASKED, NOW)


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"aud": None}, KeyBindingMismatch),
        ({"aud": ["https://verifier.example"]}, KeyBindingMismatch),
        ({"aud": "https://verifier.example/"}, KeyBindingMismatch),
        ({"nonce": None}, KeyBindingMismatch),
        ({"nonce": 7}, KeyBindingMismatch),
        ({"nonce": ""}, KeyBindingMismatch),
        ({"iat": None}, KeyBindingMismatch),
        ({"iat": "now"}, KeyBindingMismatch),
        ({"iat": True}, KeyBindingMismatch),
        ({"iat": 10**18}, KeyBindingMismatch),
        ({"iat": -1}, KeyBindingMismatch),
        ({"sd_hash": None}, KeyBindingMismatch),
        ({"sd_hash": "x"}, KeyBindingMismatch),
    ],
)
def test_claims_that_do_not_fit(issuer: Party, claims: dict[str, Any], error: type[CredentialError]) -> None:
    with pytest.raises(error):
        check_key_binding(bound_by_hand(issued(issuer), claims), ASKED, NOW)


def test_by_hand_is_right_where_it_should_be(issuer: Party) -> None:
    check_key_binding(bound_by_hand(issued(issuer), {}), ASKED, NOW)


@pytest.mark.parametrize("typ", ["JWT", "vc+jwt", "kb+JWT", "dc+sd-jwt", ""])
def test_another_kind_of_token(issuer: Party, typ: str) -> None:
    with pytest.raises(WrongTokenType):
        check_key_binding(bound_by_hand(issued(issuer), {}, {"typ": typ}), ASKED, NOW)


def test_fewer_or_more_disclosures_than_were_signed(issuer: Party) -> None:
    sd_jwt = issued(issuer)
    head, *_, binding = presented(sd_jwt).split(b"~")
    for disclosures in ((), sd_jwt.disclosures, sd_jwt.disclosures[1:]):
        changed = join_sd_jwt(head, disclosures) + binding
        with pytest.raises(KeyBindingMismatch, match="other disclosures"):
            check_key_binding(parse_sd_jwt(changed), ASKED, NOW)


def test_the_holders_signature_on_another_credential(issuer: Party, stranger: Party) -> None:
    _, *_, binding = presented(issued(issuer)).split(b"~")
    other = presented(issued(stranger)).rpartition(b"~")[0] + b"~"
    with pytest.raises(KeyBindingMismatch, match="other disclosures"):
        check_key_binding(parse_sd_jwt(other + binding), ASKED, NOW)


def test_a_signature_by_somebody_else(issuer: Party) -> None:
    thief = ed25519_party(b"\x07" * 32)
    with pytest.raises(KeyAlgorithmMismatch):
        check_key_binding(parse_sd_jwt(presented(issued(issuer), thief)), ASKED, NOW)
    holder = ed25519_party(b"\x05" * 32)
    with pytest.raises(SignatureMismatch):
        check_key_binding(parse_sd_jwt(presented(issued(issuer, holder), thief)), ASKED, NOW)


def test_every_bit_of_the_holders_token_counts(issuer: Party) -> None:
    whole = presented(issued(issuer))
    start = whole.rindex(b"~") + 1
    for place in range(start * 8, len(whole) * 8):
        changed = bytearray(whole)
        changed[place >> 3] ^= 1 << (place & 7)
        with pytest.raises(CredentialError):
            check_key_binding(parse_sd_jwt(bytes(changed)), ASKED, NOW)


@pytest.mark.parametrize(
    ("confirmation", "error"),
    [
        (None, HolderKeyMissing),
        ("did:key:z6Mk", HolderKeyMissing),
        ({}, HolderKeyMissing),
        ({"kid": "x"}, HolderKeyMissing),
        ({"jwk": "x"}, HolderKeyMissing),
        ({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}}, PrivateKeyShown),
    ],
)
def test_where_the_holders_key_should_be(confirmation: Any, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        holder_key({"cnf": confirmation})


def test_what_does_not_sign_presentations(issuer: Party) -> None:
    with pytest.raises(AlgorithmRefused):
        key_binding_input(issued(issuer).bound, ASKED, algorithm="RSA", now=NOW)


def test_what_is_no_token_at_the_end(issuer: Party) -> None:
    with pytest.raises(NotCompactJws):
        parse_sd_jwt(issued(issuer).bound + b"eyJ9")


def test_binding_puts_the_token_at_the_end(issuer: Party) -> None:
    sd_jwt = issued(issuer)
    assert bind(sd_jwt.bound, b"a.b", b"").startswith(sd_jwt.bound + b"a.b.")
