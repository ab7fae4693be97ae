"""What may change between two verifications, a resolver that counts, and the report that every step gives."""

from __future__ import annotations

from datetime import datetime, timedelta

from credentials.core.did import did_web_to_url
from credentials.verifier.keys import IssuerKeys
from credentials.verifier.policy import Confirmation, Suspension, TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.resolvers.resolver import Fetched
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.verify import verify
from tests.verifier.world import INDEX, NOW, World, list_url

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Watched(StaticResolver):
    """A resolver that counts, gives copies of some age, and fails when told to."""

    def __init__(self, world: World, age: timedelta = timedelta()) -> None:
        super().__init__(world.published, clock=lambda: world.now - age)
        self.asked = 0

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        self.asked += 1
        return super().fetch(url, accept=accept, max_bytes=max_bytes, not_before=not_before)


def every_step(world: World, secured: bytes, resolver: StaticResolver | None = None) -> Report:
    """The report with nothing found again: whoever brings the keys asks for all of it."""
    asked = resolver or world.resolver()

    def keys(issuer: str, method: str, form: str) -> IssuerKeys:
        return IssuerKeys(issuer, method, asked, world.now, form)

    return verify(secured, resolver=asked, policy=world.policy, now=world.now, keys=keys)


def revoke(world: World) -> None:
    world.publish_list("revocation", [INDEX], built=world.now)


def hold(world: World) -> None:
    world.publish_list("suspension", [INDEX], built=world.now)


def renew(world: World) -> None:
    for purpose in ("revocation", "suspension"):
        world.publish_list(purpose, built=world.now)


def lose_a_list(world: World) -> None:
    world.published.pop(list_url("suspension"), None)


def lose_the_keys(world: World) -> None:
    world.published.pop(did_web_to_url(world.issuer.did), None)


def publish_the_keys(world: World) -> None:
    world.issuer.revoked.clear()
    world.publish_document()


def report_theft(world: World) -> None:
    world.issuer.revoked["k1"] = world.now + MINUTE
    world.publish_document()


def doubt(world: World) -> None:
    world.policy = TrustPolicy(suspended={world.issuer.did: Suspension(world.now, "Reported.")})


def try_out(world: World) -> None:
    world.policy = TrustPolicy(sandbox=frozenset({world.issuer.did}))


def believe(world: World) -> None:
    world.policy = TrustPolicy()


def believe_otherwise(world: World) -> None:
    world.policy = TrustPolicy(confirmed={world.issuer.did: Confirmation("other.example", "operator", NOW)})


def nothing(_world: World) -> None:
    """Only time goes on."""


CHANGES = [
    renew, revoke, hold, lose_a_list, lose_the_keys, publish_the_keys, report_theft, doubt, try_out, believe,
    believe_otherwise, nothing,
]  # fmt: skip
