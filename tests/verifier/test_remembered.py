"""What is remembered of a credential never stands in for what has to be asked anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from credentials.core import strict_json
from credentials.verifier.expectation import Expectation
from credentials.verifier.policy import Suspension, TrustPolicy
from credentials.verifier.remembered import _Seen, recall
from credentials.verifier.states import State
from tests.verifier.world import DAY, INDEX, ISSUED, NOW, Ed25519Key, World, list_url

FORMS = ("vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022")
every_form = pytest.mark.parametrize("form", FORMS)


def stolen(world: World) -> None:
    world.issuer.revoked["k1"] = ISSUED + DAY
    world.publish_document()


def exchanged(world: World) -> None:
    world.issuer.keys["k1"] = Ed25519Key(9)
    world.publish_document()


def unlisted(world: World) -> None:
    world.issuer.keys = {"k2": Ed25519Key(9)}
    world.publish_document()


def suspended(world: World) -> None:
    world.policy = TrustPolicy(suspended={world.issuer.did: Suspension(NOW, "Reported.")})


def aged(world: World) -> None:
    world.now = NOW + 400 * DAY
    world.publish_list("revocation", built=world.now)
    world.publish_list("suspension", built=world.now)


CHANGES: dict[str, tuple[Callable[[World], object], State]] = {
    "withdrawn": (lambda world: world.publish_list("revocation", [INDEX]), State.REVOKED),
    "on hold": (lambda world: world.publish_list("suspension", [INDEX]), State.SUSPENDED),
    "no list": (lambda world: world.published.pop(list_url("revocation")), State.CANT_CHECK),
    "its key was stolen": (stolen, State.NOT_THEIR_KEY),
    "its key has another value": (exchanged, State.TAMPERED),
    "its key is gone": (unlisted, State.NOT_THEIR_KEY),
    "no key document": (lambda world: world.published.clear(), State.NO_KEY),
    "its issuer is not vouched for": (suspended, State.ISSUER_SUSPENDED),
    "a test": (lambda world: setattr(world, "policy", TrustPolicy(sandbox=frozenset({world.issuer.did}))), State.TEST),
    "its time is over": (aged, State.EXPIRED),
}


@every_form
@pytest.mark.parametrize(("change", "state"), CHANGES.values(), ids=CHANGES.keys())
def test_what_may_change_is_asked_each_time(
    world: World, form: str, change: Callable[[World], object], state: State
) -> None:
    secured = world.secured(form, valid_until=NOW + 300 * DAY)
    assert world.verify(secured).state is State.GENUINE
    change(world)
    if state is State.TAMPERED:  # Its lists are signed with the exchanged key as well.
        world.publish_list("revocation")
        world.publish_list("suspension")
    assert world.verify(secured).state is state


@every_form
def test_the_second_report_is_the_first(world: World, form: str) -> None:
    secured = world.secured(form)
    first, second = world.verify(secured), world.verify(secured)
    assert first.to_json() == second.to_json()
    assert recall(secured) is not None
    world.now = NOW + timedelta(seconds=30)
    assert world.verify(secured).checked_at == world.now


@every_form
def test_another_occasion_is_another_question(world: World, form: str) -> None:
    secured = world.secured(form)
    assert world.verify(secured).state is State.GENUINE
    assert world.verify(secured, expects=Expectation("hr.example", "n-1")).state is State.UNREADABLE


def test_only_what_held_is_kept(world: World) -> None:
    document = json.loads(world.secured("eddsa-jcs-2022"))
    changed = strict_json.dump(document | {"name": "Another"})
    unsigned = strict_json.dump(world.document())
    stranger = world.issuer.secure(unsigned, mechanism="eddsa-jcs-2022", method="did:web:x.example#k")
    empty = {"id": "urn:x", "type": ["AchievementSubject"]}
    no_badge = world.sign_document(world.document() | {"credentialSubject": empty})
    for secured in (changed, stranger, no_badge, b"{}", b"a.b.c"):
        assert world.verify(secured).state is not State.GENUINE
        assert recall(secured) is None


def test_one_byte_more_is_another_credential(world: World) -> None:
    secured = world.secured("eddsa-jcs-2022")
    assert world.verify(secured).state is State.GENUINE
    assert world.verify(secured.replace(b"Cargo", b"Largo")).state is State.TAMPERED


@every_form
def test_what_is_verified_once_is_not_kept(world: World, form: str) -> None:
    secured = world.secured(form, valid_until=NOW + 500 * DAY)
    assert recall(secured) is None
    for kept in (False, True, True):
        assert world.verify(secured).state is State.GENUINE
        assert (recall(secured) is not None) is kept


def test_what_came_once_is_known_for_half_of_what_is_kept_and_the_rest_forgotten() -> None:
    seen = _Seen(8)

    assert [seen.before(number) for number in (1, 2, 3, 4, 1)] == [False, False, False, False, True]
    assert [seen.before(number) for number in (5, 6, 7, 8)] == [False] * 4
    assert seen.before(1)  # four came after it: it is still known
    assert [seen.before(number) for number in (9, 10)] == [False, False]
    assert not seen.before(1)
    for number in range(100, 200):
        seen.before(number)
        assert len(seen._recent) + len(seen._former) <= 8
