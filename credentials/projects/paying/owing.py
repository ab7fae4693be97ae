"""Note what is due once work is accepted. The sum is as the agreement has it; no money is moved here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from credentials.projects.agreeing.document import read_agreement
from credentials.store import agreements, payments
from credentials.store.engagements import Engagement
from credentials.store.payments import Payment

DUE_AFTER: Final = timedelta(days=14)
"""From acceptance to the day by which it is paid, where the agreement says nothing else."""


def owe(connection: Connection, engagement: Engagement, compensation: str, now: datetime) -> Payment | None:
    """Note what is due for accepted work, in the caller's transaction; None when no pay was agreed.

    What was paid before the work was accepted stays paid.
    """
    before = payments.of_engagement(connection, engagement.id, lock=True)
    if before is not None or not compensation.strip():
        return before
    made = Payment(
        engagement_id=engagement.id,
        issuer_id=engagement.issuer_id,
        state="due",
        amount=compensation.strip(),
        due_on=(now + DUE_AFTER).date(),
        changed_at=now,
    )
    payments.put(connection, made)
    return made


def owed_for(connection: Connection, engagement: Engagement, clock: Callable[[], datetime]) -> Payment | None:
    """What is or will be due for an engagement, or None when no pay was agreed.

    Before the work is accepted it is due two weeks after the deadline in force.
    """
    kept = payments.of_engagement(connection, engagement.id)
    if kept is not None:
        return kept
    agreement = agreements.in_force(connection, engagement.id)
    amount = read_agreement(agreement.document).terms.compensation.strip() if agreement else ""
    if not amount:
        return None
    return Payment(
        engagement_id=engagement.id,
        issuer_id=engagement.issuer_id,
        state="due",
        amount=amount,
        due_on=engagement.ends_on + DUE_AFTER,
        changed_at=clock(),
    )
