"""A small closed-loop load: a few keep-alive connections, each sending one request after the other.

Written on bare sockets so that the load costs little beside the server on the same machine. The yardstick is the
server's own processor time, which other programs on the machine cannot spend.
"""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Load:
    """What came of a load: requests answered as expected, wall seconds, processor seconds of the server."""

    requests: int
    seconds: float
    processor: float

    @property
    def per_second(self) -> float:
        """Requests a second of wall time."""
        return self.requests / self.seconds

    @property
    def per_core(self) -> float:
        """Requests a second of one core: per processor second."""
        return self.requests / self.processor


def http_request(path: str, port: int, body: bytes, content_type: str = "application/json") -> bytes:
    """The bytes of a POST request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {content_type}\r\n"
        f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def read_answer(connection: socket.socket) -> tuple[int, bytes]:
    """One answer with a Content-Length: its status and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("the server hung up")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))[15:])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head[9:12]), body


def ask(port: int, request: bytes) -> tuple[int, bytes]:
    """Send one request on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return read_answer(connection)


def wait_for(port: int, seconds: float = 20.0) -> None:
    """Wait until something listens."""
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def run_load(port: int, requests: Iterator[bytes], server: psutil.Process, *, seconds: float, connections: int) -> Load:
    """Load a server for a while, with endless requests. Raises AssertionError unless all are answered."""
    counts = [0] * connections
    stop = threading.Event()

    def client(number: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not stop.is_set():
                connection.sendall(next(requests))
                status, body = read_answer(connection)
                assert status == 200, (status, body[:300])
                counts[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(connections)]
    before, started = processor_seconds(server), time.perf_counter()
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return Load(sum(counts), time.perf_counter() - started, processor_seconds(server) - before)


def processor_seconds(server: psutil.Process) -> float:
    """Processor seconds that a server and its children have used."""
    every = [server, *server.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in every)
