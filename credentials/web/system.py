"""Routes of the service itself: health, figures, the API's document, what an error code means, static files."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, render_template, request

from credentials.core import strict_json
from credentials.core.errors import registry
from credentials.web.access import Caller, declares
from credentials.web.composition import Service
from credentials.web.envelope import REQUEST_ID
from credentials.web.errors import ErrorCodeUnknown, NotReady, PageMissing
from credentials.web.metrics import MEDIA_TYPE as METRICS_TYPE
from credentials.web.openapi import document
from credentials.web.problems import MEDIA_TYPE, TRY_AGAIN_SECONDS, Problem, problem_of, status_of, wants_page
from credentials.web.readiness import Readiness, readiness
from credentials.web.runtime import runtime

READINESS_SECONDS = 1.0
STATIC_SECONDS = 3600
# Not from the machine's own tables: a browser must be told the same everywhere.
STATIC_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
T = TypeVar("T")


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("system", __name__)
    ready = _remembered(lambda: _looked(service), READINESS_SECONDS)

    @routes.get("/healthz")
    @declares(Caller.PUBLIC)
    def healthz() -> Response:
        return _json({"status": "ok"})

    @routes.get("/readyz")
    @declares(Caller.PUBLIC)
    def readyz() -> Response:
        return _ready_answer(ready())

    @routes.get("/metrics")
    @declares(Caller.OPERATOR)
    def metrics() -> Response:
        return Response(runtime().metrics.exposition(), content_type=METRICS_TYPE)

    @routes.get("/openapi.json")
    @declares(Caller.PUBLIC, open_to_origins=True)
    def openapi() -> Response:
        return _json(document(current_app, service.base_url))

    @routes.get("/errors/<code>")
    @declares(Caller.PUBLIC, open_to_origins=True)
    def error_kind(code: str) -> Response:
        return _error_kind(code)

    return routes


def add_static(app: Flask) -> None:
    """Serve the files of `static/`, read once, under the endpoint that templates call `static`."""
    folder = Path(app.root_path) / "static"
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    @declares(Caller.PUBLIC)
    def static(filename: str) -> Response:
        content = files.get(filename)
        if content is None:
            raise PageMissing
        response = Response(content, mimetype=STATIC_TYPES.get(Path(filename).suffix, "application/octet-stream"))
        response.cache_control.max_age = STATIC_SECONDS
        response.add_etag()
        response.make_conditional(request)
        return response

    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static)


def _json(value: object, status: int = 200, mimetype: str = "application/json") -> Response:
    return Response(strict_json.dump(value), status, mimetype=mimetype)


def _looked(service: Service) -> list[Readiness]:
    """Every check; what is behind a failed one goes to the log."""
    checks = readiness(service)
    for check in checks:
        if not check.ok:
            runtime().log.warning("not-ready", check=check.id, code=check.code, detail=check.detail)
    return checks


def _ready_answer(checks: list[Readiness]) -> Response:
    said = [check.to_json() for check in checks]
    failed = [check.id for check in checks if not check.ok]
    if not failed:
        return _json({"ready": True, "checks": said})
    error = NotReady(f"failed: {', '.join(failed)}")
    problem = problem_of(error, base_url=runtime().base_url, request_id=request.environ[REQUEST_ID])
    response = _json(problem.to_json() | {"ready": False, "checks": said}, problem.status, MEDIA_TYPE)
    response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def _error_kind(code: str) -> Response:
    kind = registry().get(code)
    if kind is None:
        raise ErrorCodeUnknown
    meaning = (kind.__doc__ or "").strip().splitlines()[0] if kind.__doc__ else ""
    status = status_of(kind)
    if wants_page():
        problem = Problem("", kind.title, status, meaning, code, kind.advice, "", "")
        return Response(render_template("error.html", problem=problem), mimetype="text/html")
    said: dict[str, Any] = {
        "type": f"{runtime().base_url}/errors/{code}",
        "code": code,
        "title": kind.title,
        "meaning": meaning,
        "advice": kind.advice,
        "status": status,
    }
    return _json(said)


def _remembered(ask: Callable[[], T], seconds: float) -> Callable[[], T]:
    """The answer of at most so many seconds ago: whoever asks without end costs no more than that."""
    kept: list[tuple[float, T]] = []

    def answer() -> T:
        now = time.monotonic()
        if not kept or now - kept[-1][0] >= seconds:
            kept[:] = [(now, ask())]
        return kept[-1][1]

    return answer
