"""Letters at rest: sealed, for a letter may hold a link that opens an account."""

from __future__ import annotations

import secrets

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from credentials.mail.errors import LetterUnreadable
from credentials.mail.message import Letter

_NONCE_BYTES = 12


class Seal:
    """Seals letters under a key that follows from the service's secret (HKDF, then AES-256-GCM)."""

    def __init__(self, secret: bytes) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"mail at rest").derive(secret)
        self._cipher = AESGCM(key)

    def close(self, letter: Letter, mail_id: str) -> bytes:
        """The letter's bytes at rest, bound to the row that they belong to."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, msgspec.json.encode(letter), mail_id.encode())

    def open(self, sealed: bytes, mail_id: str) -> Letter:
        """The letter again. Raises LetterUnreadable when it was sealed elsewhere or changed."""
        try:
            plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], mail_id.encode())
            return msgspec.json.decode(plain, type=Letter)
        except (InvalidTag, ValueError, msgspec.MsgspecError):
            raise LetterUnreadable(where=mail_id) from None
