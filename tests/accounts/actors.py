"""People of the tests: a clock that is set by hand, a place where letters end, and persons who have signed in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Barrier

from sqlalchemy import Engine

from credentials.accounts import links, organisations, sessions, signing_in
from credentials.accounts.acting import Member, Visitor
from credentials.accounts.means import Means
from credentials.accounts.sessions import Begun, Client
from credentials.store import issuers
from credentials.store.engine import write
from tests.web.staff import Letters

BASE_URL = "https://credentials.example"
SECRET = bytes(range(32))
CLIENT = Client("192.0.2.7", "Firefox on a desk")


@dataclass
class Clock:
    """The present, moved by hand."""

    now: datetime

    def __call__(self) -> datetime:
        """What time it is."""
        return self.now

    def pass_(self, **parts: float) -> None:
        """Let time pass, as `timedelta` counts it."""
        self.now += timedelta(**parts)


@dataclass
class World:
    """The accounts over one database, their letters and their clock."""

    means: Means
    letters: Letters
    clock: Clock

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.means.engine

    def asked(self, address: str) -> str:
        """The token of a sign-in link that was just asked for."""
        links.request_sign_in(self.means, address)
        return self.token(address)

    def token(self, address: str) -> str:
        """The token of the newest link in the letters to an address."""
        return self.letters.path(address).rpartition("/")[2]

    def begun(self, address: str, name: str = "Kim Larsen", client: Client = CLIENT) -> Begun:
        """A session of somebody who opened a link."""
        begun = signing_in.open_link(self.means, self.asked(address), name, client)
        assert isinstance(begun, Begun)
        return begun

    def visitor(self, begun: Begun, client: Client = CLIENT) -> Visitor:
        """Who has a session's cookie."""
        found = sessions.visitor(self.engine, begun.cookie, client, self.clock.now)
        assert found is not None
        return found

    def person(self, address: str, name: str = "Kim Larsen") -> Visitor:
        """Somebody who signed in by a link just now."""
        return self.visitor(self.begun(address, name))

    def owner(self, address: str = "owner@acme.example", slug: str = "acme") -> Member:
        """The founder of a company."""
        visitor = self.person(address)
        with write(self.engine) as connection:
            issuer = issuers.by_slug(connection, slug)
            assert issuer is not None
            organisations.found(self.means, connection, visitor, issuer)
        return self.member(visitor, slug)

    def member(self, visitor: Visitor, slug: str = "acme") -> Member:
        """Somebody in a company that they belong to."""
        found = organisations.member(self.means, visitor, slug)
        assert found is not None
        return found

    def invited(self, owner: Member, address: str, *roles: str) -> Member:
        """Somebody who took an invitation of an owner."""
        organisations.invite(self.means, owner, address, roles)
        begun = signing_in.open_link(self.means, self.token(address), "Some Body", CLIENT)
        assert isinstance(begun, Begun)
        return self.member(self.visitor(begun), owner.issuer.slug)


def world(engine: Engine, now: datetime) -> World:
    """The accounts over a database."""
    letters, clock = Letters(), Clock(now)
    return World(Means(engine, SECRET, BASE_URL, letters, clock), letters, clock)


def with_secret(found: World, secret: bytes) -> Means:
    """The same accounts under another secret."""
    return replace(found.means, secret=secret)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What calls answer or raise that begin in the same moment, each in a thread of its own."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        barrier.wait(10)
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - the answer is the error
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
