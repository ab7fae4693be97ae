"""Withdraw a credential, put it on hold, let it stand again: each is an event with a public reason.

An event is committed first, then added to the record outside the database, and only then shown in a list or a story.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Connection

from credentials.core.identifiers import parse_credential_id
from credentials.issuer import happenings
from credentials.issuer.errors import (
    CredentialUnknown,
    IdempotencyConflict,
    ReasonMissing,
    StatusConflict,
    SuspensionNotOffered,
)
from credentials.issuer.high_water import DatabaseBehind
from credentials.issuer.means import Means, new_id
from credentials.issuer.recovery import recovering
from credentials.store import credentials, issuers, status
from credentials.store.credentials import StoredCredential
from credentials.store.engine import write
from credentials.store.status import Entry, EventKind, Purpose, RecordedEvent

MAX_REASON = 500
MAX_NOTE = 2_000
MAX_HOLDS = 200
"""Events after which no further hold is taken: a story must stay short enough for verifiers to read."""

_PURPOSES: dict[EventKind, Purpose] = {
    "revoked": "revocation",
    "replaced": "revocation",
    "suspended": "suspension",
    "lifted": "suspension",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What shall happen to a credential. `slug`: only if this issuer signed it; a foreign one is as good as unknown.

    `idempotency_key`: the same change under it, asked for again, happens once.
    """

    credential_id: str
    kind: EventKind
    reason: str
    note: str = ""
    successor: str | None = None
    slug: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The event, and whether it was recorded before, by the same change under the same idempotency key."""

    event: RecordedEvent
    repeated: bool


Within = Callable[[Connection, RecordedEvent], None]
"""What else belongs to the transaction of an event: who asked for it, say."""


def nothing_more(connection: Connection, event: RecordedEvent) -> None:
    """Nothing else."""
    del connection, event


def record_event(means: Means, change: Change, within: Within = nothing_more) -> Changed:
    """Record an event, durably inside and outside the database; `within` is done in its transaction.

    Raises BadIdentifier, CredentialUnknown, ReasonMissing, StatusConflict (revoked twice, lifted without being on
    hold), SuspensionNotOffered, and IdempotencyConflict when the issuer used the key for another change.
    """
    changed = _commit(means, replace(change, reason=checked_reason(change.reason, change.note)), within)
    means.high_water.add_events([changed.event])
    return changed


def checked_reason(text: str, note: str) -> str:
    """The reason without white space around it. Raises ReasonMissing for one, and for a note, that cannot be."""
    reason = text.strip()
    if not reason or len(reason) > MAX_REASON or not reason.isprintable():
        raise ReasonMissing(f"the reason needs 1 to {MAX_REASON} visible characters on one line", where="reason")
    if len(note) > MAX_NOTE:
        raise ReasonMissing(f"the note is longer than {MAX_NOTE} characters", where="note")
    return reason


@recovering
def _commit(means: Means, change: Change, within: Within) -> Changed:
    with write(means.engine) as connection:
        stored = _locked(connection, change)
        entries = status.entries(connection, stored.id)
        refuse_if_behind(means, connection, entries)
        before = _same_before(connection, stored, change)
        if before is not None:
            return Changed(before, repeated=True)
        story = status.story(connection, stored.id)
        _refuse_impossible(change.kind, story)
        entry = next((one for one in entries if one.purpose == _PURPOSES[change.kind]), None)
        if entry is None:
            raise SuspensionNotOffered(f"{stored.id} has no suspension entry")
        event = RecordedEvent(
            id=new_id(),
            issuer_id=stored.issuer_id,
            credential_id=stored.id,
            list_id=entry.list_id,
            idx=entry.idx,
            purpose=entry.purpose,
            position=story[-1].position + 1 if story else 1,
            kind=change.kind,
            at=max(means.now(), story[-1].at) if story else means.now(),
            reason=change.reason,
            private_note=change.note,
            successor=change.successor,
            idempotency_key=change.idempotency_key,
            request_digest=_digest(stored, change) if change.idempotency_key else None,
        )
        status.add_event(connection, event)
        happenings.changed(means, connection, event)
        within(connection, event)
        return Changed(event, repeated=False)


def _same_before(connection: Connection, stored: StoredCredential, change: Change) -> RecordedEvent | None:
    """What this change recorded when it was asked for under its key before. Raises IdempotencyConflict."""
    if change.idempotency_key is None:
        return None
    issuers.lock(connection, stored.issuer_id)  # the key may be in use for another credential just now
    before = status.by_idempotency_key(connection, stored.issuer_id, change.idempotency_key)
    if before is not None and before.request_digest != _digest(stored, change):
        raise IdempotencyConflict("it was used with another change", where="idempotency key")
    return before


def _digest(stored: StoredCredential, change: Change) -> str:
    """Equal exactly when two changes ask for the same: SHA-256, hex."""
    asked = (change.kind, stored.id, change.reason, change.note, change.successor)
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()


def _locked(connection: Connection, change: Change) -> StoredCredential:
    stored = credentials.lock(connection, parse_credential_id(change.credential_id))
    if stored is None or not credentials.is_released(connection, stored.id):
        raise CredentialUnknown("no such credential")
    if change.slug is not None:
        owner = issuers.by_slug(connection, change.slug)
        if owner is None or owner.id != stored.issuer_id:
            raise CredentialUnknown("no such credential")
    return stored


def refuse_if_behind(means: Means, connection: Connection, entries: list[Entry]) -> None:
    """Raise DatabaseBehind when more events were published about these entries' lists than the database has.

    Cheap: two counts a list. They are enough, for nothing is added to a database found behind before it recovered.
    """
    for entry in entries:
        published = means.high_water.count_events(entry.list_id)  # before the database: see high_water
        if status.count_events(connection, entry.list_id) < published:
            raise DatabaseBehind


def _refuse_impossible(kind: EventKind, story: list[RecordedEvent]) -> None:
    last = story[-1].kind if story else None
    if last in ("revoked", "replaced"):
        raise StatusConflict(f"it was {last} before")
    if kind == "suspended" and len(story) >= MAX_HOLDS:
        raise StatusConflict("it was put on hold too many times: revoke it, or leave it")
    if kind == "suspended" and last == "suspended":
        raise StatusConflict("it is on hold already")
    if kind == "lifted" and last != "suspended":
        raise StatusConflict("it is not on hold")
