"""Webhooks of two issuers on a real database, a receiver that listens, and a clock that moves when told to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from credentials.store.engine import write
from credentials.store.webhooks import Webhook
from credentials.webhooks.messages import emit
from credentials.webhooks.service import MadeWebhook, WebhookService
from tests.accounts.conftest import add_issuer
from tests.webhooks.receiver import Authority, Receiver, client_for

ACME, OTHER = "id-of-acme", "id-of-other"
ISSUED = "credential.issued"
SECRET = b"\7" * 32


@dataclass
class Clock:
    """A clock by hand; it begins now, for receivers look at theirs."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@dataclass
class World:
    """All of it. `ended`: the endpoints that the service said ended by themselves."""

    engine: Engine
    service: WebhookService
    receiver: Receiver
    clock: Clock
    ended: list[Webhook]

    def add(self, *kinds: str, issuer: str = ACME) -> MadeWebhook:
        """An endpoint at the receiver."""
        return self.service.add(issuer, self.receiver.address, kinds or (ISSUED,))

    def happen(self, name: str = "1", *, kind: str = ISSUED, issuer: str = ACME) -> str | None:
        """Something happens; the id of the message."""
        data = {"issuer": "acme", "credential": name, "url": f"https://credentials.example/c/{name}"}
        with write(self.engine) as connection:
            return emit(connection, issuer, kind, f"{kind}:{name}", data, self.clock())

    def work(self) -> int:
        """What a worker does in one round; how many deliveries were due."""
        due = self.service.due(self.clock(), 100)
        for one in due:
            self.service.deliver(one)
        return len(due)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Whom the outbound client believes."""
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def receiver(authority: Authority) -> Iterator[Receiver]:
    """A receiver that listens and takes everything."""
    with Receiver().listening(authority.server("hooks.example")) as listening:
        yield listening


@pytest.fixture
def world(engine: Engine, authority: Authority, receiver: Receiver) -> World:
    """A service without jitter, and two issuers, acme and other."""
    add_issuer(engine, "acme")
    add_issuer(engine, "other")
    clock, ended = Clock(), list[Webhook]()
    service = WebhookService(
        engine,
        SECRET,
        client_for(authority.path, receiver.port),
        clock,
        ended=lambda _connection, webhook: ended.append(webhook),
        chance=lambda: 0.5,
    )
    return World(engine, service, receiver, clock, ended)
