"""Recovery codes: ten, shown once, each good once, for when no passkey is at hand.

A code is 50 random bits in Crockford's base 32, so that it can be written down; it is kept as an HMAC under the
service's secret, and only tried with a ticket that an e-mailed link gave, so that nobody can guess at leisure.
"""

from __future__ import annotations

import hmac
import secrets

from sqlalchemy import Connection

from credentials.accounts.means import Means
from credentials.core.errors import BadIdentifier
from credentials.core.identifiers import SHORT_CODE_BYTES, display_code, parse_short_code, short_code
from credentials.store import sign_in

CODES = 10


def replace_codes(means: Means, connection: Connection, person_id: str) -> list[str]:
    """Ten new codes as they are shown; the old ones end."""
    codes = [short_code(secrets.token_bytes(SHORT_CODE_BYTES)) for _ in range(CODES)]
    kept = [_digest(means, person_id, code) for code in codes]
    sign_in.replace_recovery_codes(connection, person_id, kept, means.clock())
    return [display_code(code) for code in codes]


def take_code(means: Means, connection: Connection, person_id: str, text: str) -> bool:
    """Use a code up, however it was typed; False when it is none of the person's."""
    try:
        code = parse_short_code(text.strip())
    except BadIdentifier:
        return False
    return sign_in.take_recovery_code(connection, person_id, _digest(means, person_id, code), means.clock())


def _digest(means: Means, person_id: str, code: str) -> bytes:
    return hmac.digest(means.secret, f"recovery:{person_id}:{code}".encode(), "sha256")
