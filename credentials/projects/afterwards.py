"""What the page of completed work shows besides: the reference, and what the company offered next."""

from __future__ import annotations

from dataclasses import dataclass

from credentials.console.means import Means
from credentials.projects.parties import Party
from credentials.store import next_steps, people, references
from credentials.store.engagements import Engagement
from credentials.store.engine import read
from credentials.store.next_steps import FurtherStep
from credentials.store.references import Reference, first_name


@dataclass(frozen=True, slots=True)
class Afterwards:
    """The reference (None: nobody was asked), the first name of whom it is or may be, and what was offered.

    `supervisor` is empty when nobody can be asked. A company's page is given none of this but that it exists.
    """

    reference: Reference | None
    supervisor: str
    steps: tuple[FurtherStep, ...]


def afterwards(means: Means, party: Party, engagement: Engagement) -> Afterwards | None:
    """What comes after completed work; None while it is not."""
    if engagement.state != "completed":
        return None
    if party.side == "company":
        return Afterwards(None, "", ())
    with read(means.accounts.engine) as connection:
        found = references.of_engagement(connection, engagement.id)
        who = found.supervisor_id if found else references.supervisor_of(connection, engagement.id)
        person = people.by_id(connection, who) if who and who != engagement.person_id else None
        sent = [one for one in next_steps.of_engagement(connection, engagement.id) if one.state != "draft"]
    return Afterwards(found, first_name(person.name) if person else "", tuple(sent))
