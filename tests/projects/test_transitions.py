"""Every step of a project and of an application × every party × every state, against the real services.

Made from the declared tables: a step that is added there and has no service here fails by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import msgspec
import pytest

from credentials.accounts.acting import ROLES, Member, Visitor
from credentials.accounts.audit import trail
from credentials.accounts.errors import RoleMissing
from credentials.core.errors import CredentialError
from credentials.projects.applying import choosing, sending
from credentials.projects.lifecycle import APPLICATION_STEPS, PROJECT_STEPS, ApplicationState, ProjectState, allows
from credentials.projects.posting import publishing
from credentials.projects.posting.project_form import restored
from credentials.store.applications import Application
from credentials.store.projects import Project
from tests.projects.conftest import Fair

PROJECT_SERVICES: dict[str, Callable[[Fair, Member, Project], object]] = {
    "edit": lambda fair, who, one: publishing.save(
        fair.means, who, one.id, msgspec.structs.replace(restored(one.form), title="Another title"), one.version
    ),
    "open": lambda fair, who, one: publishing.put_up(fair.means, who, one.id),
    "close": lambda fair, who, one: publishing.close(fair.means, who, one.id),
    "fill": lambda fair, who, one: publishing.fill(fair.means, who, one.id),
}
COMPANY_SERVICES: dict[str, Callable[[Fair, Member, Application], object]] = {
    "shortlist": lambda fair, who, one: choosing.shortlist(fair.means, who, one.id),
    "decline": lambda fair, who, one: choosing.decline(fair.means, who, one.id, "Not this time."),
    "offer": lambda fair, who, one: choosing.offer(fair.means, who, one.id),
}
CANDIDATE_SERVICES: dict[str, Callable[[Fair, Visitor, Application], object]] = {
    "withdraw": lambda fair, who, one: sending.withdraw(fair.means, who, one.id),
    "take": lambda fair, who, one: sending.take(fair.means, who, one.id, 1),
}
EVERY_STATE = {"project": get_args(ProjectState), "application": get_args(ApplicationState)}


def test_each_declared_step_has_its_service() -> None:
    assert {*PROJECT_SERVICES, "apply"} == set(PROJECT_STEPS)
    assert {*COMPANY_SERVICES, *CANDIDATE_SERVICES} == set(APPLICATION_STEPS)


def outcome(call: Callable[[], object]) -> str:
    """What a call ends with: `done`, or the code of its error."""
    try:
        call()
    except CredentialError as error:
        return error.code
    return "done"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", PROJECT_SERVICES)
def test_a_projects_steps(fair: Fair, step: str, role: str) -> None:
    member = fair.staff(role)
    for state in EVERY_STATE["project"]:
        project = fair.put(fair.draft(), state)
        said = outcome(lambda one=project: PROJECT_SERVICES[step](fair, member, one))  # type: ignore[misc]
        after = fair.now(project)
        if allows(PROJECT_STEPS, step, state, member.roles):
            assert (said, after.state) == ("done", PROJECT_STEPS[step].to or state), state
        elif role not in PROJECT_STEPS[step].parties:
            assert (said, after) == (RoleMissing.code, project), state
        else:
            assert (said, after) == ("project-step-out-of-turn", project), state


@pytest.mark.parametrize("state", EVERY_STATE["project"])
def test_applying_in_every_state(fair: Fair, state: str) -> None:
    project, ana = fair.put(fair.draft(), state), fair.person("ana")
    said = outcome(lambda: sending.apply(fair.means, ana, project.id, "I did this before."))
    wanted = {"open": "done", "draft": "project-unknown"}.get(state, "project-not-open")

    assert said == wanted
    assert (wanted == "done") == allows(PROJECT_STEPS, "apply", state, frozenset({"candidate"}))
    assert bool(sending.sent(fair.means, ana).rows) == (wanted == "done")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", COMPANY_SERVICES)
def test_a_companys_steps_with_an_application(fair: Fair, step: str, role: str) -> None:
    member, project = fair.staff(role), fair.project()
    for state in EVERY_STATE["application"]:
        one = fair.applied(project, state=state)
        said = outcome(lambda found=one: COMPANY_SERVICES[step](fair, member, found))  # type: ignore[misc]
        after = fair.application(one)
        if allows(APPLICATION_STEPS, step, state, member.roles):
            assert (said, after.state) == ("done", APPLICATION_STEPS[step].to), state
        elif role not in APPLICATION_STEPS[step].parties:
            assert (said, after) == (RoleMissing.code, one), state
        else:
            assert (said, after) == ("project-step-out-of-turn", one), state


@pytest.mark.parametrize("step", CANDIDATE_SERVICES)
@pytest.mark.parametrize("state", EVERY_STATE["application"])
def test_a_candidates_steps(fair: Fair, step: str, state: str) -> None:
    project, ana = fair.project(), fair.person("ana")
    one = fair.applied(project, ana, state)
    said = outcome(lambda: CANDIDATE_SERVICES[step](fair, ana, one))
    after = fair.application(one)

    if allows(APPLICATION_STEPS, step, state, frozenset({"candidate"})):
        assert (said, after.state) == ("done", APPLICATION_STEPS[step].to)
    else:
        assert (said, after) == ("project-step-out-of-turn", one)


@pytest.mark.parametrize("state", ["draft", "filled", "closed"])
@pytest.mark.parametrize("step", ["take", "offer"])
def test_no_place_is_given_that_is_not_there(fair: Fair, step: str, state: str) -> None:
    project, ana = fair.project(), fair.person("ana")
    one = fair.applied(project, ana, "offered" if step == "take" else "sent")
    fair.put(project, state)
    call = CANDIDATE_SERVICES["take"] if step == "take" else COMPANY_SERVICES["offer"]
    said = outcome(lambda: call(fair, ana if step == "take" else fair.owner, one))  # type: ignore[arg-type]

    assert (said, fair.application(one)) == ("project-not-open", one)
    assert sending.works(fair.means, ana).rows == []


def test_each_step_stands_in_the_audit_trail(fair: Fair) -> None:
    project, ana = fair.project(), fair.person("ana")
    one = fair.applied(project, ana)
    for step in ("shortlist", "offer"):
        COMPANY_SERVICES[step](fair, fair.owner, one)
    sending.take(fair.means, ana, one.id, project.version)
    publishing.close(fair.means, fair.owner, project.id)
    events = reversed(trail(fair.engine, fair.owner.issuer.id))
    ours = [one.action for one in events if one.action.startswith(("project.", "application.", "offer."))]

    assert ours == [
        "project.begun",
        "project.opened",
        "application.sent",
        "application.shortlisted",
        "application.offered",
        "offer.taken",
        "project.closed",
    ]
