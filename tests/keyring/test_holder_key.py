"""A holder's private JWK."""

import json
from typing import Any

import pytest

from credentials.core import base64url
from credentials.keyring.errors import HolderKeyUnreadable
from credentials.keyring.holder_key import read_holder_key
from credentials.keyring.private_keys import generate, load
from credentials.keyring.signer import KeyAlgorithm


def exported(algorithm: KeyAlgorithm) -> dict[str, Any]:
    secret = generate(algorithm)
    return {**load(algorithm, secret).public.to_jwk(), "d": base64url.encode(secret)}


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256"])
def test_what_a_wallet_exports(algorithm: KeyAlgorithm) -> None:
    jwk = exported(algorithm)
    key = read_holder_key(json.dumps(jwk).encode())
    assert key.algorithm == algorithm
    assert key.public.to_jwk() == {name: value for name, value in jwk.items() if name != "d"}
    assert len(key.sign(b"x")) == 64
    assert jwk["d"] not in repr(key)


@pytest.mark.parametrize(
    "change", [{"d": None}, {"d": "AA"}, {"d": 7}, {"d": "=="}, {"crv": "P-384"}, {"x": "AA"}, {"kty": "RSA"}], ids=str
)
@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256"])
def test_what_is_no_such_key(algorithm: KeyAlgorithm, change: dict[str, Any]) -> None:
    jwk = {name: value for name, value in (exported(algorithm) | change).items() if value is not None}
    with pytest.raises(HolderKeyUnreadable):
        read_holder_key(json.dumps(jwk).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"crv":"P-256","d":"AA","d":"AA"}', b"\xff"])
def test_what_is_no_jwk(data: bytes) -> None:
    with pytest.raises(HolderKeyUnreadable):
        read_holder_key(data)


def test_halves_of_two_keys() -> None:
    one, two = exported("Ed25519"), exported("Ed25519")
    with pytest.raises(HolderKeyUnreadable, match="belong together"):
        read_holder_key(json.dumps(one | {"d": two["d"]}).encode())


@pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32])
def test_a_scalar_that_is_none(secret: bytes) -> None:
    jwk = exported("P-256") | {"d": base64url.encode(secret)}
    with pytest.raises(HolderKeyUnreadable):
        read_holder_key(json.dumps(jwk).encode())
