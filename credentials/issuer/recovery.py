"""Tell that the database is older than what was published, and bring it back in step.

After a restore, in one transaction: lists that the database never knew come back (closed), published events that it
lost are replayed, the counters are set to their marks, and every open list is closed, so that new indexes come from
new lists only. Nothing published is taken back. What cannot come back are credentials issued since the backup: their
holders have them, their bits stay as published, and this service no longer serves them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection, text

from credentials.core.instants import format_instant, parse_instant
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.means import Means
from credentials.store import facts, issuers, status
from credentials.store.engine import read, write
from credentials.store.status import RecordedEvent, StatusList

_RECOVERED_AT = "recovered_at"
_RECOVERY_LOCK = 7_300_114_022
"""Any fixed number of our own: the advisory lock under which one PostgreSQL session recovers at a time."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Gap:
    """What was published and the database does not know: list ids, event ids, and lists whose counter is behind."""

    lists: tuple[str, ...]
    events: tuple[str, ...]
    counters: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything is missing."""
        return bool(self.lists or self.events or self.counters)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the database and the record of what was published stand to each other, for `/readyz` and `doctor`.

    `behind`: the database is older now (recovery happens at the next start, allotment or list build).
    `recovered_at`: when it was last found older and brought back in step; None when never.
    """

    behind: bool
    missing_lists: int
    missing_events: int
    stale_counters: int
    recovered_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Record:
    """The record as read before the database: an order that makes what is read of the database never older."""

    marks: Mapping[str, int]
    lists: Mapping[str, StatusList]
    events: Mapping[str, RecordedEvent]


def _read_record(high_water: HighWaterMark) -> _Record:
    marks: dict[str, int] = {}
    for issuer_id in high_water.issuers():
        marks |= high_water.allotted(issuer_id)
    return _Record(marks, *high_water.read())


def standing(means: Means) -> Standing:
    """Compare the whole record with the database; changes nothing."""
    record = _read_record(means.high_water)
    with read(means.engine) as connection:
        gap = _gap(record, connection)
        recovered = facts.get(connection, _RECOVERED_AT)
    counts = (len(gap.lists), len(gap.events), len(gap.counters))
    return Standing(bool(gap), *counts, recovered_at=parse_instant(recovered) if recovered else None)


def _gap(record: _Record, connection: Connection) -> Gap:
    known = status.allotments(connection)
    events = status.event_ids(connection)
    behind = (one for one, mark in record.marks.items() if one in known and mark > known[one].allotted)
    return Gap(
        lists=tuple((record.lists.keys() | record.marks.keys()) - known.keys()),
        events=tuple(record.events.keys() - events),
        counters=tuple(behind),
    )


def reconcile(means: Means) -> Gap:
    """Bring database and record in step, whichever is behind; for start. Returns what the database lacked."""
    gap = recover(means)
    with read(means.engine) as connection:
        lists = status.allotments(connection)
        events = [event for one in lists for event in status.events_of_list(connection, one)]
    means.high_water.add_lists(tuple(lists.values()))
    means.high_water.add_events(events)
    _raise_marks(means.high_water, lists)
    return gap


def _raise_marks(high_water: HighWaterMark, lists: Mapping[str, StatusList]) -> None:
    counts: dict[str, dict[str, int]] = {}
    for one in lists.values():
        counts.setdefault(one.issuer_id, {})[one.id] = one.allotted
    for issuer_id, marks in counts.items():
        high_water.raise_allotted(issuer_id, marks)


def recover(means: Means) -> Gap:
    """Replay what was published into a database that lacks it, and close its lists. Nothing when it lacks nothing."""
    record = _read_record(means.high_water)
    with read(means.engine) as connection:
        if not _gap(record, connection):
            return Gap((), (), ())
    now = means.now()
    with write(means.engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _RECOVERY_LOCK})
        gap = _gap(record, connection)
        if gap:
            _replay(connection, record, gap, now)
            facts.put(connection, _RECOVERED_AT, format_instant(now))
    if gap:
        _log.warning(
            "database-older-than-published",
            lists=len(gap.lists),
            events=len(gap.events),
            counters=len(gap.counters),
            advice="an older copy was restored: its lists are closed and what was published is replayed",
        )
    return gap


def _replay(connection: Connection, record: _Record, gap: Gap, now: datetime) -> None:
    issuer_ids = {one.id for one in issuers.every(connection)}
    lost = [record.lists[one] for one in gap.lists if one in record.lists and record.lists[one].issuer_id in issuer_ids]
    for one in lost:
        status.add_list(connection, replace(one, closed_at=now))
    known = status.allotments(connection)
    for list_id in gap.counters + tuple(one.id for one in lost):
        status.set_allotted(connection, list_id, max(record.marks.get(list_id, 0), known[list_id].allotted))
    for event in sorted((record.events[key] for key in gap.events), key=lambda event: event.position):
        if event.list_id in known:
            _replay_event(connection, event)
    status.close(connection, [one.id for one in known.values() if one.closed_at is None], now)


def _replay_event(connection: Connection, event: RecordedEvent) -> None:
    """Put a lost event back, after those that the database has taken in meanwhile at its position."""
    story = status.story(connection, event.credential_id)
    taken = {one.position for one in story}
    position = event.position if event.position not in taken else max(taken) + 1
    status.add_event(connection, replace(event, position=position))
