"""A sandbox's candidate and supervisor over HTTP, so that a program can go the whole way alone.

A real service has no such routes.
"""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response

from credentials.console.errors import AwardChanged, AwardNotReady, AwardUnknown
from credentials.issuer.errors import CredentialUnknown
from credentials.projects.agreeing.errors import EngagementUnknown, WorkOutOfTurn
from credentials.projects.api import trying
from credentials.projects.api.posting.routes import WRITE
from credentials.projects.api.trying import Step
from credentials.projects.applying.errors import ApplicationUnknown, AppliedBefore, NotTakingApplications
from credentials.projects.errors import StepOutOfTurn
from credentials.projects.posting.errors import ProjectUnknown
from credentials.projects.referring.errors import ReferenceOutOfTurn, SupervisorGone
from credentials.web.access import Limit, declares
from credentials.web.bodies import Body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid
from credentials.web.operations import Answer, Operation, documented
from credentials.web.programs import body_of, reply
from credentials.web.repeating import IDEMPOTENCY, REPEATING, once


class CandidateRequest(Body, frozen=True):
    """What the candidate shall do, and the id of what they do it with: a project to `apply` to, an application whose
    offer they `take`, a credential of theirs to `dispute`, else work.
    """

    do: Step
    id: str


class CandidateDone(msgspec.Struct, frozen=True, kw_only=True):
    """The id of what the step was about or made: the application after `apply`, the credential, else the work."""

    id: str


CANDIDATE = Operation(
    id="askCandidate",
    summary="Let the sandbox's candidate take a step",
    tag="Sandbox",
    body=CandidateRequest,
    example={"do": "apply", "id": "01J9ZK4T8R6V0W2X4Y6Z8A0B1C"},
    parameters=(IDEMPOTENCY,),
    answers={200: Answer("Done.", CandidateDone)},
    problems=(
        MembersInvalid,
        ProjectUnknown,
        ApplicationUnknown,
        EngagementUnknown,
        AppliedBefore,
        NotTakingApplications,
        StepOutOfTurn,
        WorkOutOfTurn,
        ReferenceOutOfTurn,
        SupervisorGone,
        CredentialUnknown,
        *REPEATING,
    ),
)


class SupervisorRequest(Body, frozen=True):
    """Accepted work whose award the supervisor shall sign."""

    work: str


class SupervisorDone(msgspec.Struct, frozen=True, kw_only=True):
    """The id of the credential."""

    credential: str


SUPERVISOR = Operation(
    id="askSupervisor",
    summary="Let the sandbox's supervisor sign the award of accepted work",
    tag="Sandbox",
    description="What it becomes is a test, as everything a sandbox signs.",
    body=SupervisorRequest,
    example={"work": "01J9ZK4T8R6V0W2X4Y6Z8A0B1C"},
    parameters=(IDEMPOTENCY,),
    answers={200: Answer("Signed.", SupervisorDone)},
    problems=(MembersInvalid, EngagementUnknown, AwardUnknown, AwardChanged, AwardNotReady, *REPEATING),
)


def blueprint(service: Service) -> Blueprint:
    """The routes, in a sandbox."""
    routes = Blueprint("sandbox_api", __name__)

    @routes.post("/api/v1/sandbox/candidate")
    @declares(WRITE, limit=Limit.ISSUE, max_body=1024)
    @documented(CANDIDATE)
    def candidate() -> Response:
        body = body_of(CandidateRequest)
        return once(service, body, lambda: reply(CandidateDone(id=trying.step(service.desk, body.do, body.id))))

    @routes.post("/api/v1/sandbox/supervisor")
    @declares(WRITE, limit=Limit.ISSUE, max_body=1024)
    @documented(SUPERVISOR)
    def supervisor() -> Response:
        body = body_of(SupervisorRequest)
        return once(service, body, lambda: reply(SupervisorDone(credential=trying.sign(service.desk, body.work))))

    return routes
