"""The talent pool over HTTP: who finished work for the company before, and inviting them to a project."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response

from credentials.accounts.errors import NobodyAnswers
from credentials.core.instants import format_instant
from credentials.projects.api.posting.routes import BASE, PROJECT_ID, READ, TAG, WRITE
from credentials.projects.applying import choosing, errors
from credentials.projects.applying.choosing import Pool
from credentials.projects.posting.errors import ProjectUnknown
from credentials.store.applications import Known
from credentials.web.access import Limit, declares
from credentials.web.bodies import Body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid
from credentials.web.operations import Answer, Operation, documented
from credentials.web.programs import body_of, reply, this_program
from credentials.web.repeating import IDEMPOTENCY, REPEATING
from credentials.web.stepping import step_once

INVITATION_BYTES = 1024


class PersonRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody who finished work for the company: how often, when last, and how they stand to one project.

    `id` is of use in an invitation only: it leads to no page and tells no address.
    """

    id: str
    name: str
    times: int
    last_at: str
    invited: bool
    applied: bool

    def __repr__(self) -> str:
        """Without who it is."""
        return f"PersonRecord(times={self.times}, invited={self.invited}, applied={self.applied})"


class PoolRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The pool, beside one project."""

    people: list[PersonRecord]


class InvitationRequest(Body, frozen=True):
    """Whom to invite: an `id` of the pool."""

    person: str


LIST = Operation(
    id="listPeople",
    summary="List who finished work for the company before, beside a project",
    tag=TAG,
    parameters=(PROJECT_ID,),
    answers={200: Answer("At most 100, whose work was latest first.", PoolRecord)},
    problems=(ProjectUnknown,),
)
INVITE = Operation(
    id="invitePerson",
    summary="Invite somebody of the pool to a project on the board, in a letter",
    tag=TAG,
    description="Everybody is invited to a project once. To apply is theirs.",
    body=InvitationRequest,
    example={"person": "01KAZ7M1Q4J9V2X8D3C5B6N7F0"},
    parameters=(PROJECT_ID, IDEMPOTENCY),
    answers={200: Answer("The pool as it is now.", PoolRecord)},
    problems=(
        MembersInvalid,
        ProjectUnknown,
        NobodyAnswers,
        errors.NotTakingApplications,
        errors.NobodyToInvite,
        errors.InvitedBefore,
        *REPEATING,
    ),
)


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("pool_api", __name__)

    @routes.get(f"{BASE}/<project_id>/people")
    @declares(READ, limit=Limit.ISSUE)
    @documented(LIST)
    def listed(project_id: str) -> Response:
        return reply(_pool(service, project_id))

    @routes.post(f"{BASE}/<project_id>/invitations")
    @declares(WRITE, limit=Limit.ISSUE, max_body=INVITATION_BYTES)
    @documented(INVITE)
    def invite(project_id: str) -> Response:
        body = body_of(InvitationRequest)

        return step_once(
            service,
            body,
            lambda member: choosing.invite(service.desk, member, project_id, body.person.upper()),
            lambda: _pool(service, project_id),
        )

    return routes


def _pool(service: Service, project_id: str) -> PoolRecord:
    _project, pool = choosing.pool(service.desk, this_program(service), project_id)
    return PoolRecord(people=[_record(one, pool) for one in pool.known])


def _record(one: Known, pool: Pool) -> PersonRecord:
    return PersonRecord(
        id=one.person_id,
        name=one.name,
        times=one.times,
        last_at=format_instant(one.last_at),
        invited=one.person_id in pool.invited,
        applied=one.person_id in pool.applied,
    )
