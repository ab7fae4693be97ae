"""What an API key acts as in projects: with which roles, in whose name, and when no more."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from credentials.accounts.acting import Actor
from credentials.accounts.api_keys import ANSWERED_FOR, SCOPES, KeyHolder, check_key, list_keys, make_key
from credentials.accounts.errors import AddressUnusable, AnswererWanted, KeyRefused, NobodyAnswers
from credentials.accounts.programs import ROLES_OF, acting, find_person
from credentials.store import organisations
from credentials.store.engine import write
from tests.accounts.actors import World


def holder(world: World, person_id: str | None, *scopes: str) -> KeyHolder:
    """Who calls with a new key of acme's."""
    made = make_key(world.engine, "acme", scopes, label="t", now=world.clock.now, person_id=person_id)
    return check_key(world.engine, made.secret, world.clock.now)


def act(world: World, who: KeyHolder, scope: str) -> object:
    """The member that a key acts as."""
    return acting(world.engine, who, scope, origin="192.0.2.7", now=world.clock.now)


def test_a_key_has_the_name_of_its_person_and_the_actor_of_its_own(world: World) -> None:
    owner = world.owner()
    found = acting(
        world.engine,
        holder(world, owner.visitor.person_id, "work:write"),
        "work:write",
        origin="192.0.2.7",
        now=world.clock.now,
    )

    assert (found.visitor.person_id, found.visitor.name) == (owner.visitor.person_id, owner.visitor.name)
    assert found.actor == Actor(f"api-key:{found.key_id}", "192.0.2.7")
    assert (found.visitor.operator, found.visitor.strong, found.visitor.session_id) == (False, False, "")


@pytest.mark.parametrize("scope", SCOPES)
def test_only_two_scopes_make_an_owner_or_a_signer(scope: str) -> None:
    more = {"brand": {"owner"}, "issue": {"signer"}}

    assert ROLES_OF.get(scope, frozenset()) <= {"author", "reviewer"} | more.get(scope, set())


@pytest.mark.parametrize("scope", sorted(set(SCOPES) - ANSWERED_FOR - set(ROLES_OF)))
def test_a_scope_that_reads_has_no_role_and_needs_nobody(world: World, scope: str) -> None:
    found = acting(world.engine, holder(world, None, scope), scope, origin="", now=world.clock.now)

    assert (found.roles, found.visitor.person_id) == (frozenset(), "")


@pytest.mark.parametrize("scope", sorted(ANSWERED_FOR))
def test_a_scope_that_writes_wants_somebody_of_the_company(world: World, scope: str) -> None:
    stranger, outsider = (
        world.person("ana@mail.example").person_id,
        world.owner("owner@other.example", "other").visitor.person_id,
    )
    for person_id in (None, "", "nobody", stranger, outsider):
        with pytest.raises(AnswererWanted):
            holder(world, person_id, "read", scope)

    assert list_keys(world.engine, "acme") == []


@pytest.mark.parametrize("scope", sorted(ANSWERED_FOR))
def test_once_they_left_the_key_writes_no_more(world: World, scope: str) -> None:
    who = world.owner().visitor.person_id
    made = holder(world, who, "projects:read", scope)
    with write(world.engine) as connection:
        organisations.remove_member(connection, made.issuer_id, who)

    with pytest.raises(NobodyAnswers):
        act(world, made, scope)
    assert act(world, made, "projects:read")


def test_a_key_of_a_company_that_is_gone_is_refused(world: World) -> None:
    with pytest.raises(KeyRefused):
        act(world, KeyHolder("k", "nowhere", "nowhere", frozenset({"work:read"})), "work:read")


def test_a_person_is_found_by_their_address(accounts: Engine, world: World) -> None:
    known = world.person("ana@mail.example").person_id

    assert find_person(accounts, " Ana@Mail.example ") == known
    assert find_person(accounts, "bob@mail.example") is None


@pytest.mark.parametrize("text", ["", "ana", "ana@mail.example\0", "@"])
def test_what_is_no_address_finds_nobody(accounts: Engine, text: str) -> None:
    with pytest.raises(AddressUnusable):
        find_person(accounts, text)
