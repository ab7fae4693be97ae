"""What holders said is wrong with their credentials, as kept: each until it is answered, or corrected, and afterwards.

Of a credential there is at most one open dispute: who says something else before the answer says it in place of that.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from credentials.store.pages import Place, page
from credentials.store.tables import dispute as table
from credentials.store.tables import handover

DisputeState = Literal["open", "answered", "corrected"]
DisputeReason = Literal["wrong", "not-me"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One of them. `proposal` (JSON): what they would have stand there, by field.

    `answer`: what the company wrote back, empty where it only left things as they are; None until then.
    `successor_id`: the credential that took the place of this one.
    """

    id: str
    issuer_id: str
    credential_id: str
    reason: DisputeReason
    words: str
    created_at: datetime
    changed_at: datetime
    state: DisputeState = "open"
    proposal: str | None = None
    answer: str | None = None
    successor_id: str | None = None


def say(connection: Connection, made: Dispute) -> str:
    """Keep what a holder says; where they said something that is still open, in place of that. Returns its id."""
    query = select(table.c.id).where(_open(made.credential_id))
    before: str | None = connection.execute(query).scalar_one_or_none()
    if before is None:
        connection.execute(insert(table), asdict(made))
        return made.id
    values = {"reason": made.reason, "words": made.words, "proposal": made.proposal, "changed_at": made.changed_at}
    connection.execute(update(table).where(table.c.id == before).values(**values))
    return before


def answered(connection: Connection, credential_id: str, words: str, at: datetime) -> None:
    """The company left the credential as it is, and wrote this."""
    values = {"state": "answered", "answer": words, "changed_at": at}
    connection.execute(update(table).where(_open(credential_id)).values(**values))


def corrected(connection: Connection, credential_id: str, successor_id: str, at: datetime) -> None:
    """Another credential takes the place of this one."""
    values = {"state": "corrected", "successor_id": successor_id, "changed_at": at}
    connection.execute(update(table).where(_open(credential_id)).values(**values))


def by_id(connection: Connection, issuer_id: str, dispute_id: str) -> Dispute | None:
    """One of a company's, or None."""
    row = connection.execute(select(table).where(table.c.issuer_id == issuer_id, table.c.id == dispute_id))
    found = row.one_or_none()
    return None if found is None else Dispute(**found._mapping)


def page_of_issuer(
    connection: Connection, issuer_id: str, state: str | None, before: Place | None, limit: int
) -> list[Dispute]:
    """A page of a company's disputes, the newest first, after a place."""
    rows = connection.execute(page(table, table.c.issuer_id == issuer_id, state, before, limit))
    return [Dispute(**row._mapping) for row in rows]


def forget(connection: Connection, person_id: str) -> None:
    """Remove what somebody said of credentials that they hold, but for what nobody answered so far."""
    theirs = select(handover.c.credential_id).where(handover.c.claimed_by == person_id)
    connection.execute(delete(table).where(table.c.credential_id.in_(theirs), table.c.state != "open"))


def _open(credential_id: str) -> ColumnElement[bool]:
    return (table.c.credential_id == credential_id) & (table.c.state == "open")
