"""Whether somebody may take a step now: the declared table decides, in the transaction of the step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from credentials.accounts.errors import RoleMissing
from credentials.projects.errors import StepOutOfTurn
from credentials.projects.lifecycle import Step


def require_turn(steps: Mapping[str, Step], name: str, state: str, parties: Iterable[str]) -> str:
    """The state that follows a step. Raises RoleMissing, StepOutOfTurn, and KeyError for a step that does not exist."""
    step = steps[name]
    if step.parties.isdisjoint(parties):
        raise RoleMissing(f"it wants the role {' or '.join(sorted(step.parties))}")
    if state not in step.states:
        raise StepOutOfTurn(f"it is {state}", where=name)
    return step.to or state
