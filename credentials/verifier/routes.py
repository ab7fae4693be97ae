"""Verification over HTTP: the API call for programs, the page for people, and the DID resolver that both rely on.

They change nothing and set no cookie, so neither wants a CSRF token. What a report says is decided in `verify` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec
from flask import Blueprint, Response, render_template, request

from credentials.core import strict_json
from credentials.core.errors import CredentialError, TooLarge
from credentials.verifier.did_resolution import DOCUMENT_TYPES, RESULT_TYPE, DidResolution, Failure, resolve_did
from credentials.verifier.intake import further_forms, obtain, recognise
from credentials.verifier.report import Report
from credentials.verifier.states import State
from credentials.web.access import Caller, Limit, declares
from credentials.web.bodies import Body, json_body, require_size
from credentials.web.composition import Service
from credentials.web.operations import Answer, Operation, Parameter, documented
from credentials.web.problems import status_of
from credentials.web.runtime import runtime

# What a form adds to the file in it: the boundaries, the other field, their headers.
FORM_OVERHEAD = 8_192
# A JSON string may write every character as \uXXXX.
JSON_OVERHEAD = 6
SHOWN_TEXT = 20_000


class VerifyRequest(Body, frozen=True):
    """A credential to verify: a compact token as text, or a credential as a JSON object."""

    credential: str | dict[str, Any]


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One check of the ordered list; `code` names the error behind a check that did not pass."""

    id: str
    number: int
    outcome: Literal["passed", "failed", "not_checked", "not_applicable"]
    detail: str
    spec: str
    code: str | msgspec.UnsetType = msgspec.UNSET


class ProofResult(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One proof. `mechanism` is its kind, such as `vc+jwt` or `eddsa-rdfc-2022`."""

    mechanism: str
    algorithm: str
    verification_method: str
    outcome: Literal["passed", "failed", "not_checked"]
    detail: str


class SignedBy(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed, and how that was shown. `name` is self-typed and proves nothing."""

    id: str
    name: str | None
    confirmed: bool
    domain: str | None
    level: str | None
    since: str | None


class StatusTold(msgspec.Struct, frozen=True, kw_only=True):
    """What the issuer's signed status story says of a credential that was withdrawn or put on hold."""

    kind: str
    at: str
    reason: str
    successor: str | None


class VerificationReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The report. `issuer` and `credential` are there only when the signature holds."""

    verdict: Literal["valid", "invalid", "indeterminate"]
    state: State
    words: str
    checks: list[CheckResult]
    proofs: list[ProofResult]
    checked_at: str
    issuer: SignedBy | msgspec.UnsetType = msgspec.UNSET
    credential: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    status: StatusTold | msgspec.UnsetType = msgspec.UNSET


VERIFY = Operation(
    id="verify",
    summary="Verify a credential",
    tag="Verification",
    description="Runs the ordered checks and returns the report, whatever came out: an invalid credential is an "
    "answer, not an error. Nothing is stored.",
    body=VerifyRequest,
    example={"credential": "eyJhbGciOiJFZERTQSIsInR5cCI6InZjK2p3dCJ9.e30.c2lnbmF0dXJl"},
    answers={200: Answer("The report.", VerificationReport)},
    problems=(TooLarge,),
)


class DidError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a DID was not resolved; `type` starts with `https://www.w3.org/ns/did#`."""

    type: str
    title: str
    detail: str


class DidResolutionMetadata(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How resolving went: the document's media type, or what was wrong."""

    content_type: str | msgspec.UnsetType = msgspec.UNSET
    error: DidError | msgspec.UnsetType = msgspec.UNSET


class DidResolutionResult(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The result of resolving a DID (W3C DID Resolution section 9)."""

    did_document: dict[str, Any] | None
    did_resolution_metadata: DidResolutionMetadata
    did_document_metadata: dict[str, Any]


def _unresolved(status: int) -> Answer:
    names = " or ".join(failure.name for failure in Failure if failure.status == status)
    return Answer(f"Not resolved: {names}.", DidResolutionResult, RESULT_TYPE)


RESOLVE = Operation(
    id="resolveDid",
    summary="Resolve a DID",
    tag="Verification",
    description="W3C DID Resolution over HTTP, for did:web, did:key and did:jwk. `Accept` chooses between the whole "
    f"result ({RESULT_TYPE}) and the document alone ({', '.join(DOCUMENT_TYPES)}). A percent sign in the DID is "
    "written `%25`.",
    parameters=(Parameter("did", "The DID.", pattern="^did:[a-z0-9]+:.+$"),),
    answers={
        200: Answer(
            "The DID document, in a resolution result unless only the document was asked for.",
            DidResolutionResult,
            RESULT_TYPE,
        ),
        **{status: _unresolved(status) for status in sorted({failure.status for failure in Failure})},
    },
)

Page = Callable[[str, Report | None, CredentialError | None], object]


def blueprint(service: Service, page: Page) -> Blueprint:
    """The routes. `page` makes the view of verify.html from what was typed and either a report or what was wrong."""
    routes = Blueprint("verifier", __name__)
    settings = service.settings

    @routes.post("/api/v1/verify")
    @declares(
        Caller.STATELESS_FORM,
        limit=Limit.VERIFY_API,
        open_to_origins=True,
        max_body=settings.max_credential_bytes * JSON_OVERHEAD,
    )
    @documented(VERIFY)
    def verify_call() -> Response:
        report = bounded(service)(json_body(VerifyRequest).credential)
        runtime().metrics.count_verification(report.state)
        return Response(report.to_bytes(), mimetype="application/json")

    @routes.get("/1.0/identifiers/<path:did>")
    @declares(Caller.PUBLIC, limit=Limit.VERIFY_API, open_to_origins=True)
    @documented(RESOLVE)
    def resolve(did: str) -> Response:
        return _resolved(service, did)

    @routes.get("/verify")
    @declares(Caller.PUBLIC)
    def verify_page() -> str:
        return render_template("verify.html", view=page("", None, None))

    @routes.post("/verify")
    @declares(Caller.STATELESS_FORM, limit=Limit.VERIFY_PAGE, max_body=settings.max_upload_bytes + FORM_OVERHEAD)
    def verify_form() -> tuple[str, int]:
        given, shown = _given()
        try:
            report = _verified(service, given)
        except CredentialError as error:
            return render_template("verify.html", view=page(shown, None, error)), status_of(type(error))
        runtime().metrics.count_verification(report.state)
        return render_template("verify.html", view=page("", report, None)), 200

    return routes


def _resolved(service: Service, did: str) -> Response:
    """The answer to a call of the resolver (W3C DID Resolution section 12.1); what went wrong is always told whole."""
    wanted = request.accept_mimetypes.best_match([RESULT_TYPE, *DOCUMENT_TYPES])
    if not request.accept_mimetypes:
        wanted = RESULT_TYPE
    options = {name: value for name, value in request.args.items() if (name, value) != ("noCache", "false")}
    if wanted is None:
        found = DidResolution(failure=Failure.REPRESENTATION_NOT_SUPPORTED, detail="None of the types asked for.")
    elif options:
        found = DidResolution(failure=Failure.FEATURE_NOT_SUPPORTED, detail="No option of resolution is.")
    else:
        found = resolve_did(did, service.resolver)
    alone = wanted in DOCUMENT_TYPES and found.failure is None
    body = strict_json.dump(found.document if alone else found.to_json())
    answer = Response(
        body, found.status, mimetype=wanted if alone else RESULT_TYPE, headers={"Cache-Control": "no-cache"}
    )
    answer.vary.add("Accept")
    return answer


def _given() -> tuple[str | bytes, str]:
    """What the form holds, a file before a text; and the text to show again if it cannot be used."""
    text = request.form.get("credential", "")
    file = request.files.get("file")
    content = file.read() if file is not None else b""
    return content or text, text[:SHOWN_TEXT]


def _verified(service: Service, given: str | bytes) -> Report:
    """The report on whatever a person gave. Raises CredentialError when it leads to no credential."""
    if isinstance(given, bytes) and len(given) > service.settings.max_upload_bytes:
        raise TooLarge(f"{len(given)} bytes are more than the {service.settings.max_upload_bytes} allowed here")
    intake = recognise(given, base_url=service.base_url)
    found = obtain(intake, resolver=service.resolver, base_url=service.base_url, find_code=service.find_code)
    require_size(found, service.settings.max_credential_bytes)
    also = further_forms(intake, resolver=service.resolver, base_url=service.base_url, find_code=service.find_code)
    return service.verify(found, also)


def bounded(service: Service) -> Callable[[str | bytes | dict[str, Any]], Report]:
    """The service's `verify`, which raises TooLarge for what is larger than the settings allow."""

    def verify(credential: str | bytes | dict[str, Any]) -> Report:
        require_size(credential, service.settings.max_credential_bytes)
        return service.verify(credential)

    return verify
