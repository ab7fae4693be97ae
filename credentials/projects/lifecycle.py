"""The states of a project, an application and an engagement, and who may do what in each: declared, not coded.

A step is taken by one side: somebody of the company with one of the named roles, or the candidate. A step that the
state does not allow changes nothing and says so; a step that the role does not allow is refused before that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from credentials.accounts.acting import Role

ProjectState = Literal["draft", "open", "filled", "closed"]
ApplicationState = Literal["sent", "shortlisted", "offered", "declined", "withdrawn", "taken"]
EngagementState = Literal["agreeing", "working", "delivered", "returned", "accepted", "completed", "ended"]
Party = Role | Literal["candidate"]


@dataclass(frozen=True, slots=True)
class Step:
    """What may happen: by whom, in which states, and which state follows (None: it stays)."""

    parties: frozenset[Party]
    states: frozenset[str]
    to: str | None = None


def _step(parties: str, states: str, to: str | None = None) -> Step:
    return Step(frozenset(parties.split()), frozenset(states.split()), to)  # type: ignore[arg-type]


PROJECT_STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "edit": _step("author", "draft open"),
        "open": _step("author", "draft closed", "open"),
        "close": _step("author", "draft open filled", "closed"),
        "fill": _step("author", "open", "filled"),
        "apply": _step("candidate", "open"),
    }
)

APPLICATION_STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "shortlist": _step("author reviewer", "sent", "shortlisted"),
        "decline": _step("author", "sent shortlisted offered", "declined"),
        "offer": _step("author", "sent shortlisted", "offered"),
        "withdraw": _step("candidate", "sent shortlisted offered", "withdrawn"),
        "take": _step("candidate", "offered", "taken"),
    }
)
"""Taking an offer begins an engagement, in the state `agreeing`, whose first agreement the offer proposes."""

ENGAGEMENT_STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "propose": _step("author candidate", "agreeing working returned delivered"),
        "agree": _step("author candidate", "agreeing", "working"),
        "amend": _step("author candidate", "working returned delivered"),
        "refuse": _step("author candidate", "agreeing working returned delivered"),
        "deliver": _step("candidate", "working returned", "delivered"),
        "return": _step("reviewer", "delivered", "returned"),
        "accept": _step("reviewer", "delivered", "accepted"),
        "assess": _step("reviewer signer", "delivered returned accepted"),
        "describe": _step("candidate", "working delivered returned accepted"),
        "complete": _step("signer", "accepted", "completed"),
        "end": _step("author candidate", "agreeing working delivered returned", "ended"),
        "pay": _step("author signer", "working delivered returned accepted completed ended"),
        "confirm-pay": _step("candidate", "working delivered returned accepted completed ended"),
    }
)
"""`agree`: the first agreement's second acceptance. `amend`: a later agreement's. `complete`: the credential is out."""


def allows(steps: Mapping[str, Step], name: str, state: str, parties: frozenset[str]) -> bool:
    """Whether one of these parties may take a step in this state. Raises KeyError for a step that does not exist."""
    step = steps[name]
    return state in step.states and not parties.isdisjoint(step.parties)
