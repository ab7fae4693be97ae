"""The two sides of an engagement, and whether one of them may take a step now.

What a person may do follows from the page they are on: on the company's they act by their roles there, on their own as
the candidate. One person can be both. An engagement that is missing and one that is somebody else's look alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from credentials.accounts.acting import Actor, Member, Visitor
from credentials.accounts.audit import note
from credentials.accounts.errors import RoleMissing
from credentials.core.identifiers import wanted_id
from credentials.projects.agreeing.errors import EngagementUnknown, ReasonWanted, WorkOutOfTurn
from credentials.projects.lifecycle import ENGAGEMENT_STEPS, allows
from credentials.store import engagements
from credentials.store.engagements import Engagement

Side = Literal["company", "candidate"]
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Party:
    """Who acts, on which side, as what: roles in the company, or `candidate`. `issuer_id` is empty for a candidate."""

    side: Side
    person_id: str
    actor: Actor
    acts_as: frozenset[str]
    issuer_id: str = ""

    @property
    def other(self) -> Side:
        """The side that is not theirs."""
        return "candidate" if self.side == "company" else "company"


def of_company(member: Member) -> Party:
    """Somebody of a company."""
    return Party("company", member.visitor.person_id, member.actor, member.roles, member.issuer.id)


def of_candidate(visitor: Visitor) -> Party:
    """Somebody who works, or may work."""
    return Party("candidate", visitor.person_id, visitor.actor, frozenset({"candidate"}))


def find(connection: Connection, party: Party, engagement_id: str, *, lock: bool = False) -> Engagement:
    """A side's own engagement; `lock` keeps others from changing it. Raises EngagementUnknown."""
    wanted = wanted_id(engagement_id)
    if party.side == "company":
        found = engagements.of_company(connection, party.issuer_id, wanted, lock=lock)
    else:
        found = engagements.of_person(connection, party.person_id, wanted, lock=lock)
    if found is None:
        raise EngagementUnknown(where="work")
    return found


def may(party: Party, engagement: Engagement, step: str) -> bool:
    """Whether a side may take a step now."""
    return allows(ENGAGEMENT_STEPS, step, engagement.state, party.acts_as)


def require(party: Party, engagement: Engagement, step: str) -> None:
    """Raise RoleMissing unless the step is this party's to take, and WorkOutOfTurn unless the state allows it."""
    declared = ENGAGEMENT_STEPS[step]
    if party.acts_as.isdisjoint(declared.parties):
        raise RoleMissing(f"it wants the role {' or '.join(sorted(declared.parties))}")
    if engagement.state not in declared.states:
        raise WorkOutOfTurn(f"the work is {engagement.state}", where="state")


def moved(connection: Connection, engagement: Engagement, now: datetime, **changes: object) -> Engagement:
    """Write an engagement that changed, with its next version."""
    after = replace(engagement, version=engagement.version + 1, changed_at=now, **changes)  # type: ignore[arg-type]
    engagements.change(connection, after)
    return after


def tell(
    connection: Connection, party: Party, engagement: Engagement, action: str, now: datetime, **detail: str
) -> None:
    """Note a step in the company's audit trail."""
    subject = f"engagement:{engagement.id}"
    note(connection, party.actor, action, subject, now=now, issuer_id=engagement.issuer_id, detail=detail)


def stated(reason: str) -> str:
    """A reason, cut to what is kept. Raises ReasonWanted for none."""
    said = reason.strip()[:LONGEST_REASON]
    if not said:
        raise ReasonWanted(where="reason")
    return said
