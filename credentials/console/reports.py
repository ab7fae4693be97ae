"""Reports of abuse: anybody may send one about a credential or an issuer; operators handle them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine

from credentials.accounts.acting import Visitor
from credentials.accounts.addresses import parse_address
from credentials.accounts.audit import note
from credentials.accounts.tokens import new_id
from credentials.console.errors import ReportEmpty, ReportUnknown
from credentials.store import abuse
from credentials.store.abuse import AbuseReport
from credentials.store.engine import read, write

Kind = Literal["credential", "issuer"]
REASONS: Mapping[str, str] = {
    "not-them": "The issuer is not who it says it is",
    "not-true": "The work or the person is not real",
    "personal": "It shows something private",
    "offensive": "It is offensive or unlawful",
    "other": "Something else",
}
LONGEST_WORDS = 2000
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody typed, as it was typed."""

    reason: str
    words: str
    address: str


def send(engine: Engine, kind: Kind, subject_id: str, said: Said, now: datetime) -> None:
    """Keep a report. Raises ReportEmpty, AddressUnusable (an address may be left out)."""
    with write(engine) as connection:
        keep(connection, kind, subject_id, said, now)


def keep(connection: Connection, kind: Kind, subject_id: str, said: Said, now: datetime) -> None:
    """As `send`, in the caller's transaction."""
    words = said.words.strip()
    if said.reason not in REASONS or not words or len(words) > LONGEST_WORDS:
        raise ReportEmpty(where="words")
    report = AbuseReport(
        id=new_id(),
        kind=kind,
        subject_id=subject_id,
        reason=said.reason,
        words=words,
        address=parse_address(said.address) if said.address.strip() else None,
        created_at=now,
    )
    abuse.add(connection, report)


def unhandled(engine: Engine) -> list[AbuseReport]:
    """Reports that wait for somebody, oldest first."""
    with read(engine) as connection:
        return abuse.open_reports(connection, MOST_LISTED)


def handle(engine: Engine, visitor: Visitor, report_id: str, outcome: str, now: datetime) -> None:
    """Say what became of a report. Raises ReportEmpty, ReportUnknown."""
    words = outcome.strip()[:LONGEST_WORDS]
    if not words:
        raise ReportEmpty(where="outcome")
    with write(engine) as connection:
        if not abuse.handle(connection, report_id, visitor.person_id, words, now):
            raise ReportUnknown(where="report")
        note(connection, visitor.actor, "report.handled", f"report:{report_id}", now=now)
