"""Ways to sign in, as kept: links and tickets by their digest only, passkeys by their public key.

A link, a ticket and a recovery code is used up by one statement that finds it unused: of two at once, one wins.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from credentials.store.inserting import insert_ignoring
from credentials.store.tables import link, passkey, recovery_code, spent_ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A single-use link that was sent to an address. `subject_id` is what it is about, an invitation say."""

    digest: bytes
    purpose: str
    address: str
    person_id: str | None
    subject_id: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey's public part (WebAuthn level 3 §4). `public_key` is a COSE key."""

    id: str
    person_id: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    label: str
    created_at: datetime
    last_used_at: datetime | None = None


def add_link(connection: Connection, made: Link) -> None:
    """Insert a link."""
    connection.execute(insert(link), asdict(made))


def find_link(connection: Connection, digest: bytes) -> Link | None:
    """The link with this digest, used or not, or None."""
    row = connection.execute(select(link).where(link.c.digest == digest)).one_or_none()
    return None if row is None else Link(**row._mapping)


def take_link(connection: Connection, digest: bytes, at: datetime) -> bool:
    """Use a link up; False when it was used before or has expired."""
    good = (link.c.digest == digest) & link.c.used_at.is_(None) & (link.c.expires_at > at)
    return connection.execute(update(link).where(good).values(used_at=at)).rowcount == 1


def void_links(connection: Connection, address: str, purpose: str, at: datetime) -> None:
    """Use up every open link of one purpose to an address: a newer one takes their place."""
    same = (link.c.address == address) & (link.c.purpose == purpose) & link.c.used_at.is_(None)
    connection.execute(update(link).where(same).values(used_at=at))


def links_since(connection: Connection, address: str, purpose: str, since: datetime) -> int:
    """How many links of one purpose were made for an address since a moment."""
    recent = (link.c.address == address) & (link.c.purpose == purpose) & (link.c.created_at >= since)
    return connection.execute(select(func.count()).select_from(link).where(recent)).scalar_one()


def spend_ticket(connection: Connection, digest: bytes, expires_at: datetime) -> bool:
    """Remember that a ticket was used; False when it was before."""
    return insert_ignoring(connection, spent_ticket, [(digest, expires_at)]) == 1


def forget_expired(connection: Connection, before: datetime) -> None:
    """Delete links and used tickets that ended before a moment."""
    connection.execute(delete(link).where(link.c.expires_at < before))
    connection.execute(delete(spent_ticket).where(spent_ticket.c.expires_at < before))


def add_passkey(connection: Connection, made: Passkey) -> None:
    """Insert a passkey. One that is registered already raises IntegrityError."""
    connection.execute(insert(passkey), asdict(made))


def passkeys(connection: Connection, person_id: str) -> list[Passkey]:
    """A person's passkeys, oldest first."""
    query = select(passkey).where(passkey.c.person_id == person_id).order_by(passkey.c.created_at, passkey.c.id)
    return [Passkey(**row._mapping) for row in connection.execute(query)]


def find_passkey(connection: Connection, credential_id: bytes) -> Passkey | None:
    """The passkey with this WebAuthn credential id, or None."""
    row = connection.execute(select(passkey).where(passkey.c.credential_id == credential_id)).one_or_none()
    return None if row is None else Passkey(**row._mapping)


def used_passkey(connection: Connection, passkey_id: str, sign_count: int, at: datetime) -> None:
    """Remember a use and the authenticator's counter."""
    values = {"sign_count": sign_count, "last_used_at": at}
    connection.execute(update(passkey).where(passkey.c.id == passkey_id).values(**values))


def remove_passkey(connection: Connection, person_id: str, passkey_id: str) -> bool:
    """Take a passkey away; False when the person has no such one."""
    mine = (passkey.c.person_id == person_id) & (passkey.c.id == passkey_id)
    return connection.execute(delete(passkey).where(mine)).rowcount == 1


def replace_recovery_codes(connection: Connection, person_id: str, digests: list[bytes], at: datetime) -> None:
    """Let these, which may be none, be a person's recovery codes and no others."""
    connection.execute(delete(recovery_code).where(recovery_code.c.person_id == person_id))
    made = [{"digest": one, "person_id": person_id, "created_at": at} for one in digests]
    if made:
        connection.execute(insert(recovery_code), made)


def take_recovery_code(connection: Connection, person_id: str, digest: bytes, at: datetime) -> bool:
    """Use a recovery code up; False when the person has no such one left."""
    good = (recovery_code.c.digest == digest) & (recovery_code.c.person_id == person_id)
    unused = recovery_code.c.used_at.is_(None)
    return connection.execute(update(recovery_code).where(good, unused).values(used_at=at)).rowcount == 1


def recovery_codes_left(connection: Connection, person_id: str) -> int:
    """How many recovery codes a person has not used."""
    left = (recovery_code.c.person_id == person_id) & recovery_code.c.used_at.is_(None)
    return connection.execute(select(func.count()).select_from(recovery_code).where(left)).scalar_one()
