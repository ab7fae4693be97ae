"""Private keys as others write them: published ones, and the many files that hold none."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from credentials.keyring.errors import PortableKeyUnreadable
from credentials.keyring.portable import MAX_BYTES, read_portable_key

PATH = Path(__file__).parents[1] / "vectors" / "private_keys_published.json"
VECTORS = json.loads(PATH.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["good"], ids=lambda case: case["name"])
def test_published_keys_are_read(case: dict[str, Any]) -> None:
    key = read_portable_key(case["file"].encode())
    assert (key.private.public.to_multikey(), key.name) == (case["multikey"], case["kid"])
    assert len(key.private.sign(b"data")) == 64


@pytest.mark.parametrize("case", VECTORS["bad"], ids=lambda case: case["name"])
def test_a_file_without_such_a_key_is_refused_and_not_repeated(case: dict[str, Any]) -> None:
    with pytest.raises(PortableKeyUnreadable) as caught:
        read_portable_key(case["file"].encode())
    assert "nWGxne" not in str(caught.value)
    assert caught.value.__cause__ is None


def pem(key: Any, encryption: Any = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())  # type: ignore[no-any-return]


def test_pem_of_both_kinds() -> None:
    assert read_portable_key(pem(ed25519.Ed25519PrivateKey.generate())).private.algorithm == "Ed25519"
    assert read_portable_key(pem(ec.generate_private_key(ec.SECP256R1()))).private.algorithm == "P-256"


@pytest.mark.parametrize(
    "data",
    [
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(rsa.generate_private_key(65537, 2048)),
        pem(ed25519.Ed25519PrivateKey.generate(), BestAvailableEncryption(b"secret")),
        b"x" * (MAX_BYTES + 1),
        b"\xff\xfe",
    ],
    ids=["P-384", "RSA", "locked", "large", "no text"],
)
def test_other_keys_are_refused(data: bytes) -> None:
    with pytest.raises(PortableKeyUnreadable):
        read_portable_key(data)


def test_a_jwk_is_called_by_its_kid_and_a_key_shows_nothing() -> None:
    jwk = json.loads(VECTORS["good"][0]["file"]) | {"kid": "did:example:x#1"}
    key = read_portable_key(json.dumps(jwk).encode())
    assert key.name == "did:example:x#1"
    assert jwk["d"] not in repr(key)


@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda text: ("z" + text).encode()))
def test_any_bytes_are_a_key_or_refused(data: bytes) -> None:
    try:
        read_portable_key(data)
    except PortableKeyUnreadable:
        return
