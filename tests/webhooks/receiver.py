"""A receiver of webhooks: a real https server on loopback, which answers as it is told and keeps what it got."""

import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from credentials.verifier.outbound import OutboundClient
from tests.verifier.outbound_world import Authority

HOST = "hooks.example"


@dataclass(frozen=True)
class Got:
    """One request as it arrived; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The message's id."""
        return self.headers["webhook-id"]


Answer = Callable[[BaseHTTPRequestHandler], None]


def status(code: int, *headers: tuple[str, str], body: bytes = b"thank you") -> Answer:
    """An answer with this status."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drop(_handler: BaseHTTPRequestHandler) -> None:
    """Say nothing and hang up."""


def hang(handler: BaseHTTPRequestHandler) -> None:
    """Say nothing for longer than anybody waits."""
    time.sleep(3)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """200, and a body without end."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(10_000):
        handler.wfile.write(b"x" * 65_536)


def trickle(handler: BaseHTTPRequestHandler) -> None:
    """A head that never ends, a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


@dataclass
class Receiver:
    """The server under test's control: `answer` decides what is said, `got` is what came."""

    port: int = 0
    answer: Answer = field(default_factory=lambda: status(200))
    got: list[Got] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"https://{HOST}:{self.port}/hook"

    @contextlib.contextmanager
    def listening(self, tls: ssl.SSLContext) -> Iterator["Receiver"]:
        """Serve on a free port of loopback."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append(Got(self.path, headers, body))
                with contextlib.suppress(OSError):
                    receiver.answer(self)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads, block_on_close = True, False

            def handle_error(self, request: object, client_address: object) -> None:
                """Whoever hung up hung up."""

        with Server(("127.0.0.1", self.port), Handler) as server:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            self.port = server.server_address[1]
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            try:
                yield self
            finally:
                server.shutdown()


def client_for(authorities: Path, port: int, **options: object) -> OutboundClient:
    """The outbound client, told that the receiver's name leads to loopback and that it may go there."""
    given = {
        "authorities": authorities,
        "allowed_ports": (443, port),
        "allowed_private_hosts": (HOST,),
        "lookup": lambda _host, _port: ["127.0.0.1"],
        "timeout": 1.0,
    }
    return OutboundClient(**{**given, **options})  # type: ignore[arg-type]


__all__ = ["HOST", "Authority", "Got", "Receiver", "client_for", "drop", "endless", "hang", "status", "trickle"]
