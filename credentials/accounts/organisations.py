"""Companies as organisations: founding one, inviting people, roles, four eyes. Owners only, but for founding.

Every call takes a `Member`, who has been found in the company by its address: there is no way to name another one. What
changes a company's people looks once more, under its lock, whether they may still do that: an owner who is being
removed removes nobody. The open invitations of somebody who is an owner no longer end with that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from credentials.accounts.acting import ROLES, Actor, Member, Role, Visitor
from credentials.accounts.addresses import canonical_address, parse_address
from credentials.accounts.audit import note, note_of
from credentials.accounts.errors import LastOwner, MemberUnknown, RoleMissing, RoleUnknown
from credentials.accounts.letters import invitation_letter, operator_letter
from credentials.accounts.links import LIFETIMES, make_link
from credentials.accounts.means import Means
from credentials.accounts.tokens import new_id
from credentials.core.identifiers import wanted_id
from credentials.store import organisations as rows
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.organisations import Invitation, Membership, Organisation
from credentials.store.organisations import Member as Place


@dataclass(frozen=True, slots=True)
class People:
    """Who belongs to a company, who was invited, and whether it wants two people for each award."""

    members: tuple[Place, ...]
    invitations: tuple[Invitation, ...]
    four_eyes: bool


def found(means: Means, connection: Connection, visitor: Visitor, issuer: Issuer) -> None:
    """Make a person the owner, with every role, of a company that was just registered; in that transaction."""
    now = means.clock()
    rows.add(connection, Organisation(issuer_id=issuer.id, four_eyes=False, created_at=now))
    rows.put_member(
        connection,
        Membership(issuer_id=issuer.id, person_id=visitor.person_id, roles=" ".join(ROLES), created_at=now),
    )
    note(connection, visitor.actor, "company.founded", f"issuer:{issuer.id}", now=now, issuer_id=issuer.id)


def member(means: Means, visitor: Visitor, slug: str) -> Member | None:
    """A visitor in a company, by its slug; None when there is none or they have no place in it: these look alike."""
    with read(means.engine) as connection:
        place = rows.roles_in(connection, visitor.person_id, slug)
    return None if place is None else Member(visitor=visitor, issuer=place[0], roles=place[1])


def require(member: Member, *roles: Role) -> None:
    """Raise RoleMissing unless a member has one of these roles."""
    if not member.may(*roles):
        raise RoleMissing(f"it wants the role {' or '.join(roles)}")


def people(means: Means, member: Member) -> People:
    """Who belongs to the company."""
    with read(means.engine) as connection:
        organisation = rows.by_id(connection, member.issuer.id)
        return People(
            tuple(rows.members(connection, member.issuer.id)),
            tuple(rows.open_invitations(connection, member.issuer.id, means.clock())),
            bool(organisation and organisation.four_eyes),
        )


def invite(means: Means, member: Member, text: str, roles: Iterable[str]) -> None:
    """Invite somebody by e-mail. Raises RoleMissing, AddressUnusable, RoleUnknown."""
    require(member, "owner")
    address, wanted = parse_address(text), parse_roles(roles)
    with write(means.engine) as connection:
        _require_still(connection, member)
        _invite(means, connection, member.issuer, address, wanted, member.actor, member.visitor.person_id)


def invite_owner(means: Means, issuer: Issuer, text: str) -> None:
    """Invite the owner of an issuer that was registered by command. Raises AddressUnusable."""
    address, now = parse_address(text), means.clock()
    with write(means.engine) as connection:
        if rows.by_id(connection, issuer.id) is None:
            rows.add(connection, Organisation(issuer_id=issuer.id, four_eyes=False, created_at=now))
        _invite(means, connection, issuer, address, ROLES, Actor("command"), None)


def withdraw_invitation(means: Means, member: Member, invitation_id: str) -> None:
    """Take an invitation back: its link opens nothing any more. Raises RoleMissing, MemberUnknown."""
    require(member, "owner")
    number = wanted_id(invitation_id)
    with write(means.engine) as connection:
        _require_still(connection, member)
        if not rows.withdraw_invitation(connection, member.issuer.id, number, means.clock()):
            raise MemberUnknown(where="invitation")
        note_of(connection, member, "invitation.withdrawn", f"invitation:{number}", now=means.clock())


def change_roles(means: Means, member: Member, person_id: str, roles: Iterable[str]) -> None:
    """Give a member other roles. Raises RoleMissing, RoleUnknown, MemberUnknown, LastOwner."""
    require(member, "owner")
    wanted = parse_roles(roles)
    with write(means.engine) as connection:
        _require_still(connection, member)
        _require_place(connection, member.issuer.id, person_id)
        place = Membership(
            issuer_id=member.issuer.id, person_id=person_id, roles=" ".join(wanted), created_at=means.clock()
        )
        rows.put_member(connection, place)
        _require_owner(connection, member.issuer.id)
        if "owner" not in wanted:
            rows.withdraw_invitations_of(connection, member.issuer.id, person_id, means.clock())
        note_of(
            connection, member, "member.roles-changed", f"person:{person_id}", now=means.clock(), roles=" ".join(wanted)
        )


def remove(means: Means, member: Member, person_id: str) -> None:
    """Take a member's place away, at once; anybody may leave. Raises RoleMissing, MemberUnknown, LastOwner."""
    number = wanted_id(person_id)
    if number != member.visitor.person_id:
        require(member, "owner")
    with write(means.engine) as connection:
        if number != member.visitor.person_id:
            _require_still(connection, member)
        rows.lock(connection, member.issuer.id)
        if not rows.remove_member(connection, member.issuer.id, number):
            raise MemberUnknown(where="person")
        _require_owner(connection, member.issuer.id)
        rows.withdraw_invitations_of(connection, member.issuer.id, number, means.clock())
        note_of(connection, member, "member.removed", f"person:{number}", now=means.clock())


def set_four_eyes(means: Means, member: Member, wanted: bool) -> None:
    """Whether whoever writes an award may not sign it. Raises RoleMissing."""
    require(member, "owner")
    with write(means.engine) as connection:
        _require_still(connection, member)
        rows.set_four_eyes(connection, member.issuer.id, wanted)
        subject = f"issuer:{member.issuer.id}"
        note_of(connection, member, "four-eyes.set", subject, now=means.clock(), wanted="yes" if wanted else "no")


def make_operator(means: Means, text: str) -> str | None:
    """Send a link that makes whoever opens it an operator; returns it too, for the command line that asked."""
    address, now = parse_address(text), means.clock()
    with write(means.engine) as connection:
        url = make_link(means, connection, "operator", address, now)
        hours = int(LIFETIMES["operator"].total_seconds()) // 3600
        if url is not None:
            means.send(connection, operator_letter(means.host, url, hours), address)
    return url


def parse_roles(roles: Iterable[str]) -> tuple[Role, ...]:
    """Roles in their own order. Raises RoleUnknown for none, or one that does not exist."""
    given = set(roles)
    wanted = tuple(role for role in ROLES if role in given)
    if not wanted or given.difference(ROLES):
        raise RoleUnknown(where="roles")
    return wanted


def _invite(
    means: Means,
    connection: Connection,
    issuer: Issuer,
    address: str,
    roles: tuple[Role, ...],
    actor: Actor,
    invited_by: str | None,
) -> None:
    now, lifetime = means.clock(), LIFETIMES["invitation"]
    made = Invitation(
        id=new_id(),
        issuer_id=issuer.id,
        address=canonical_address(address),
        roles=" ".join(roles),
        invited_by=invited_by,
        created_at=now,
        expires_at=now + lifetime,
    )
    rows.add_invitation(connection, made)
    url = make_link(means, connection, "invitation", address, now, subject_id=made.id)
    if url is not None:
        letter = invitation_letter(means.host, issuer.name, ", ".join(roles), url, lifetime.days)
        means.send(connection, letter, address)
    detail = {"roles": made.roles}
    subject = f"invitation:{made.id}"
    note(connection, actor, "member.invited", subject, now=now, issuer_id=issuer.id, detail=detail)


def _require_still(connection: Connection, member: Member) -> None:
    """Lock the company's people, and raise RoleMissing unless the member is an owner now."""
    rows.lock(connection, member.issuer.id)
    place = rows.roles_in(connection, member.visitor.person_id, member.issuer.slug)
    if place is None or "owner" not in place[1]:
        raise RoleMissing("it wants the role owner")


def _require_place(connection: Connection, issuer_id: str, person_id: str) -> None:
    if all(one.person_id != person_id for one in rows.members(connection, issuer_id)):
        raise MemberUnknown(where="person")


def _require_owner(connection: Connection, issuer_id: str) -> None:
    if not any("owner" in one.roles.split() for one in rows.members(connection, issuer_id)):
        raise LastOwner(where="roles")
