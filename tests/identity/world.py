"""A company on a real database, a name server and a web server on loopback, and a clock that moves when told to."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from dnslib import CNAME, QTYPE, RCODE, RR, TXT, DNSRecord
from dnslib.server import DNSHandler, DNSServer

from credentials.core.errors import CredentialError
from credentials.identity.name_server import NameServers, Server
from credentials.identity.service import IdentityService
from credentials.issuer.service import IssuerService
from credentials.store.domain_proofs import DomainProof
from credentials.store.issuers import Issuer
from credentials.verifier.outbound import Answer, OutboundClient
from tests.verifier.outbound_world import Authority, Script, Wire, World

BASE = "https://credentials.example"
DOMAIN = "acme.example"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass
class Clock:
    """A clock by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class Zone:
    """What the name server knows. `texts`: the TXT records of each name; `aliases`: CNAMEs.

    `rcode` answers every question so; `seconds` keeps each waiting; `wildcard` answers for every name not listed.
    """

    def __init__(self) -> None:
        self.texts: dict[str, list[list[bytes]]] = {}
        self.aliases: dict[str, str] = {}
        self.exists = {DOMAIN}
        self.rcode: str | None = None
        self.wildcard: list[list[bytes]] | None = None
        self.seconds = 0.0
        self.asked: list[str] = []

    def put(self, name: str, *texts: str) -> None:
        """Let a name hold exactly these texts."""
        self.texts[name] = [[text.encode()] for text in texts]

    def resolve(self, request: DNSRecord, handler: DNSHandler) -> DNSRecord:
        """Answer as a recursive server does."""
        name = str(request.q.qname).rstrip(".").lower()
        self.asked.append(f"{name} {QTYPE[request.q.qtype]}")
        time.sleep(self.seconds)
        reply: DNSRecord = request.reply()
        if self.rcode:
            reply.header.rcode = getattr(RCODE, self.rcode)
            return reply
        if name in self.aliases:
            reply.add_answer(RR(name, QTYPE.CNAME, rdata=CNAME(self.aliases[name])))
            name = self.aliases[name]
        texts = self.texts.get(name, self.wildcard)
        if request.q.qtype == QTYPE.TXT and texts:
            for text in texts:
                reply.add_answer(RR(name, QTYPE.TXT, rdata=TXT(text)))
        elif name not in self.exists and not any(known.endswith(name) for known in self.texts):
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


class _Silent:
    """The server's log, which nobody reads."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_: None


def _both(zone: Zone) -> list[DNSServer]:
    """Servers for UDP and TCP on the same port. A port that is free for one may be taken for the other: try again."""
    for _ in range(20):
        first = DNSServer(zone, "127.0.0.1", 0, tcp=True, logger=_Silent())
        try:
            port = first.server.server_address[1]
            return [first, DNSServer(zone, "127.0.0.1", port, tcp=False, logger=_Silent())]
        except OSError:
            first.server.server_close()
    raise OSError("no port is free for both")


@contextlib.contextmanager
def name_server(zone: Zone) -> Iterator[int]:
    """Serve a zone over UDP and TCP on one port of loopback."""
    servers = _both(zone)
    port = int(servers[0].server.server_address[1])
    for server in servers:
        threading.Thread(target=server.server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield port
    finally:
        for server in servers:
            server.server.shutdown()
            server.server.server_close()


@dataclass
class Web:
    """The real outbound client, told that every host lives on loopback at the port of the test's own server.

    `private_hosts` are those that may: a host taken from it has moved to an address that nobody may be sent to.
    """

    port: int
    authority: Authority
    private_hosts: set[str] = field(default_factory=lambda: {DOMAIN, "other.example"})
    timeout: float = 2.0
    down: CredentialError | None = None
    asked: list[str] = field(default_factory=list)

    def get(self, url: str, *, accept: str, max_bytes: int | None = None) -> Answer:
        """Fetch from the test's server what lives at `url`."""
        self.asked.append(url)
        if self.down is not None:
            raise self.down
        host, _, path = url.removeprefix("https://").partition("/")
        client = OutboundClient(
            timeout=self.timeout,
            allowed_ports=(self.port,),
            allowed_private_hosts=self.private_hosts,
            authorities=self.authority.path,
            lookup=lambda _host, _port: ["127.0.0.1"],
        )
        return client.get(f"https://{host}:{self.port}/{path}", accept=accept, max_bytes=max_bytes)


@dataclass
class Town:
    """Everything that a test of the proofs works with."""

    issuing: IssuerService
    identity: IdentityService
    acme: Issuer
    clock: Clock
    zone: Zone
    web: Web
    site: World
    told: list[tuple[str, str]]

    def publish(self, path: str, body: bytes | str, media_type: str = "text/plain") -> None:
        """Serve a body at a path of every host."""
        raw = body.encode() if isinstance(body, str) else body
        self.script(path, lambda wire: wire.answer(raw, f"Content-Type: {media_type}"))

    def script(self, path: str, script: Script) -> None:
        """Serve a path by a script."""
        self.site.scripts[path] = script

    def begin(self, method: str = "dns", domain: str = DOMAIN) -> DomainProof:
        """Start a proof, and publish what it wants."""
        proof = self.identity.start(self.acme.id, domain, method)
        self.answer(proof)
        return proof

    def answer(self, proof: DomainProof, token: str | None = None) -> None:
        """Publish what a proof wants, or another token."""
        wanted = self.identity.instructions(proof)
        content = f"credentials-verification={token}" if token else wanted.content
        if proof.method == "dns":
            self.zone.put(wanted.place, content)
        elif proof.method == "file":
            self.publish(f"/{wanted.place.split('/', 3)[3]}", f"{content}\n")
        else:
            document = self.identity.own_did_document(self.acme.id, proof.domain)
            self.publish("/.well-known/did.json", document, "application/json")

    def prove(self, method: str = "dns", domain: str = DOMAIN) -> DomainProof:
        """A proof that holds."""
        proof = self.identity.check(self.begin(method, domain).id)
        assert proof.state == "holds", proof
        return proof

    def work(self) -> list[str]:
        """What a worker does: everything that is due. Returns the ids."""
        due = self.identity.due(self.clock(), 100)
        for one in due:
            self.identity.run(one)
        return due

    def live(self, hours: int) -> None:
        """Let hours pass, a worker working in each."""
        for _ in range(hours):
            self.clock.advance(hours=1)
            self.work()

    def confirmed(self) -> tuple[str | None, str | None]:
        """What the issuer is confirmed as."""
        now = self.issuing.issuer("acme")
        return now.confirmed_domain, now.confirmed_level

    @property
    def events(self) -> list[str]:
        """What was told of the issuer."""
        return [what for whom, what in self.told if whom == self.acme.id]


def refuse(wire: Wire) -> None:
    """A file that is not there."""
    wire.answer(b"", status="404 Not Found")


__all__ = ["BASE", "DOMAIN", "NOW", "Clock", "NameServers", "Server", "Town", "Web", "Zone", "name_server", "refuse"]
