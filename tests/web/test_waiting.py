"""Requests that wait for their bodies hold no more than their share of the threads, here and in the real server."""

import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from credentials.web.errors import TooManyBodies
from credentials.web.waiting import MOST_BODIES, MOST_OF_ONE_CLIENT, THREADS, Bodies, CountBodies, CountedInput
from tests.web.conftest import open_site

IDLE = (
    b"POST /api/v1/verify HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{",
    b"POST /verify HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 99\r\n\r\n-",
)


class Stalled(io.BytesIO):
    """A body that does not come before it is let."""

    def __init__(self) -> None:
        super().__init__(b"one\ntwo\n")
        self.reached, self.let = Event(), Event()

    def read(self, size: int | None = -1) -> bytes:
        """Wait."""
        self.reached.set()
        assert self.let.wait(10)
        return super().read(size)


@contextmanager
def stalled(bodies: Bodies, client: str) -> Iterator[None]:
    """One read that waits."""
    stream = Stalled()
    thread = Thread(target=CountedInput(stream, bodies, client).read)
    thread.start()
    assert stream.reached.wait(10)
    try:
        yield
    finally:
        stream.let.set()
        thread.join(10)


def test_pages_are_left_threads() -> None:
    assert MOST_OF_ONE_CLIENT < MOST_BODIES <= THREADS - 16


def test_one_too_many_is_refused_at_once_and_later_let_in() -> None:
    bodies = Bodies(most=2, most_of_one=2)
    last = CountedInput(io.BytesIO(b"body"), bodies, "192.0.2.3")
    with stalled(bodies, "192.0.2.1"), stalled(bodies, "192.0.2.2"), pytest.raises(TooManyBodies):
        last.read()
    assert last.read() == b"body"


def test_one_client_cannot_take_the_place_of_others() -> None:
    bodies = Bodies(most=3, most_of_one=1)
    with stalled(bodies, "192.0.2.1"):
        for read in (CountedInput.read, CountedInput.readline, CountedInput.readlines, list):
            with pytest.raises(TooManyBodies):
                read(CountedInput(io.BytesIO(b"body"), bodies, "192.0.2.1"))
        assert CountedInput(io.BytesIO(b"body"), bodies, "192.0.2.2").read() == b"body"
    assert CountedInput(io.BytesIO(b"body"), bodies, "192.0.2.1").read() == b"body"


def test_a_read_that_fails_gives_its_place_back() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError(size)

    bodies = Bodies(most=1, most_of_one=1)
    for _ in range(3):
        with pytest.raises(ConnectionResetError):
            CountedInput(Broken(), bodies, "192.0.2.1").read()


def test_every_way_to_read_gives_the_body() -> None:
    ways: tuple[Callable[[CountedInput], object], ...] = (
        lambda body: body.read(),
        lambda body: body.read(4) + body.read(),
        lambda body: body.readline() + body.readline(2) + body.readline(),
        lambda body: b"".join(body.readlines()),
        b"".join,
    )
    for way in ways:
        assert way(CountedInput(io.BytesIO(b"one\ntwo\n"), Bodies(), "192.0.2.1")) == b"one\ntwo\n"


def test_a_request_keeps_its_other_members() -> None:
    seen = []

    def note(environ: dict[str, Any], _start: object) -> list[bytes]:
        seen.append(environ)
        return []

    app = CountBodies(note, Bodies())
    app({"wsgi.input": io.BytesIO(b"body"), "PATH_INFO": "/x"}, lambda *_: lambda _data: None)
    assert (seen[0]["PATH_INFO"], seen[0]["wsgi.input"].read()) == ("/x", b"body")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str, str]]:
    """`credentials serve` on a data folder: its port, the path of a credential's page, its token."""
    folder = tmp_path_factory.mktemp("served") / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    site = open_site(folder, base_url=f"http://127.0.0.1:{port}")
    path, token = f"/c/{site.issued.id}", site.token
    site.service.close()
    with (folder.parent / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "credentials.cli", "serve", "--data", str(folder), "--port", str(port)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=Path(__file__).parents[2],
            env={name: value for name, value in os.environ.items() if not name.startswith("CREDENTIALS_")},
        )
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Serving ")
        yield port, path, token
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        log.seek(0)
        assert (process.returncode, "Traceback" in log.read()) == (0, False)


def ask(port: int, method: str, path: str, body: str | None = None) -> tuple[int, str, float]:
    """Status, Retry-After and seconds of one call."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer.status, answer.headers.get("Retry-After", ""), time.monotonic() - started


def test_idle_bodies_do_not_stop_the_pages(server: tuple[int, str, str]) -> None:
    port, page, token = server
    call = json.dumps({"credential": token})
    with ExitStack() as stack:
        for number in range(THREADS + 20):
            opened = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            opened.sendall(IDLE[number % len(IDLE)])
        time.sleep(0.5)
        for path in ("/healthz", page, "/verify"):
            status, _, seconds = ask(port, "GET", path)
            assert (status, seconds < 5) == (200, True), path
        status, retry_after, seconds = ask(port, "POST", "/api/v1/verify", call)
        assert (status, bool(retry_after), seconds < 5) == (503, True, True)
    for _ in range(100):
        if ask(port, "POST", "/api/v1/verify", call)[0] == 200:
            break
        time.sleep(0.05)
    assert ask(port, "POST", "/api/v1/verify", call)[0] == 200
