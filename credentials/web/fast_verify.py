"""POST /api/v1/verify ahead of Flask: the one path whose cost per request matters.

It answers only what is plainly a good call: within the rate limit, small enough, `application/json`, exactly one member
`credential`. Whatever else there is to say (a refusal, an error, a page) is left to Flask, which is handed the body
again: so every answer but the plain one is made in one place. Limits, headers, log and figures are the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from credentials.core import strict_json
from credentials.verifier.report import Report
from credentials.web.access import Declaration
from credentials.web.envelope import DECLARATION, ROUTE
from credentials.web.errors import TooManyBodies
from credentials.web.guard import WAIT
from credentials.web.metrics import Metrics
from credentials.web.rates import Rates

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

PATH = "/api/v1/verify"
JSON = "application/json"
Environ = dict[str, Any]


class FastVerify:
    """WSGI middleware. `declaration` is that of the Flask route it stands before."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        verify: Callable[[str | dict[str, Any]], Report],
        declaration: Declaration,
        rates: Rates,
        metrics: Metrics,
    ) -> None:
        self._app = app
        self._verify = verify
        self._declaration = declaration
        self._rates = rates
        self._metrics = metrics

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return self._app(environ, start_response)
        environ[WAIT] = self._rates.wait(self._declaration.limit, environ.get("REMOTE_ADDR", ""))
        answer = None if environ[WAIT] else self._answer(environ)
        if answer is None:
            return self._app(environ, start_response)
        environ[ROUTE], environ[DECLARATION] = PATH, self._declaration
        start_response("200 OK", [("Content-Type", JSON), ("Content-Length", str(len(answer)))])
        return [answer]

    def _answer(self, environ: Environ) -> bytes | None:
        """The report as JSON; None when Flask should say what is the matter."""
        length = environ.get("CONTENT_LENGTH") or ""
        if environ.get("CONTENT_TYPE") != JSON or not length.isdecimal() or int(length) > self._declaration.max_body:
            return None
        try:
            body: bytes = environ["wsgi.input"].read(int(length))
        except TooManyBodies:
            return None
        environ["wsgi.input"] = io.BytesIO(body)
        try:
            report = self._verify(_credential(body))
        except Exception:  # noqa: BLE001 - whatever it is, it happens again in Flask, which logs it and says it
            return None
        self._metrics.count_verification(report.state)
        return report.to_bytes()


class _Given(msgspec.Struct, forbid_unknown_fields=True):
    """A plain call's body: a token."""

    credential: str


_PLAIN = msgspec.json.Decoder(_Given)


def _credential(body: bytes) -> str | dict[str, Any]:
    """The one member. Raises for whatever Flask should look at.

    A body with four quotation marks and no escape is one name and one text: there is nothing that could be written
    twice or nested, so it needs no second look.
    """
    if body.count(b'"') == 4 and not strict_json.has_escapes(body):
        return _PLAIN.decode(body).credential
    given = strict_json.parse_object(body, max_bytes=len(body))
    credential = given.pop("credential", None)
    if given or not isinstance(credential, str | dict):
        raise ValueError("not exactly one member `credential`")
    return credential
