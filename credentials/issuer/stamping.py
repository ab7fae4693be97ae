"""Timestamps (RFC 3161) over every signature, taken after its release, for the day on which its key is stolen.

A release never waits for them and never fails by them. What has none yet is asked for again and again, the newest
first, so an authority that is away for a while costs nothing but the time in which a theft could not be told apart.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

import msgspec
import structlog
from sqlalchemy import Engine

from credentials.core.errors import CredentialError
from credentials.core.identifiers import parse_credential_id
from credentials.core.keys import PublicKey
from credentials.core.securing import MECHANISMS, SD_JWT_VC
from credentials.issuer.means import Means
from credentials.store import stamps
from credentials.store.engine import read, write
from credentials.store.stamps import SignatureStamp, Unstamped

Stamp: TypeAlias = Callable[[bytes], bytes]
"""Gives an authority's timestamp over some bytes, checked already. Raises CredentialErrors."""

STAMPED_FORMS: Final = tuple(name for name in MECHANISMS if name != SD_JWT_VC.name)
"""The forms that get a timestamp. The metadata of an SD-JWT VC's issuer cannot say since when a key was stolen."""
REST: Final = timedelta(minutes=1)
"""Nobody looks again for this long after nothing was found, or the authority failed."""

_log = structlog.get_logger(__name__)


class Stamper:
    """Takes what timestamps are missing. `clock` gives aware times. Safe to share between threads."""

    def __init__(self, engine: Engine, stamp: Stamp, clock: Callable[[], datetime]) -> None:
        self._engine, self._stamp, self._clock = engine, stamp, clock
        self._rests_until = datetime.min.replace(tzinfo=UTC)
        self._damaged: set[str] = set()

    def due(self, now: datetime, limit: int) -> list[str]:
        """The ids of at most `limit` credentials that lack a timestamp; none while this rests."""
        if now < self._rests_until:
            return []
        found = self.missing(limit)
        if not found:
            self._rests_until = now + REST
        return found

    def missing(self, limit: int) -> list[str]:
        """As `due`, at any time. Those that were found damaged are left out, so that they hold up nobody."""
        with read(self._engine) as connection:
            found = stamps.waiting(connection, STAMPED_FORMS, limit + len(self._damaged))
        return [one for one in found if one not in self._damaged][:limit]

    def run(self, credential_id: str) -> int:
        """Take the timestamps that one credential lacks; returns how many. Those taken before an error stay.

        A form that cannot be read (its bytes were changed in the database) gets none. Raises what the authority's
        client raises, and TimestampUnreadable, TimestampMismatch, TimestampUntrusted.
        """
        with read(self._engine) as connection:
            missing = stamps.unstamped(connection, credential_id, STAMPED_FORMS)
        return sum(self._take(one) for one in missing)

    def _take(self, one: Unstamped) -> int:
        try:
            stamped = stamped_bytes(one)
        except CredentialError as error:
            self._damaged.add(one.credential_id)
            _log.warning("not-stamped", credential=one.credential_id, format=one.format, code=error.code)
            return 0
        try:
            token = self._stamp(stamped)
        except CredentialError:
            self._rests_until = self._clock() + REST
            raise
        with write(self._engine) as connection:
            stamps.keep(connection, SignatureStamp(one.credential_id, one.format, token, self._clock()))
        return 1


def stamped_bytes(one: Unstamped) -> bytes:
    """The bytes that the timestamp of a released form is over: see `SecuringMechanism.stamped`."""
    mechanism = MECHANISMS[one.format]
    proof = mechanism.read(one.body).proofs[0]
    return mechanism.stamped(proof, PublicKey.from_jwk(msgspec.json.decode(one.public_jwk)))


def stamp_of(means: Means, credential_id: str, form: str) -> bytes | None:
    """The timestamp of one form of a credential, or None. For the operator's own hands. Raises BadIdentifier."""
    with read(means.engine) as connection:
        kept = stamps.of_credential(connection, parse_credential_id(credential_id))
    return next((one.token for one in kept if one.format == form), None)
