"""Remind whoever works of the deadline: three days before it and on the day before, once each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from credentials.console.means import Means
from credentials.projects import letters
from credentials.projects.agreeing.document import read_agreement
from credentials.store import agreements, engagements
from credentials.store.engine import read, write
from credentials.verifier.states import written_date


def due(means: Means, now: datetime, limit: int) -> list[str]:
    """The ids of engagements whose candidate is to be reminded."""
    with read(means.accounts.engine) as connection:
        return engagements.nearing(connection, now, limit)


def remind(means: Means, engagement_id: str) -> None:
    """Remind once, if it still is due. An unknown id does nothing."""
    now = means.accounts.clock()
    with write(means.accounts.engine) as connection:
        found = engagements.by_id(connection, engagement_id, lock=True)
        agreed = agreements.in_force(connection, engagement_id)
        if found is None or agreed is None or not engagements.is_nearing(connection, engagement_id, now):
            return
        engagements.change(connection, replace(found, reminded_at=now))
        title = read_agreement(agreed.document).terms.title
        day = written_date(datetime(found.ends_on.year, found.ends_on.month, found.ends_on.day, tzinfo=UTC))
        said = (
            f"“{title}” is due on {day}. That whole day, by the clock of UTC, still is in time.",
            "What comes later is taken all the same, and shown as late. If the day can’t be kept, propose another one.",
        )
        letters.to_candidate(means, connection, found, f"Due on {day}", said, kind="reminder")
