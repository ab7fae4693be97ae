"""How many threads a server process has, and how many of them may wait for the bodies of requests.

Whoever sends a body decides how long it takes. A thread that waits for one does nothing else, so a few idle clients
could hold them all. Bodies get a share of the threads, one client address a share of that; whoever comes beyond is told
at once to try again. Pages and status lists need no body: there is always a thread for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from credentials.web.errors import TooManyBodies

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication

# They wait; Python computes in one at a time. The server starts each when it is first needed.
THREADS = 96
MOST_BODIES = 80
MOST_OF_ONE_CLIENT = 64
Environ = dict[str, Any]
Body = TypeVar("Body", bytes, list[bytes])


class Bodies:
    """Counts the reads that wait for a body right now. Safe to share between threads."""

    def __init__(self, most: int = MOST_BODIES, most_of_one: int = MOST_OF_ONE_CLIENT) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._waiting: dict[str, int] = {}
        self._all = 0
        self._lock = Lock()

    def read(self, client: str, read: Callable[[int], Body], size: int) -> Body:
        """What `read` gives, counted while it waits. Raises TooManyBodies at once when it is one too many."""
        self._enter(client)
        try:
            return read(size)
        finally:
            self._leave(client)

    def _enter(self, client: str) -> None:
        with self._lock:
            waiting = self._waiting.get(client, 0)
            if self._all >= self._most or waiting >= self._most_of_one:
                raise TooManyBodies
            self._waiting[client] = waiting + 1
            self._all += 1

    def _leave(self, client: str) -> None:
        with self._lock:
            self._all -= 1
            waiting = self._waiting.pop(client) - 1
            if waiting:
                self._waiting[client] = waiting


class CountedInput:
    """A request's input stream (PEP 3333) each of whose reads is counted while it waits."""

    def __init__(self, stream: InputStream, bodies: Bodies, client: str) -> None:
        self._stream = stream
        self._bodies = bodies
        self._client = client

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; all that come when it is negative. Raises TooManyBodies."""
        return self._bodies.read(self._client, self._stream.read, size)

    def readline(self, size: int = -1) -> bytes:
        """One line. Raises TooManyBodies."""
        return self._bodies.read(self._client, self._stream.readline, size)

    def readlines(self, hint: int = -1) -> list[bytes]:
        """All lines. Raises TooManyBodies."""
        return self._bodies.read(self._client, self._stream.readlines, hint)

    def __iter__(self) -> Iterator[bytes]:
        """Line by line."""
        return iter(self.readline, b"")


class CountBodies:
    """WSGI middleware that counts every read of every request's body."""

    def __init__(self, app: WSGIApplication, bodies: Bodies) -> None:
        self._app = app
        self._bodies = bodies

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        environ["wsgi.input"] = CountedInput(environ["wsgi.input"], self._bodies, environ.get("REMOTE_ADDR", ""))
        return self._app(environ, start_response)
