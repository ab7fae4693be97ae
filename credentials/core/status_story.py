"""The story behind a status bit: what happened to a credential, when, and the public reason, signed by its issuer.

A bit cannot say when or why. The story is a compact JWS with `typ` status-story+jwt; its `statusReference` is the
address where it is served. Like a credential it is read first, believed only after its signature.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from credentials.core import strict_json
from credentials.core.did import parse_did_url
from credentials.core.errors import AlgorithmRefused, BadInstant, BadStatusStory, KidMissing, WrongTokenType
from credentials.core.instants import parse_instant
from credentials.core.jws import SIGNING_ALGORITHMS, CompactJws, compact, parse_compact, signing_input, verify_jws
from credentials.core.keys import PublicKey
from credentials.core.plain_text import is_plain_line

STORY_TYPE: Final = "status-story+jwt"
STORY_MEDIA_TYPE: Final = "application/status-story+jwt"
MAX_STORY_BYTES: Final = 256 * 1024
MAX_EVENTS: Final = 1000
MAX_REASON_CHARS: Final = 1000

EventKind = Literal["revoked", "suspended", "lifted", "replaced"]
EVENT_KINDS: Final[tuple[EventKind, ...]] = get_args(EventKind)


class StatusEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event: what, since when, the public reason, and for `replaced` the address of the corrected credential.

    In a story that was parsed `at` is in UTC, and `reason` one plain line of at most `MAX_REASON_CHARS` characters.
    """

    kind: EventKind
    at: Annotated[datetime, Meta(tz=True)]
    reason: str
    successor: str | None = None


class _ToldEvent(msgspec.Struct, frozen=True):
    """An event as it stands in the payload. The date is read by the one reader of dates, which knows their limits."""

    kind: EventKind
    at: str
    reason: Annotated[str, Meta(max_length=MAX_REASON_CHARS)]
    successor: str | None = None


class _Payload(msgspec.Struct, frozen=True, kw_only=True):
    iss: str
    sub: str
    iat: Annotated[int, Meta(ge=0, le=253402300799)]
    events: Annotated[tuple[_ToldEvent, ...], Meta(max_length=MAX_EVENTS)]


@dataclass(frozen=True, slots=True)
class StatusStory:
    """A story taken apart; NOT verified until `verify_story` returned. Events are in the order of time."""

    issuer: str
    credential_id: str
    events: tuple[StatusEvent, ...]
    issued_at: datetime
    verification_method: str
    algorithm: str
    jws: CompactJws

    def latest(self, *kinds: EventKind) -> StatusEvent | None:
        """The last event, or the last of these kinds."""
        return next((event for event in reversed(self.events) if not kinds or event.kind in kinds), None)


def story_payload(issuer: str, credential_id: str, events: Iterable[StatusEvent], now: datetime) -> bytes:
    """The payload to sign: `iss` the issuer's DID, `sub` the credential's id, `iat` now, and the events by time.

    Raises BadStatusStory for a reason that no reader would believe: not one plain line, or too long.
    """
    ordered = sorted(events, key=lambda event: event.at)
    for event in ordered:
        _check_reason(event.reason)
    return strict_json.dump({"iss": issuer, "sub": credential_id, "iat": int(now.timestamp()), "events": ordered})


def story_signing_input(payload: bytes, *, verification_method: str, algorithm: str) -> bytes:
    """The bytes to sign; `algorithm` is the key's (`Ed25519`, `P-256`). Raises BadDid, AlgorithmRefused."""
    parse_did_url(verification_method)
    if algorithm not in SIGNING_ALGORITHMS:
        raise AlgorithmRefused(f"{algorithm!r} does not sign stories")
    header = {"alg": SIGNING_ALGORITHMS[algorithm], "typ": STORY_TYPE, "kid": verification_method}
    return signing_input(header, payload)


def assemble_story(signing_input: bytes, signature: bytes) -> bytes:
    """The signed story as a compact token."""
    return compact(signing_input, signature)


def parse_story(token: bytes | str) -> StatusStory:
    """Take a signed story apart without believing it.

    Raises the errors of `parse_compact` and `strict_json`, WrongTokenType, KidMissing, BadDid, BadStatusStory.
    """
    jws = parse_compact(token, max_bytes=MAX_STORY_BYTES)
    if jws.header.get("typ") != STORY_TYPE:
        raise WrongTokenType("not a status story", where="typ")
    if "kid" not in jws.header:
        raise KidMissing("the header has no kid", where="kid")
    parse_did_url(jws.header["kid"])
    payload = _payload(jws.payload)
    events = tuple([_event(told) for told in payload.events])
    if any(after.at < before.at for before, after in pairwise(events)):
        raise BadStatusStory("the events are not in the order of time", where="/events")
    issued_at = datetime.fromtimestamp(payload.iat, UTC)
    return StatusStory(payload.iss, payload.sub, events, issued_at, jws.header["kid"], jws.header["alg"], jws)


def verify_story(story: StatusStory, key: PublicKey) -> None:
    """Return if `key`, which must be the issuer's, signed the story. Raises SignatureMismatch, KeyAlgorithmMismatch."""
    verify_jws(story.jws, key)


def _payload(data: bytes) -> _Payload:
    try:
        return msgspec.convert(strict_json.parse_object(data, max_bytes=MAX_STORY_BYTES), _Payload)
    except msgspec.ValidationError as err:
        raise BadStatusStory(str(err)) from None


def _event(told: _ToldEvent) -> StatusEvent:
    try:
        at = parse_instant(told.at)
    except BadInstant as err:
        raise BadStatusStory(err.detail, where="/events") from None
    _check_reason(told.reason)
    return StatusEvent(told.kind, at, told.reason, told.successor)


def _check_reason(reason: str) -> None:
    """A reason is read as a part of the verifier's own words."""
    if len(reason) > MAX_REASON_CHARS or not is_plain_line(reason):
        raise BadStatusStory("a reason that is not one plain line", where="/events")
