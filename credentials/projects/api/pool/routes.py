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
from credentials.store import pages
from credentials.store.applications import Known
from credentials.store.pages import Place
from credentials.web.access import Limit, declares
from credentials.web.bodies import Body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid
from credentials.web.operations import Answer, Operation, documented
from credentials.web.programs import CURSOR, body_of, cursor_of, place_asked, reply, this_program
from credentials.web.repeating import IDEMPOTENCY, REPEATING
from credentials.web.stepping import step_once
from credentials.webhooks.errors import CursorUnusable

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
    """The pool, beside one project; `cursor` leads to the next ones, null at the end."""

    people: list[PersonRecord]
    cursor: str | None


class InvitationRequest(Body, frozen=True):
    """Whom to invite: an `id` of the pool."""

    person: str


LIST = Operation(
    id="listPeople",
    summary="List who finished work for the company before, beside a project",
    tag=TAG,
    description="Who finishes more work meanwhile comes first again, and not on the pages after.",
    parameters=(PROJECT_ID, CURSOR),
    answers={200: Answer("At most 50, whose work was latest first.", PoolRecord)},
    problems=(ProjectUnknown, CursorUnusable),
)
INVITE = Operation(
    id="invitePerson",
    summary="Invite somebody of the pool to a project on the board, in a letter",
    tag=TAG,
    description="Everybody is invited to a project once. To apply is theirs.",
    body=InvitationRequest,
    example={"person": "01KAZ7M1Q4J9V2X8D3C5B6N7F0"},
    parameters=(PROJECT_ID, IDEMPOTENCY),
    answers={200: Answer("The first of the pool as it is now.", PoolRecord)},
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
        return reply(_pool(service, project_id, place_asked()))

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


def _pool(service: Service, project_id: str, before: Place | None = None) -> PoolRecord:
    _project, pool = choosing.pool(service.desk, this_program(service), project_id, before, pages.PAGE + 1)
    found = pages.cut(pool.known, [(one.last_at, one.person_id) for one in pool.known])
    return PoolRecord(people=[_record(one, pool) for one in found.rows], cursor=cursor_of(found.last))


def _record(one: Known, pool: Pool) -> PersonRecord:
    return PersonRecord(
        id=one.person_id,
        name=one.name,
        times=one.times,
        last_at=format_instant(one.last_at),
        invited=one.person_id in pool.invited,
        applied=one.person_id in pool.applied,
    )
