"""One effect of a call however often it is sent under one Idempotency-Key, and the same answer each time, for a day.

- A call is noted before it is carried out. The same one sent meanwhile is told so; it changes nothing.
- What could not be answered (a crash, a 5xx) is forgotten or given up after a minute, and can be tried again.
- Keys are an issuer's own. Another issuer's key of the same name is another key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from sqlalchemy import Engine

from credentials.issuer.errors import CallUnderWay, IdempotencyConflict
from credentials.store import repeated_calls as rows
from credentials.store.engine import write
from credentials.store.repeated_calls import RepeatedCall

KEPT: Final = timedelta(hours=24)
"""How long an answer is kept."""
GIVEN_UP: Final = timedelta(minutes=1)
"""After which a call without an answer counts as one that crashed."""
_NUMBER_BYTES = 16


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it was sent: HTTP status, bytes, media type, the Location header or nothing."""

    status: int
    body: bytes
    media_type: str
    location: str | None = None

    def __repr__(self) -> str:
        """Without the bytes, which may tell of people."""
        return f"Answered(status={self.status})"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A call is to be carried out now. `number`: random, the same when the call is tried again after a crash."""

    number: str


def digest_of(parts: Sequence[bytes]) -> bytes:
    """What stands for a call: SHA-256 (32 bytes) over its parts, each with its length before it."""
    return hashlib.sha256(b"".join(len(part).to_bytes(8) + part for part in parts)).digest()


def claim(engine: Engine, issuer_id: str, key: str, digest: bytes, now: datetime) -> Answered | Claimed:
    """Note that a call is carried out now, or find the answer when it was carried out before.

    Raises IdempotencyConflict (the key stands for another call), CallUnderWay (the same call is being carried out).
    """
    made = RepeatedCall(issuer_id=issuer_id, key=key, digest=digest, number=token_hex(_NUMBER_BYTES), at=now)
    with write(engine) as connection:
        if rows.add_once(connection, made):
            return Claimed(made.number)
        before = rows.find(connection, issuer_id, key)
        if before is None or before.at <= now - KEPT:
            rows.remove(connection, issuer_id, key)
            rows.add_once(connection, made)
            return Claimed(made.number)
        if before.digest != digest:
            raise IdempotencyConflict(where="Idempotency-Key")
        if before.status is not None:
            return Answered(before.status, before.body or b"", before.media_type or "", before.location)
        if before.at > now - GIVEN_UP:
            raise CallUnderWay(where="Idempotency-Key")
        rows.put(connection, replace(before, at=now))
        return Claimed(before.number)


def keep(engine: Engine, issuer_id: str, key: str, answered: Answered) -> None:
    """Keep the answer to a call that was claimed; nothing when it was forgotten meanwhile."""
    with write(engine) as connection:
        before = rows.find(connection, issuer_id, key)
        if before is not None:
            done = replace(
                before,
                status=answered.status,
                body=answered.body,
                media_type=answered.media_type,
                location=answered.location,
            )
            rows.put(connection, done)


def forget(engine: Engine, issuer_id: str, key: str) -> None:
    """Let a call that was claimed be tried again."""
    with write(engine) as connection:
        rows.remove(connection, issuer_id, key)


def prune(engine: Engine, now: datetime) -> int:
    """Forget what is older than a day; returns how many calls."""
    with write(engine) as connection:
        return rows.prune(connection, now - KEPT)
