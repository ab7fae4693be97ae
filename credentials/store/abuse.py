"""Reports of abuse as kept: what somebody saw on a credential's or an issuer's page, and what became of it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from credentials.store.tables import abuse_report as table


@dataclass(frozen=True, slots=True, kw_only=True)
class AbuseReport:
    """One report. `kind` is `credential` or `issuer`; `address` is where its sender wants an answer, if anywhere."""

    id: str
    kind: str
    subject_id: str
    reason: str
    words: str
    address: str | None
    created_at: datetime
    handled_at: datetime | None = None
    handled_by: str | None = None
    outcome: str | None = None


def add(connection: Connection, report: AbuseReport) -> None:
    """Insert a report."""
    connection.execute(insert(table), asdict(report))


def open_reports(connection: Connection, limit: int) -> list[AbuseReport]:
    """Reports that nobody handled, oldest first."""
    query = select(table).where(table.c.handled_at.is_(None)).order_by(table.c.created_at, table.c.id).limit(limit)
    return [AbuseReport(**row._mapping) for row in connection.execute(query)]


def count_open(connection: Connection) -> int:
    """How many reports nobody handled."""
    return connection.execute(select(func.count()).select_from(table).where(table.c.handled_at.is_(None))).scalar_one()


def handle(connection: Connection, report_id: str, by: str, outcome: str, at: datetime) -> bool:
    """Say what became of a report; False when there is no such open one."""
    which = (table.c.id == report_id) & table.c.handled_at.is_(None)
    values = {"handled_at": at, "handled_by": by, "outcome": outcome}
    return connection.execute(update(table).where(which).values(**values)).rowcount == 1
