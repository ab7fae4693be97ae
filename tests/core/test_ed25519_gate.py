"""The strict set: keys and signatures that other verifiers disagree about are judged as dalek's verify_strict does."""

import pytest

from credentials.core.ed25519_gate import require_strict_key
from credentials.core.errors import BadKey, SignatureMismatch, WeakKey
from credentials.core.jws import CompactJws, verify_jws
from credentials.core.keys import PublicKey
from tests.core import edwards
from tests.core.parties import vectors

SECRET = 0x1234567890ABCDEF
HONEST = edwards.multiply(edwards.BASE, SECRET)
MIXED = edwards.add(HONEST, edwards.ORDER_EIGHT)
SIGN_BIT = 1 << 255


def verify(raw_key: bytes, message: bytes, signature: bytes) -> None:
    verify_jws(CompactJws({"alg": "EdDSA"}, b"", message, signature), PublicKey.ed25519(raw_key))


def spell(number: int) -> bytes:
    return number.to_bytes(32, "little")


@pytest.mark.parametrize("case", vectors("ed25519_rfc8032.json"), ids=lambda case: case["name"])
def test_published(case: dict[str, str]) -> None:
    key, message, signature = (bytes.fromhex(case[name]) for name in ("public", "message", "signature"))
    verify(key, message, signature)
    with pytest.raises(SignatureMismatch):
        verify(key, message + b"x", signature)


@pytest.mark.parametrize("times", range(8))
def test_the_eight_points_of_small_order(times: int) -> None:
    with pytest.raises(WeakKey):
        PublicKey.ed25519(edwards.encode(edwards.SMALL_ORDER[times]))


def test_there_are_eight() -> None:
    assert len({edwards.encode(point) for point in edwards.SMALL_ORDER}) == 8


@pytest.mark.parametrize("y", range(19))
@pytest.mark.parametrize("sign", [0, SIGN_BIT])
def test_no_key_has_a_second_spelling(y: int, sign: int) -> None:
    """y and y + p name the same point; only 19 values leave room for both."""
    with pytest.raises(WeakKey, match="canonical"):
        PublicKey.ed25519(spell(y + edwards.P | sign))


@pytest.mark.parametrize("y", [1, edwards.P - 1])
def test_a_zero_x_has_no_sign(y: int) -> None:
    with pytest.raises(WeakKey):
        PublicKey.ed25519(spell(y | SIGN_BIT))


def test_half_of_all_texts_are_no_point() -> None:
    for y in range(2, 60):
        raw = spell(y)
        if edwards.recover(y, 0) is None:
            with pytest.raises(WeakKey, match="curve"):
                PublicKey.ed25519(raw)
        else:
            assert PublicKey.ed25519(raw).material == raw


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_other_lengths(length: int) -> None:
    with pytest.raises(BadKey):
        require_strict_key(b"\x09" * length)


def test_the_constant_signature_of_a_weak_key() -> None:
    """With the neutral point as key, R = B and S = 1 would verify every message."""
    with pytest.raises(WeakKey):
        verify(edwards.encode(edwards.NEUTRAL), b"anything", edwards.encode(edwards.BASE) + spell(1))


def test_own_arithmetic_signs_as_others_do() -> None:
    verify(edwards.encode(HONEST), b"m", edwards.sign(SECRET, b"m", key=HONEST))


@pytest.mark.parametrize("times", range(1, 8))
def test_an_r_of_mixed_order_is_refused(times: int) -> None:
    """A verifier that multiplies by the cofactor would accept it."""
    signature = edwards.sign(SECRET, b"m", key=HONEST, r_offset=edwards.SMALL_ORDER[times])
    with pytest.raises(SignatureMismatch):
        verify(edwards.encode(HONEST), b"m", signature)


@pytest.mark.parametrize("times", range(8))
def test_an_r_of_small_order_is_refused(times: int) -> None:
    r = edwards.encode(edwards.SMALL_ORDER[times])
    h = edwards.challenge(r, edwards.encode(HONEST), b"m")
    with pytest.raises(SignatureMismatch):
        verify(edwards.encode(HONEST), b"m", r + spell(h * SECRET % edwards.L))


def test_a_key_of_mixed_order_counts_only_where_the_equation_holds_as_it_stands() -> None:
    outcomes = set()
    for number in range(24):
        message = bytes([number])
        signature = edwards.sign(SECRET, message, key=MIXED)
        expected = edwards.holds_without_cofactor(MIXED, message, signature)
        try:
            verify(edwards.encode(MIXED), message, signature)
            accepted = True
        except SignatureMismatch:
            accepted = False
        assert accepted == expected
        outcomes.add(accepted)
    assert outcomes == {True, False}


@pytest.mark.parametrize("times", range(1, 16))
def test_an_s_beyond_the_order_is_refused(times: int) -> None:
    """S and S + L satisfy the same equation: the signature would be malleable (RFC 8032 section 8.4)."""
    signature = edwards.sign(SECRET, b"m", key=HONEST)
    moved = int.from_bytes(signature[32:], "little") + times * edwards.L
    if moved < 1 << 256:
        with pytest.raises(SignatureMismatch):
            verify(edwards.encode(HONEST), b"m", signature[:32] + spell(moved))


def test_an_r_with_a_second_spelling_is_refused() -> None:
    for y in range(19):
        r = spell(y + edwards.P)
        h = edwards.challenge(r, edwards.encode(HONEST), b"m")
        with pytest.raises(SignatureMismatch):
            verify(edwards.encode(HONEST), b"m", r + spell(h * SECRET % edwards.L))
