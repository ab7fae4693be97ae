"""Real keys, real signatures and the vector files."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, mldsa, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.signing import SigningKey

from credentials.core import base64url
from credentials.core.keys import PublicKey

VECTORS = Path(__file__).parent.parent / "vectors"
BASE = "https://credentials.example"


def vectors(name: str) -> list[dict[str, Any]]:
    """The cases of a file in tests/vectors."""
    cases: list[dict[str, Any]] = json.loads((VECTORS / name).read_text())["cases"]
    return cases


@dataclass(frozen=True)
class Party:
    """Someone who signs: their public key, its name, the `alg`, and the raw signature function."""

    key: PublicKey
    method: str
    alg: str
    sign: Callable[[bytes], bytes]

    @property
    def did(self) -> str:
        return self.method.partition("#")[0]

    def token(self, header: bytes, payload: bytes) -> str:
        """Whatever header and payload, joined and signed for real."""
        joined = f"{base64url.encode(header)}.{base64url.encode(payload)}"
        return f"{joined}.{base64url.encode(self.sign(joined.encode()))}"


def ed25519_party(seed: bytes = b"\x01" * 32) -> Party:
    secret = SigningKey(seed)
    key = PublicKey.ed25519(bytes(secret.verify_key))
    did = key.to_did_key()
    return Party(key, f"{did}#{key.to_multikey()}", "EdDSA", lambda data: secret.sign(data).signature)


def p256_party() -> Party:
    secret = ec.derive_private_key(0xC0FFEE, ec.SECP256R1())
    point = secret.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = PublicKey.p256(point)
    did = key.to_did_key()

    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(secret.sign(data, ec.ECDSA(SHA256(), deterministic_signing=True)))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return Party(key, f"{did}#{key.to_multikey()}", "ES256", sign)


def rsa_party() -> Party:
    secret = rsa.generate_private_key(65537, 2048)
    numbers = secret.public_key().public_numbers()
    key = PublicKey.rsa(numbers.n, numbers.e)
    return Party(key, "did:web:rsa.example#key-1", "RS256", lambda data: secret.sign(data, PKCS1v15(), SHA256()))


def ml_dsa_party(seed: bytes = b"\x01" * 32) -> Party:
    secret = mldsa.MLDSA44PrivateKey.from_seed_bytes(seed)
    key = PublicKey.ml_dsa_44(secret.public_key().public_bytes_raw())
    return Party(key, "did:web:pq.example#key-1", "ML-DSA-44", secret.sign)
