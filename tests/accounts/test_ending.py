"""An operator ends a person's sessions, or everybody's: at once, noted, and nothing else of theirs changes."""

from __future__ import annotations

import pytest

from credentials.accounts import audit, ending, own_account, sessions
from credentials.accounts.errors import PersonUnknown
from tests.accounts.actors import CLIENT, World

ANA, BEN, OP = "ana@school.example", "ben@school.example", "op@service.example"


def test_every_session_of_one_person_ends_at_once(world: World) -> None:
    cookies = [world.begun(ANA).cookie for _ in range(3)]
    ben, operator = world.begun(BEN), world.person(OP)
    person_id = ending.find(world.engine, " ANA@school.example ")

    assert len(ending.seen(world.engine, person_id, world.clock.now).sessions) == 3
    assert ending.end_all_of(world.engine, operator, person_id, world.clock.now) == 3

    assert [sessions.visitor(world.engine, one, CLIENT, world.clock.now) for one in cookies] == [None] * 3
    assert sessions.visitor(world.engine, ben.cookie, CLIENT, world.clock.now) is not None
    assert ending.seen(world.engine, person_id, world.clock.now).sessions == ()
    event = audit.trail(world.engine, None)[0]
    assert (event.actor, event.action, event.subject) == (
        f"person:{operator.person_id}",
        "sessions.ended",
        f"person:{person_id}",
    )
    assert ANA not in repr(event)


def test_the_person_signs_in_again_as_before(world: World) -> None:
    ana = world.person(ANA)
    ending.end_all_of(world.engine, world.person(OP), ana.person_id, world.clock.now)

    assert own_account.account(world.means, world.person(ANA)).name == ana.name


def test_everybodys_sessions_end_at_once(world: World) -> None:
    cookies = [world.begun(one).cookie for one in (ANA, BEN, OP)]
    operator = world.person(OP)

    assert ending.end_everybodys(world.engine, operator, world.clock.now) == 4
    assert [sessions.visitor(world.engine, one, CLIENT, world.clock.now) for one in cookies] == [None] * 3
    assert audit.trail(world.engine, None)[0].subject == "service"


@pytest.mark.parametrize("address", ["", "nobody@school.example", "%@school.example", "ana", "\x00", "a" * 10_000])
def test_nobody_has_that_address(world: World, address: str) -> None:
    world.person(ANA)

    with pytest.raises(PersonUnknown):
        ending.find(world.engine, address)


def test_nobody_has_that_id(world: World) -> None:
    operator = world.person(OP)

    with pytest.raises(PersonUnknown):
        ending.seen(world.engine, "0" * 26, world.clock.now)
    with pytest.raises(PersonUnknown):
        ending.end_all_of(world.engine, operator, "0" * 26, world.clock.now)
