"""Sessions: a cookie that opens one person's account, for a time, until it is ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from credentials.accounts import sessions
from credentials.accounts.errors import ProofWanted, SessionUnknown
from credentials.accounts.sessions import IDLE, LIFETIME, RECENT, Client
from credentials.store.engine import read, write
from tests.accounts.actors import CLIENT, World

ANA, BEN = "ana@school.example", "ben@school.example"


def opens(world: World, cookie: str) -> bool:
    return sessions.visitor(world.engine, cookie, CLIENT, world.clock.now) is not None


def test_a_cookie_opens_the_account_it_was_made_for(world: World) -> None:
    begun = world.begun(ANA, "Ana")
    visitor = world.visitor(begun)

    assert (visitor.name, visitor.session_id, visitor.operator) == ("Ana", begun.session.id, False)
    assert visitor.origin == CLIENT.origin


def test_signing_in_always_makes_a_new_cookie(world: World) -> None:
    cookies = {world.begun(ANA).cookie for _ in range(4)}

    assert len(cookies) == 4
    assert all(opens(world, one) for one in cookies)


@pytest.mark.parametrize("cookie", ["", "A" * 43, "A" * 44, "é" * 43, "' OR 1=1", "\ud800" * 43, "A" * 100_000])
def test_a_cookie_that_was_never_given_opens_nothing(world: World, cookie: str) -> None:
    world.begun(ANA)

    assert not opens(world, cookie)


def test_only_a_digest_of_the_cookie_is_kept(world: World) -> None:
    begun = world.begun(ANA)
    with read(world.engine) as connection:
        kept = repr(connection.execute(text("SELECT * FROM session")).all())

    assert begun.cookie not in kept
    assert begun.cookie not in repr(begun)


def test_a_session_ends_after_three_days_without_a_visit(world: World) -> None:
    cookie = world.begun(ANA).cookie
    world.clock.now += IDLE - timedelta(seconds=1)
    assert opens(world, cookie)

    world.clock.now += IDLE
    assert not opens(world, cookie)


def test_a_session_ends_after_fourteen_days_whatever_its_use(world: World) -> None:
    cookie = world.begun(ANA).cookie
    for _ in range(13):
        world.clock.pass_(days=1)
        assert opens(world, cookie)

    world.clock.now += LIFETIME - timedelta(days=13, microseconds=1)
    assert opens(world, cookie)
    world.clock.pass_(microseconds=1)
    assert not opens(world, cookie)


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(world: World) -> None:
    begun = world.begun(ANA)
    sessions.end(world.engine, world.visitor(begun).person_id, begun.session.id, world.clock.now)

    assert not opens(world, begun.cookie)
    with pytest.raises(SessionUnknown):
        sessions.end(world.engine, begun.session.person_id, begun.session.id, world.clock.now)


def test_a_session_is_ended_from_another_one(world: World) -> None:
    stolen, mine = world.begun(ANA), world.begun(ANA)
    sessions.end(world.engine, mine.session.person_id, stolen.session.id, world.clock.now)

    assert (opens(world, stolen.cookie), opens(world, mine.cookie)) == (False, True)


def test_a_session_of_somebody_else_cannot_be_ended(world: World) -> None:
    ana, ben = world.begun(ANA), world.begun(BEN)

    with pytest.raises(SessionUnknown):
        sessions.end(world.engine, ben.session.person_id, ana.session.id, world.clock.now)
    assert sessions.end_others(world.engine, ben.session.person_id, ben.session.id, world.clock.now) == 0
    assert opens(world, ana.cookie)


def test_all_other_sessions_end_at_once(world: World) -> None:
    others = [world.begun(ANA) for _ in range(3)]
    mine, ben = world.begun(ANA), world.begun(BEN)

    assert sessions.end_others(world.engine, mine.session.person_id, mine.session.id, world.clock.now) == 3
    assert not any(opens(world, one.cookie) for one in others)
    assert opens(world, mine.cookie)
    assert opens(world, ben.cookie)


def test_only_open_sessions_are_listed(world: World) -> None:
    first = world.begun(ANA)
    world.clock.now += IDLE
    second, third = world.begun(ANA), world.begun(ANA)
    sessions.end(world.engine, first.session.person_id, third.session.id, world.clock.now)
    listed = sessions.open_sessions(world.engine, first.session.person_id, world.clock.now)

    assert [one.id for one in listed] == [second.session.id]


def test_a_sensitive_step_wants_a_proof_of_the_last_fifteen_minutes(world: World) -> None:
    visitor = world.person(ANA)
    sessions.require_recent(visitor, world.clock.now + RECENT - timedelta(microseconds=1))

    with pytest.raises(ProofWanted):
        sessions.require_recent(visitor, world.clock.now + RECENT)


def test_a_closed_account_has_no_session(world: World) -> None:
    begun = world.begun(ANA)
    with write(world.engine) as connection:
        connection.execute(text("UPDATE person SET closed_at = created_at"))

    assert not opens(world, begun.cookie)


def test_a_sign_in_from_somewhere_new_is_told_by_mail(world: World) -> None:
    world.begun(ANA)
    world.begun(ANA)
    assert not [one for _to, one in world.letters.sent if one.kind == "sign-in-alert"]

    world.begun(ANA, client=Client("198.51.100.9", CLIENT.agent))
    world.begun(ANA, client=Client(CLIENT.origin, "Another browser"))
    alerts = [(to, one) for to, one in world.letters.sent if one.kind == "sign-in-alert"]
    assert [to for to, _one in alerts] == [ANA, ANA]
    assert "198.51.100.9" not in str(alerts)


def test_a_browser_that_talks_without_end_is_cut(world: World) -> None:
    begun = world.begun(ANA, client=Client("192.0.2.7", "x" * 10_000))

    assert len(begun.session.agent) == 200
