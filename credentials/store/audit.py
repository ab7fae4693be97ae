"""The audit trail as kept: events are added and read, never changed. The database refuses anything else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from credentials.store.tables import audit_event as table


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Who did what to what, when, and from which network. `issuer_id`: the company it concerns, if one.

    `actor` is `person:<id>`, `api-key:<id>`, `command` or `service`; `subject` has a kind and an id in the same way.
    """

    at: datetime
    issuer_id: str | None
    actor: str
    action: str
    subject: str
    detail: str
    origin: str
    number: int | None = None

    @property
    def facts(self) -> dict[str, str]:
        """The detail, by name."""
        return msgspec.json.decode(self.detail, type=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events: all that are given must match. `before` is the number of the oldest one seen already."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


EVERYTHING = Wanted()


def add(connection: Connection, event: AuditEvent) -> None:
    """Append an event; its number is the database's to give."""
    values = {name: getattr(event, name) for name in AuditEvent.__slots__ if name != "number"}
    connection.execute(insert(table), values)


def of_issuer(connection: Connection, issuer_id: str, wanted: Wanted, limit: int) -> list[AuditEvent]:
    """A company's events, the newest first."""
    return _select(connection, [table.c.issuer_id == issuer_id], wanted, limit)


def of_everyone(connection: Connection, wanted: Wanted, limit: int) -> list[AuditEvent]:
    """All events of the service, the newest first. For whoever runs it."""
    return _select(connection, [], wanted, limit)


def _select(connection: Connection, which: list[Any], wanted: Wanted, limit: int) -> list[AuditEvent]:
    columns = {name: table.c[name] for name in ("actor", "action", "subject")}
    conditions = which + [column == text for name, column in columns.items() if (text := getattr(wanted, name))]
    conditions += [table.c.at >= wanted.since] if wanted.since else []
    conditions += [table.c.at < wanted.until] if wanted.until else []
    conditions += [table.c.number < wanted.before] if wanted.before else []
    query = select(table).where(*conditions).order_by(table.c.number.desc()).limit(limit)
    return [AuditEvent(**row._mapping) for row in connection.execute(query)]
