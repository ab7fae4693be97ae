"""Passkeys, against an authenticator of the tests' own: whatever is not exactly right is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.accounts import own_account, passkeys, sessions, signing_in
from credentials.accounts.acting import Visitor
from credentials.accounts.errors import LinkUnusable, PasskeyRefused, PasskeyTaken, PasskeyUnknown
from tests.accounts.actors import CLIENT, World, at_once
from tests.accounts.authenticator import PRESENT, VERIFIED, Authenticator, encoded, p256

ANA, BEN = "ana@school.example", "ben@school.example"
KINDS = pytest.mark.parametrize("make", [Authenticator, p256])


def registered(world: World, visitor: Visitor, found: Authenticator | None = None, **lie: Any) -> Authenticator:
    """An authenticator whose passkey the person has registered."""
    made = found or Authenticator()
    ceremony = passkeys.registration(world.means, visitor.person_id)
    own_account.add_passkey(world.means, visitor, ceremony.ticket, made.create(ceremony, **lie), "My phone")
    return made


def sign_in(world: World, found: Authenticator, **lie: Any) -> str:
    """The person whom an authenticator's answer signs in."""
    ceremony = passkeys.authentication(world.means)
    begun = signing_in.sign_in_with_passkey(world.means, ceremony.ticket, found.get(ceremony, **lie), CLIENT)
    return begun.session.person_id


@KINDS
def test_a_passkey_signs_in(world: World, make: type[Authenticator]) -> None:
    ana = world.person(ANA)
    made = registered(world, ana, make())

    assert sign_in(world, made) == ana.person_id
    assert sign_in(world, made) == ana.person_id
    kept = own_account.account(world.means, ana).passkeys
    assert [(one.label, one.sign_count) for one in kept] == [("My phone", 2)]


def test_an_authenticator_without_a_counter_signs_in(world: World) -> None:
    made = registered(world, world.person(ANA))

    sign_in(world, made, count=0)
    sign_in(world, made, count=0)


def test_the_first_passkey_brings_recovery_codes_and_a_letter(world: World) -> None:
    ana = world.person(ANA)
    codes = []
    for _ in range(2):
        ceremony = passkeys.registration(world.means, ana.person_id)
        answer = Authenticator().create(ceremony)
        codes.append(own_account.add_passkey(world.means, ana, ceremony.ticket, answer, ""))

    assert [len(one) for one in codes] == [10, 0]
    assert [one.kind for to, one in world.letters.sent if to == ANA].count("account-changed") == 2


WRONG_REGISTRATIONS: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://evil.example"},
    "the origin in http": {"origin": "http://credentials.example"},
    "a sub-domain": {"origin": "https://a.credentials.example"},
    "the origin with a port": {"origin": "https://credentials.example:8443"},
    "another site's id": {"rp_id": "evil.example"},
    "another challenge": {"challenge": encoded(b"x" * 40)},
    "no challenge": {"challenge": ""},
    "the other ceremony": {"type": "webauthn.get"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": VERIFIED},
    "an RSA key": {"cose": {1: 3, 3: -257, -1: b"\x01" * 256, -2: b"\x01\x00\x01"}},
    "no key": {"cose": {}},
    "a key that is no map": {"cose": "key"},
}


@pytest.mark.parametrize("lie", WRONG_REGISTRATIONS.values(), ids=WRONG_REGISTRATIONS.keys())
def test_a_wrong_registration_is_refused(world: World, lie: dict[str, Any]) -> None:
    ana = world.person(ANA)

    with pytest.raises(PasskeyRefused):
        registered(world, ana, **lie)
    found = own_account.account(world.means, ana)
    assert (found.passkeys, found.codes_left) == ((), 0)


def test_a_registration_is_not_replayed(world: World) -> None:
    ana = world.person(ANA)
    ceremony = passkeys.registration(world.means, ana.person_id)
    answer = Authenticator().create(ceremony)
    own_account.add_passkey(world.means, ana, ceremony.ticket, answer, "")

    with pytest.raises(LinkUnusable):
        own_account.add_passkey(world.means, ana, ceremony.ticket, answer, "")


def test_a_registration_with_somebody_elses_ticket_is_refused(world: World) -> None:
    ana, ben = world.person(ANA), world.person(BEN)
    ceremony = passkeys.registration(world.means, ana.person_id)

    with pytest.raises(LinkUnusable):
        own_account.add_passkey(world.means, ben, ceremony.ticket, Authenticator().create(ceremony), "")


def test_a_registration_ends_after_ten_minutes(world: World) -> None:
    ana = world.person(ANA)
    ceremony = passkeys.registration(world.means, ana.person_id)
    world.clock.pass_(minutes=10)

    with pytest.raises(LinkUnusable):
        own_account.add_passkey(world.means, ana, ceremony.ticket, Authenticator().create(ceremony), "")


def test_a_passkey_belongs_to_one_person(world: World) -> None:
    made = registered(world, world.person(ANA))
    ben = world.person(BEN)

    with pytest.raises(PasskeyTaken):
        registered(world, ben, Authenticator(credential_id=made.credential_id))
    found = own_account.account(world.means, ben)
    assert (found.passkeys, found.codes_left) == ((), 0)


WRONG_ANSWERS: dict[str, dict[str, Any]] = {
    **{name: lie for name, lie in WRONG_REGISTRATIONS.items() if "cose" not in lie and "type" not in lie},
    "the other ceremony": {"type": "webauthn.create"},
    "another person's handle": {"handle": b"x" * 32},
    "a signature of nothing": {"signature": bytes(64)},
    "a short signature": {"signature": b"x"},
}


@KINDS
@pytest.mark.parametrize("lie", WRONG_ANSWERS.values(), ids=WRONG_ANSWERS.keys())
def test_a_wrong_answer_is_refused(world: World, lie: dict[str, Any], make: type[Authenticator]) -> None:
    made = registered(world, world.person(ANA), make())
    before = len(sessions.open_sessions(world.engine, world.person(BEN).person_id, world.clock.now))

    with pytest.raises(PasskeyRefused) as caught:
        sign_in(world, made, **lie)
    assert str(caught.value).startswith(PasskeyRefused.title)
    assert before == 1


def test_a_signature_of_another_key_is_refused(world: World) -> None:
    made = registered(world, world.person(ANA))

    with pytest.raises(PasskeyRefused):
        sign_in(world, replace(made, key=Authenticator().key))


def test_an_answer_is_not_replayed(world: World) -> None:
    made = registered(world, world.person(ANA))
    ceremony = passkeys.authentication(world.means)
    answer = made.get(ceremony)
    signing_in.sign_in_with_passkey(world.means, ceremony.ticket, answer, CLIENT)

    with pytest.raises(LinkUnusable):
        signing_in.sign_in_with_passkey(world.means, ceremony.ticket, answer, CLIENT)
    other = passkeys.authentication(world.means)
    with pytest.raises(PasskeyRefused):
        signing_in.sign_in_with_passkey(world.means, other.ticket, answer, CLIENT)


def test_of_two_answers_at_once_one_wins(world: World) -> None:
    made = registered(world, world.person(ANA))
    ceremony = passkeys.authentication(world.means)
    answer = made.get(ceremony)
    call = lambda: signing_in.sign_in_with_passkey(world.means, ceremony.ticket, answer, CLIENT)  # noqa: E731

    assert sorted(type(one).__name__ for one in at_once(call, call)) == ["Begun", "LinkUnusable"]


@pytest.mark.parametrize("count", [0, 4, 5])
def test_a_counter_that_runs_backwards_is_refused(world: World, count: int) -> None:
    made = registered(world, world.person(ANA))
    sign_in(world, made, count=5)

    with pytest.raises(PasskeyRefused):
        sign_in(world, made, count=count)


def test_an_unknown_passkey_is_refused(world: World) -> None:
    world.person(ANA)

    with pytest.raises(PasskeyRefused):
        sign_in(world, Authenticator())


def test_a_removed_passkey_is_refused(world: World) -> None:
    ana = world.person(ANA)
    made = registered(world, ana)
    kept = own_account.account(world.means, ana).passkeys[0]
    with pytest.raises(PasskeyUnknown):
        own_account.remove_passkey(world.means, world.person(BEN), kept.id)
    own_account.remove_passkey(world.means, ana, kept.id)

    with pytest.raises(PasskeyRefused):
        sign_in(world, made)
    with pytest.raises(PasskeyUnknown):
        own_account.remove_passkey(world.means, ana, kept.id)


def test_a_second_step_takes_only_the_passkey_of_its_person(world: World) -> None:
    ana, ben = world.person(ANA), world.person(BEN)
    registered(world, ana)
    bens = registered(world, ben)
    ceremony = passkeys.authentication(world.means, ana.person_id)

    with pytest.raises(PasskeyRefused):
        signing_in.sign_in_with_passkey(world.means, ceremony.ticket, bens.get(ceremony), CLIENT)


def test_proving_again_changes_the_cookie(world: World) -> None:
    begun = world.begun(ANA)
    ana = world.visitor(begun)
    made = registered(world, ana)
    world.clock.pass_(hours=1)
    ceremony = passkeys.authentication(world.means, ana.person_id)
    cookie = signing_in.prove_again(world.means, ana, ceremony.ticket, made.get(ceremony))
    proved = sessions.visitor(world.engine, cookie, CLIENT, world.clock.now)

    assert proved is not None
    assert (proved.session_id, proved.proved_at, proved.strong) == (ana.session_id, world.clock.now, True)
    assert sessions.visitor(world.engine, begun.cookie, CLIENT, world.clock.now) is None


def test_nobody_proves_for_somebody_else(world: World) -> None:
    begun = world.begun(ANA)
    bens = registered(world, world.person(BEN))
    ceremony = passkeys.authentication(world.means)

    with pytest.raises(PasskeyRefused):
        signing_in.prove_again(world.means, world.visitor(begun), ceremony.ticket, bens.get(ceremony))
    assert world.visitor(begun).proved_at == begun.session.proved_at


def test_tickets_of_one_ceremony_are_nothing_for_the_other(world: World) -> None:
    ana = world.person(ANA)
    made = registered(world, ana)
    creating, getting = passkeys.registration(world.means, ana.person_id), passkeys.authentication(world.means)

    with pytest.raises(LinkUnusable):
        signing_in.sign_in_with_passkey(world.means, creating.ticket, made.get(creating), CLIENT)
    with pytest.raises(LinkUnusable):
        own_account.add_passkey(world.means, ana, getting.ticket, "{}", "")


GARBAGE = ["", "{}", "[]", "null", "0", '"x"', "{", "[" * 16_000, '{"a":' * 3_000, "\x00", "é", "x" * 1_000_000]
GARBAGE += ['{"id":1}', '{"id":"AA","rawId":"AA","type":"public-key","response":{}}', '{"id":"*"}', "NaN"]


@pytest.mark.parametrize("answer", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_refused(world: World, answer: str) -> None:
    ana = world.person(ANA)
    registered(world, ana)

    with pytest.raises(PasskeyRefused):
        signing_in.sign_in_with_passkey(world.means, passkeys.authentication(world.means).ticket, answer, CLIENT)
    ceremony = passkeys.registration(world.means, ana.person_id)
    with pytest.raises(PasskeyRefused):
        own_account.add_passkey(world.means, ana, ceremony.ticket, answer, "")


FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
JSON = st.recursive(st.none() | st.integers() | st.text() | st.booleans(), lambda part: st.lists(part, max_size=2))


@FEW
@given(st.data())
def test_an_answer_with_one_part_replaced_is_refused(world: World, data: st.DataObject) -> None:
    made = registered(world, world.person(ANA)) if not world.letters.sent else KEPT[0]
    KEPT[:] = [made]
    ceremony = passkeys.authentication(world.means)
    answer = json.loads(made.get(ceremony))
    place = data.draw(st.sampled_from([answer, answer["response"]]))
    name = data.draw(st.sampled_from(sorted(set(place) - {"response", "userHandle"})))
    old, place[name] = place[name], data.draw(JSON | st.binary(max_size=80).map(encoded))
    if place[name] == old:
        return

    with pytest.raises(PasskeyRefused):
        signing_in.sign_in_with_passkey(world.means, ceremony.ticket, json.dumps(answer), CLIENT)


KEPT: list[Authenticator] = []


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://credentials.example", True),
        ("http://localhost:8000", True),
        ("http://credentials.example", False),
        ("https://192.0.2.1", False),
        ("http://127.0.0.1:8000", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_where_passkeys_are_possible(world: World, address: str, possible: bool) -> None:
    assert passkeys.possible(replace(world.means, base_url=address)) is possible
