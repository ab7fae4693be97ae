"""Tell that the database is older than what was published, and bring it back in step.

After a restore, in one transaction: issuers and keys come back as they were published (a stolen key stays stolen, the
key that was in use is in use), API keys that were revoked are refused again, credentials are no easier to see than when
that was last changed, lists that the database never knew come
back (closed), published events that it lost are replayed, the counters are set to their marks, and every open list is
closed, so that new indexes come from new lists only. Nothing published is taken back. What cannot come back are
credentials issued since the backup: their holders have them, their bits stay as published, and this service no longer
serves them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Connection, text

from credentials.core.instants import format_instant, parse_instant
from credentials.issuer.errors import RecordContradicts
from credentials.issuer.high_water import DatabaseBehind, HighWaterMark
from credentials.issuer.means import Means
from credentials.issuer.record import Record, joined_issuer, joined_key, more_private
from credentials.store import api_keys, credentials, facts, issuers, signing_keys, status
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey
from credentials.store.status import RecordedEvent, StatusList

P = ParamSpec("P")
R = TypeVar("R")

_RECOVERED_AT = "recovered_at"
_RECOVERY_LOCK = 7_300_114_022
"""Any fixed number of our own: the advisory lock under which one PostgreSQL session recovers at a time."""

_ATTEMPTS = 4
"""More than one, for what another process publishes between two looks can make a database seem older than it is."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Gap:
    """What was published and the database does not know, by id: nothing, or it was restored.

    `issuers`, `keys`: unknown, or not as far as they were. `api_keys`: revoked, and good again. `visibilities`:
    credentials that more may see than should. `counters`: lists whose counter is behind.
    """

    issuers: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    api_keys: tuple[str, ...] = ()
    visibilities: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is missing."""
        return any(getattr(self, one.name) for one in fields(self))

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {one.name: len(getattr(self, one.name)) for one in fields(self)}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the database and the record of what was published stand to each other, for `/readyz` and `doctor`.

    `missing`: what the database lacks now (recovery happens at the next start, or the next time somebody needs it).
    `recovered_at`: when it was last found older and brought back in step; None when never.
    """

    missing: Gap
    recovered_at: datetime | None

    @property
    def behind(self) -> bool:
        """Whether the database is older now."""
        return bool(self.missing)

    def lacks(self) -> str:
        """What is missing, in words: "1 key, 2 events"."""
        counts = self.missing.counts().items()
        return ", ".join(f"{count} {_NAMES[kind]}{'s' * (count > 1)}" for kind, count in counts if count)


_NAMES = {
    "issuers": "issuer",
    "keys": "key",
    "api_keys": "API key revocation",
    "visibilities": "visibility change",
    "lists": "list",
    "events": "event",
    "counters": "counter",
}


def recovering(work: Callable[Concatenate[Means, P], R]) -> Callable[Concatenate[Means, P], R]:
    """Do `work` again, after recovery, when it finds the database older than what was published.

    `work` raises DatabaseBehind before it changes anything. Raises RecordContradicts when that cannot be mended.
    """

    @wraps(work)
    def in_step(means: Means, /, *args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(_ATTEMPTS):
            try:
                return work(means, *args, **kwargs)
            except DatabaseBehind:
                recover(means)
        raise RecordContradicts(standing(means).lacks())

    return in_step


@dataclass(frozen=True, slots=True)
class _Published:
    """The record as read before the database: an order that makes what is read of the database never older."""

    marks: Mapping[str, int]
    record: Record


def _read_record(high_water: HighWaterMark) -> _Published:
    marks: dict[str, int] = {}
    for issuer_id in high_water.issuers():
        marks |= high_water.allotted(issuer_id)
    return _Published(marks, high_water.read())


def standing(means: Means) -> Standing:
    """Compare the whole record with the database; changes nothing."""
    published = _read_record(means.high_water)
    with read(means.engine) as connection:
        return Standing(_gap(published, connection), recovered_at(connection))


def _gap(published: _Published, connection: Connection) -> Gap:
    record, parties = published.record, published.record.parties
    known = status.allotments(connection)
    here = {one.id: one for one in issuers.every(connection)}
    keys = {one.id: one for one in signing_keys.every(connection)}
    good = api_keys.not_revoked(connection)
    here_seen = credentials.visibilities(connection, parties.visibilities.keys())
    return Gap(
        issuers=_sorted(
            one.id for one in parties.issuers.values() if joined_issuer(here.get(one.id, one), one) != here.get(one.id)
        ),
        keys=_sorted(
            one.id for one in parties.every_key() if joined_key(keys.get(one.id, one), one) != keys.get(one.id)
        ),
        api_keys=_sorted(parties.revoked_api_keys.keys() & good),
        visibilities=_sorted(
            one for one, seen in here_seen.items() if more_private(seen, parties.visibilities.get(one)) != seen
        ),
        lists=_sorted((record.lists.keys() | published.marks.keys()) - known.keys()),
        events=_sorted(record.events.keys() - status.event_ids(connection)),
        counters=_sorted(one for one, mark in published.marks.items() if one in known and mark > known[one].allotted),
    )


def _sorted(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(ids))


def reconcile(means: Means) -> Gap:
    """Bring database and record in step, whichever is behind; for start. Returns what the database lacked."""
    gap = recover(means)
    with read(means.engine) as connection:
        lists = status.allotments(connection)
        events = [event for one in lists for event in status.events_of_list(connection, one)]
        parties = issuers.every(connection), signing_keys.every(connection)
        revoked = api_keys.revoked(connection)
        private = credentials.private(connection)
    means.high_water.add_parties(*parties)
    means.high_water.add_revoked_api_keys(revoked)
    # The record has what its holder said last, and what it has is not for an older database to say.
    unheard = (one for one in private if means.high_water.visibility(one) is None)
    means.high_water.add_visibilities(dict.fromkeys(unheard, "private"))
    means.high_water.add_lists(tuple(lists.values()))
    means.high_water.add_events(events)
    raise_marks(means.high_water, tuple(lists.values()))
    return gap


def raise_marks(high_water: HighWaterMark, lists: Sequence[StatusList]) -> None:
    """Record how far these lists, as committed, are allotted."""
    counts: dict[str, dict[str, int]] = {}
    for one in lists:
        counts.setdefault(one.issuer_id, {})[one.id] = one.allotted
    for issuer_id, marks in counts.items():
        high_water.raise_allotted(issuer_id, marks)


def recover(means: Means) -> Gap:
    """Replay what was published into a database that lacks it, and close its lists. Nothing when it lacks nothing."""
    published = _read_record(means.high_water)
    with read(means.engine) as connection:
        if not _gap(published, connection):
            return Gap()
    now = means.now()
    with write(means.engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _RECOVERY_LOCK})
        gap = _gap(published, connection)
        _hide_again(connection, means.high_water, gap.visibilities)
        left = _mend(connection, published, gap, now) if gap else gap
        for issuer_id in gap.issuers:
            _watch_again(means, connection, issuer_id, now)
    if gap:
        _log.warning(
            "database-older-than-published",
            **gap.counts(),
            cannot_be_mended=sum(left.counts().values()),
            advice="an older copy was restored: its lists are closed and what was published is replayed",
        )
    return gap


def _watch_again(means: Means, connection: Connection, issuer_id: str, now: datetime) -> None:
    """Tell who watches of an issuer that came back: whom it looks like was kept in the database alone."""
    issuer = issuers.by_id(connection, issuer_id)
    if issuer is not None:
        means.watch(connection, issuer, now)


def recovered_at(connection: Connection) -> datetime | None:
    """When the database was last found older than what was published, and mended; None when never."""
    recovered = facts.get(connection, _RECOVERED_AT)
    return parse_instant(recovered) if recovered else None


def _mend(connection: Connection, published: _Published, gap: Gap, now: datetime) -> Gap:
    """Replay, and return what is still missing: it contradicts the database, and no second attempt would change that.

    Lists are closed when something was mended, so that a start that finds nothing new closes nothing. A credential that
    had only to be hidden again needs none closed: that is what a crash between the record and the database leaves.
    """
    _replay_parties(connection, published.record, gap)
    _replay_lists(connection, published, gap, now)
    left = _gap(published, connection)
    if replace(left, visibilities=()) != replace(gap, visibilities=()):
        status.close(connection, [one.id for one in status.allotments(connection).values() if not one.closed_at], now)
        facts.put(connection, _RECOVERED_AT, format_instant(now))
    return left


def _replay_parties(connection: Connection, record: Record, gap: Gap) -> None:
    parties = record.parties
    for issuer_id in gap.issuers:
        _replay_issuer(connection, parties.issuers[issuer_id])
    recorded = {one.id: one for one in parties.every_key()}
    for key in (recorded[one] for one in gap.keys):
        _replay_key(connection, key)
    for key_id in gap.api_keys:
        api_keys.revoke_by_id(connection, key_id, parties.revoked_api_keys[key_id])


def _hide_again(connection: Connection, high_water: HighWaterMark, ids: Iterable[str]) -> None:
    """Let no more people see these credentials than the record says.

    It is asked again under each row's lock: who may see a credential changes both ways, and may just have been changed.
    """
    for credential_id in ids:
        stored = credentials.lock(connection, credential_id)
        if stored is not None:
            wanted = more_private(stored.visibility, high_water.visibility(credential_id))
            credentials.set_visibility(connection, credential_id, wanted)


def _replay_issuer(connection: Connection, recorded: Issuer) -> None:
    """Add or change; not where another issuer has its address, for nobody can tell whose it is now."""
    here = issuers.by_id(connection, recorded.id)
    if here is not None:
        issuers.change(connection, here.id, asdict(joined_issuer(here, recorded)))
    elif not issuers.is_taken(connection, recorded.slug, recorded.did):
        issuers.add(connection, recorded)


def _replay_key(connection: Connection, recorded: SigningKey) -> None:
    """Add or change; not for an issuer that could not be brought back."""
    here = signing_keys.by_id(connection, recorded.id)
    if here is not None:
        signing_keys.change(connection, here.id, asdict(joined_key(here, recorded)))
    elif issuers.by_id(connection, recorded.issuer_id) is not None:
        signing_keys.add(connection, recorded)


def _replay_lists(connection: Connection, published: _Published, gap: Gap, now: datetime) -> None:
    record = published.record
    issuer_ids = {one.id for one in issuers.every(connection)}
    lost = [record.lists[one] for one in gap.lists if one in record.lists and record.lists[one].issuer_id in issuer_ids]
    for one in lost:
        status.add_list(connection, replace(one, closed_at=now))
    known = status.allotments(connection)
    for list_id in gap.counters + tuple(one.id for one in lost):
        status.set_allotted(connection, list_id, max(published.marks.get(list_id, 0), known[list_id].allotted))
    for event in sorted((record.events[key] for key in gap.events), key=lambda event: event.position):
        if event.list_id in known:
            _replay_event(connection, event)


def _replay_event(connection: Connection, event: RecordedEvent) -> None:
    """Put a lost event back, after those that the database has taken in meanwhile at its position.

    Its idempotency key stays with whoever used it meanwhile.
    """
    key = event.idempotency_key
    if key and status.by_idempotency_key(connection, event.issuer_id, key):
        event = replace(event, idempotency_key=None, request_digest=None)
    story = status.story(connection, event.credential_id)
    taken = {one.position for one in story}
    position = event.position if event.position not in taken else max(taken) + 1
    status.add_event(connection, replace(event, position=position))
