"""The one place where errors become HTTP answers: problem details (RFC 9457) for programs, a page for people.

Everything that is raised below the web is a `CredentialError` with a stable code; its kind decides the status here.
Whatever else is raised becomes `internal-error` with the request id, and only its class and places reach the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from credentials.accounts.errors import KeyRefused, KeyWanted, SignInWanted
from credentials.core import strict_json
from credentials.core.errors import (
    BadIdentifier,
    BadInput,
    Conflict,
    CredentialError,
    Forbidden,
    KeyUnavailable,
    NotAccepted,
    NotFound,
    SignatureInvalid,
    StatusUnavailable,
    TooLarge,
    Unavailable,
    Unreadable,
)
from credentials.files.errors import FileStoreFull
from credentials.issuer.errors import DraftRefused
from credentials.verifier.errors import AddressRefused, LocationRefused, NotHttps, ResolutionFailed, UnsupportedDid
from credentials.web import errors as web
from credentials.web.envelope import REQUEST_ID
from credentials.web.runtime import runtime

MEDIA_TYPE = "application/problem+json"
# The first entry that is a class of the error decides: particular errors stand before the kinds.
STATUS: Mapping[type[CredentialError], int] = {
    KeyWanted: 401,
    KeyRefused: 401,
    SignInWanted: 401,
    web.MethodRefused: 405,
    web.BodyTooLarge: 413,
    TooLarge: 413,
    # Text that cannot be an id names nothing.
    BadIdentifier: 404,
    # A link or DID that a caller gave and that is not followed, whatever stands there.
    NotHttps: 422,
    LocationRefused: 422,
    AddressRefused: 422,
    UnsupportedDid: 422,
    ResolutionFailed: 502,
    web.MediaTypeRefused: 415,
    web.NotAcceptable: 406,
    web.TooManyRequests: 429,
    web.InternalError: 500,
    FileStoreFull: 507,
    NotFound: 404,
    Conflict: 409,
    Forbidden: 403,
    Unreadable: 400,
    NotAccepted: 422,
    SignatureInvalid: 422,
    BadInput: 422,
    KeyUnavailable: 502,
    StatusUnavailable: 502,
    Unavailable: 503,
}
HTTP_ERRORS: Mapping[int, type[CredentialError]] = {
    404: web.PageMissing,
    405: web.MethodRefused,
    406: web.NotAcceptable,
    413: web.BodyTooLarge,
    415: web.MediaTypeRefused,
    429: web.TooManyRequests,
}
TRY_AGAIN_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as RFC 9457 §3 spells it, with this service's own members after `detail`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    advice: str
    where: str
    request_id: str
    findings: tuple[Mapping[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The members in camel case; `where` only when something can be pointed at, `findings` of a refused draft."""
        members = asdict(self)
        members["requestId"] = members.pop("request_id")
        return {name: value for name, value in members.items() if value not in ("", ())}


def status_of(kind: type[CredentialError]) -> int:
    """The HTTP status of an error, by its class or the kind it belongs to."""
    return next((status for known, status in STATUS.items() if issubclass(kind, known)), 500)


def is_internal(error: CredentialError) -> bool:
    """Whether an error's detail tells of this machine (paths, hosts): it is for the log and `credentials doctor`."""
    return isinstance(error, Unavailable) and not isinstance(error, web.NotReady)


def problem_of(
    error: CredentialError, *, base_url: str, request_id: str, status: int = 0, problem_type: str = ""
) -> Problem:
    """The problem that tells of an error; `status` and `problem_type` where a standard has its own for it."""
    internal = is_internal(error)
    return Problem(
        type=problem_type or f"{base_url}/errors/{error.code}",
        title=error.title,
        status=status or status_of(type(error)),
        detail=error.title if internal else error.detail or error.title,
        code=error.code,
        advice=error.advice,
        where="" if internal else error.where,
        request_id=request_id,
        findings=_findings(error),
    )


def _findings(error: CredentialError) -> tuple[Mapping[str, str], ...]:
    """What lint found in a refused draft, without repeating the values."""
    if not isinstance(error, DraftRefused):
        return ()
    return tuple(
        {
            "level": one.level,
            "field": one.field,
            "problem": one.problem,
            "advice": one.advice,
            "code": one.code,
        }
        for one in error.findings
    )


def wants_page(prefix: str = "/api/") -> bool:
    """Whether the asker is a browser on a page: it names HTML and is not calling the API."""
    return not request.path.startswith(prefix) and "text/html" in request.headers.get("Accept", "")


def invalid_input(error: CredentialError, problem_type: str = "") -> Response:
    """400 with the problem, for interfaces whose standard has no other status for what cannot be taken."""
    request_id = request.environ.get(REQUEST_ID, "")
    problem = problem_of(
        error, base_url=runtime().base_url, request_id=request_id, status=400, problem_type=problem_type
    )
    return Response(strict_json.dump(problem.to_json()), problem.status, mimetype=MEDIA_TYPE)


def answer(error: CredentialError, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a failed request."""
    problem = problem_of(error, base_url=runtime().base_url, request_id=request.environ.get(REQUEST_ID, ""))
    if wants_page():
        response = Response(render_template("error.html", problem=problem), problem.status, mimetype="text/html")
    else:
        response = Response(strict_json.dump(problem.to_json()), problem.status, mimetype=MEDIA_TYPE)
    response.headers.update(dict(headers or {}))
    if problem.status == 401 and not isinstance(error, SignInWanted):
        response.headers["WWW-Authenticate"] = 'Bearer realm="credentials"'
    if isinstance(error, web.TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    if problem.status == 503:
        response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def on_credential_error(error: CredentialError) -> Response:
    """An error of our own family."""
    if status_of(type(error)) >= 500:
        told = {"detail": str(error)} if is_internal(error) else {}
        runtime().log.warning("unavailable", code=error.code, request_id=request.environ.get(REQUEST_ID, ""), **told)
    return answer(error)


def on_http_error(error: HTTPException) -> Response:
    """An error that Flask or Werkzeug raised; redirects pass as they are."""
    if error.code is None or error.code < 400:
        response = error.get_response()
        return Response(response.get_data(), response.status, dict(response.headers))
    if error.code >= 500:
        return on_unforeseen(error)
    kind = HTTP_ERRORS.get(error.code, web.RequestMalformed)
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return answer(kind(), headers)


def on_csrf_error(_error: CSRFError) -> Response:
    """A form without a good CSRF token."""
    return answer(web.FormExpired())


def on_unforeseen(error: Exception) -> Response:
    """Anything else is a mistake of ours: log where it rose, tell only the request id."""
    runtime().log.error("internal-error", exc_info=error, request_id=request.environ.get(REQUEST_ID, ""))
    return answer(web.InternalError())


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(CredentialError, on_credential_error)
    app.register_error_handler(CSRFError, on_csrf_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_unforeseen)
