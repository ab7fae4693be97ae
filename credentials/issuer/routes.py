"""Issuing over HTTP: the API for an issuer's own programs; with `published`, what every verifier fetches of it.

A key acts for the issuer it belongs to, never for another: the slug comes from the key, not from the call. A foreign
credential is as good as unknown.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from flask import Blueprint, Response

from credentials.core import strict_json
from credentials.core.errors import BadIdentifier
from credentials.core.instants import format_instant
from credentials.core.securing import SD_JWT_VC, VC_SD_JWT
from credentials.issuer import errors
from credentials.issuer.draft import Deliverable, Draft, Rating
from credentials.issuer.lookup import Holding, find
from credentials.issuer.published.routes import add_published
from credentials.issuer.status import Change
from credentials.store.credentials import SecuredForm
from credentials.store.status import EventKind, RecordedEvent
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body, json_body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid
from credentials.web.guard import key_holder
from credentials.web.operations import Answer, Operation, Parameter, documented
from credentials.web.repeating import IDEMPOTENCY, given_key

DRAFT_BYTES = 65_536
CHANGE_BYTES = 16_384
ID_PATTERN = "^[0-9A-Za-z]{26}$"


class DeliverableBody(Body, frozen=True):
    """One thing that was handed over."""

    name: str
    visibility: Literal["public", "link", "confidential"] = "public"
    url: str | None = None


class RatingBody(Body, frozen=True):
    """How well a skill was shown, in words or numbers ("4 of 5"), and a line on why."""

    skill: str
    level: str
    reason: str | None = None


class IssueRequest(Body, frozen=True):
    """One finished micro-internship, as its company describes it. Dates are calendar days.

    `compensation`, `ratings` and confidential deliverables stand in no public file: only in the candidate's SD-JWT,
    where each can be left out. `selective`: make an SD-JWT even without any of these.
    """

    recipient_name: str
    project_title: str
    summary: str
    started_on: date
    ended_on: date
    supervisor_name: str
    recipient_email: str | None = None
    deliverables: Annotated[tuple[DeliverableBody, ...], msgspec.Meta(max_length=100)] = ()
    skills: Annotated[tuple[str, ...], msgspec.Meta(max_length=100)] = ()
    hours: Annotated[float, msgspec.Meta(ge=0)] | None = None
    supervisor_words: str | None = None
    evidence_url: str | None = None
    valid_until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    role: str | None = None
    compensation: str | None = None
    ratings: Annotated[tuple[RatingBody, ...], msgspec.Meta(max_length=20)] = ()
    selective: bool = False

    def draft(self) -> Draft:
        """The draft that these members describe; `lint` judges it."""
        values = msgspec.structs.asdict(self)
        values["deliverables"] = tuple(Deliverable(one.name, one.visibility, one.url) for one in self.deliverables)
        values["ratings"] = tuple(Rating(one.skill, one.level, one.reason) for one in self.ratings)
        # Through its shortest decimal form: 30.1 hours are 30.1, not the nearest binary fraction.
        values["hours"] = None if self.hours is None else Decimal(repr(self.hours))
        return Draft(**values)


class IssuedCredential(msgspec.Struct, frozen=True, kw_only=True):
    """A released credential. `repeated`: it was issued before, under the same Idempotency-Key."""

    id: str
    code: str
    url: str
    portfolio: str
    repeated: bool


class ChangeRequest(Body, frozen=True):
    """Why a credential's status changes: `reason` is public, `note` is for the issuer only."""

    reason: str
    note: str = ""


class StatusChange(msgspec.Struct, frozen=True, kw_only=True):
    """One event in a credential's status story."""

    kind: Literal["revoked", "suspended", "lifted", "replaced"]
    at: str
    reason: str


class ChangedCredential(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded. `repeated`: the same call was made before and this is what it recorded."""

    id: str
    event: StatusChange
    repeated: bool


class CredentialRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A credential of the calling issuer. `token` is its signed form; null until it is released.

    `postQuantumToken` is the same credential signed with ML-DSA-44; null where its issuer had no such key.
    `sdJwt` and `sdJwtVc` are the forms from which parts can be left out, all of them in it: give them to the candidate
    and to nobody else. Null where it has none.
    """

    id: str
    code: str
    url: str
    title: str
    visibility: Literal["public", "unlisted", "private"]
    created_at: str
    valid_until: str | None
    token: str | None
    post_quantum_token: str | None
    sd_jwt: str | None
    sd_jwt_vc: str | None
    events: list[StatusChange]


_ID = Parameter("credential_id", "The credential's id, in upper or lower case.", pattern=ID_PATTERN)
ISSUE = Operation(
    id="issueCredential",
    summary="Issue a credential",
    tag="Issuing",
    body=IssueRequest,
    example={
        "recipientName": "Ana Souza",
        "recipientEmail": "ana@mail.example",
        "projectTitle": "Customer survey report",
        "summary": "Interviewed 20 customers and wrote a report with three proposals.",
        "deliverables": [{"name": "Report", "visibility": "public", "url": "https://files.example/report"}],
        "skills": ["Survey design"],
        "startedOn": "2026-02-02",
        "endedOn": "2026-03-06",
        "hours": 40,
        "supervisorName": "Kim Larsen",
    },
    parameters=(IDEMPOTENCY,),
    answers={
        201: Answer("Issued now.", IssuedCredential),
        200: Answer("Issued before, under the same key.", IssuedCredential),
    },
    problems=(MembersInvalid, errors.DraftRefused, errors.IdempotencyConflict, errors.NoActiveKey),
)
GET = Operation(
    id="getCredential",
    summary="Read a credential and its status story",
    tag="Issuing",
    parameters=(_ID,),
    answers={200: Answer("The credential.", CredentialRecord)},
    problems=(BadIdentifier, errors.CredentialUnknown),
)


def _change_operation(name: str, summary: str, *extra: type[errors.SuspensionNotOffered]) -> Operation:
    return Operation(
        id=f"{name}Credential",
        summary=summary,
        tag="Issuing",
        body=ChangeRequest,
        example={"reason": "Issued in error."},
        parameters=(_ID, IDEMPOTENCY),
        answers={200: Answer("Recorded; status lists show it within a minute.", ChangedCredential)},
        problems=(
            MembersInvalid,
            BadIdentifier,
            errors.CredentialUnknown,
            errors.ReasonMissing,
            errors.StatusConflict,
            errors.IdempotencyConflict,
            *extra,
        ),
    )


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("issuer", __name__)
    add_published(routes, service)
    _add_credentials(routes, service)
    _add_changes(routes, service)
    return routes


def _add_credentials(routes: Blueprint, service: Service) -> None:
    @routes.post("/api/v1/credentials")
    @declares(Caller.api_key("issue"), limit=Limit.ISSUE, max_body=DRAFT_BYTES)
    @documented(ISSUE)
    def issue() -> Response:
        draft = json_body(IssueRequest).draft()
        issued = service.issuer.issue(key_holder().slug, draft, idempotency_key=idempotency_key())
        answer = IssuedCredential(
            id=issued.id,
            code=issued.code,
            url=issued.url,
            portfolio=f"{service.base_url}/p/{issued.portfolio_slug}",
            repeated=issued.repeated,
        )
        response = _json(answer, 200 if issued.repeated else 201)
        response.headers["Location"] = f"{service.base_url}/api/v1/credentials/{issued.id}"
        return response

    @routes.get("/api/v1/credentials/<credential_id>")
    @declares(Caller.api_key("read"), limit=Limit.ISSUE)
    @documented(GET)
    def get(credential_id: str) -> Response:
        return _json(_record(service, find(service.issuer.means, key_holder().slug, credential_id)))


def _add_changes(routes: Blueprint, service: Service) -> None:
    @routes.post("/api/v1/credentials/<credential_id>/revoke")
    @declares(Caller.api_key("revoke"), limit=Limit.ISSUE, max_body=CHANGE_BYTES)
    @documented(_change_operation("revoke", "Withdraw a credential for good"))
    def revoke(credential_id: str) -> Response:
        return _changed(service, credential_id, "revoked")

    @routes.post("/api/v1/credentials/<credential_id>/suspend")
    @declares(Caller.api_key("revoke"), limit=Limit.ISSUE, max_body=CHANGE_BYTES)
    @documented(_change_operation("suspend", "Put a credential on hold", errors.SuspensionNotOffered))
    def suspend(credential_id: str) -> Response:
        return _changed(service, credential_id, "suspended")

    @routes.post("/api/v1/credentials/<credential_id>/lift")
    @declares(Caller.api_key("revoke"), limit=Limit.ISSUE, max_body=CHANGE_BYTES)
    @documented(_change_operation("lift", "End a hold", errors.SuspensionNotOffered))
    def lift(credential_id: str) -> Response:
        return _changed(service, credential_id, "lifted")


def _changed(service: Service, credential_id: str, kind: EventKind) -> Response:
    """Record an event; a call repeated under an Idempotency-Key is answered with what it recorded the first time."""
    body = json_body(ChangeRequest)
    change = Change(
        credential_id=credential_id,
        kind=kind,
        reason=body.reason,
        note=body.note,
        slug=key_holder().slug,
        idempotency_key=idempotency_key(),
    )
    changed = service.issuer.change(change)
    event = changed.event
    return _json(ChangedCredential(id=event.credential_id, event=_told(event), repeated=changed.repeated))


def idempotency_key() -> str | None:
    """The Idempotency-Key of this call, or None. Raises IdempotencyKeyMalformed."""
    given = given_key()
    # Bulk issuing uses keys of its own; a program's keys never meet them.
    return None if given is None else f"api:{given}"


def _record(service: Service, holding: Holding) -> CredentialRecord:
    stored = holding.stored
    return CredentialRecord(
        id=stored.id,
        code=stored.code,
        url=service.issuer.means.credential_url(stored.id),
        title=stored.title,
        visibility=stored.visibility,
        created_at=format_instant(stored.created_at),
        valid_until=None if stored.valid_until is None else format_instant(stored.valid_until),
        token=_text(holding.form),
        post_quantum_token=_text(holding.post_quantum),
        sd_jwt=_text(holding.selective.get(VC_SD_JWT.name)),
        sd_jwt_vc=_text(holding.selective.get(SD_JWT_VC.name)),
        events=[_told(event) for event in holding.events],
    )


def _text(form: SecuredForm | None) -> str | None:
    return None if form is None else form.body.decode("ascii")


def _told(event: RecordedEvent) -> StatusChange:
    """An event as its issuer's programs see it."""
    return StatusChange(kind=event.kind, at=format_instant(event.at), reason=event.reason)


def _json(value: msgspec.Struct, status: int = 200) -> Response:
    return Response(strict_json.dump(value), status, mimetype="application/json")
