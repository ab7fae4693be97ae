"""How secrets of webhooks lie in the database: sealed, for they must be read again to sign.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, under a key that HKDF-SHA256 (RFC 5869) derives from a secret
of the service. The id of the webhook and of its issuer are associated data: no secret passes for another's.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from credentials.webhooks.errors import WebhookSecretUnreadable

_NONCE_BYTES: Final = 12


class Sealer:
    """Seals and opens. `secret`: random bytes of the service, at least 32; a passphrase would be guessed."""

    __slots__ = ("_cipher",)

    def __init__(self, secret: bytes) -> None:
        key = HKDF(hashes.SHA256(), length=32, salt=None, info=b"credentials webhook secrets 1").derive(secret)
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, issuer_id: str, webhook_id: str) -> bytes:
        """What the database keeps."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, _owner(issuer_id, webhook_id))

    def open(self, sealed: bytes, issuer_id: str, webhook_id: str) -> bytes:
        """What was sealed. Raises WebhookSecretUnreadable."""
        try:
            nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, rest, _owner(issuer_id, webhook_id))
        except (InvalidTag, ValueError):
            raise WebhookSecretUnreadable(f"webhook {webhook_id}") from None


def _owner(issuer_id: str, webhook_id: str) -> bytes:
    return f"{issuer_id}\n{webhook_id}".encode()
