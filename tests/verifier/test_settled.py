"""A report that is found again is the one that making every step again gives, whatever has changed since."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.errors import CredentialError
from credentials.verifier.basis import Basis, Watching, basis_of
from credentials.verifier.expectation import Expectation
from credentials.verifier.keys import CLOCK_SKEW
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.remembered import recall
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.verifier.histories import (
    CHANGES,
    MINUTE,
    SECOND,
    Watched,
    believe,
    believe_otherwise,
    every_step,
    lose_the_keys,
    nothing,
    publish_the_keys,
    renew,
)
from tests.verifier.sd_world import HTTPS_ISSUER, SdWorld, full
from tests.verifier.world import INDEX, NOW, Ed25519Key, World, entry, list_url

FORMS = ("vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022")
every_form = pytest.mark.parametrize("form", FORMS)
_numbers = count(5000)


def settled(world: World, secured: bytes) -> bool:
    """Verify until it would be found again; whether it is."""
    for _ in range(3):
        world.verify(secured)
    held = recall(secured)
    return held is not None and held.settled is not None


def fresh(world: World, form: str = "vc+jwt", **options: Any) -> bytes:
    """A credential that nobody has verified yet."""
    statuses = (entry("revocation", next(_numbers)), entry("suspension", next(_numbers)))
    return world.secured(form, **({"statuses": statuses} | options))


@every_form
def test_it_is_found_again_from_the_third_or_fourth_time_on(world: World, form: str) -> None:
    """The second time a token follows the precedent of the first, so that no step is made again until the third."""
    secured, first = fresh(world, form), 2 if form == "vc+jwt" else 1
    reports = []
    for number in range(5):
        world.now = NOW + number * SECOND
        reports.append(world.verify(secured))
        assert ((held := recall(secured)) is not None and held.settled is not None) is (number >= first)
    assert {report.state for report in reports} == {State.GENUINE}
    assert [report.checked_at for report in reports] == [NOW + number * SECOND for number in range(5)]
    assert len({strict_json.dump(report.to_json() | {"checkedAt": ""}) for report in reports}) == 1
    assert reports[4].checks is reports[2].checks


@pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_nothing_is_made_ready_of_what_is_not_kept(world: World, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    made: list[Any] = []

    def counted(*given: Any) -> Basis | None:
        made.append(given)
        return basis_of(*given)

    monkeypatch.setattr("credentials.verifier.verify.basis_of", counted)
    secured = fresh(world, form)
    seen = [(world.verify(secured).state, len(made)) for _ in range(3)]

    assert seen == [(State.GENUINE, 0), (State.GENUINE, 1), (State.GENUINE, 1)]


def test_its_sources_are_asked_each_time(world: World) -> None:
    secured = fresh(world)
    assert settled(world, secured)
    resolver = Watched(world)
    for asked in (3, 6, 9):
        assert verify(secured, resolver=resolver, policy=world.policy, now=world.now).state is State.GENUINE
        assert resolver.asked == asked


def test_without_lists_only_the_keys_are_asked_for(world: World) -> None:
    secured = world.secured("vc+jwt", statuses=(), valid_until=NOW + next(_numbers) * MINUTE)
    assert settled(world, secured)
    resolver = Watched(world)
    assert verify(secured, resolver=resolver, policy=world.policy, now=world.now).state is State.GENUINE
    assert resolver.asked == 1


def test_what_was_asked_twice_or_not_had_is_not_plain(world: World) -> None:
    watching, url = Watching(world.resolver()), list_url("revocation")
    watching.fetch(url, accept="a/b", max_bytes=9999)
    looks = [(look.asked, look.max_age) for look in watching.looks({})]
    assert (watching.plain, looks) == (True, [((url, "a/b", 9999), None)])
    watching.fetch(url, accept="a/b", max_bytes=9999, not_before=NOW - MINUTE)
    assert not watching.plain
    watching = Watching(world.resolver())
    for address in ("https://nobody.example/", url):
        with suppress(CredentialError):
            watching.fetch(address, accept="a/b", max_bytes=9999)
        assert not watching.plain
    assert [look.asked[0] for look in watching.looks({})] == [url]


def test_nothing_is_asked_for_twice(world: World) -> None:
    """Neither what is different now nor what is not to be had, when all steps have to be made after all."""
    secured = fresh(world)
    assert settled(world, secured)
    for change, state, asked in ((renew, State.GENUINE, 3), (lose_the_keys, State.NO_KEY, 1)):
        world.now += SECOND
        change(world)
        resolver = Watched(world)
        assert verify(secured, resolver=resolver, policy=world.policy, now=world.now).state is state
        assert resolver.asked == asked


@pytest.mark.parametrize("form", ["dc+sd-jwt", "vc+sd-jwt"])
def test_an_sd_jwt_is_found_again_and_its_list_asked(form: str) -> None:
    world = SdWorld(policy=TrustPolicy(confirmed={HTTPS_ISSUER: Confirmation("acme.example", "operator", NOW)}))
    end = NOW + 3 * MINUTE
    if form == "dc+sd-jwt":
        secured = world.sd_jwt_vc(world.claims(end), entropy=bytes(31) + b"s")
    else:
        secured = world.vc_sd_jwt(full(world.issuer.did, end))
    assert world.verify(secured).state is State.GENUINE
    assert settled(world, secured)
    for now, state in ((end + CLOCK_SKEW, State.GENUINE), (end + CLOCK_SKEW + SECOND, State.EXPIRED), (NOW, None)):
        world.now = now
        assert world.verify(secured) == every_step(world, secured)
        assert state is None or world.verify(secured).state is state
    if form == "dc+sd-jwt":
        world.publish_token_list({INDEX: 1})
    else:
        world.publish_list("revocation", [INDEX])
    assert world.verify(secured).state is State.REVOKED
    assert world.verify(secured, expects=Expectation("hr.example", "n-1")) == verify(
        secured, resolver=world.resolver(), policy=world.policy, now=world.now, expects=Expectation("hr.example", "n-1")
    )


# What has a time or a source of its own is judged each time ----------------------------------------------------------


def with_schema(world: World) -> bytes:
    schema = {"id": "https://schemas.example/any.json", "type": "JsonSchema"}
    world.published[schema["id"]] = b'{"$schema": "https://json-schema.org/draft/2020-12/schema"}'
    return world.sign_document(world.document() | {"credentialSchema": schema})


def with_digest(world: World) -> bytes:
    resource = {"id": "https://files.example/r.pdf", "digestSRI": "sha384-" + "A" * 64}
    return world.sign_document(world.document() | {"relatedResource": [resource]})


def with_endorsement(world: World) -> bytes:
    return world.sign_document(world.document() | {"endorsementJwt": ["a.b.c"]})


def with_two_proofs(world: World) -> bytes:
    proofs = [world.issuer.proof(world.document(), "eddsa-jcs-2022", created=NOW - n * MINUTE) for n in (1, 2)]
    return strict_json.dump(world.document() | {"proof": proofs})


def with_another_proof(world: World) -> bytes:
    proof = world.issuer.proof(world.document(), "eddsa-jcs-2022", created=NOW - 3 * MINUTE)
    return strict_json.dump(world.document() | {"proof": [proof, {"type": "FutureProof2030"}]})


def under_a_key_that_will_be_stolen(world: World) -> bytes:
    world.issuer.revoked["k1"] = NOW + 5 * MINUTE
    world.publish_document()
    return fresh(world)


def on_lists_under_a_key_that_will_be_stolen(world: World) -> bytes:
    world.issuer.keys["k2"] = Ed25519Key(7)
    world.issuer.revoked["k2"] = NOW + 5 * MINUTE
    world.publish_document()
    world.publish_list("suspension", name="k2")
    return fresh(world)


NOT_SETTLED: list[Callable[[World], bytes]] = [
    with_schema, with_digest, with_endorsement, with_two_proofs, with_another_proof, under_a_key_that_will_be_stolen,
    on_lists_under_a_key_that_will_be_stolen,
]  # fmt: skip


@pytest.mark.parametrize("kind", NOT_SETTLED, ids=lambda kind: kind.__name__)
def test_what_is_not_plain_is_judged_each_time(world: World, kind: Callable[[World], bytes]) -> None:
    secured = kind(world)
    report = world.verify(secured)
    assert report.check("signature").outcome == "passed"
    assert not settled(world, secured)


@pytest.mark.parametrize("state", [State.REVOKED, State.SUSPENDED, State.EXPIRED, State.NOT_YET, State.TEST])
def test_only_green_is_settled(world: World, state: State) -> None:
    secured = fresh(
        world,
        valid_from=NOW + MINUTE * 60 if state is State.NOT_YET else NOW - MINUTE * 60,
        valid_until=NOW - MINUTE * 30 if state is State.EXPIRED else None,
        statuses=(entry("revocation"), entry("suspension")),
    )
    if state in (State.REVOKED, State.SUSPENDED):
        world.publish_list("revocation" if state is State.REVOKED else "suspension", [INDEX])
    if state is State.TEST:
        world.policy = TrustPolicy(sandbox=frozenset({world.issuer.did}))
    assert world.verify(secured).state is state
    assert not settled(world, secured)


def test_another_question_is_not_answered_from_it(world: World) -> None:
    secured = fresh(world, "eddsa-jcs-2022")
    assert settled(world, secured)
    assert world.verify(secured, expects=Expectation("hr.example", "n-1")).state is State.UNREADABLE
    assert world.verify(secured, also=[fresh(world)]).state is State.TAMPERED
    assert world.verify(secured, stamps=[b"x"]).state is State.GENUINE


# Moments -------------------------------------------------------------------------------------------------------------


def at_last(secured: bytes) -> tuple[datetime, datetime]:
    held = recall(secured)
    assert held is not None
    assert held.settled is not None
    return held.settled.first, held.settled.last


@pytest.mark.parametrize("moment", ["end", "start", "list", "list's start"])
def test_it_ends_to_the_microsecond_where_the_steps_end(world: World, moment: str) -> None:
    start = NOW - next(_numbers) * SECOND
    secured = fresh(world, valid_from=start, valid_until=NOW + 7 * MINUTE if moment == "end" else None)
    if moment == "start":
        for purpose in ("revocation", "suspension"):
            world.publish_list(purpose, built=start - 50 * MINUTE, lasts=timedelta(days=1))
    assert settled(world, secured)
    edge = at_last(secured)[0 if "start" in moment else 1]
    built, lasts = NOW - MINUTE, timedelta(hours=1)
    assert edge == {
        "end": NOW + 7 * MINUTE + CLOCK_SKEW, "start": start - CLOCK_SKEW, "list": built + lasts + CLOCK_SKEW,
        "list's start": built - CLOCK_SKEW,
    }[moment]  # fmt: skip
    tick = timedelta(microseconds=-1 if "start" in moment else 1)
    for now in (edge - tick, edge, edge + tick):
        world.now = now
        assert world.verify(secured) == every_step(world, secured)
        assert (world.verify(secured).state is State.GENUINE) is (now != edge + tick)


@pytest.mark.parametrize(("age", "state"), [(299, State.GENUINE), (300, State.GENUINE), (301, State.CANT_CHECK)])
def test_a_copy_of_a_list_grows_old(world: World, age: int, state: State) -> None:
    secured = fresh(world)
    assert settled(world, secured)
    old = Watched(world, age * SECOND)
    assert verify(secured, resolver=old, policy=world.policy, now=world.now).state is state


# Anything at all -----------------------------------------------------------------------------------------------------


@every_form
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_a_change_all_steps_are_made(world: World, form: str, change: Callable[[World], None]) -> None:
    secured = world.secured(form, valid_until=NOW + next(_numbers) * MINUTE)
    assert settled(world, secured)
    change(world)
    assert world.verify(secured).to_json() == every_step(world, secured).to_json()
    good = {nothing, renew, publish_the_keys, believe, believe_otherwise}
    assert (world.verify(secured).state is State.GENUINE) is (change in good)


STEPS = st.lists(
    st.tuples(st.sampled_from(CHANGES), st.integers(-90, 1200), st.integers(0, 400), st.integers(1, 3)),
    min_size=3,
    max_size=12,
)


@settings(max_examples=120, deadline=None)
@given(form=st.sampled_from(FORMS), start=st.integers(-90, 30), lasts=st.integers(1, 3600), steps=STEPS)
def test_it_is_always_what_all_steps_give(form: str, start: int, lasts: int, steps: list[tuple[Any, ...]]) -> None:
    world = World()
    secured = world.secured(form, valid_from=NOW + start * SECOND, valid_until=NOW + (start + lasts) * SECOND)
    for change, seconds, age, times in steps:
        world.now += seconds * SECOND
        change(world)
        resolver = Watched(world, age * SECOND)
        for _ in range(times):
            found = verify(secured, resolver=resolver, policy=world.policy, now=world.now)
            assert found.to_json() == every_step(world, secured, resolver).to_json()
