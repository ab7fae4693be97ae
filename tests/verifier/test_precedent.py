"""A credential that follows a precedent gets the report that making every step gives, whatever has changed since."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.credential import StatusEntry
from credentials.core.status_list import MIN_ENTRIES, status_list_credential
from credentials.verifier.basis import Watching, basis_of
from credentials.verifier.cache import BoundedCache
from credentials.verifier.expectation import Expectation
from credentials.verifier.keys import CLOCK_SKEW, IssuerKeys
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.precedent import Precedent
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.verifier.histories import CHANGES, MINUTE, SECOND, Watched, every_step, lose_the_keys, renew
from tests.verifier.precedents import both, follows, next_one, same_as_every_step, set_by
from tests.verifier.precedents import precedents as precedents
from tests.verifier.world import DAY, INDEX, ISSUED, NOW, Ed25519Key, World, list_url


def test_the_second_credential_of_an_issuer_follows_the_first(world: World) -> None:
    before = set_by(world)
    world.now += MINUTE
    secured = next_one(world)
    report = same_as_every_step(world, secured)
    assert follows(report, before)
    assert report.verified is not None
    assert before.verified is not None
    assert report.verified != before.verified
    assert report.checked_at == world.now


def test_its_sources_are_asked_each_time_and_once(world: World) -> None:
    before, resolver = set_by(world), Watched(world)
    for asked in (3, 6, 9):
        report = verify(next_one(world), resolver=resolver, policy=world.policy, now=world.now)
        assert follows(report, before)
        assert resolver.asked == asked


@pytest.mark.parametrize(("change", "state", "asked"), [(renew, State.GENUINE, 3), (lose_the_keys, State.NO_KEY, 1)])
def test_nothing_is_asked_for_twice(world: World, change: Callable[[World], None], state: State, asked: int) -> None:
    set_by(world)
    world.now += SECOND
    change(world)
    resolver = Watched(world)
    assert verify(next_one(world), resolver=resolver, policy=world.policy, now=world.now).state is state
    assert resolver.asked == asked


def test_the_same_one_again_is_remembered(world: World) -> None:
    before, secured = set_by(world), next_one(world)
    reports = [world.verify(secured) for _ in range(5)]
    assert [follows(report, before) for report in reports] == [True, True, False, False, False]
    assert reports[4].checks is reports[2].checks


# Its own part is checked ---------------------------------------------------------------------------------------------


def revoked(world: World) -> bytes:
    world.publish_list("revocation", [7777])
    set_by(world)
    return next_one(world, statuses=both(7777))


def on_hold(world: World) -> bytes:
    world.publish_list("suspension", [7777])
    set_by(world)
    return next_one(world, statuses=both(7777))


def beyond_its_list(world: World) -> bytes:
    set_by(world)
    return next_one(world, statuses=both(MIN_ENTRIES))


def just_expired(world: World) -> bytes:
    set_by(world, valid_until=NOW + DAY)
    return next_one(world, valid_until=NOW - CLOCK_SKEW - SECOND)


def not_begun(world: World) -> bytes:
    set_by(world)
    return next_one(world, valid_from=NOW + CLOCK_SKEW + SECOND)


def tampered(world: World) -> bytes:
    set_by(world)
    head, body, signature = next_one(world).split(b".")
    _, _, other = next_one(world).split(b".")
    return b".".join((head, body, other if other != signature else b""))


def by_a_stranger(world: World) -> bytes:
    set_by(world)
    world.issuer.keys["k1"] = Ed25519Key(9)
    return next_one(world)


OWN = {
    revoked: State.REVOKED, on_hold: State.SUSPENDED, beyond_its_list: State.CANT_CHECK, just_expired: State.EXPIRED,
    not_begun: State.NOT_YET, tampered: State.TAMPERED, by_a_stranger: State.TAMPERED,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "state"), OWN.items(), ids=[kind.__name__ for kind in OWN])
def test_its_own_part_is_checked(world: World, kind: Callable[[World], bytes], state: State) -> None:
    secured = kind(world)
    assert same_as_every_step(world, secured).state is state


@pytest.mark.parametrize(("offset", "state"), [(0, State.GENUINE), (1, State.EXPIRED)])
def test_it_ends_where_the_steps_end(world: World, offset: int, state: State) -> None:
    before, end = set_by(world, valid_until=NOW + DAY), NOW + 3 * MINUTE
    world.now = end + CLOCK_SKEW + timedelta(microseconds=offset)
    report = same_as_every_step(world, next_one(world, valid_until=end))
    assert report.state is state
    assert follows(report, before) is (state is State.GENUINE)


@pytest.mark.parametrize(("offset", "state"), [(0, State.GENUINE), (-1, State.NOT_YET)])
def test_it_begins_where_the_steps_begin(world: World, offset: int, state: State) -> None:
    before, start = set_by(world), NOW + 10 * MINUTE
    world.now = start - CLOCK_SKEW + timedelta(microseconds=offset)
    for purpose in ("revocation", "suspension"):
        world.publish_list(purpose)
    report = same_as_every_step(world, next_one(world, valid_from=start))
    assert report.state is state
    assert follows(report, before) is (state is State.GENUINE)


def test_the_words_name_its_own_day(world: World) -> None:
    before = set_by(world)
    report = same_as_every_step(world, next_one(world, valid_from=ISSUED - 9 * DAY))
    assert follows(report, before)
    assert "7 Mar 2026" in report.words
    assert "16 Mar 2026" in before.words


def test_one_list_may_be_for_both_purposes(world: World) -> None:
    def on_it(number: int) -> tuple[StatusEntry, ...]:
        url = list_url("both")
        return tuple(
            msgspec.structs.replace(one, status_list_credential=url, id=f"{url}#{one.status_purpose}")
            for one in both(number)
        )

    listed = strict_json.parse_object(
        status_list_credential(
            list_url=list_url("both"), issuer=world.issuer.did, purpose="revocation", set_indexes=[7777],
            size=MIN_ENTRIES, valid_from=NOW - MINUTE, valid_until=NOW + DAY, ttl=MINUTE,
        ),
        max_bytes=1 << 20,
    )  # fmt: skip
    listed["credentialSubject"]["statusPurpose"] = ["revocation", "suspension"]
    world.published[list_url("both")] = world.issuer.secure(strict_json.dump(listed))
    before = set_by(world, statuses=on_it(8888))
    assert follows(same_as_every_step(world, next_one(world, statuses=on_it(9999))), before)
    assert same_as_every_step(world, next_one(world, statuses=on_it(7777))).state is State.REVOKED


def test_it_is_stale_where_its_list_is(world: World) -> None:
    before, edge = set_by(world), NOW - MINUTE + timedelta(hours=1) + CLOCK_SKEW
    for offset, state in ((0, State.GENUINE), (1, State.CANT_CHECK)):
        world.now = edge + timedelta(microseconds=offset)
        report = same_as_every_step(world, next_one(world))
        assert report.state is state
        assert follows(report, before) is (state is State.GENUINE)


def test_what_could_not_be_had_as_it_was_at_hand_is_no_basis(world: World) -> None:
    """An answer asked for anew is not the one that is noted."""
    source, method = IssuerKeys(world.issuer.did, world.issuer.method(), world.resolver(), NOW), world.issuer.method()
    watching = Watching(world.resolver())
    assert basis_of(source, method, world.policy, watching, {}) is not None
    watching.fetch(list_url("revocation"), accept="a/b", max_bytes=9999, not_before=NOW - MINUTE)
    assert basis_of(source, method, world.policy, watching, {}) is None


@pytest.mark.parametrize("state", [State.REVOKED, State.EXPIRED, State.TEST, State.UNCONFIRMED_ISSUER])
def test_only_green_sets_a_precedent(world: World, state: State, precedents: BoundedCache[Hashable, Precedent]) -> None:
    if state is State.TEST:
        world.policy = TrustPolicy(sandbox=frozenset({world.issuer.did}))
    world.publish_list("revocation", [INDEX] if state is State.REVOKED else [])
    if state is State.UNCONFIRMED_ISSUER:
        world = World(issuer=type(world.issuer)("did:web:shared.example:acme"))
    options = {"valid_until": NOW - DAY} if state is State.EXPIRED else {}
    assert world.verify(world.token(**options)).state is state
    assert len(precedents) == 0


def test_another_question_is_not_answered_from_one(world: World) -> None:
    before = set_by(world)
    for asked in ({"also": [next_one(world)]}, {"expects": Expectation("hr.example", "n-1")}, {"stamps": [b"x"]}):
        assert not follows(world.verify(next_one(world), **asked), before)


def test_another_policy_is_asked(world: World) -> None:
    before = set_by(world)
    world.policy = TrustPolicy(confirmed={world.issuer.did: Confirmation("acme.example", "operator", NOW)})
    report = same_as_every_step(world, next_one(world))
    assert not follows(report, before)
    assert report.issuer is not None
    assert report.issuer.level == "operator"


# Anything at all -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_a_change_all_steps_are_made(world: World, change: Callable[[World], None]) -> None:
    set_by(world)
    change(world)
    same_as_every_step(world, next_one(world))
    same_as_every_step(world, next_one(world, statuses=both(INDEX)))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(CHANGES), st.integers(-90, 900), st.integers(0, 400), st.sampled_from([INDEX, 9, MIN_ENTRIES]),
        st.integers(-200, 200), st.sampled_from([None, -100, 0, 100, 5000]),
    ),
    min_size=3,
    max_size=12,
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(steps=STEPS)
def test_it_is_always_what_all_steps_give(steps: list[tuple[Any, ...]]) -> None:
    world = World()
    set_by(world)
    for change, seconds, age, index, start, lasts in steps:
        world.now += seconds * SECOND
        change(world)
        resolver = Watched(world, age * SECOND)
        until = None if lasts is None else world.now + lasts * SECOND
        begin = min(world.now + start * SECOND, until or world.now + DAY)
        secured = next_one(world, statuses=both(index), valid_from=begin, valid_until=until)
        for one in (next_one(world), secured):
            found = verify(one, resolver=resolver, policy=world.policy, now=world.now)
            assert found.to_json() == every_step(world, one, resolver).to_json()


def test_what_is_written_is_what_is_parsed(world: World) -> None:
    """The document of a report that nothing was taken apart for."""
    set_by(world)
    report = world.verify(next_one(world))
    written = strict_json.parse_object(report.to_bytes(), max_bytes=1 << 20)
    assert written["credential"] == report.to_json()["credential"] == report.credential
    assert "iss" not in written["credential"]
