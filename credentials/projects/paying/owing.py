"""Note what is due once work is accepted. The sum is as the agreement has it; no money is moved here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from credentials.store import payments
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
