"""One deadline for everything that one verification waits for."""

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from credentials.core.credential import StatusEntry
from credentials.verifier.errors import TimedOut
from credentials.verifier.outbound import OutboundClient
from credentials.verifier.patience import PATIENCE, seconds_left, waiting_at_most
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.resolvers.caching import CachingResolver
from credentials.verifier.resolvers.resolver import Fetched
from credentials.verifier.resolvers.web import WebResolver
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.verifier.world import NOW, Ed25519Key, Issuer, World


def test_without_a_deadline_each_has_its_own_time() -> None:
    assert seconds_left(5) == 5


def test_what_is_left_shrinks_and_is_never_less_than_nothing() -> None:
    now = [100.0]
    with waiting_at_most(8, lambda: now[0]):
        assert seconds_left(5) == 5
        now[0] += 6
        assert seconds_left(5) == 2
        now[0] += 6
        assert seconds_left(5) == 0
    assert seconds_left(5) == 5


def test_a_deadline_further_out_still_holds() -> None:
    now = [0.0]
    with waiting_at_most(1, lambda: now[0]):
        with waiting_at_most(100, lambda: now[0]):
            assert seconds_left(50) == 1
        now[0] = 0.5
        assert seconds_left(50) == 0.5


def test_a_deadline_ends_with_an_error_too() -> None:
    with pytest.raises(KeyError), waiting_at_most(1):
        raise KeyError
    assert seconds_left(50) == 50


def test_another_thread_has_its_own() -> None:
    seen: list[float] = []
    with waiting_at_most(0):
        thread = threading.Thread(target=lambda: seen.append(seconds_left(3)))
        thread.start()
        thread.join()
    assert seen == [3]


def test_without_time_nobody_is_asked() -> None:
    asked: list[str] = []

    def lookup(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return []

    with waiting_at_most(0), pytest.raises(TimedOut):
        OutboundClient(lookup=lookup).get("https://a.example/", accept="*/*")
    assert asked == []


@pytest.mark.parametrize("count", [4, 16])
def test_hanging_hosts_hold_a_verification_for_one_deadline(count: int) -> None:
    done = threading.Event()

    def hang(_host: str, _port: int) -> Sequence[str]:
        done.wait(120)
        return []

    key = Ed25519Key()
    world = World(issuer=Issuer(key.public.to_did_key(), {"k1": key}))
    entries = tuple(
        StatusEntry(
            type="BitstringStatusListEntry",
            status_purpose="revocation",
            status_list_index="1",
            status_list_credential=f"https://h{number}.example/list",
        )
        for number in range(count)
    )
    resolver = CachingResolver(WebResolver(OutboundClient(timeout=60, lookup=hang)))
    began = time.monotonic()
    with waiting_at_most(0.5):
        report = verify(world.token(statuses=entries), resolver=resolver, policy=TrustPolicy(), now=NOW)
    assert time.monotonic() - began < 30
    done.set()
    assert report.state is State.UNCONFIRMED_ISSUER
    assert report.check("revocation").code == ("fetch-timed-out" if count == 4 else "too-many-statuses")


def test_a_verification_sets_its_own_deadline() -> None:
    left: list[float] = []

    def look(_host: str, _port: int) -> Sequence[str]:
        return []

    class Watching(WebResolver):
        def fetch(self, *args: Any, **options: Any) -> Fetched:
            left.append(seconds_left(1000))
            return super().fetch(*args, **options)

    world = World()
    verify(world.token(), resolver=Watching(OutboundClient(lookup=look)), policy=TrustPolicy(), now=NOW)
    assert [0 < seconds <= PATIENCE for seconds in left] == [True]
