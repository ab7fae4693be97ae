"""The second step after a link, and recovery codes: each once, only for their owner, and no guessing at leisure."""

from __future__ import annotations

import secrets

import pytest
from sqlalchemy import text

from credentials.accounts import own_account, recovery, signing_in
from credentials.accounts.acting import Visitor
from credentials.accounts.errors import LinkUnusable, PasskeyRefused
from credentials.accounts.signing_in import SecondStep
from credentials.core.identifiers import SHORT_CODE_BYTES
from credentials.store.engine import read
from tests.accounts.actors import CLIENT, World, at_once, with_secret
from tests.accounts.test_passkeys import registered

ANA, BEN = "ana@school.example", "ben@school.example"


def guarded(world: World, address: str) -> tuple[Visitor, list[str]]:
    """Somebody with a passkey and recovery codes."""
    visitor = world.person(address)
    registered(world, visitor)
    return visitor, own_account.new_codes(world.means, visitor)


def step(world: World, address: str) -> str:
    """The ticket for a second step, after a link."""
    outcome = signing_in.open_link(world.means, world.asked(address), "", CLIENT)
    assert isinstance(outcome, SecondStep)
    return outcome.ticket


def test_a_link_alone_does_not_open_an_account_with_a_passkey(world: World) -> None:
    ana, _codes = guarded(world, ANA)
    before = len(own_account.account(world.means, ana).sessions)
    step(world, ANA)

    assert len(own_account.account(world.means, ana).sessions) == before


def test_each_code_opens_once(world: World) -> None:
    ana, codes = guarded(world, ANA)
    assert len(set(codes)) == 10

    for left, code in ((9, codes[3]), (8, codes[0])):
        begun = signing_in.finish_with_code(world.means, step(world, ANA), code, CLIENT)
        assert (begun.session.person_id, begun.session.method) == (ana.person_id, "recovery")
        assert own_account.account(world.means, ana).codes_left == left
    with pytest.raises(PasskeyRefused):
        signing_in.finish_with_code(world.means, step(world, ANA), codes[0], CLIENT)


@pytest.mark.parametrize("typed", [str.lower, lambda code: f"  {code} ", lambda code: code.replace("-", "")])
def test_a_code_may_be_typed_in_other_ways(world: World, typed: object) -> None:
    ana, codes = guarded(world, ANA)
    assert callable(typed)

    begun = signing_in.finish_with_code(world.means, step(world, ANA), typed(codes[0]), CLIENT)
    assert begun.session.person_id == ana.person_id


@pytest.mark.parametrize("guess", ["", "0", "AAAAA-AAAAA", "é", "x" * 100_000, "' OR 1=1 --", "\x00", "\ud800"])
def test_a_guess_is_refused_and_spends_the_ticket(world: World, guess: str) -> None:
    _ana, codes = guarded(world, ANA)
    ticket = step(world, ANA)

    with pytest.raises(PasskeyRefused):
        signing_in.finish_with_code(world.means, ticket, guess, CLIENT)
    with pytest.raises(LinkUnusable):
        signing_in.finish_with_code(world.means, ticket, codes[0], CLIENT)


def test_somebody_elses_code_is_refused(world: World) -> None:
    guarded(world, ANA)
    ben, codes = guarded(world, BEN)

    with pytest.raises(PasskeyRefused):
        signing_in.finish_with_code(world.means, step(world, ANA), codes[0], CLIENT)
    assert own_account.account(world.means, ben).codes_left == 10


def test_new_codes_end_the_old_ones(world: World) -> None:
    ana, codes = guarded(world, ANA)
    own_account.new_codes(world.means, ana)

    with pytest.raises(PasskeyRefused):
        signing_in.finish_with_code(world.means, step(world, ANA), codes[0], CLIENT)


def test_a_second_step_ends_after_ten_minutes(world: World) -> None:
    _ana, codes = guarded(world, ANA)
    ticket = step(world, ANA)
    world.clock.pass_(minutes=10)

    with pytest.raises(LinkUnusable):
        signing_in.finish_with_code(world.means, ticket, codes[0], CLIENT)


def test_a_ticket_is_only_good_with_its_own_person(world: World) -> None:
    ana, codes = guarded(world, ANA)
    ticket = world.means.tickets("passkey-sign-in").make(ana.person_id, world.clock.now)

    with pytest.raises(LinkUnusable):
        signing_in.finish_with_code(world.means, ticket, codes[0], CLIENT)


def test_of_two_who_use_a_code_at_once_one_wins(world: World) -> None:
    _ana, codes = guarded(world, ANA)
    tickets = [step(world, ANA), step(world, ANA)]
    calls = [lambda ticket=one: signing_in.finish_with_code(world.means, ticket, codes[0], CLIENT) for one in tickets]

    assert sorted(type(one).__name__ for one in at_once(*calls)) == ["Begun", "PasskeyRefused"]


def test_no_code_is_kept(world: World) -> None:
    _ana, codes = guarded(world, ANA)
    with read(world.engine) as connection:
        kept = repr(connection.execute(text("SELECT * FROM recovery_code")).all())

    assert not [one for one in codes if one in kept or one.replace("-", "") in kept]


def test_what_is_kept_is_stretched_and_salted_for_each_person(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, ben = world.person(ANA), world.person(BEN)
    assert (recovery.PASSES, recovery.MEMORY_KIB) == (2, 19_456)
    monkeypatch.setattr(recovery, "CODES", 1)
    monkeypatch.setattr(secrets, "token_bytes", lambda size: bytes(size))
    first, second = (recovery.new_codes(world.means, one.person_id) for one in (ana, ben))

    assert first.shown == second.shown
    assert first.kept != second.kept
    assert first.kept != recovery.new_codes(with_secret(world, b"another" * 5), ana.person_id).kept
    assert first.shown[0] not in repr(first)


def test_codes_alone_are_a_second_step(world: World) -> None:
    ana = world.person(ANA)
    codes = own_account.new_codes(world.means, ana)
    begun = signing_in.finish_with_code(world.means, step(world, ANA), codes[0], CLIENT)

    assert world.visitor(begun).strong


def test_the_last_code_used_leaves_a_link_alone_to_an_account_without_a_passkey(world: World) -> None:
    codes = own_account.new_codes(world.means, world.person(ANA))
    for code in codes:
        world.clock.pass_(hours=1)
        signing_in.finish_with_code(world.means, step(world, ANA), code, CLIENT)

    assert not world.visitor(world.begun(ANA)).strong


def test_a_code_has_fifty_bits(world: World) -> None:
    codes = own_account.new_codes(world.means, world.person(ANA))

    assert {len(code.replace("-", "")) * 5 for code in codes} == {50}
    assert SHORT_CODE_BYTES * 8 >= 50
