"""Companies: only owners change them, only for their own company, and never so that no owner is left."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from credentials.accounts import organisations, signing_in
from credentials.accounts.acting import ROLES, Member, Role
from credentials.accounts.audit import trail
from credentials.accounts.errors import LastOwner, LinkUnusable, MemberUnknown, RoleMissing, RoleUnknown
from credentials.accounts.sessions import Begun
from credentials.accounts.tokens import new_id
from credentials.store import people
from credentials.store.engine import read
from tests.accounts.actors import CLIENT, World, at_once

ANA, BEN = "ana@acme.example", "ben@acme.example"


def roles_of(world: World, member: Member) -> dict[str, str]:
    return {one.person_id: one.roles for one in organisations.people(world.means, member).members}


def test_the_founder_has_every_role(world: World) -> None:
    owner = world.owner()

    assert owner.roles == set(ROLES)
    assert [one.action for one in trail(world.engine, owner.issuer.id)] == ["company.founded"]


@pytest.mark.parametrize("role", ROLES)
def test_an_invited_person_has_the_role_they_were_invited_for(world: World, role: str) -> None:
    ana = world.invited(world.owner(), ANA, role)

    assert ana.roles == {role}
    assert [one for one in ROLES if ana.may(one)] == [role]


@pytest.mark.parametrize("wanted", list(combinations(ROLES, 2)))
def test_require_wants_one_of_the_roles(world: World, wanted: tuple[Role, ...]) -> None:
    ana = world.invited(world.owner(), ANA, "author")

    if "author" in wanted:
        organisations.require(ana, *wanted)
        return
    with pytest.raises(RoleMissing):
        organisations.require(ana, *wanted)


Step = Callable[[World, Member, Member], None]
OWNERS_STEPS: dict[str, Step] = {
    "invite": lambda world, who, _owner: organisations.invite(world.means, who, BEN, ["owner"]),
    "withdraw": lambda world, who, _owner: organisations.withdraw_invitation(world.means, who, new_id()),
    "change": lambda world, who, _o: organisations.change_roles(world.means, who, who.visitor.person_id, ROLES),
    "remove": lambda world, who, owner: organisations.remove(world.means, who, owner.visitor.person_id),
    "four eyes": lambda world, who, _owner: organisations.set_four_eyes(world.means, who, True),
}


@pytest.mark.parametrize("role", [one for one in ROLES if one != "owner"])
@pytest.mark.parametrize("step", OWNERS_STEPS.values(), ids=OWNERS_STEPS.keys())
def test_only_owners_change_a_company(world: World, role: str, step: Step) -> None:
    owner = world.owner()
    ana = world.invited(owner, ANA, role)
    before = organisations.people(world.means, owner)

    with pytest.raises(RoleMissing):
        step(world, ana, owner)
    assert organisations.people(world.means, owner) == before


def test_a_stranger_has_no_place_and_neither_has_anybody_nowhere(world: World) -> None:
    owner, eve = world.owner(), world.person("eve@other.example")

    assert organisations.member(world.means, eve, "acme") is None
    assert organisations.member(world.means, eve, "nowhere") is None
    assert organisations.member(world.means, owner.visitor, "other") is None
    assert organisations.member(world.means, owner.visitor, "' OR 1=1 --") is None


def test_an_owner_reaches_nobody_of_another_company(world: World) -> None:
    owner = world.owner()
    foreign = world.owner("owner@other.example", "other")
    organisations.invite(world.means, foreign, BEN, ["author"])
    invitation = organisations.people(world.means, foreign).invitations[0]
    before = organisations.people(world.means, foreign)

    for person_id in (foreign.visitor.person_id, new_id(), "", "' OR 1=1 --"):
        with pytest.raises(MemberUnknown):
            organisations.change_roles(world.means, owner, person_id, ["author"])
        with pytest.raises(MemberUnknown):
            organisations.remove(world.means, owner, person_id)
    for invitation_id in (invitation.id, new_id(), ""):
        with pytest.raises(MemberUnknown):
            organisations.withdraw_invitation(world.means, owner, invitation_id)
    assert organisations.people(world.means, foreign) == before


def test_the_last_owner_stays(world: World) -> None:
    owner = world.owner()
    world.invited(owner, ANA, "author", "reviewer", "signer")
    me = owner.visitor.person_id

    with pytest.raises(LastOwner):
        organisations.remove(world.means, owner, me)
    with pytest.raises(LastOwner):
        organisations.change_roles(world.means, owner, me, ["author", "signer"])
    assert world.member(owner.visitor).roles == set(ROLES)


def test_anybody_may_leave(world: World) -> None:
    owner = world.owner()
    ana = world.invited(owner, ANA, "author")
    organisations.remove(world.means, ana, ana.visitor.person_id)

    assert organisations.member(world.means, ana.visitor, "acme") is None
    with pytest.raises(MemberUnknown):
        organisations.remove(world.means, ana, ana.visitor.person_id)


def test_of_two_owners_who_remove_each_other_one_stays(world: World) -> None:
    owner = world.owner()
    ana = world.invited(owner, ANA, "owner")
    answers = at_once(
        lambda: organisations.remove(world.means, owner, ana.visitor.person_id),
        lambda: organisations.remove(world.means, ana, owner.visitor.person_id),
    )

    # Whoever comes second was removed by then, and is an owner no longer.
    assert sorted(type(one).__name__ for one in answers) == ["NoneType", "RoleMissing"]
    assert len(roles_of(world, owner)) == 1


def test_of_two_owners_who_leave_at_once_one_stays(world: World) -> None:
    owner = world.owner()
    ana = world.invited(owner, ANA, "owner")
    answers = at_once(
        lambda: organisations.remove(world.means, owner, owner.visitor.person_id),
        lambda: organisations.change_roles(world.means, ana, ana.visitor.person_id, ["author"]),
    )

    assert sorted(type(one).__name__ for one in answers) == ["LastOwner", "NoneType"]
    assert [roles for roles in roles_of(world, owner).values() if "owner" in roles]


@pytest.mark.parametrize("roles", [[], ["king"], ["owner", "king"], ["Owner"], ["owner author"], [""]])
def test_roles_that_do_not_exist_are_refused(world: World, roles: list[str]) -> None:
    owner = world.owner()

    with pytest.raises(RoleUnknown):
        organisations.invite(world.means, owner, ANA, roles)
    with pytest.raises(RoleUnknown):
        organisations.change_roles(world.means, owner, owner.visitor.person_id, roles)
    assert organisations.people(world.means, owner).invitations == ()


def test_four_eyes_are_set_and_noted(world: World) -> None:
    owner = world.owner()
    assert organisations.people(world.means, owner).four_eyes is False

    organisations.set_four_eyes(world.means, owner, True)
    assert organisations.people(world.means, owner).four_eyes is True
    assert trail(world.engine, owner.issuer.id)[0].detail == '{"wanted":"yes"}'


def test_an_operator_is_made_by_a_link(world: World) -> None:
    url = organisations.make_operator(world.means, "op@service.example")
    assert url is not None
    begun = signing_in.open_link(world.means, url.rpartition("/")[2], "Op", CLIENT)
    assert isinstance(begun, Begun)

    assert world.visitor(begun).operator
    assert not world.person(ANA).operator
    with pytest.raises(LinkUnusable):
        signing_in.open_link(world.means, url.rpartition("/")[2], "Op", CLIENT)


def test_who_is_an_operator_already_stays_one(world: World) -> None:
    for _ in range(2):
        organisations.make_operator(world.means, "op@service.example")
        signing_in.open_link(world.means, world.token("op@service.example"), "Op", CLIENT)

    with read(world.engine) as connection:
        assert len(people.operators(connection)) == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda means, second, _other: organisations.invite(means, second, "eve@mail.example", ["owner"]),
        lambda means, second, other: organisations.change_roles(means, second, other, ["author"]),
        lambda means, second, other: organisations.remove(means, second, other),
        lambda means, second, _other: organisations.set_four_eyes(means, second, True),
        lambda means, second, other: organisations.withdraw_invitation(means, second, other),
    ],
    ids=["invite", "change_roles", "remove", "set_four_eyes", "withdraw"],
)
def test_whoever_was_let_in_just_before_they_were_removed_does_nothing(world: World, act: Any) -> None:
    owner = world.owner()
    second = world.invited(owner, BEN, "owner")
    organisations.remove(world.means, owner, second.visitor.person_id)

    with pytest.raises(RoleMissing):
        act(world.means, second, owner.visitor.person_id)
    assert len(organisations.people(world.means, owner).members) == 1
