"""Correct a credential over HTTP: a program sends what it should say, and why."""

from __future__ import annotations

from flask import Blueprint, Response

from credentials.core import strict_json
from credentials.core.errors import BadIdentifier
from credentials.issuer import errors
from credentials.issuer.correcting import Correcting
from credentials.issuer.lookup import find
from credentials.issuer.routes import (
    DRAFT_BYTES,
    ID_PATTERN,
    ISSUE,
    IssuedCredential,
    IssueRequest,
    idempotency_key,
)
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body, json_body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid
from credentials.web.guard import key_holder
from credentials.web.operations import Answer, Operation, Parameter, documented


class CorrectionRequest(Body, frozen=True):
    """All that the credential should say, and why: `reason` is public, `note` is for the issuer only.

    The holder stays: `recipientEmail` is left out or is the address that the credential was issued to.
    """

    credential: IssueRequest
    reason: str
    note: str = ""


CORRECT = Operation(
    id="correctCredential",
    summary="Sign a corrected version, to which the old one leads from then on",
    tag="Issuing",
    body=CorrectionRequest,
    example={"credential": ISSUE.example, "reason": "A name was misspelt."},
    parameters=(Parameter("credential_id", "The credential's id, in upper or lower case.", pattern=ID_PATTERN),),
    answers={
        201: Answer("Corrected now: this is the new credential.", IssuedCredential),
        200: Answer("Corrected before, in the same words.", IssuedCredential),
    },
    problems=(
        MembersInvalid,
        BadIdentifier,
        errors.CredentialUnknown,
        errors.ReasonMissing,
        errors.HolderChanged,
        errors.StatusConflict,
        errors.DraftRefused,
        errors.IdempotencyConflict,
        errors.NoActiveKey,
    ),
)


def blueprint(service: Service) -> Blueprint:
    """The route over an opened service."""
    routes = Blueprint("correction", __name__)

    @routes.post("/api/v1/credentials/<credential_id>/correct")
    @declares(Caller.api_key("issue"), limit=Limit.ISSUE, max_body=DRAFT_BYTES)
    @documented(CORRECT)
    def correct(credential_id: str) -> Response:
        find(service.issuer.means, key_holder().slug, credential_id)
        body = json_body(CorrectionRequest)
        wanted = Correcting(
            slug=key_holder().slug,
            credential_id=credential_id,
            draft=body.credential.draft(),
            reason=body.reason,
            note=body.note,
            idempotency_key=idempotency_key(),
        )
        issued = service.issuer.correct(wanted)
        answer = IssuedCredential(
            id=issued.id,
            code=issued.code,
            url=issued.url,
            portfolio=f"{service.base_url}/p/{issued.portfolio_slug}",
            repeated=issued.repeated,
        )
        status = 200 if issued.repeated else 201
        response = Response(strict_json.dump(answer), status, mimetype="application/json")
        response.headers["Location"] = f"{service.base_url}/api/v1/credentials/{issued.id}"
        return response

    return routes
