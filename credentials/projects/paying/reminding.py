"""Remind a company of pay that is late: one, seven and fourteen days after its day, once each, until it is paid.

A service that slept over a day sends what is due now, and not what it missed. Whoever runs the service has a list of
late pay, with how often the company was reminded.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from credentials.console.means import Means
from credentials.projects import letters
from credentials.projects.agreeing.document import read_agreement
from credentials.store import agreements, engagements, payments
from credentials.store.engine import read, write
from credentials.verifier.states import written_date

AFTER: Final = (1, 7, 14)
"""How many days after its day pay is reminded of. Days are those of UTC."""


def due(means: Means, now: datetime, limit: int) -> list[str]:
    """The ids of engagements whose company is to be reminded."""
    with read(means.accounts.engine) as connection:
        return payments.to_remind(connection, _latest(now), limit)


def _latest(now: datetime) -> list[date]:
    today = now.astimezone(UTC).date()
    return [today - timedelta(days=days) for days in AFTER]


def remind(means: Means, engagement_id: str) -> None:
    """Remind once, if it still is due. An unknown id does nothing."""
    now = means.accounts.clock()
    with write(means.accounts.engine) as connection:
        found = engagements.by_id(connection, engagement_id, lock=True)
        owed = payments.of_engagement(connection, engagement_id, lock=True)
        agreed = agreements.in_force(connection, engagement_id)
        if found is None or owed is None or agreed is None or owed.state != "due":
            return
        passed = sum(owed.due_on <= day for day in _latest(now))
        if passed <= owed.reminded:
            return
        payments.put(connection, replace(owed, reminded=passed))
        day = written_date(datetime.combine(owed.due_on, time(), UTC))
        title = read_agreement(agreed.document).terms.title
        said = (
            f"{owed.amount} for “{title}” was due on {day}, and nobody said that it was paid.",
            "Once it is paid, say so, with the day and the reference. Until then the candidate sees that it is late.",
        )
        letters.to_company(means, connection, found, "Pay is late", said, kind="reminder")
