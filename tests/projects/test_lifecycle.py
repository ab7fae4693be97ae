"""The declared states: each is reached, none is left by accident, and a step out of turn is no step."""

from typing import get_args

import pytest

from credentials.projects.lifecycle import (
    APPLICATION_STEPS,
    ENGAGEMENT_STEPS,
    PROJECT_STEPS,
    ApplicationState,
    EngagementState,
    ProjectState,
    Step,
    allows,
)

LIVES = {
    "project": (PROJECT_STEPS, get_args(ProjectState), "draft", set()),
    "application": (APPLICATION_STEPS, get_args(ApplicationState), "sent", {"declined", "withdrawn", "taken"}),
    "engagement": (ENGAGEMENT_STEPS, get_args(EngagementState), "agreeing", {"completed", "ended"}),
}


@pytest.mark.parametrize("name", LIVES)
def test_each_state_is_known_and_reached(name: str) -> None:
    steps, states, first, _ = LIVES[name]
    reached = {first} | {step.to for step in steps.values() if step.to}
    assert reached == set(states)
    assert {state for step in steps.values() for state in step.states} <= set(states)


@pytest.mark.parametrize("name", LIVES)
def test_only_the_ends_are_never_left(name: str) -> None:
    steps, states, _, ends = LIVES[name]
    left = {state for step in steps.values() if step.to for state in step.states if step.to != state}
    assert set(states) - left == ends


@pytest.mark.parametrize("name", ["return", "accept", "complete"])
def test_no_candidate_judges_their_own_work(name: str) -> None:
    for state in get_args(EngagementState):
        assert not allows(ENGAGEMENT_STEPS, name, state, frozenset({"candidate"}))


def test_a_step_wants_its_party_and_its_state() -> None:
    steps = {"go": Step(frozenset({"author"}), frozenset({"here"}), "there")}
    assert allows(steps, "go", "here", frozenset({"reviewer", "author"}))
    assert not allows(steps, "go", "there", frozenset({"author"}))
    assert not allows(steps, "go", "here", frozenset({"reviewer"}))
    assert not allows(steps, "go", "here", frozenset())
    with pytest.raises(KeyError):
        allows(steps, "stay", "here", frozenset({"author"}))
