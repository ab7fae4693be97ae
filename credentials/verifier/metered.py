"""TLS connections on which a request has one deadline and one budget of bytes, whatever the server does.

Ordinary socket timeouts start afresh with every read, so a server that sends a byte now and then keeps a reader for
ever; and a cap on a body does not count headers or the sizes of chunks. Here each read asks the request's allowance.
"""

import contextlib
import ssl
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


class ReadTooMuchError(OSError):
    """More bytes came off the wire than the request may take."""


@dataclass(slots=True)
class Allowance:
    """What a request may still take: time, until `deadline` on the monotonic clock in seconds, and bytes."""

    deadline: float
    bytes_left: int

    @classmethod
    def of(cls, seconds: float, byte_count: int) -> "Allowance":
        """An allowance that starts now."""
        return cls(time.monotonic() + seconds, byte_count)

    def seconds(self) -> float:
        """Time left. Raises TimeoutError when there is none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time allowed is used up")
        return left

    def take(self, count: int) -> None:
        """Count bytes read. Raises `ReadTooMuchError` when there are more than allowed."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise ReadTooMuchError("more bytes than the request may take")


_current: ContextVar[Allowance] = ContextVar("allowance of the request under way")


@contextlib.contextmanager
def spending(allowance: Allowance) -> Iterator[None]:
    """Meter every read of this thread's metered sockets by `allowance`."""
    token = _current.set(allowance)
    try:
        yield
    finally:
        _current.reset(token)


class MeteredSocket(ssl.SSLSocket):
    """A TLS socket whose handshake, reads and writes each get only the time that the whole request has left."""

    def do_handshake(self, block: bool = False) -> None:
        """As the base class, within the allowance."""
        left = _current.get().seconds()
        self.settimeout(min(self.gettimeout() or left, left))
        super().do_handshake(block)

    def send(self, data: "ReadableBuffer", flags: int = 0) -> int:
        """As the base class, within the allowance. `sendall` comes through here, part by part."""
        self.settimeout(_current.get().seconds())
        return super().send(data, flags)

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int | None = None, flags: int = 0) -> int:
        """As the base class, within the allowance."""
        allowance = _current.get()
        self.settimeout(allowance.seconds())
        count = super().recv_into(buffer, nbytes, flags)
        allowance.take(count)
        return count


def metered_tls(authorities: Path | str) -> ssl.SSLContext:
    """A context that verifies names by a PEM file of authorities: TLS 1.2 or later, on metered sockets."""
    context = ssl.create_default_context(cafile=authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = MeteredSocket
    return context
