"""How the servers of the hostile world answer, by the path asked for."""

import gzip
import time
from collections.abc import Callable

from tests.verifier.outbound_world import Wire

HOST = "issuer.example"
CAP = 10_000


def chunked(wire: Wire, *parts: bytes) -> None:
    wire.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for part in parts:
        wire.say(f"{len(part):x}\r\n", part, "\r\n")


def endless(wire: Wire, start: str, part: bytes) -> None:
    wire.say(start)
    while True:
        wire.say(part)


def slowly(wire: Wire, start: str, part: bytes) -> None:
    wire.say(start)
    wire.drip(part, every=0.05)


OK = "HTTP/1.1 200 OK\r\n"
FRAMED = f"{OK}Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b"\0" * 1_000_000)
SCRIPTS: dict[str, Callable[[Wire], None]] = {
    "/ok": lambda wire: wire.answer(b"hello", "Content-Type: Application/DID+json; charset=utf-8"),
    "/ok?a=b&c=%20": lambda wire: wire.answer(b"query"),
    "/bare": lambda wire: wire.answer(b"bare"),
    "/closed": lambda wire: wire.say(f"{OK}\r\n", b"until the end"),
    "/chunked": lambda wire: chunked(wire, b"one ", b"two", b""),
    "/exact": lambda wire: wire.answer(b"x" * CAP),
    "/cookie": lambda wire: wire.answer(b"", "Set-Cookie: a=b; Path=/; Secure"),
    "/continue": lambda wire: wire.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    **{
        f"/{code}": lambda wire, code=code: wire.answer(b"", f"Location: https://{HOST}/ok", status=f"{code} Odd")  # type: ignore[misc]
        for code in (201, 203, 204, 206, 300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 407, 410, 418, 429, 500, 503)
    },
    "/large-length": lambda wire: wire.say(f"{OK}Content-Length: {CAP + 1}\r\n\r\n"),
    "/large-lie": lambda wire: endless(wire, f"{OK}Content-Length: 99999999999999999999999\r\n\r\n", b"x" * 4096),
    "/large-body": lambda wire: endless(wire, f"{OK}\r\n", b"x" * 4096),
    "/large-chunks": lambda wire: endless(wire, FRAMED, b"1000\r\n" + b"x" * 4096 + b"\r\n"),
    "/large-chunk-size": lambda wire: endless(wire, FRAMED, b"0" * 4096),
    "/large-chunk-extension": lambda wire: endless(wire, f"{FRAMED}1;", b"a" * 4096),
    "/large-trailers": lambda wire: endless(wire, f"{FRAMED}0\r\n", b"a: b\r\n" * 700),
    "/large-header": lambda wire: endless(wire, f"{OK}X: ", b"x" * 4096),
    "/many-headers": lambda wire: endless(wire, OK, b"X: y\r\n" * 700),
    "/many-continues": lambda wire: endless(wire, "", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "/large-status": lambda wire: endless(wire, "HTTP/1.1 200 ", b"O" * 4096),
    "/gzip": lambda wire: wire.answer(BOMB, "Content-Encoding: gzip"),
    "/br": lambda wire: wire.answer(b"x", "Content-Encoding: br"),
    "/short": lambda wire: wire.say(f"{OK}Content-Length: 100\r\n\r\nshort"),
    "/short-chunk": lambda wire: wire.say(f"{FRAMED}10\r\nshort"),
    "/bad-chunk": lambda wire: wire.say(f"{FRAMED}zz\r\nshort"),
    "/garbage": lambda wire: wire.say(b"\xff\0\r\n\r\n" * 9),
    "/nothing": lambda wire: wire.say(b""),
    "/silence": lambda _wire: time.sleep(6),
    "/slow-status": lambda wire: slowly(wire, "", b"H"),
    "/slow-header": lambda wire: slowly(wire, OK, b"x"),
    "/slow-headers": lambda wire: slowly(wire, OK, b"X: y\r\n"),
    "/slow-body": lambda wire: slowly(wire, f"{OK}Content-Length: 9000\r\n\r\n", b"x"),
    "/slow-chunks": lambda wire: slowly(wire, FRAMED, b"1\r\nx\r\n"),
    "/slow-chunk-size": lambda wire: slowly(wire, FRAMED, b"0"),
}
