"""The audit trail: who did what, when, from where. Written in the transaction of what it tells of, and append-only.

`detail` holds short facts by name (a role, a reason's code, a key's name), never a secret, a letter or an address.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine

from credentials.accounts.acting import Actor, Member
from credentials.core.csv_export import RowFile
from credentials.store import audit as rows
from credentials.store.audit import EVERYTHING, AuditEvent, Wanted
from credentials.store.engine import read

PAGE = 50
_BATCH = 500
_COLUMNS = ("number", "at", "actor", "action", "subject", "detail", "origin")


def note(
    connection: Connection,
    actor: Actor,
    action: str,
    subject: str,
    *,
    now: datetime,
    issuer_id: str | None = None,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Append an event. `action` is a thing and a verb in the past, such as `member.invited`."""
    text = msgspec.json.encode(dict(detail or {}), order="sorted").decode()
    event = AuditEvent(
        at=now,
        issuer_id=issuer_id,
        actor=actor.name,
        action=action,
        subject=subject,
        detail=text,
        origin=actor.origin,
    )
    rows.add(connection, event)


def note_of(connection: Connection, member: Member, action: str, subject: str, *, now: datetime, **detail: str) -> None:
    """As `note`, for what a member does in their company."""
    note(connection, member.actor, action, subject, now=now, issuer_id=member.issuer.id, detail=detail)


def trail(engine: Engine, issuer_id: str | None, wanted: Wanted = EVERYTHING, limit: int = PAGE) -> list[AuditEvent]:
    """Events, the newest first: a company's, or with None those of the whole service, for whoever runs it."""
    with read(engine) as connection:
        if issuer_id is None:
            return rows.of_everyone(connection, wanted, limit)
        return rows.of_issuer(connection, issuer_id, wanted, limit)


def exported(engine: Engine, issuer_id: str | None, wanted: Wanted = EVERYTHING) -> Iterator[str]:
    """The events as CSV (RFC 4180), the newest first, a few hundred in memory at a time."""
    line = io.StringIO()
    rows_out = RowFile(line)
    rows_out.write(_COLUMNS)
    yield _taken(line)
    while batch := trail(engine, issuer_id, wanted, _BATCH):
        for event in batch:
            rows_out.write([getattr(event, name) for name in _COLUMNS])
        yield _taken(line)
        wanted = replace(wanted, before=batch[-1].number)


def _taken(stream: io.StringIO) -> str:
    """What was written since the last time."""
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text
