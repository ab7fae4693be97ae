"""Public keys as tokens and services show them."""

import contextlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import CredentialError
from credentials.keyring.ec_points import ed25519_of_point, p256_of_numbers, p256_of_point
from tests.core.parties import ed25519_party, p256_party

NUMBERS = ec.derive_private_key(0xC0FFEE, ec.SECP256R1()).public_key().public_numbers()
POINT = b"\x04" + NUMBERS.x.to_bytes(32, "big") + NUMBERS.y.to_bytes(32, "big")
ED25519 = ed25519_party().key.material


def test_a_point_is_read_with_and_without_its_octet_string() -> None:
    assert p256_of_point(b"\x04\x41" + POINT) == p256_of_point(POINT) == p256_party().key
    assert ed25519_of_point(b"\x04\x20" + ED25519) == ed25519_of_point(ED25519) == ed25519_party().key
    assert p256_of_numbers(NUMBERS.x, NUMBERS.y) == p256_party().key


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\x04",
        POINT[:-1],
        POINT + b"\x00",
        POINT[1:],
        b"\x04\x40" + POINT,
        b"\x03\x41" + POINT,
        b"\x04\x41" + b"\x02" + POINT[1:],
        b"\x02" + POINT[1:33],
    ],
)
def test_no_p256_point(value: bytes) -> None:
    with pytest.raises(ValueError):
        p256_of_point(value)


@pytest.mark.parametrize("value", [b"", ED25519[:-1], ED25519 + b"\x00", b"\x04\x21" + ED25519, b"\x03\x20" + ED25519])
def test_no_ed25519_point(value: bytes) -> None:
    with pytest.raises(ValueError):
        ed25519_of_point(value)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (1, 1), (NUMBERS.x, NUMBERS.y + 1), (2**256 - 1, 5)])
def test_a_point_beside_the_curve(x: int, y: int) -> None:
    with pytest.raises(CredentialError):
        p256_of_numbers(x, y)


@given(st.binary(max_size=70))
def test_any_bytes_are_read_or_refused(value: bytes) -> None:
    for read in (p256_of_point, ed25519_of_point):
        with contextlib.suppress(ValueError, CredentialError):
            read(value)
