"""A person's own account: nobody else's, and each change of what guards it is told by mail."""

from __future__ import annotations

import pytest

from credentials.accounts import own_account
from credentials.accounts.acting import Visitor
from credentials.accounts.errors import AddressNeeded, AddressTaken, AddressUnusable, LinkUnusable, NameUnusable
from tests.accounts.actors import World, at_once

ANA, HOME, BEN = "ana@school.example", "ana@home.example", "ben@school.example"


def addresses(world: World, visitor: Visitor) -> list[str]:
    return [one.address for one in own_account.account(world.means, visitor).addresses]


def with_home(world: World, address: str = ANA) -> Visitor:
    """Somebody with two addresses."""
    visitor = world.person(address)
    own_account.request_address(world.means, visitor, HOME)
    own_account.add_address(world.means, visitor, world.token(HOME))
    return visitor


def test_a_further_address_signs_in_too(world: World) -> None:
    ana = with_home(world)

    assert addresses(world, ana) == [ANA, HOME]
    assert world.person(HOME).person_id == ana.person_id
    assert [one.kind for to, one in world.letters.sent if to == ANA][-1] == "account-changed"


def test_only_who_asked_adds_the_address(world: World) -> None:
    ana, ben = world.person(ANA), world.person(BEN)
    own_account.request_address(world.means, ana, HOME)
    token = world.token(HOME)

    with pytest.raises(LinkUnusable):
        own_account.add_address(world.means, ben, token)
    assert addresses(world, ben) == [BEN]
    own_account.add_address(world.means, ana, token)
    with pytest.raises(LinkUnusable):
        own_account.add_address(world.means, ana, token)


def test_a_sign_in_link_adds_no_address(world: World) -> None:
    ana = world.person(ANA)
    token = world.asked(HOME)

    with pytest.raises(LinkUnusable):
        own_account.add_address(world.means, ana, token)
    assert world.person(HOME).person_id != ana.person_id


def test_an_address_of_another_account_is_not_taken_over(world: World) -> None:
    ana, ben = world.person(ANA), world.person(BEN)
    own_account.request_address(world.means, ana, BEN)

    with pytest.raises(AddressTaken):
        own_account.add_address(world.means, ana, world.token(BEN))
    assert (addresses(world, ana), addresses(world, ben)) == ([ANA], [BEN])


def test_of_two_who_add_an_address_at_once_one_gets_it(world: World) -> None:
    calls = []
    for visitor in (world.person(ANA), world.person(BEN)):
        own_account.request_address(world.means, visitor, HOME)
        token = world.token(HOME)
        calls.append(lambda who=visitor, token=token: own_account.add_address(world.means, who, token))

    assert sorted(type(one).__name__ for one in at_once(*calls)) == ["AddressTaken", "NoneType"]


def test_asking_says_nothing_of_who_has_an_account(world: World) -> None:
    ana = world.person(ANA)
    world.person(BEN)
    own_account.request_address(world.means, ana, BEN)
    own_account.request_address(world.means, ana, HOME)
    letters = [one for _to, one in world.letters.sent[-2:]]

    assert letters[0].subject == letters[1].subject
    assert letters[0].paragraphs == letters[1].paragraphs


@pytest.mark.parametrize("text", ["", "home", "a@b", "ana@home.example\r\nX: y"])
def test_what_is_no_address_is_not_asked(world: World, text: str) -> None:
    ana = world.person(ANA)
    before = len(world.letters.sent)

    with pytest.raises(AddressUnusable):
        own_account.request_address(world.means, ana, text)
    assert len(world.letters.sent) == before


def test_the_first_address_stays(world: World) -> None:
    ana = with_home(world)

    for text in (ANA, ANA.upper(), BEN, "", "nobody@x.example"):
        with pytest.raises(AddressNeeded):
            own_account.remove_address(world.means, ana, text)
    assert addresses(world, ana) == [ANA, HOME]


def test_another_address_becomes_the_first(world: World) -> None:
    ana = with_home(world)
    own_account.make_first(world.means, ana, HOME.upper())
    assert addresses(world, ana) == [HOME, ANA]
    # Whoever took the account over cannot keep this from its owner: the letter went where mail went before.
    assert world.letters.sent[-1][0] == ANA

    own_account.remove_address(world.means, ana, ANA)
    assert addresses(world, ana) == [HOME]


def test_somebody_elses_address_is_not_touched(world: World) -> None:
    ana, ben = world.person(ANA), with_home(world, BEN)

    for step in (own_account.remove_address, own_account.make_first):
        with pytest.raises(AddressNeeded):
            step(world.means, ana, HOME)
    assert addresses(world, ben) == [BEN, HOME]


def test_a_name_is_changed(world: World) -> None:
    begun = world.begun(ANA)
    own_account.rename(world.means, world.visitor(begun), " Ana\tMaria  Souza ")

    assert world.visitor(begun).name == "Ana Maria Souza"


@pytest.mark.parametrize("text", ["", " ", "a\u202eb", "\u200bAna", "x" * 201, "a\x1bb", "\ud800"])
def test_a_name_that_cannot_be_read_is_refused(world: World, text: str) -> None:
    begun = world.begun(ANA, "Ana")

    with pytest.raises(NameUnusable):
        own_account.rename(world.means, world.visitor(begun), text)
    assert world.visitor(begun).name == "Ana"
