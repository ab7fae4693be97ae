"""Signatures of the Standard Webhooks specification, version 1, symmetric.

`webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `<id>.<timestamp>.<body>`; while a secret is being
replaced there are two, separated by a space (sections "Webhook Headers (Metadata)" and "Signature scheme").
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from credentials.core.instants import format_instant

SECRET_MARK: Final = "whsec_"  # noqa: S105 - what stands before a secret
SECRET_BYTES: Final = 32
MAX_BODY_BYTES: Final = 65_536


def draw_secret() -> bytes:
    """A new secret: 32 random bytes, within the specification's 24 to 64."""
    return secrets.token_bytes(SECRET_BYTES)


def spell_secret(secret: bytes) -> str:
    """A secret as it is shown: `whsec_` and its base64."""
    return SECRET_MARK + base64.b64encode(secret).decode("ascii")


def payload(kind: str, at: datetime, data: Mapping[str, object]) -> bytes:
    """The body of a message: `type`, `timestamp`, `data` (section "Payload structure"). ValueError beyond 64 KiB."""
    told = {"type": kind, "timestamp": format_instant(at), "data": dict(data)}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > MAX_BODY_BYTES:
        raise ValueError(f"a message of {len(body)} bytes is longer than {MAX_BODY_BYTES}")
    return body


def headers(message_id: str, at: datetime, body: bytes, keys: Iterable[bytes]) -> dict[str, str]:
    """The headers of one try at the moment `at`: the id stays the same in each, the timestamp does not."""
    moment = str(int(at.timestamp()))
    signed = b".".join((message_id.encode("ascii"), moment.encode("ascii"), body))
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(_signature(key, signed) for key in keys),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")
