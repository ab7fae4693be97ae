"""Applications over HTTP. A key acts for its issuer only; a foreign application is unknown.

To apply, to take an application back and to take an offer is for the candidate alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec
from flask import Blueprint, Response

from credentials.accounts.acting import Member
from credentials.accounts.errors import NobodyAnswers
from credentials.projects.api.posting.routes import BASE, PROJECT_ID, READ, TAG, WRITE
from credentials.projects.api.project_records import (
    ApplicationPage,
    ApplicationRecord,
    application_record,
    compared_record,
    list_applications,
)
from credentials.projects.applying import choosing, errors
from credentials.projects.applying.proving import Prover
from credentials.projects.errors import StepOutOfTurn
from credentials.projects.posting.errors import ProjectUnknown
from credentials.web.access import Limit, declares
from credentials.web.bodies import Body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid
from credentials.web.operations import Answer, Operation, Parameter, documented
from credentials.web.programs import CURSOR, body_of, cursor_of, place_asked, reply, this_program
from credentials.web.repeating import IDEMPOTENCY, REPEATING
from credentials.web.stepping import step_once
from credentials.webhooks.errors import CursorUnusable

ANSWER_BYTES = 32_768
ONE = "/api/v1/applications/<application_id>"
APPLICATION_ID = Parameter("application_id", "The application's id, in upper or lower case.")
Words = Annotated[str, msgspec.Meta(max_length=4000)]


class DeclineRequest(Body, frozen=True):
    """The letter in which the applicant is told no."""

    message: Words


class OfferRequest(Body, frozen=True):
    """Some words for the letter in which the applicant is offered the project; it goes out without any too."""

    message: Words = ""


LIST = Operation(
    id="listApplications",
    summary="List the applications to a project",
    tag=TAG,
    parameters=(PROJECT_ID, CURSOR),
    answers={200: Answer("At most 50, the first to come first.", ApplicationPage)},
    problems=(ProjectUnknown, CursorUnusable),
)
GET = Operation(
    id="getApplication",
    summary="Read an application, with what its applicant has proven",
    tag=TAG,
    parameters=(APPLICATION_ID,),
    answers={200: Answer("The application.", ApplicationRecord)},
    problems=(errors.ApplicationUnknown,),
)
_REFUSED = (errors.ApplicationUnknown, StepOutOfTurn, NobodyAnswers, *REPEATING)
_DONE = {200: Answer("The application as it is now.", ApplicationRecord)}
SHORTLIST = Operation(
    id="shortlistApplication",
    summary="Keep an applicant in mind",
    tag=TAG,
    parameters=(APPLICATION_ID, IDEMPOTENCY),
    answers=_DONE,
    problems=_REFUSED,
)
DECLINE = Operation(
    id="declineApplication",
    summary="Decline an application, in a letter",
    tag=TAG,
    body=DeclineRequest,
    example={"message": "Thank you for your application. We chose somebody else this time."},
    parameters=(APPLICATION_ID, IDEMPOTENCY),
    answers=_DONE,
    problems=(MembersInvalid, errors.NoteUnusable, *_REFUSED),
)
OFFER = Operation(
    id="offerProject",
    summary="Offer an applicant the project, in a letter",
    tag=TAG,
    description="Work begins once the candidate takes the offer and both sides agree on its terms.",
    body=OfferRequest,
    example={"message": "We would like to work with you."},
    parameters=(APPLICATION_ID, IDEMPOTENCY),
    answers=_DONE,
    problems=(MembersInvalid, errors.NoteUnusable, errors.NotTakingApplications, *_REFUSED),
)


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("applications_api", __name__)
    prover = Prover(service.portfolio.signed, service.verify)
    _add_reading(routes, service, prover)
    _add_answering(routes, service, prover)
    return routes


def _add_reading(routes: Blueprint, service: Service, prover: Prover) -> None:
    @routes.get(f"{BASE}/<project_id>/applications")
    @declares(READ, limit=Limit.ISSUE)
    @documented(LIST)
    def listed(project_id: str) -> Response:
        found = list_applications(service.desk, this_program(service), project_id, place_asked())
        rows = [application_record(one, service.base_url) for one in found.rows]
        return reply(ApplicationPage(applications=rows, cursor=cursor_of(found.last)))

    @routes.get(ONE)
    @declares(READ, limit=Limit.ISSUE)
    @documented(GET)
    def get(application_id: str) -> Response:
        return reply(_record(service, prover, application_id))


def _add_answering(routes: Blueprint, service: Service, prover: Prover) -> None:
    means = service.desk

    def done(application_id: str, body: msgspec.Struct | None, step: Callable[[Member], object]) -> Response:
        return step_once(service, body, step, lambda: _record(service, prover, application_id))

    @routes.post(f"{ONE}/shortlist")
    @declares(WRITE, limit=Limit.ISSUE)
    @documented(SHORTLIST)
    def shortlist(application_id: str) -> Response:
        return done(application_id, None, lambda member: choosing.shortlist(means, member, application_id))

    @routes.post(f"{ONE}/decline")
    @declares(WRITE, limit=Limit.ISSUE, max_body=ANSWER_BYTES)
    @documented(DECLINE)
    def decline(application_id: str) -> Response:
        body = body_of(DeclineRequest)
        return done(application_id, body, lambda member: choosing.decline(means, member, application_id, body.message))

    @routes.post(f"{ONE}/offer")
    @declares(WRITE, limit=Limit.ISSUE, max_body=ANSWER_BYTES)
    @documented(OFFER)
    def offer(application_id: str) -> Response:
        body = body_of(OfferRequest)
        return done(application_id, body, lambda member: choosing.offer(means, member, application_id, body.message))


def _record(service: Service, prover: Prover, application_id: str) -> ApplicationRecord:
    _project, compared = choosing.find(service.desk, this_program(service), application_id, prover)
    return compared_record(compared, service.base_url)
