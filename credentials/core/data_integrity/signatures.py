"""Checking one Data Integrity signature, with the key that the proof names."""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from nacl.bindings import crypto_sign_open
from nacl.exceptions import CryptoError

from credentials.core.data_integrity.cryptosuites import Canonical, Cryptosuite, signature_bytes
from credentials.core.errors import SignatureMismatch
from credentials.core.keys import PublicKey

_HASHES: Final = {"P-256": hashes.SHA256(), "P-384": hashes.SHA384()}


def check_signature(suite: Cryptosuite, canonical: Canonical, signature: bytes, key: PublicKey) -> None:
    """Return if `key` signed what was made canonical. Raises KeyAlgorithmMismatch, SignatureMismatch."""
    check_hash(suite.hash_data(canonical, key.algorithm), signature, key)


def check_hash(hash_data: bytes, signature: bytes, key: PublicKey) -> None:
    """Return if `key` signed these bytes. Raises SignatureMismatch.

    Ed25519 is verified by libsodium, which accepts the strict set only; ECDSA signatures are r‖s (IEEE P1363).
    """
    if len(signature) != signature_bytes(key):
        raise SignatureMismatch(f"the signature has {len(signature)} bytes", where="/proof/proofValue")
    holds = _ed25519(hash_data, signature, key) if key.algorithm == "Ed25519" else _ecdsa(hash_data, signature, key)
    if not holds:
        raise SignatureMismatch("it was not made over this document by this key", where="/proof/proofValue")


def _ed25519(hash_data: bytes, signature: bytes, key: PublicKey) -> bool:
    try:
        crypto_sign_open(signature + hash_data, key.material)
    except CryptoError:
        return False
    return True


def _ecdsa(hash_data: bytes, signature: bytes, key: PublicKey) -> bool:
    native = key.native()
    if not isinstance(native, EllipticCurvePublicKey):
        return False
    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    try:
        native.verify(encode_dss_signature(r, s), hash_data, ECDSA(_HASHES[key.algorithm]))
    except InvalidSignature:
        return False
    return True
