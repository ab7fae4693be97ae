"""A verifier that remembers what it fetched says nothing false because its copies are old."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from credentials.core import strict_json
from credentials.core.did import did_web_to_url
from credentials.core.jws import parse_compact
from credentials.verifier.errors import NotFoundThere
from credentials.verifier.report import Report
from credentials.verifier.resolvers.caching import CachingResolver
from credentials.verifier.resolvers.resolver import Fetched
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.verifier.world import INDEX, NOW, Ed25519Key, World, claims_of, list_url

LONG = timedelta(hours=1)


@dataclass
class Internet:
    """What the world publishes now, and how often each address was really asked for."""

    world: World
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        self.asked.append(url)
        found = StaticResolver(self.world.published, clock=lambda: self.world.now)
        return found.fetch(url, accept=accept, max_bytes=max_bytes, not_before=not_before)


class Verifier:
    """A verifier whose copies last an hour."""

    def __init__(self) -> None:
        self.world = World()
        self.internet = Internet(self.world)
        self.resolver = CachingResolver(self.internet, lambda: self.world.now, age_of=lambda _url, _fetched: LONG)

    def ask(self, token: bytes) -> Report:
        return verify(token, resolver=self.resolver, policy=self.world.policy, now=self.world.now)

    def pass_time(self, seconds: int) -> None:
        self.world.now += timedelta(seconds=seconds)

    def count(self, url: str) -> int:
        return self.internet.asked.count(url)


@pytest.fixture
def verifier() -> Verifier:
    """One that has verified a genuine credential, and so remembers the issuer's keys and lists."""
    one = Verifier()
    assert one.ask(one.world.token()).state is State.GENUINE
    return one


def _rotate(world: World) -> None:
    """The issuer signs with a new key from now on; the old one stays listed."""
    world.issuer.keys = {"k2": Ed25519Key(2), "k1": world.issuer.keys["k1"]}
    world.publish_document()


def _token_of_new_key(world: World) -> bytes:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": world.issuer.method("k2")}
    payload = World(issuer=world.issuer).document()
    return world.issuer.sign_raw(header, strict_json.dump(payload | claims_of(payload)), name="k2")


def test_a_credential_of_a_new_key_is_genuine_at_once(verifier: Verifier) -> None:
    _rotate(verifier.world)
    verifier.pass_time(30)
    assert verifier.ask(_token_of_new_key(verifier.world)).state is State.GENUINE
    assert verifier.count(did_web_to_url(verifier.world.issuer.did)) == 2


def test_a_list_of_a_new_key_counts_at_once(verifier: Verifier) -> None:
    _rotate(verifier.world)
    verifier.pass_time(7 * 60)
    verifier.world.publish_list("revocation", [INDEX], name="k2", built=verifier.world.now)
    assert verifier.ask(verifier.world.token()).state is State.REVOKED


def test_a_list_older_than_its_ttl_is_asked_for_again(verifier: Verifier) -> None:
    verifier.pass_time(7 * 60)
    for purpose in ("revocation", "suspension"):
        verifier.world.publish_list(purpose, built=verifier.world.now)
    assert verifier.ask(verifier.world.token()).state is State.GENUINE
    assert verifier.count(list_url("revocation")) == 2


@pytest.mark.parametrize("seconds", [5 * 60 + 1, 6 * 60])
def test_a_copy_older_than_its_ttl_by_our_own_clock_is_not_used(verifier: Verifier, seconds: int) -> None:
    verifier.pass_time(seconds)
    verifier.world.publish_list("revocation", [INDEX], built=verifier.world.now)
    assert verifier.ask(verifier.world.token()).state is State.REVOKED


@pytest.mark.parametrize("ttl", [1, 5, 9])
def test_a_short_ttl_is_kept_too(ttl: int) -> None:
    one = Verifier()
    one.world.publish_list("revocation", ttl=timedelta(seconds=ttl))
    assert one.ask(one.world.token()).state is State.GENUINE
    one.pass_time(ttl + 1)
    one.world.publish_list("revocation", [INDEX], ttl=timedelta(seconds=ttl), built=one.world.now)
    assert one.ask(one.world.token()).state is State.REVOKED


def test_a_list_without_ttl_is_asked_for_again_after_a_minute() -> None:
    one = Verifier()
    for set_indexes, seconds, state in (
        ([], 0, State.GENUINE),
        ([INDEX], 60, State.GENUINE),
        ([INDEX], 1, State.REVOKED),
    ):
        one.pass_time(seconds)
        published = one.world.issuer.status_list("revocation", set_indexes, built=one.world.now)
        document = strict_json.parse_object(parse_compact(published).payload, max_bytes=1 << 20)
        del document["credentialSubject"]["ttl"]
        one.world.published[list_url("revocation")] = one.world.sign_document(document)
        assert one.ask(one.world.token()).state is state


def test_a_list_that_cannot_be_had_again_gives_no_answer(verifier: Verifier) -> None:
    verifier.pass_time(7 * 60)
    del verifier.world.published[list_url("revocation")]
    assert verifier.ask(verifier.world.token()).state is State.CANT_CHECK


def test_a_key_that_is_nowhere_stays_foreign(verifier: Verifier) -> None:
    verifier.world.issuer.keys["k2"] = Ed25519Key(2)
    verifier.pass_time(30)
    assert verifier.ask(_token_of_new_key(verifier.world)).state is State.NOT_THEIR_KEY


def test_an_unreachable_issuer_is_not_called_false(verifier: Verifier) -> None:
    _rotate(verifier.world)
    verifier.pass_time(30)
    del verifier.world.published[did_web_to_url(verifier.world.issuer.did)]
    report = verifier.ask(_token_of_new_key(verifier.world))
    assert report.state is State.NO_KEY
    assert report.check("issuer-key").code == NotFoundThere.code


def test_strangers_cannot_make_us_ask_again_and_again(verifier: Verifier) -> None:
    verifier.world.issuer.keys["k2"] = Ed25519Key(2)
    token = _token_of_new_key(verifier.world)
    verifier.pass_time(30)
    for _ in range(20):
        verifier.ask(token)
    assert verifier.count(did_web_to_url(verifier.world.issuer.did)) == 2


def test_what_is_recent_is_not_asked_for_again(verifier: Verifier) -> None:
    assert verifier.world.now == NOW
    verifier.world.issuer.keys["k2"] = Ed25519Key(2)
    verifier.ask(_token_of_new_key(verifier.world))
    assert verifier.count(did_web_to_url(verifier.world.issuer.did)) == 1
