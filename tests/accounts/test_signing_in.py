"""What a link, a second step and a proof give at most: nothing by half, nothing twice, nothing once it was ended."""

from __future__ import annotations

import pytest

from credentials.accounts import closing, organisations, own_account, passkeys, sessions, signing_in
from credentials.accounts.audit import trail
from credentials.accounts.errors import LinkUnusable, PasskeyRefused
from credentials.accounts.signing_in import LinkSent, SecondStep
from credentials.store import people
from credentials.store import sessions as session_rows
from credentials.store.engine import read
from tests.accounts.actors import CLIENT, World, at_once, with_secret
from tests.accounts.test_passkeys import registered
from tests.accounts.test_recovery import guarded, step

ANA = "ana@school.example"


def known(world: World, address: str) -> bool:
    """Whether there is an account with this address."""
    with read(world.engine) as connection:
        return people.by_address(connection, address) is not None


def opens(world: World, cookie: str) -> bool:
    """Whether a cookie opens an account."""
    return sessions.visitor(world.engine, cookie, CLIENT, world.clock.now) is not None


def test_a_link_that_gives_nothing_begins_no_account(world: World) -> None:
    owner = world.owner()
    organisations.invite(world.means, owner, ANA, ["author"])
    token = world.token(ANA)
    organisations.withdraw_invitation(world.means, owner, organisations.people(world.means, owner).invitations[0].id)

    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, token, "Ana", CLIENT)
    assert not known(world, ANA)


def test_an_old_operators_link_makes_an_operator_and_signs_nobody_in(world: World) -> None:
    ana = world.person(ANA)
    organisations.make_operator(world.means, ANA)
    token = world.token(ANA)
    before = len(sessions.open_sessions(world.engine, ana.person_id, world.clock.now))
    world.clock.pass_(minutes=10)

    assert signing_in.open_link(world.means, token, "", CLIENT) == LinkSent(ANA)
    assert len(sessions.open_sessions(world.engine, ana.person_id, world.clock.now)) == before
    with read(world.engine) as connection:
        assert people.is_operator(connection, ana.person_id)


def test_an_invitation_opens_no_account_that_wants_a_second_step(world: World) -> None:
    owner = world.owner()
    ana, _codes = guarded(world, ANA)
    organisations.invite(world.means, owner, ANA, ["author"])
    before = len(sessions.open_sessions(world.engine, ana.person_id, world.clock.now))
    outcome = signing_in.open_link(world.means, world.token(ANA), "", CLIENT)

    assert isinstance(outcome, SecondStep)
    assert signing_in.second_person(world.means, outcome.ticket) == ana.person_id
    assert len(sessions.open_sessions(world.engine, ana.person_id, world.clock.now)) == before


NO_TICKETS = ["", "x", "A" * 100, "A" * 100_000, "é", "\0", "\ud800", "{}"]


def test_what_is_no_ticket_is_nobodys_second_step(world: World) -> None:
    ana, codes = guarded(world, ANA)
    foreign = with_secret(world, bytes(32)).tickets("second-step").make(ana.person_id, world.clock.now)

    for ticket in (*NO_TICKETS, foreign, step(world, ANA)[:-1]):
        with pytest.raises(LinkUnusable):
            signing_in.second_person(world.means, ticket)
        with pytest.raises(LinkUnusable):
            signing_in.finish_with_code(world.means, ticket, codes[0], CLIENT)
    assert own_account.account(world.means, ana).codes_left == len(codes)


def test_one_ticket_with_two_codes_at_once_uses_up_one(world: World) -> None:
    ana, codes = guarded(world, ANA)
    ticket = step(world, ANA)
    answers = at_once(
        *[lambda code=one: signing_in.finish_with_code(world.means, ticket, code, CLIENT) for one in codes[:2]]
    )

    assert sorted(type(one).__name__ for one in answers) == ["Begun", "LinkUnusable"]
    assert own_account.account(world.means, ana).codes_left == len(codes) - 1


def test_a_second_step_into_an_account_that_was_closed_meanwhile_leads_nowhere(world: World) -> None:
    ana, codes = guarded(world, ANA)
    ticket = step(world, ANA)
    closing.close(world.means, ana)

    with pytest.raises(PasskeyRefused):
        signing_in.finish_with_code(world.means, ticket, codes[0], CLIENT)
    with read(world.engine) as connection:
        assert session_rows.of_person(connection, ana.person_id) == []


@pytest.mark.parametrize("how", ["passkey", "first passkey"])
def test_a_proof_revives_no_session_that_was_ended(how: str, world: World) -> None:
    begun = world.begun(ANA)
    ana = world.visitor(begun)
    made = registered(world, ana)
    sessions.end(world.engine, ana.person_id, ana.session_id, world.clock.now)
    if how == "passkey":
        ceremony = passkeys.authentication(world.means, ana.person_id)
        cookie = signing_in.prove_again(world.means, ana, ceremony.ticket, made.get(ceremony))
    else:
        cookie = signing_in.strengthen(world.means, ana, "passkey")

    assert not opens(world, cookie)
    assert not opens(world, begun.cookie)


def test_an_answer_proves_once(world: World) -> None:
    ana = world.person(ANA)
    made = registered(world, ana)
    ceremony = passkeys.authentication(world.means, ana.person_id)
    answer = made.get(ceremony)
    cookie = signing_in.prove_again(world.means, ana, ceremony.ticket, answer)

    for again in (
        signing_in.prove_again,
        lambda means, _who, ticket, told: signing_in.sign_in_with_passkey(means, ticket, told, CLIENT),
    ):
        with pytest.raises((LinkUnusable, PasskeyRefused)):
            again(world.means, ana, ceremony.ticket, answer)
    assert opens(world, cookie)


def test_each_session_is_in_the_trail_by_its_method_without_its_secret(world: World) -> None:
    ana, codes = guarded(world, ANA)
    ticket = step(world, ANA)
    begun = signing_in.finish_with_code(world.means, ticket, codes[0], CLIENT)
    lines = [one for one in trail(world.engine, None) if one.action == "session.begun"]

    assert (lines[0].actor, lines[0].subject) == (f"person:{ana.person_id}", f"session:{begun.session.id}")
    assert lines[0].facts == {"method": "recovery"}
    text = repr(trail(world.engine, None))
    assert [one for one in (begun.cookie, ticket, codes[0], ANA) if one in text] == []
