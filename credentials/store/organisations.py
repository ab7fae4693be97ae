"""Companies as organisations: who belongs to one and may do what. Every query names the issuer that it is about."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from credentials.store.issuers import Issuer
from credentials.store.tables import invitation, issuer, membership, person
from credentials.store.tables import organisation as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """What a company decided for itself. `four_eyes`: whoever wrote an award may not sign it."""

    issuer_id: str
    four_eyes: bool
    created_at: datetime
    keys_frozen_at: datetime | None = None
    keys_frozen_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person's place in a company; `roles` are words between spaces."""

    issuer_id: str
    person_id: str
    roles: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation by e-mail to belong to a company."""

    id: str
    issuer_id: str
    address: str
    roles: str
    invited_by: str | None
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A membership with the person's name."""

    person_id: str
    name: str
    roles: str
    created_at: datetime


def add(connection: Connection, organisation: Organisation) -> None:
    """Insert an organisation."""
    connection.execute(insert(table), asdict(organisation))


def by_id(connection: Connection, issuer_id: str) -> Organisation | None:
    """The organisation of an issuer, or None."""
    row = connection.execute(select(table).where(table.c.issuer_id == issuer_id)).one_or_none()
    return None if row is None else Organisation(**row._mapping)


def set_four_eyes(connection: Connection, issuer_id: str, wanted: bool) -> None:
    """Whether two people are wanted for each award."""
    connection.execute(update(table).where(table.c.issuer_id == issuer_id).values(four_eyes=wanted))


def lock(connection: Connection, issuer_id: str) -> None:
    """Let no other transaction change this organisation's people until this one ends."""
    connection.execute(select(table.c.issuer_id).where(table.c.issuer_id == issuer_id).with_for_update())


def put_member(connection: Connection, made: Membership) -> None:
    """Give a person a place in a company, or other roles in it."""
    which = (membership.c.issuer_id == made.issuer_id) & (membership.c.person_id == made.person_id)
    if connection.execute(update(membership).where(which).values(roles=made.roles)).rowcount == 0:
        connection.execute(insert(membership), asdict(made))


def is_member(connection: Connection, issuer_id: str, person_id: str) -> bool:
    """Whether a person has a place in a company, whatever their role."""
    which = (membership.c.issuer_id == issuer_id) & (membership.c.person_id == person_id)
    return connection.execute(select(membership.c.person_id).where(which)).first() is not None


def remove_member(connection: Connection, issuer_id: str, person_id: str) -> bool:
    """Take a person's place away; False when they had none."""
    which = (membership.c.issuer_id == issuer_id) & (membership.c.person_id == person_id)
    return connection.execute(delete(membership).where(which)).rowcount == 1


def members(connection: Connection, issuer_id: str) -> list[Member]:
    """Everybody in a company, oldest first."""
    query = (
        select(membership.c.person_id, person.c.name, membership.c.roles, membership.c.created_at)
        .join_from(membership, person, person.c.id == membership.c.person_id)
        .where(membership.c.issuer_id == issuer_id)
        .order_by(membership.c.created_at, membership.c.person_id)
    )
    return [Member(*row) for row in connection.execute(query)]


def roles_in(connection: Connection, person_id: str, slug: str) -> tuple[Issuer, frozenset[str]] | None:
    """A company by its slug and what a person may do in it; None when there is none or they have no place in it."""
    query = (
        select(issuer, membership.c.roles.label("roles"))
        .join_from(issuer, membership, membership.c.issuer_id == issuer.c.id)
        .where((issuer.c.slug == slug) & (membership.c.person_id == person_id))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    roles = frozenset(values.pop("roles").split())
    return Issuer(**values), roles


def companies_of(connection: Connection, person_id: str) -> list[tuple[Issuer, frozenset[str]]]:
    """Every company a person belongs to, with what they may do in it, by slug."""
    query = (
        select(issuer, membership.c.roles.label("roles"))
        .join_from(issuer, membership, membership.c.issuer_id == issuer.c.id)
        .where(membership.c.person_id == person_id)
        .order_by(issuer.c.slug)
    )
    rows = [dict(row._mapping) for row in connection.execute(query)]
    return [(Issuer(**{k: v for k, v in row.items() if k != "roles"}), frozenset(row["roles"].split())) for row in rows]


def add_invitation(connection: Connection, made: Invitation) -> None:
    """Insert an invitation."""
    connection.execute(insert(invitation), asdict(made))


def find_invitation(connection: Connection, invitation_id: str) -> Invitation | None:
    """The invitation with this id, or None. Only for a link that names it: the link is the proof."""
    row = connection.execute(select(invitation).where(invitation.c.id == invitation_id)).one_or_none()
    return None if row is None else Invitation(**row._mapping)


def open_invitations(connection: Connection, issuer_id: str, at: datetime) -> list[Invitation]:
    """A company's invitations that may still be accepted, oldest first."""
    query = select(invitation).where(invitation.c.issuer_id == issuer_id, _is_open(at))
    rows = connection.execute(query.order_by(invitation.c.created_at, invitation.c.id))
    return [Invitation(**row._mapping) for row in rows]


def accept_invitation(connection: Connection, invitation_id: str, at: datetime) -> bool:
    """Use an invitation up; False when it is not open any more."""
    accepted = update(invitation).where(invitation.c.id == invitation_id, _is_open(at)).values(accepted_at=at)
    return connection.execute(accepted).rowcount == 1


def withdraw_invitations_of(connection: Connection, issuer_id: str, person_id: str, at: datetime) -> None:
    """Take back the open invitations to a company that a person sent."""
    theirs = (invitation.c.issuer_id == issuer_id) & (invitation.c.invited_by == person_id)
    connection.execute(update(invitation).where(theirs, _is_open(at)).values(withdrawn_at=at))


def withdraw_invitation(connection: Connection, issuer_id: str, invitation_id: str, at: datetime) -> bool:
    """Take one of a company's invitations back; False when it has no such open one."""
    which = (invitation.c.issuer_id == issuer_id) & (invitation.c.id == invitation_id)
    return connection.execute(update(invitation).where(which, _is_open(at)).values(withdrawn_at=at)).rowcount == 1


def _is_open(at: datetime) -> ColumnElement[bool]:
    unanswered = invitation.c.accepted_at.is_(None) & invitation.c.withdrawn_at.is_(None)
    return unanswered & (invitation.c.expires_at > at)
