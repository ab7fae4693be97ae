"""Links by mail: once, for a limited time, taken by one, refused in one voice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from credentials.accounts import links, organisations, own_account, signing_in
from credentials.accounts.errors import AddressUnusable, LinkUnusable, NameUnusable
from credentials.accounts.sessions import Begun
from credentials.accounts.signing_in import LinkSent
from credentials.store.engine import read
from tests.accounts.actors import BASE_URL, CLIENT, World, at_once

ANA = "ana@school.example"


def rows(world: World) -> list[str]:
    """All that the database holds, as text."""
    names = ("link", "session", "person", "person_address", "spent_ticket", "audit_event")
    with read(world.engine) as connection:
        return [repr(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in names]  # noqa: S608


def test_a_link_signs_in_and_begins_an_account(world: World) -> None:
    visitor = world.person(ANA, "  Ana   Souza ")

    assert visitor.name == "Ana Souza"
    assert world.person(ANA, "ignored").person_id == visitor.person_id


def test_an_address_is_the_same_in_capitals(world: World) -> None:
    first = world.person(ANA)
    links.request_sign_in(world.means, "  ANA@School.Example ")
    begun = signing_in.open_link(world.means, world.token("ANA@School.Example"), "", CLIENT)

    assert isinstance(begun, Begun)
    assert world.visitor(begun).person_id == first.person_id


def test_a_link_works_once(world: World) -> None:
    token = world.asked(ANA)
    signing_in.open_link(world.means, token, "Ana", CLIENT)

    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, token, "Ana", CLIENT)
    with pytest.raises(LinkUnusable):
        links.look(world.means, token)


def test_looking_at_a_link_changes_nothing(world: World) -> None:
    token = world.asked(ANA)
    before = rows(world)

    for _ in range(10):
        assert links.look(world.means, token) == links.Seen("sign-in", ANA, known=False)
    assert rows(world) == before
    assert isinstance(signing_in.open_link(world.means, token, "Ana", CLIENT), Begun)


def test_a_link_ends_at_its_second(world: World) -> None:
    token = world.asked(ANA)
    world.clock.now += links.LIFETIMES["sign-in"] - timedelta(microseconds=1)
    assert links.look(world.means, token).address == ANA

    world.clock.now += timedelta(microseconds=1)
    with pytest.raises(LinkUnusable):
        links.look(world.means, token)
    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, token, "Ana", CLIENT)


def test_no_link_lives_longer_than_three_days() -> None:
    assert max(links.LIFETIMES.values()) <= timedelta(hours=72)


@pytest.mark.parametrize("place", [0, 20, 42])
def test_an_altered_link_opens_nothing(world: World, place: int) -> None:
    token = world.asked(ANA)
    altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

    for wrong in (altered, token[:-1], token + "A", token.swapcase(), f" {token}", "", "' OR 1=1 --", "é" * 43):
        with pytest.raises(LinkUnusable) as caught:
            signing_in.open_link(world.means, wrong, "Ana", CLIENT)
        assert str(caught.value) == LinkUnusable.title


def test_a_link_for_another_purpose_does_not_sign_in(world: World) -> None:
    ana = world.person(ANA)
    own_account.request_address(world.means, ana, "ana@home.example")
    token = world.token("ana@home.example")

    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, token, "Ana", CLIENT)
    own_account.add_address(world.means, ana, token)


def test_of_two_who_take_a_link_at_once_one_wins(world: World) -> None:
    world.person(ANA)
    token = world.asked(ANA)
    answers = at_once(*[lambda: signing_in.open_link(world.means, token, "Ana", CLIENT)] * 2)

    assert sorted(type(one).__name__ for one in answers) == ["Begun", "LinkUnusable"]


def test_a_refused_name_leaves_the_link_good(world: World) -> None:
    token = world.asked(ANA)

    for name in ("", "   ", "A\u202eB", "x" * 201, "a\x00b", "\u200b"):
        with pytest.raises(NameUnusable):
            signing_in.open_link(world.means, token, name, CLIENT)
    assert isinstance(signing_in.open_link(world.means, token, "Ana", CLIENT), Begun)


def test_an_address_gets_five_links_an_hour(world: World) -> None:
    for _ in range(links.MOST_AN_HOUR + 3):
        links.request_sign_in(world.means, ANA)
    assert len(world.letters.sent) == links.MOST_AN_HOUR

    links.request_sign_in(world.means, "ben@school.example")
    world.clock.pass_(hours=1, seconds=1)
    links.request_sign_in(world.means, ANA)
    assert len(world.letters.sent) == links.MOST_AN_HOUR + 2


def test_the_last_link_of_an_hour_stays_good_when_more_are_asked_for(world: World) -> None:
    for _ in range(links.MOST_AN_HOUR + 3):
        links.request_sign_in(world.means, ANA)

    assert isinstance(signing_in.open_link(world.means, world.token(ANA), "Ana", CLIENT), Begun)


def test_others_letters_do_not_use_up_somebodys_links(world: World) -> None:
    eve = world.person("eve@mail.example")
    for _ in range(links.MOST_AN_HOUR + 3):
        own_account.request_address(world.means, eve, ANA)
    sent = [address for address, _letter in world.letters.sent if address == ANA]

    assert len(sent) == links.MOST_AN_HOUR
    assert isinstance(world.begun(ANA), Begun)


def test_a_newer_link_voids_the_older_ones(world: World) -> None:
    first = world.asked(ANA)
    second = world.asked(ANA)

    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, first, "Ana", CLIENT)
    assert isinstance(signing_in.open_link(world.means, second, "Ana", CLIENT), Begun)


NO_ADDRESSES = """
ana
ana@
@school.example
ana@school
a b@school.example
ana@school.example,eve@x.example
"a"@school.example
ana@[127.0.0.1]
ána@school.example
ana@-school.example
ana..x@school.example
<ana@school.example>
""".splitlines()
NO_ADDRESSES += ["ana@school.example\nBcc: eve@x.example", "a" * 250, f"{'a' * 65}@school.example"]


@pytest.mark.parametrize("typed", NO_ADDRESSES)
def test_what_is_no_address_gets_no_letter(world: World, typed: str) -> None:
    with pytest.raises(AddressUnusable):
        links.request_sign_in(world.means, typed)
    assert world.letters.sent == []


def test_a_token_is_only_in_the_letter(world: World) -> None:
    token = world.asked(ANA)
    address, letter = world.letters.sent[-1]

    assert token not in "".join(rows(world))
    assert token not in repr(letter)
    assert token not in letter.subject + " ".join(letter.paragraphs)
    assert letter.action is not None
    assert letter.action.url == f"{BASE_URL}/link/{token}"
    assert address == ANA


@pytest.mark.parametrize("minutes", [9.99, 10, 4000])
def test_an_old_link_of_another_kind_opens_no_account_that_is_there(world: World, minutes: float) -> None:
    owner, ana = world.owner(), world.person(ANA)
    organisations.invite(world.means, owner, ANA, ["author"])
    token = world.token(ANA)
    world.clock.pass_(minutes=minutes)
    outcome = signing_in.open_link(world.means, token, "", CLIENT)

    if minutes < 10:
        assert isinstance(outcome, Begun)
        return
    assert outcome == LinkSent(ANA)
    # It did what it was for, once; and a fresh link came that signs in.
    assert "author" in world.member(ana).roles
    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, token, "", CLIENT)
    assert isinstance(signing_in.open_link(world.means, world.token(ANA), "", CLIENT), Begun)


def test_an_old_link_begins_an_account(world: World) -> None:
    organisations.invite(world.means, world.owner(), ANA, ["author"])
    world.clock.pass_(hours=71)

    assert isinstance(signing_in.open_link(world.means, world.token(ANA), "Ana", CLIENT), Begun)


def test_no_link_signs_in_for_more_than_ten_minutes() -> None:
    assert links.LIFETIMES["sign-in"] == links.SIGNS_IN == timedelta(minutes=10)
