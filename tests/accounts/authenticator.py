"""A software authenticator (WebAuthn level 3): one passkey, told how to lie.

Encoders follow §6.1 (authenticator data), §5.8.1 (client data) and RFC 9052/9053 (COSE keys); attestation is none.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials.accounts.passkeys import Ceremony

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN, RP_ID = "https://credentials.example", "credentials.example"


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey in software.

    `lie` replaces a part of an answer: origin, rp_id, challenge, type, flags, count, handle, signature, cose.
    """

    key: Ed25519PrivateKey | EllipticCurvePrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0
    handle: bytes = b""

    def create(self, ceremony: Ceremony, **lie: Any) -> str:
        """The answer to `navigator.credentials.create` (§7.1), as JSON."""
        options = json.loads(ceremony.options)
        self.handle = decoded(options["user"]["id"])
        data = self._data(ATTESTED, lie) + bytes(16) + len(self.credential_id).to_bytes(2, "big")
        data += self.credential_id + cbor2.dumps(lie.get("cose", self._cose()))
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        client = self._client("webauthn.create", options, lie)
        return self._answer({"clientDataJSON": encoded(client), "attestationObject": encoded(cbor2.dumps(attestation))})

    def get(self, ceremony: Ceremony, **lie: Any) -> str:
        """The answer to `navigator.credentials.get` (§7.2), as JSON."""
        self.count += 1
        data = self._data(0, lie)
        client = self._client("webauthn.get", json.loads(ceremony.options), lie)
        signature = lie.get("signature") or self._sign(data + hashlib.sha256(client).digest())
        response = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        named = {name: encoded(value) for name, value in response.items()}
        return self._answer({**named, "userHandle": encoded(lie.get("handle", self.handle))})

    def _answer(self, response: dict[str, str]) -> str:
        name = encoded(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def _data(self, more: int, lie: dict[str, Any]) -> bytes:
        flags = lie.get("flags", PRESENT | VERIFIED) | more
        count: int = lie.get("count", self.count)
        rp_id: str = lie.get("rp_id", RP_ID)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any], lie: dict[str, Any]) -> bytes:
        told = {
            "type": lie.get("type", kind),
            "challenge": lie.get("challenge", options["challenge"]),
            "origin": lie.get("origin", ORIGIN),
            "crossOrigin": False,
        }
        return json.dumps(told).encode()

    def _cose(self) -> dict[int, Any]:
        if isinstance(self.key, Ed25519PrivateKey):
            return {1: 1, 3: -8, -1: 6, -2: self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)}
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.key, Ed25519PrivateKey):
            return self.key.sign(data)
        return self.key.sign(data, ECDSA(SHA256()))


def p256() -> Authenticator:
    """One that signs with ECDSA over P-256."""
    return Authenticator(generate_private_key(SECP256R1()))
