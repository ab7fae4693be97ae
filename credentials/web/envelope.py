"""The outermost layer: what every answer has, whichever view made it.

A request id; the client behind a trusted proxy; paths of QR codes folded to lower case; the security headers; one
log line and one count. It knows nothing of Flask: a view tells it the route's template and declaration through the
WSGI environ (`ROUTE`, `DECLARATION`), so answers that no view made (404, 405) pass through the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from random import getrandbits
from time import perf_counter
from typing import TYPE_CHECKING, Any

from structlog.typing import FilteringBoundLogger

from credentials.web.access import Declaration
from credentials.web.headers import NOT_STORED, security_headers
from credentials.web.metrics import Metrics, method_label
from credentials.web.proxies import Proxies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

REQUEST_ID = "credentials.request_id"
ROUTE = "credentials.route"
DECLARATION = "credentials.declaration"
NO_ROUTE = "(none)"
# A QR code in alphanumeric mode knows capitals only.
CASE_BLIND = {"/C/": "/c/", "/V/": "/v/", "/P/": "/p/"}
Environ = dict[str, Any]
Headers = list[tuple[str, str]]


class Envelope:
    """WSGI middleware around the whole application."""

    def __init__(
        self, app: WSGIApplication, *, proxies: Proxies, metrics: Metrics, log: FilteringBoundLogger, https: bool
    ) -> None:
        self._app = app
        self._proxies = proxies
        self._metrics = metrics
        self._log = log
        self._https = https

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        started = perf_counter()
        environ[REQUEST_ID] = self._proxies.believe(environ) or _new_id()
        environ["PATH_INFO"] = fold_case(environ.get("PATH_INFO", ""))
        statuses: list[str] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            statuses.append(status[:3])
            return start_response(status, self._complete(environ, headers), exc_info)

        body = self._app(environ, start)
        self._record(environ, statuses[-1] if statuses else "500", perf_counter() - started)
        return body

    def _complete(self, environ: Environ, headers: Headers) -> Headers:
        """An answer's own headers, then those of `headers.py` that it does not set itself."""
        declaration: Declaration | None = environ.get(DECLARATION)
        secure = self._https or environ.get("wsgi.url_scheme") == "https"
        opened = declaration is not None and declaration.open_to_origins
        added = _added(opened, secure, tuple([name for name, _ in headers]))
        return [*headers, *added, ("X-Request-ID", environ[REQUEST_ID])]

    def _record(self, environ: Environ, status: str, seconds: float) -> None:
        """Count and log one answered request."""
        route, method = environ.get(ROUTE, NO_ROUTE), method_label(environ["REQUEST_METHOD"])
        self._metrics.count_request(route, method, status, seconds)
        self._log.info(
            "request",
            route=route,
            method=method,
            status=int(status),
            ms=round(seconds * 1000, 2),
            request_id=environ[REQUEST_ID],
        )


def _new_id() -> str:
    """A label for whoever reads the log, no secret: not worth a question to the kernel for each request."""
    return f"{getrandbits(128):032x}"


@lru_cache(maxsize=512)
def _added(opened: bool, secure: bool, own: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The headers that an answer gets beside its own. Views set the same few again and again."""
    names = {name.lower() for name in own}
    every = (*security_headers(open_to_origins=opened, https=secure), *NOT_STORED)
    return tuple(header for header in every if header[0].lower() not in names)


def fold_case(path: str) -> str:
    """`/C/7K…` is `/c/7K…`: the first segment only; ids fold their own case."""
    return CASE_BLIND.get(path[:3], path[:3]) + path[3:]
