"""Private keys in memory: make, load, sign. Nothing here touches a disk."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, mldsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from nacl import bindings

from credentials.core import base64url
from credentials.core.keys import PublicKey
from credentials.keyring.signer import KeyAlgorithm

_SIGNATURE_BYTES = 64
_SCALAR_BYTES = 32
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""n of P-256 (NIST SP 800-186 §3.2.1.3)."""


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An unlocked key: it signs, and it knows its public half. Its repr shows neither."""

    algorithm: KeyAlgorithm
    public: PublicKey = field(repr=False)
    sign: Callable[[bytes], bytes] = field(repr=False)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: a private key does not travel between processes."""
        raise TypeError("a private key cannot be pickled")


def generate(algorithm: KeyAlgorithm) -> bytes:
    """Return 32 fresh bytes: a seed, or a P-256 scalar (by rejection, NIST SP 800-56A §5.6.1.2.2)."""
    if algorithm != "P-256":
        return secrets.token_bytes(_SCALAR_BYTES)
    return (secrets.randbelow(_P256_ORDER - 1) + 1).to_bytes(_SCALAR_BYTES, "big")


def load(algorithm: KeyAlgorithm, material: bytes) -> PrivateKey:
    """Return the key made of `material` as `generate` gave it. Raises ValueError when it cannot be one."""
    if len(material) != _SCALAR_BYTES:
        raise ValueError("key material is 32 bytes")
    return LOADERS[algorithm](material)


def _load_ed25519(seed: bytes) -> PrivateKey:
    public, secret = bindings.crypto_sign_seed_keypair(seed)

    def sign(data: bytes) -> bytes:
        # libsodium's combined form is the signature followed by the message; it is its fastest call.
        return bindings.crypto_sign(data, secret)[:_SIGNATURE_BYTES]

    jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(public)}
    return PrivateKey("Ed25519", PublicKey.from_jwk(jwk), sign)


def _load_p256(scalar: bytes) -> PrivateKey:
    secret = ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())
    scheme = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)

    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(secret.sign(data, scheme))
        return r.to_bytes(_SCALAR_BYTES, "big") + s.to_bytes(_SCALAR_BYTES, "big")

    point = secret.public_key().public_numbers()
    x, y = (base64url.encode(value.to_bytes(_SCALAR_BYTES, "big")) for value in (point.x, point.y))
    return PrivateKey("P-256", PublicKey.from_jwk({"kty": "EC", "crv": "P-256", "x": x, "y": y}), sign)


def _load_ml_dsa_44(seed: bytes) -> PrivateKey:
    """Expand ξ (FIPS 204 algorithm 6), the one form of an ML-DSA key that JOSE knows (RFC 9964 section 4)."""
    secret = mldsa.MLDSA44PrivateKey.from_seed_bytes(seed)
    return PrivateKey("ML-DSA-44", PublicKey.ml_dsa_44(secret.public_key().public_bytes_raw()), secret.sign)


LOADERS: Mapping[KeyAlgorithm, Callable[[bytes], PrivateKey]] = {
    "Ed25519": _load_ed25519,
    "P-256": _load_p256,
    "ML-DSA-44": _load_ml_dsa_44,
}
