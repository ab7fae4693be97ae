"""Random secrets that are kept by their digest, and signed tickets that are good for a short time and once.

- A token is 256 random bits, so SHA-256 is enough at rest: there is nothing to guess.
- A ticket carries its own data and time under HMAC-SHA-256, so that handing one out costs no row in the database. Each
  purpose has its own key: a ticket for one is nothing for another. Whoever takes one marks it as spent.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from credentials.accounts.errors import LinkUnusable
from credentials.core import base64url
from credentials.core.errors import CredentialError
from credentials.core.identifiers import CREDENTIAL_ID_BYTES, credential_id

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_MAC_BYTES = 32
_TIME_BYTES = 8
_NONCE_BYTES = 16
_LONGEST_TICKET = 1024


def new_id() -> str:
    """26 random Crockford base-32 characters, 128 bits, for a row that an address may name."""
    return credential_id(secrets.token_bytes(CREDENTIAL_ID_BYTES))


def new_token() -> tuple[str, bytes]:
    """A fresh secret as text for a link or cookie, and what is kept of it."""
    token = secrets.token_urlsafe(32)
    return token, digest_of(token)


def digest_of(token: str) -> bytes:
    """What is kept of a secret: SHA-256, 32 bytes. Text that cannot be a token has a digest that nothing has."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def looks_like_token(text: str) -> bool:
    """Whether text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Ticket:
    """An opened ticket: its data, what is kept of it once it is used, and when it ends."""

    data: str
    digest: bytes
    expires_at: datetime


class Tickets:
    """Makes and opens tickets of one purpose under a service's secret."""

    def __init__(self, secret: bytes, purpose: str, lifetime: timedelta) -> None:
        self._key = hmac.digest(secret, b"ticket:" + purpose.encode(), "sha256")
        self._lifetime = lifetime

    def make(self, data: str, now: datetime) -> str:
        """A ticket that carries `data` for the lifetime of its kind. Anyone who has it can read the data."""
        head = int(now.timestamp()).to_bytes(_TIME_BYTES, "big") + secrets.token_bytes(_NONCE_BYTES) + data.encode()
        return base64url.encode(hmac.digest(self._key, head, "sha256") + head)

    def open(self, text: str, now: datetime) -> Ticket:
        """What a ticket carries. Raises LinkUnusable when it is not one of ours, was changed, or has expired."""
        raw = _decoded(text)
        mac, head = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, hmac.digest(self._key, head, "sha256")):
            raise LinkUnusable
        made = datetime.fromtimestamp(int.from_bytes(head[:_TIME_BYTES], "big"), UTC)
        if not made - timedelta(minutes=1) <= now < made + self._lifetime:
            raise LinkUnusable
        data = head[_TIME_BYTES + _NONCE_BYTES :].decode()
        return Ticket(data, hashlib.sha256(raw).digest(), made + self._lifetime)


def _decoded(text: str) -> bytes:
    if len(text) > _LONGEST_TICKET:
        raise LinkUnusable
    try:
        raw = base64url.decode(text)
    except CredentialError:
        raise LinkUnusable from None
    if len(raw) < _MAC_BYTES + _TIME_BYTES + _NONCE_BYTES:
        raise LinkUnusable
    return raw
