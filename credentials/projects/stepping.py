"""Find an engagement for whoever takes a step, and refuse what the lifecycle does not allow.

The role is asked first, then whether there is such an engagement, then its state.
"""

from __future__ import annotations

from sqlalchemy import Connection

from credentials.accounts.acting import ROLES, Member, Role, Visitor
from credentials.accounts.organisations import require
from credentials.projects.lifecycle import ENGAGEMENT_STEPS, allows
from credentials.projects.reviewing.errors import WorkElsewhere, WorkUnknown
from credentials.store import engagements
from credentials.store.engagements import Engagement

CANDIDATE = frozenset({"candidate"})


def of_company(
    connection: Connection, member: Member, engagement_id: str, *steps: str, lock: bool = False
) -> Engagement:
    """A company's engagement, in which a member may take one of these steps; none named: only to look.

    Raises RoleMissing, WorkUnknown (missing and foreign alike), WorkElsewhere.
    """
    if steps:
        require(member, *_roles(steps))
    found = engagements.of_company(connection, member.issuer.id, engagement_id.upper(), lock=lock)
    return _ready(found, member.roles, steps)


def of_candidate(
    connection: Connection, visitor: Visitor, engagement_id: str, *steps: str, lock: bool = False
) -> Engagement:
    """A candidate's engagement, in which they may take one of these steps. Raises WorkUnknown, WorkElsewhere."""
    found = engagements.of_person(connection, visitor.person_id, engagement_id.upper(), lock=lock)
    return _ready(found, CANDIDATE, steps)


def may(engagement: Engagement, parties: frozenset[str], step: str) -> bool:
    """Whether one of these parties may take a step now."""
    return allows(ENGAGEMENT_STEPS, step, engagement.state, parties)


def _roles(steps: tuple[str, ...]) -> list[Role]:
    named = {party for step in steps for party in ENGAGEMENT_STEPS[step].parties}
    return [role for role in ROLES if role in named]


def _ready(found: Engagement | None, parties: frozenset[str], steps: tuple[str, ...]) -> Engagement:
    if found is None:
        raise WorkUnknown(where="engagement")
    if steps and not any(may(found, parties, step) for step in steps):
        raise WorkElsewhere(f"it is {found.state}", where="engagement")
    return found
