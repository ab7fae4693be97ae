"""Companies' own providers of sign-in as kept, and whom each of them vouched for. Every query names the company."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from credentials.store.people import Person
from credentials.store.tables import oidc_identity, person
from credentials.store.tables import oidc_provider as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A company's OpenID provider: its issuer identifier, our name there, the sealed secret, the mail domain."""

    issuer_id: str
    address: str
    client_id: str
    client_secret: bytes = field(repr=False)
    domain: str
    created_at: datetime


def put(connection: Connection, made: Provider) -> None:
    """Let this be a company's provider; whom an earlier one vouched for is forgotten.

    A domain that another company has taken raises IntegrityError.
    """
    remove(connection, made.issuer_id)
    connection.execute(insert(table), asdict(made))


def remove(connection: Connection, issuer_id: str) -> bool:
    """Take a company's provider away, and whom it vouched for; False when it has none."""
    connection.execute(delete(oidc_identity).where(oidc_identity.c.issuer_id == issuer_id))
    return connection.execute(delete(table).where(table.c.issuer_id == issuer_id)).rowcount == 1


def by_issuer(connection: Connection, issuer_id: str) -> Provider | None:
    """A company's provider, or None."""
    row = connection.execute(select(table).where(table.c.issuer_id == issuer_id)).one_or_none()
    return None if row is None else Provider(**row._mapping)


def by_domain(connection: Connection, domain: str) -> Provider | None:
    """The provider for addresses of a mail domain, or None."""
    row = connection.execute(select(table).where(table.c.domain == domain)).one_or_none()
    return None if row is None else Provider(**row._mapping)


def person_of(connection: Connection, issuer_id: str, subject: str) -> Person | None:
    """Whom a company's provider calls by this subject, or None."""
    joined = person.join(oidc_identity, oidc_identity.c.person_id == person.c.id)
    which = (oidc_identity.c.issuer_id == issuer_id) & (oidc_identity.c.subject == subject)
    row = connection.execute(select(person).select_from(joined).where(which)).one_or_none()
    return None if row is None else Person(**row._mapping)


def link(connection: Connection, issuer_id: str, subject: str, person_id: str, at: datetime) -> None:
    """Remember whom a provider calls by a subject. One that is known already raises IntegrityError."""
    values = {"issuer_id": issuer_id, "subject": subject, "person_id": person_id, "created_at": at}
    connection.execute(insert(oidc_identity), values)
