"""A company's projects over HTTP. A key acts for its issuer only; a foreign project is unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from flask import Blueprint, Response

from credentials.accounts.acting import Member
from credentials.accounts.errors import NobodyAnswers
from credentials.projects.api.project_records import (
    ProjectPage,
    ProjectRecord,
    ProjectState,
    list_projects,
    project_record,
)
from credentials.projects.api.texts import ProjectText, all_told, form_of
from credentials.projects.errors import StepOutOfTurn
from credentials.projects.posting import errors, publishing
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid, StateUnknown
from credentials.web.operations import Answer, Operation, Parameter, documented
from credentials.web.programs import CURSOR, body_of, cursor_of, place_asked, reply, state_asked, this_program
from credentials.web.repeating import IDEMPOTENCY, REPEATING, numbered
from credentials.web.stepping import step_once
from credentials.webhooks.errors import CursorUnusable

PROJECT_BYTES = 131_072
BASE = "/api/v1/projects"
TAG = "Projects"
READ = Caller.api_key("projects:read")
WRITE = Caller.api_key("projects:write")
PROJECT_ID = Parameter("project_id", "The project's id, in upper or lower case.")
STATES = get_args(ProjectState)


class ProjectChange(Body, frozen=True):
    """What a project is to say from now on, in place of all that it said in its `version`."""

    project: ProjectText
    version: int


EXAMPLE = {
    "title": "Customer survey report",
    "brief": "Ask 20 customers and write down what they say.",
    "deliverables": [{"name": "Report", "description": "Ten pages", "visibility": "public"}],
    "skills": [{"name": "Survey design"}],
    "hours": "40",
    "startsOn": "2026-03-02",
    "endsOn": "2026-03-31",
    "compensation": "EUR 400",
}
LIST = Operation(
    id="listProjects",
    summary="List the projects",
    tag=TAG,
    parameters=(
        Parameter("state", "Only those in this state.", "query", f"^({'|'.join(STATES)})$", required=False),
        CURSOR,
    ),
    answers={200: Answer("At most 50, begun last first.", ProjectPage)},
    problems=(CursorUnusable, StateUnknown),
)
POST = Operation(
    id="postProject",
    summary="Write a project",
    tag=TAG,
    description="It is a draft: nobody sees it until it is put on the board.",
    body=ProjectText,
    example=EXAMPLE,
    parameters=(IDEMPOTENCY,),
    answers={201: Answer("Kept as a draft.", ProjectRecord)},
    problems=(MembersInvalid, NobodyAnswers, *REPEATING),
)
GET = Operation(
    id="getProject",
    summary="Read a project",
    tag=TAG,
    parameters=(PROJECT_ID,),
    answers={200: Answer("The project.", ProjectRecord)},
    problems=(errors.ProjectUnknown,),
)
CHANGE = Operation(
    id="changeProject",
    summary="Change what a project says",
    tag=TAG,
    body=ProjectChange,
    example={"version": 1, "project": EXAMPLE},
    parameters=(PROJECT_ID,),
    answers={200: Answer("The project as it is now.", ProjectRecord)},
    problems=(
        MembersInvalid,
        NobodyAnswers,
        errors.ProjectUnknown,
        errors.ProjectChanged,
        errors.ProjectNotReady,
        StepOutOfTurn,
    ),
)


def _step(name: str, summary: str, *further: type[errors.ProjectNotReady]) -> Operation:
    return Operation(
        id=f"{name}Project",
        summary=summary,
        tag=TAG,
        parameters=(PROJECT_ID, IDEMPOTENCY),
        answers={200: Answer("The project as it is now.", ProjectRecord)},
        problems=(errors.ProjectUnknown, StepOutOfTurn, NobodyAnswers, *further, *REPEATING),
    )


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("projects_api", __name__)
    _add_reading(routes, service)
    _add_writing(routes, service)
    _add_moving(routes, service)
    return routes


def _add_reading(routes: Blueprint, service: Service) -> None:
    @routes.get(BASE)
    @declares(READ, limit=Limit.ISSUE)
    @documented(LIST)
    def listed() -> Response:
        found = list_projects(service.desk, this_program(service), state_asked(STATES), place_asked())
        rows = [project_record(one, service.base_url) for one in found.rows]
        return reply(ProjectPage(projects=rows, cursor=cursor_of(found.last)))

    @routes.get(f"{BASE}/<project_id>")
    @declares(READ, limit=Limit.ISSUE)
    @documented(GET)
    def get(project_id: str) -> Response:
        return reply(_record(service, project_id))


def _add_writing(routes: Blueprint, service: Service) -> None:
    means = service.desk

    @routes.post(BASE)
    @declares(WRITE, limit=Limit.ISSUE, max_body=PROJECT_BYTES)
    @documented(POST)
    def post() -> Response:
        text = body_of(ProjectText)
        return numbered(service, text, lambda number: _posted(service, text, number))

    @routes.put(f"{BASE}/<project_id>")
    @declares(WRITE, limit=Limit.ISSUE, max_body=PROJECT_BYTES)
    @documented(CHANGE)
    def change(project_id: str) -> Response:
        wanted, member = body_of(ProjectChange), this_program(service)
        form = form_of(wanted.project)
        try:
            publishing.save(means, member, project_id, form, wanted.version)
        except errors.ProjectNotReady as error:
            raise all_told(type(error), publishing.problems_of(means, form)) from None
        return reply(_record(service, project_id))


def _posted(service: Service, text: ProjectText, number: str) -> Response:
    """A new draft: the same one for the same number, even where the answer to the first call was lost."""
    made = publishing.start(service.desk, this_program(service), form_of(text), number)
    response = reply(_record(service, made.id), 201)
    response.headers["Location"] = f"{service.base_url}{BASE}/{made.id}"
    return response


def _add_moving(routes: Blueprint, service: Service) -> None:
    means = service.desk

    def moved(project_id: str, step: Callable[[Member], object]) -> Response:
        return step_once(service, None, step, lambda: _record(service, project_id))

    @routes.post(f"{BASE}/<project_id>/open")
    @declares(WRITE, limit=Limit.ISSUE)
    @documented(_step("open", "Put a project on the board", errors.ProjectNotReady))
    def put_up(project_id: str) -> Response:
        return moved(project_id, lambda member: _put_up(service, member, project_id))

    @routes.post(f"{BASE}/<project_id>/close")
    @declares(WRITE, limit=Limit.ISSUE)
    @documented(_step("close", "Take a project off the board"))
    def close(project_id: str) -> Response:
        return moved(project_id, lambda member: publishing.close(means, member, project_id))

    @routes.post(f"{BASE}/<project_id>/fill")
    @declares(WRITE, limit=Limit.ISSUE)
    @documented(_step("fill", "Say that somebody was found elsewhere"))
    def fill(project_id: str) -> Response:
        return moved(project_id, lambda member: publishing.fill(means, member, project_id))


def _put_up(service: Service, member: Member, project_id: str) -> None:
    """Put a project on the board. Raises ProjectNotReady with every problem that it has."""
    try:
        publishing.put_up(service.desk, member, project_id)
    except errors.ProjectNotReady as error:
        found = publishing.find(service.desk, member, project_id)
        raise all_told(type(error), publishing.problems_of(service.desk, found.form)) from None


def _record(service: Service, project_id: str) -> ProjectRecord:
    found = publishing.find(service.desk, this_program(service), project_id)
    return project_record(found, service.base_url)
