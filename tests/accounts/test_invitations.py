"""Invitations into a company: for one address, once, for three days, and only while their sender is an owner."""

from __future__ import annotations

import pytest

from credentials.accounts import organisations, signing_in
from credentials.accounts.acting import ROLES
from credentials.accounts.audit import trail
from credentials.accounts.errors import AddressUnusable, LinkUnusable, MemberUnknown
from credentials.accounts.sessions import Begun
from tests.accounts.actors import CLIENT, World, at_once
from tests.accounts.test_organisations import ANA, BEN, roles_of


def test_an_invitation_wants_an_address(world: World) -> None:
    with pytest.raises(AddressUnusable):
        organisations.invite(world.means, world.owner(), "ana", ["author"])


def test_an_invitation_works_once(world: World) -> None:
    owner = world.owner()
    ana = world.invited(owner, ANA, "author")
    token = world.token(ANA)
    organisations.remove(world.means, owner, ana.visitor.person_id)

    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, token, "Ana", CLIENT)
    assert organisations.member(world.means, ana.visitor, "acme") is None


def test_an_invitation_taken_back_gives_nothing(world: World) -> None:
    owner = world.owner()
    organisations.invite(world.means, owner, ANA, ["owner"])
    invitation = organisations.people(world.means, owner).invitations[0]
    organisations.withdraw_invitation(world.means, owner, invitation.id)

    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, world.token(ANA), "Ana", CLIENT)
    with pytest.raises(MemberUnknown):
        organisations.withdraw_invitation(world.means, owner, invitation.id)
    assert len(roles_of(world, owner)) == 1


def test_an_invitation_ends_after_three_days(world: World) -> None:
    owner = world.owner()
    organisations.invite(world.means, owner, ANA, ["author"])
    world.clock.pass_(hours=72)

    assert organisations.people(world.means, owner).invitations == ()
    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, world.token(ANA), "Ana", CLIENT)


def test_an_invitation_that_ended_cannot_be_taken_back(world: World) -> None:
    owner = world.owner()
    organisations.invite(world.means, owner, ANA, ["author"])
    made = organisations.people(world.means, owner).invitations[0]
    world.clock.pass_(hours=72)

    with pytest.raises(MemberUnknown):
        organisations.withdraw_invitation(world.means, owner, made.id)
    assert "invitation.withdrawn" not in [one.action for one in trail(world.engine, owner.issuer.id)]


def test_an_invitation_is_for_the_address_it_went_to(world: World) -> None:
    owner, ben = world.owner(), world.person(BEN)
    organisations.invite(world.means, owner, ANA, ["author"])
    begun = signing_in.open_link(world.means, world.token(ANA), "Ana", CLIENT)

    assert isinstance(begun, Begun)
    assert begun.session.person_id != ben.person_id
    assert organisations.member(world.means, ben, "acme") is None


def test_of_two_who_take_an_invitation_at_once_one_wins(world: World) -> None:
    owner = world.owner()
    world.person(ANA)
    organisations.invite(world.means, owner, ANA, ["author"])
    token = world.token(ANA)
    answers = at_once(*[lambda: signing_in.open_link(world.means, token, "Ana", CLIENT)] * 2)

    assert sorted(type(one).__name__ for one in answers) == ["Begun", "LinkUnusable"]


def test_an_invitation_takes_no_role_away(world: World) -> None:
    owner = world.owner()
    again = world.invited(owner, "owner@acme.example", "reviewer")

    assert again.visitor.person_id == owner.visitor.person_id
    assert again.roles == set(ROLES)


def test_a_company_names_itself_in_no_subject(world: World) -> None:
    owner = world.owner()
    organisations.invite(world.means, owner, ANA, ["author"])
    _address, letter = world.letters.sent[-1]

    assert owner.issuer.name not in letter.subject
    assert world.token(ANA) not in letter.subject + "".join(letter.paragraphs)


def test_an_owner_is_invited_by_command(world: World) -> None:
    issuer = world.owner("owner@other.example", "other").issuer
    organisations.invite_owner(world.means, issuer, ANA)
    begun = signing_in.open_link(world.means, world.token(ANA), "Ana", CLIENT)

    assert isinstance(begun, Begun)
    assert world.member(world.visitor(begun), "other").roles == set(ROLES)


@pytest.mark.parametrize("gone", ["removed", "no owner any more"])
def test_the_invitations_of_somebody_who_is_no_owner_any_more_give_nothing(world: World, gone: str) -> None:
    owner = world.owner()
    second = world.invited(owner, BEN, "owner")
    organisations.invite(world.means, second, ANA, ["owner"])
    token = world.token(ANA)
    if gone == "removed":
        organisations.remove(world.means, owner, second.visitor.person_id)
    else:
        organisations.change_roles(world.means, owner, second.visitor.person_id, ["author"])

    assert organisations.people(world.means, owner).invitations == ()
    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, token, "Ana", CLIENT)


def test_the_invitations_of_others_stay_good(world: World) -> None:
    owner = world.owner()
    second = world.invited(owner, BEN, "owner")
    organisations.invite(world.means, owner, ANA, ["author"])
    organisations.remove(world.means, owner, second.visitor.person_id)

    assert len(organisations.people(world.means, owner).invitations) == 1


def test_an_invitation_taken_and_taken_back_at_once_is_one_of_the_two(world: World) -> None:
    owner = world.owner()
    organisations.invite(world.means, owner, ANA, ["author"])
    token, made = world.token(ANA), organisations.people(world.means, owner).invitations[0]
    answers = at_once(
        lambda: signing_in.open_link(world.means, token, "Ana", CLIENT),
        lambda: organisations.withdraw_invitation(world.means, owner, made.id),
    )

    failed = [one for one in answers if isinstance(one, Exception)]
    assert [type(one) for one in failed] in ([LinkUnusable], [MemberUnknown])
    members = len(organisations.people(world.means, owner).members)
    assert members == (1 if isinstance(failed[0], LinkUnusable) else 2)
