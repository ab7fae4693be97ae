"""Recovery codes: ten, shown once, each good once, for when no passkey is at hand.

A code is 50 random bits in Crockford's base 32, so that it can be written down. What is kept is Argon2id (RFC 9106) of
it, salted with the person's random handle, under the service's secret besides: whoever copies the database has nothing
to guess against. A code is only tried with a ticket that an e-mailed link gave, so that nobody can guess at leisure.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import Connection

from credentials.accounts.means import Means
from credentials.core.errors import BadIdentifier
from credentials.core.identifiers import SHORT_CODE_BYTES, display_code, parse_short_code, short_code
from credentials.store import people, sign_in
from credentials.store.engine import read

CODES = 10
PASSES = 2
MEMORY_KIB = 19_456
"""One lane, two passes, 19 MiB: what OWASP ASVS 5.0 appendix C asks of Argon2id at least."""
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Codes:
    """Ten new codes: as they are shown, and as they are kept."""

    shown: list[str] = field(repr=False)
    kept: list[bytes]


def new_codes(means: Means, person_id: str) -> Codes:
    """Ten codes that are nobody's yet. Slow: do it before a transaction, not inside."""
    salt = _salt(means, person_id)
    codes = [short_code(secrets.token_bytes(SHORT_CODE_BYTES)) for _ in range(CODES)]
    return Codes([display_code(code) for code in codes], [_digest(means, salt, code) for code in codes])


def keep_codes(means: Means, connection: Connection, person_id: str, codes: Codes) -> list[str]:
    """Let these be the person's codes; the old ones end. Returns them as they are shown."""
    sign_in.replace_recovery_codes(connection, person_id, codes.kept, means.clock())
    return codes.shown


def typed_code(means: Means, person_id: str, text: str) -> bytes | None:
    """A code as it would be kept, however it was typed; None when it cannot be one. Slow, as `new_codes` is."""
    try:
        code = parse_short_code(text.strip())
    except BadIdentifier:
        return None
    return _digest(means, _salt(means, person_id), code)


def take_code(means: Means, connection: Connection, person_id: str, typed: bytes | None) -> bool:
    """Use a code up; False when it is none of the person's."""
    return typed is not None and sign_in.take_recovery_code(connection, person_id, typed, means.clock())


def _salt(means: Means, person_id: str) -> bytes:
    with read(means.engine) as connection:
        person = people.by_id(connection, person_id)
    return person.handle if person else secrets.token_bytes(_DIGEST_BYTES)


def _digest(means: Means, salt: bytes, code: str) -> bytes:
    stretched = Argon2id(salt=salt, length=_DIGEST_BYTES, iterations=PASSES, lanes=1, memory_cost=MEMORY_KIB)
    return hmac.digest(means.secret, b"recovery:" + stretched.derive(code.encode()), "sha256")
