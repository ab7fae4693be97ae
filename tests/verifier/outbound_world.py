"""A small internet inside a network namespace: every address there is, public or not, is this process.

So a request that should not have been made does reach something: the trap notes it, and nothing leaves the machine.
"""

import contextlib
import datetime as dt
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Script = Callable[["Wire"], None]


def is_alone() -> bool:
    """Whether this process is in a network namespace where only the loopback device is."""
    return [name for _, name in socket.if_nameindex()] == ["lo"]


# Makes each IPv4 and IPv6 address one of the namespace's own.
OWN_EVERY_ADDRESS = "ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo"


@dataclass
class Authority:
    """A certificate authority of our own, with its certificates as files."""

    folder: Path
    name: str = "Authority of the tests"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        built = self._builder(self.name, self.key.public_key(), days=1).add_extension(constraints, critical=True)
        self.path = self._write("authority", built)

    def server(self, *hosts: str, days: int = 1) -> ssl.SSLContext:
        """A server's context with a certificate for `hosts`, valid until `days` from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        path = self._write(
            hosts[0], self._builder(hosts[0], key.public_key(), days).add_extension(names, critical=False)
        )
        pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (self.folder / f"{hosts[0]}.key").write_bytes(key.private_bytes(*pem))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path, self.folder / f"{hosts[0]}.key")
        return context

    def _builder(self, name: str, key: ec.EllipticCurvePublicKey, days: int) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        skid = x509.SubjectKeyIdentifier.from_public_key
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)]))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=9))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(skid(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )

    def _write(self, name: str, builder: x509.CertificateBuilder) -> Path:
        path = self.folder / f"{name}.pem"
        path.write_bytes(builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return path


@dataclass
class Wire:
    """One connection as the server sees it."""

    socket: socket.socket
    head: str

    def say(self, *parts: str | bytes) -> None:
        """Send, whether or not anybody still listens."""
        for part in parts:
            self.socket.sendall(part.encode() if isinstance(part, str) else part)

    def answer(self, body: bytes, *headers: str, status: str = "200 OK") -> None:
        """A whole answer."""
        lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", "")
        self.say("\r\n".join(lines), body)

    def drip(self, part: bytes, *, every: float) -> None:
        """Send something small again and again, until nobody listens."""
        while True:
            self.say(part)
            time.sleep(every)


@dataclass
class World:
    """A server on a port of every address, and what came to it."""

    scripts: dict[str, Script]
    reached: list[tuple[str, str]] = field(default_factory=list)
    """Address and request head (empty when it never came) of each connection."""
    silent_at: str = ""
    """An address where connections open and nothing is ever said."""
    instead_of_tls: Callable[[socket.socket], object] | None = None

    @contextlib.contextmanager
    def listening(self, port: int, tls: ssl.SSLContext | None, *, version: int = 6) -> Iterator[None]:
        """Serve on `port`: of IPv4 and IPv6 addresses, or (`version=4`) of IPv4 addresses only."""
        world = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    world.serve(self.request, tls)

        class Server(socketserver.ThreadingTCPServer):
            address_family = socket.AF_INET6 if version == 6 else socket.AF_INET
            allow_reuse_address, daemon_threads, block_on_close = True, True, False

        with Server(("::" if version == 6 else "", port), Handler) as server:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            try:
                yield
            finally:
                server.shutdown()

    def serve(self, connection: socket.socket, tls: ssl.SSLContext | None) -> None:
        """Note who was reached, read a request, play the script of its path."""
        address = str(connection.getsockname()[0]).removeprefix("::ffff:")
        self.reached.append((address, ""))
        place = len(self.reached) - 1
        connection.settimeout(5)
        if address == self.silent_at:
            time.sleep(2)
        if self.instead_of_tls:
            self.instead_of_tls(connection)
            return
        with tls.wrap_socket(connection, server_side=True) if tls else connection as wire:
            head = b""
            while b"\r\n\r\n" not in head:
                received = wire.recv(4096)
                if not received:
                    return
                head += received
            head, _, body = head.partition(b"\r\n\r\n")
            self.reached[place] = (address, head.decode() + "\r\n\r\n")
            _read_body(wire, head, body)
            self.scripts[head.split()[1].decode()](Wire(wire, head.decode() + "\r\n\r\n"))

    def addresses(self) -> list[str]:
        """The addresses that were connected to."""
        return [address for address, _ in self.reached]


def _read_body(wire: socket.socket, head: bytes, body: bytes) -> None:
    """Take the whole body of a POST: to hang up before would break off the answer too."""
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0]):
        body += wire.recv(4096) or b" " * int(lengths[0])


class NameServer(socketserver.ThreadingUDPServer):
    """Answers every question for an IPv4 address from a list, one after the other; knows no IPv6 addresses."""

    allow_reuse_address, daemon_threads, block_on_close = True, True, False

    def __init__(self, answers: list[str]) -> None:
        self.answers, self.asked = answers, 0
        super().__init__(("", 53), _Question)

    @contextlib.contextmanager
    def answering(self) -> Iterator["NameServer"]:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()


class _Question(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data, reply = self.request
        server: Any = self.server
        end = data.index(b"\0", 12) + 5
        records = b""
        if data[end - 4 : end - 2] == b"\0\1":
            address = server.answers[min(server.asked, len(server.answers) - 1)]
            server.asked += 1
            records = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + socket.inet_aton(address)
        counts = b"\0\1" + (b"\0\1" if records else b"\0\0") + b"\0\0\0\0"
        reply.sendto(data[:2] + b"\x84\0" + counts + data[12:end] + records, self.client_address)
