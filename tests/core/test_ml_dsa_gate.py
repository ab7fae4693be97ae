"""ML-DSA-44 keys with which anyone could sign: what OpenSSL takes is shown, and that we do not."""

import hashlib
import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from credentials.core import base64url
from credentials.core.errors import BadKey, WeakKey
from credentials.core.keys import PublicKey
from credentials.core.ml_dsa_gate import KEY_BYTES, require_sound_key
from tests.core.parties import ml_dsa_party

RHO = b"\x07" * 32


def packed(*coefficients: int) -> bytes:
    """A key whose t1 repeats these coefficients (FIPS 204 algorithm 22: 10 bits each)."""
    number = sum(coefficients[place % len(coefficients)] << 10 * place for place in range(1024))
    return RHO + number.to_bytes(1280, "little")


def forged(key: bytes, message: bytes) -> bytes:
    """A signature made without a secret: z = 0, no hints, the challenge that w1 = 0 gives (FIPS 204 section 6.3)."""
    digest = hashlib.shake_256(hashlib.shake_256(key).digest(64) + b"\0\0" + message).digest(64)
    challenge = hashlib.shake_256(digest + bytes(768)).digest(32)
    zeros = sum(1 << 17 << 18 * place for place in range(1024))
    return challenge + zeros.to_bytes(2304, "little") + bytes(84)


@pytest.mark.parametrize("coefficients", [(0,), (1023,), (0, 1023)], ids=["0", "-1", "mixed"])
def test_a_key_of_nothing_verifies_what_nobody_signed(coefficients: tuple[int, ...]) -> None:
    raw = packed(*coefficients)
    for message in (b"", b"any message at all"):
        MLDSA44PublicKey.from_public_bytes(raw).verify(forged(raw, message), message)  # OpenSSL: it holds
    with pytest.raises(WeakKey):
        PublicKey.ml_dsa_44(raw)
    with pytest.raises(WeakKey):
        PublicKey.from_jwk({"kty": "AKP", "alg": "ML-DSA-44", "pub": base64url.encode(raw)})


@pytest.mark.parametrize(
    "coefficients", [(1,), (1022,), (31,), (992,), (0, 0, 500), (5, 1000, 300), (1, 2, 3)], ids=str
)
def test_keys_that_are_mostly_near_nothing(coefficients: tuple[int, ...]) -> None:
    with pytest.raises(WeakKey):
        require_sound_key(packed(*coefficients))


@pytest.mark.parametrize("coefficients", [(32,), (991,), (0, 500), (512,)], ids=str)
def test_where_the_line_is(coefficients: tuple[int, ...]) -> None:
    assert require_sound_key(packed(*coefficients))


@pytest.mark.parametrize("size", [0, 32, KEY_BYTES - 1, KEY_BYTES + 1, 1952])
def test_other_lengths(size: int) -> None:
    with pytest.raises(BadKey):
        require_sound_key(b"\x55" * size)


def test_honest_keys_are_far_from_the_line() -> None:
    for _ in range(100):
        raw = MLDSA44PrivateKey.from_seed_bytes(secrets.token_bytes(32)).public_key().public_bytes_raw()
        assert require_sound_key(raw) is raw
    assert ml_dsa_party().key.algorithm == "ML-DSA-44"
