"""Offers of more after completed work, and references, over HTTP.

Whether an offer interests them is the candidate's answer. Whether they stand as a reference, and what they answer a
hiring manager, is the supervisor's own: programs read it and have no call for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from flask import Blueprint, Response

from credentials.accounts.acting import Member
from credentials.accounts.errors import NobodyAnswers
from credentials.projects.agreeing.errors import EngagementUnknown
from credentials.projects.api.following_records import (
    ReferencePage,
    ReferenceState,
    StepPage,
    list_references,
    reference_record,
    step_record,
)
from credentials.projects.api.work.routes import ANSWER_BYTES, ONE, READ, TAG, WORK_ID, WRITE
from credentials.projects.applying.errors import NobodyToInvite, NotTakingApplications
from credentials.projects.following import offering
from credentials.projects.following.errors import JobUnusable, NothingCompleted, StepUnknown
from credentials.projects.following.offering import TypedJob
from credentials.web.access import Limit, declares
from credentials.web.bodies import Body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid, StateUnknown
from credentials.web.operations import Answer, Operation, Parameter, documented
from credentials.web.programs import CURSOR, body_of, cursor_of, place_asked, reply, state_asked, this_program
from credentials.web.repeating import IDEMPOTENCY, REPEATING
from credentials.web.stepping import step_once
from credentials.webhooks.errors import CursorUnusable

STEPS = f"{ONE}/next-steps"
REFERENCES = "/api/v1/references"
STATES = get_args(ReferenceState)


class JobRequest(Body, frozen=True):
    """A job that the candidate is told of, in a letter and on the page of their work."""

    title: str
    place: str = ""
    link: str = ""
    words: str = ""


_REFUSED = (EngagementUnknown, NothingCompleted, NobodyAnswers, *REPEATING)
_DONE = {200: Answer("All offers as they are now.", StepPage)}
LIST = Operation(
    id="listNextSteps",
    summary="List what was offered after completed work, with the answers",
    tag=TAG,
    parameters=(WORK_ID,),
    answers={200: Answer("All offers, the first first.", StepPage)},
    problems=(EngagementUnknown, NothingCompleted),
)
JOB = Operation(
    id="offerJob",
    summary="Tell a candidate of a job, in a letter",
    tag=TAG,
    body=JobRequest,
    example={"title": "Junior analyst", "place": "Lisbon", "link": "https://acme.example/jobs/7", "words": "Ask Kim."},
    parameters=(WORK_ID, IDEMPOTENCY),
    answers=_DONE,
    problems=(MembersInvalid, JobUnusable, *_REFUSED),
)
PROJECT = Operation(
    id="beginNextProject",
    summary="Begin the draft of a further project",
    tag=TAG,
    description="Its id is the last offer's `projectId`. Change it, put it on the board, then invite the candidate.",
    parameters=(WORK_ID, IDEMPOTENCY),
    answers=_DONE,
    problems=_REFUSED,
)
INVITE = Operation(
    id="inviteToNextProject",
    summary="Invite the candidate to a further project that is on the board, in a letter",
    tag=TAG,
    parameters=(WORK_ID, Parameter("step_number", "The offer's number.", pattern="^[0-9]+$"), IDEMPOTENCY),
    answers=_DONE,
    problems=(StepUnknown, NotTakingApplications, NobodyToInvite, *_REFUSED),
)
LIST_REFERENCES = Operation(
    id="listReferences",
    summary="List who was asked to stand as a reference, and what they said",
    tag=TAG,
    description="To say yes or no, and to answer questions, is for the person alone, on a page of their own.",
    parameters=(
        Parameter("state", "Only those in this state.", "query", f"^({'|'.join(STATES)})$", required=False),
        CURSOR,
    ),
    answers={200: Answer("At most 50, asked last first.", ReferencePage)},
    problems=(CursorUnusable, StateUnknown),
)


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("following_api", __name__)
    _add_reading(routes, service)
    _add_offering(routes, service)
    return routes


def _add_reading(routes: Blueprint, service: Service) -> None:
    @routes.get(STEPS)
    @declares(READ, limit=Limit.ISSUE)
    @documented(LIST)
    def listed(engagement_id: str) -> Response:
        return reply(_steps(service, engagement_id))

    @routes.get(REFERENCES)
    @declares(READ, limit=Limit.ISSUE)
    @documented(LIST_REFERENCES)
    def references() -> Response:
        found = list_references(service.desk, this_program(service), state_asked(STATES), place_asked())
        return reply(ReferencePage(references=list(map(reference_record, found.rows)), cursor=cursor_of(found.last)))


def _add_offering(routes: Blueprint, service: Service) -> None:
    means = service.desk

    def done(engagement_id: str, body: Body | None, step: Callable[[Member], object]) -> Response:
        return step_once(service, body, step, lambda: _steps(service, engagement_id))

    @routes.post(f"{STEPS}/job")
    @declares(WRITE, limit=Limit.ISSUE, max_body=ANSWER_BYTES)
    @documented(JOB)
    def job(engagement_id: str) -> Response:
        body = body_of(JobRequest)
        typed = TypedJob(body.title, body.place, body.link, body.words)
        return done(engagement_id, body, lambda member: offering.offer_job(means, member, engagement_id, typed))

    @routes.post(f"{STEPS}/project")
    @declares(WRITE, limit=Limit.ISSUE)
    @documented(PROJECT)
    def project(engagement_id: str) -> Response:
        return done(engagement_id, None, lambda member: offering.begin_project(means, member, engagement_id))

    @routes.post(f"{STEPS}/<int:step_number>/invite")
    @declares(WRITE, limit=Limit.ISSUE)
    @documented(INVITE)
    def invite(engagement_id: str, step_number: int) -> Response:
        return done(engagement_id, None, lambda member: offering.invite(means, member, engagement_id, step_number))


def _steps(service: Service, engagement_id: str) -> StepPage:
    found = offering.offered(service.desk, this_program(service), engagement_id)
    return StepPage(steps=list(map(step_record, found.steps)))
