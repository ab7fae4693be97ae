"""What verifiers fetch: signed status lists and the signed story behind a bit.

A list is built from events alone, signed by its issuer's own DID (no standard names a delegate), kept in
`published_list`, and served from there while it shows every event, is fresh, and the key that signed it was not stolen;
one event more, and the next request builds it anew. So a bit is at most as old as the `ttl` a verifier may cache it.
Each list is signed twice over the same bytes, as a token and with an embedded proof: the two never differ in a bit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Table

from credentials.core.errors import CredentialError, Unavailable
from credentials.core.identifiers import parse_credential_id
from credentials.core.securing import Unsigned
from credentials.core.status_list import status_list_credential
from credentials.core.status_story import (
    StatusEvent,
    assemble_story,
    parse_story,
    story_payload,
    story_signing_input,
    verify_story,
)
from credentials.issuer.errors import CredentialUnknown, SelfCheckFailed, StatusListUnknown
from credentials.issuer.forms import COMPACT, Documents, embedded_of
from credentials.issuer.high_water import DatabaseBehind
from credentials.issuer.keys import active_key, current_keys, method_id
from credentials.issuer.means import Means
from credentials.issuer.recovery import recovering
from credentials.issuer.signing import prepare, sign_checked
from credentials.store import credentials, issuers, status
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey
from credentials.store.status import PublishedList, RecordedEvent, StatusList
from credentials.store.tables import published_list

LIST_TTL = timedelta(seconds=60)
"""How long a verifier may keep a list (`ttl`): how long after an event a bit may be unseen."""

LIST_VALIDITY = timedelta(hours=24)
"""From building to `validUntil`: how long verifiers get by when this service cannot be reached."""

REBUILD_AFTER = timedelta(minutes=30)
"""A list without news is signed again after this, so that its `validUntil` stays far off."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _View:
    """A list as one snapshot of the database shows it."""

    one: StatusList
    issuer: Issuer
    keys: list[SigningKey]
    key: SigningKey
    events: list[RecordedEvent]


@recovering
def status_list(means: Means, list_id: str) -> PublishedList:
    """The signed status list in both its forms, fresh. Raises StatusListUnknown and what signing raises."""
    published = means.high_water.event_ids(list_id)  # before the database: see high_water
    was_named = means.high_water.knows_list(list_id)
    now = means.now()
    with read(means.engine) as connection:
        count = status.count_events(connection, list_id)
        if count < len(published) or (was_named and status.by_id(connection, list_id) is None):
            raise DatabaseBehind
        cached = status.published(connection, list_id)
        if cached and means.high_water.is_stolen(cached.key_id):
            raise DatabaseBehind
        if cached and cached.events == count and is_fresh(cached, now):
            return cached
        view = _view(means, connection, list_id)
    if published - {event.id for event in view.events}:
        raise DatabaseBehind
    means.high_water.add_parties([view.issuer], view.keys)
    means.high_water.add_events(view.events)
    return keep(means, _build(means, view, now))


def is_fresh(cached: PublishedList, now: datetime) -> bool:
    """Neither old, nor from a clock that ran ahead."""
    return timedelta(0) <= now - cached.built_at < REBUILD_AFTER


def _view(means: Means, connection: Connection, list_id: str) -> _View:
    one = status.by_id(connection, list_id)
    issuer = issuers.by_id(connection, one.issuer_id) if one else None
    if one is None or issuer is None:
        raise StatusListUnknown("no such list")
    means.high_water.check_issuer(issuer.slug, issuer)
    keys = current_keys(means, connection, issuer)
    return _View(one, issuer, keys, active_key(issuer, keys), status.events_of_list(connection, list_id))


def set_bits(events: Iterable[RecordedEvent]) -> list[int]:
    """The indexes whose bit is 1, from a list's events: the last event of each credential decides."""
    last: dict[int, RecordedEvent] = {}
    for event in events:
        if event.idx not in last or last[event.idx].position < event.position:
            last[event.idx] = event
    return sorted(index for index, event in last.items() if event.kind != "lifted")


def _build(means: Means, view: _View, now: datetime) -> PublishedList:
    document = status_list_credential(
        list_url=means.list_url(view.one.id),
        issuer=view.issuer.did,
        purpose=view.one.purpose,
        set_indexes=set_bits(view.events),
        size=view.one.size,
        valid_from=now,
        valid_until=now + LIST_VALIDITY,
        ttl=LIST_TTL,
    )
    unsigned = Unsigned.parse(document)
    return PublishedList(
        list_id=view.one.id,
        key_id=view.key.key_id,
        events=len(view.events),
        built_at=now,
        valid_until=now + LIST_VALIDITY,
        body=_sign_list(means, view, COMPACT, unsigned, now),
        embedded=_sign_list(means, view, embedded_of(view.key), unsigned, now),
    )


def _sign_list(means: Means, view: _View, form: str, unsigned: Unsigned, now: datetime) -> bytes:
    to_sign = prepare(means, form, Documents(unsigned), view.one.id, view.issuer, view.key, now)
    return sign_checked(means.signer, to_sign, means.signer.public_key(view.key.key_id))


def keep(means: Means, built: PublishedList, table: Table = published_list) -> PublishedList:
    """Keep the list for the next request. That it cannot be kept must not keep it from whoever asks now."""
    try:
        with write(means.engine) as connection:
            status.publish(connection, built, table)
    except Unavailable as error:
        _log.warning("status-list-not-kept", list=built.list_id, code=error.code)
    return built


@recovering
def status_story(means: Means, credential_id: str) -> bytes:
    """The signed story of a credential's status (`statusReference` points here).

    Known even for a credential that a restore lost, when something happened to it. Raises BadIdentifier,
    CredentialUnknown and what signing raises.
    """
    credential = parse_credential_id(credential_id)
    events, issuer, keys = _told(means, credential)
    means.high_water.add_parties([issuer], keys)
    means.high_water.add_events(events)
    return _sign_story(means, credential, events, issuer, active_key(issuer, keys))


def story(means: Means, credential_id: str) -> list[RecordedEvent]:
    """A credential's events, oldest first, for the company's own eyes: private notes included."""
    with read(means.engine) as connection:
        return status.story(connection, parse_credential_id(credential_id))


def _told(means: Means, credential: str) -> tuple[list[RecordedEvent], Issuer, list[SigningKey]]:
    published = means.high_water.about(credential)  # before the database: see high_water
    with read(means.engine) as connection:
        events = status.story(connection, credential)
        if published - {event.id for event in events}:
            raise DatabaseBehind
        stored = credentials.by_id(connection, credential)
        if not events and (stored is None or not credentials.is_released(connection, credential)):
            raise CredentialUnknown("no such credential")
        issuer = issuers.by_id(connection, stored.issuer_id if stored else events[0].issuer_id)
        if issuer is None:
            raise CredentialUnknown("no such credential")
        means.high_water.check_issuer(issuer.slug, issuer)
        return events, issuer, current_keys(means, connection, issuer)


def public_events(means: Means, events: Sequence[RecordedEvent]) -> list[StatusEvent]:
    """What the public may know of events: no private note; a successor by its address."""
    return [
        StatusEvent(
            kind=event.kind,
            at=event.at,
            reason=event.reason,
            successor=means.credential_url(event.successor) if event.successor else None,
        )
        for event in events
    ]


def _sign_story(
    means: Means, credential: str, events: Sequence[RecordedEvent], issuer: Issuer, key: SigningKey
) -> bytes:
    payload = story_payload(issuer.did, means.credential_url(credential), public_events(means, events), means.now())
    method = method_id(issuer, key)
    signing_input = story_signing_input(payload, verification_method=method, algorithm=key.algorithm)
    token = assemble_story(signing_input, means.signer.sign(key.key_id, signing_input))
    try:
        verify_story(parse_story(token), means.signer.public_key(key.key_id))
    except CredentialError as error:
        raise SelfCheckFailed(f"the story of {credential}: {error}", where=error.code) from error
    return token
