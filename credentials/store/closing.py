"""What goes when a person closes their account, table by table. Their id stays: what they did stands with others."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, or_, select, update

from credentials.store import disputes
from credentials.store.people import Person
from credentials.store.tables import (
    application,
    engagement,
    issuer,
    link,
    membership,
    oidc_identity,
    operator,
    passkey,
    person,
    person_address,
    recovery_code,
    reference,
    session,
)

_GOES_ON = ("agreeing", "working", "delivered", "returned", "accepted")
_OPEN = ("sent", "shortlisted", "offered")


def lock(connection: Connection, person_id: str) -> Person | None:
    """The person; whoever adds something to them meanwhile waits until the transaction ends."""
    row = connection.execute(select(person).where(person.c.id == person_id).with_for_update()).one_or_none()
    return None if row is None else Person(**row._mapping)


def work_going_on(connection: Connection, person_id: str) -> list[str]:
    """The ids of the engagements that a candidate is in the middle of, the oldest first."""
    query = select(engagement.c.id).where(engagement.c.person_id == person_id, engagement.c.state.in_(_GOES_ON))
    return list(connection.execute(query.order_by(engagement.c.created_at, engagement.c.id)).scalars())


def owned_alone(connection: Connection, person_id: str) -> list[tuple[str, str]]:
    """The id and slug of each company that has this owner and no other."""
    other = membership.alias("other")
    others = exists().where(
        other.c.issuer_id == membership.c.issuer_id, other.c.person_id != person_id, _owns(other.c.roles)
    )
    query = select(issuer.c.id, issuer.c.slug).join(membership, membership.c.issuer_id == issuer.c.id)
    mine = query.where(membership.c.person_id == person_id, _owns(membership.c.roles), ~others)
    return [(row[0], row[1]) for row in connection.execute(mine.order_by(issuer.c.slug))]


def _owns(roles: ColumnElement[str]) -> ColumnElement[bool]:
    return (" " + roles + " ").contains(" owner ", autoescape=True)


def companies(connection: Connection, person_id: str) -> list[str]:
    """The ids of the companies that a person belongs to."""
    query = select(membership.c.issuer_id).where(membership.c.person_id == person_id)
    return list(connection.execute(query.order_by(membership.c.issuer_id)).scalars())


def supervised(connection: Connection, person_id: str) -> list[str]:
    """The engagements for which somebody stands as a reference, or was asked to, in the order of their ids."""
    query = select(reference.c.engagement_id).where(
        reference.c.supervisor_id == person_id, reference.c.state.in_(("asked", "agreed"))
    )
    return list(connection.execute(query.order_by(reference.c.engagement_id)).scalars())


def take_back(connection: Connection, person_id: str, at: datetime) -> None:
    """Withdraw a candidate's open applications, hide their references, and end those that they give."""
    connection.execute(
        update(application)
        .where(application.c.person_id == person_id, application.c.state.in_(_OPEN))
        .values(state="withdrawn", changed_at=at)
    )
    connection.execute(
        update(reference).where(reference.c.person_id == person_id, reference.c.shown).values(shown=False)
    )
    for before, after in (("asked", "declined"), ("agreed", "revoked")):
        connection.execute(
            update(reference)
            .where(reference.c.supervisor_id == person_id, reference.c.state == before)
            .values(state=after, shown=False, changed_at=at)
        )


def erase(connection: Connection, person_id: str, name: str, at: datetime) -> None:
    """Forget how a person signs in, where they are reached and where they belong, and call them by another name.

    So too what they said is wrong with their credentials, where it is settled.
    """
    disputes.forget(connection, person_id)
    addresses = select(person_address.c.canonical).where(person_address.c.person_id == person_id)
    connection.execute(delete(link).where(or_(link.c.person_id == person_id, link.c.address.in_(addresses))))
    for table in (passkey, recovery_code, session, oidc_identity, membership, operator, person_address):
        connection.execute(delete(table).where(table.c.person_id == person_id))
    connection.execute(update(person).where(person.c.id == person_id).values(name=name, closed_at=at))
