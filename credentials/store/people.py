"""People as kept: a name, a random handle for passkeys, the addresses they proved, and who runs the service."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from credentials.store.tables import operator, person_address
from credentials.store.tables import person as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person. `handle` (32 random bytes) is what their passkeys know them by; it says nothing about them."""

    id: str
    name: str
    handle: bytes
    created_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An e-mail address that was proved. `canonical` is how two spellings are known as one; `first` gets the mail."""

    canonical: str
    person_id: str
    address: str
    first: bool
    proved_at: datetime


def add(connection: Connection, person: Person) -> None:
    """Insert a person."""
    connection.execute(insert(table), asdict(person))


def by_id(connection: Connection, person_id: str) -> Person | None:
    """The person with this id, or None."""
    row = connection.execute(select(table).where(table.c.id == person_id)).one_or_none()
    return None if row is None else Person(**row._mapping)


def by_handle(connection: Connection, handle: bytes) -> Person | None:
    """The person whose passkeys know them by this handle, or None."""
    row = connection.execute(select(table).where(table.c.handle == handle)).one_or_none()
    return None if row is None else Person(**row._mapping)


def by_address(connection: Connection, canonical: str) -> Person | None:
    """Whose address this is, or None."""
    joined = table.join(person_address, person_address.c.person_id == table.c.id)
    row = connection.execute(select(table).select_from(joined).where(person_address.c.canonical == canonical))
    found = row.one_or_none()
    return None if found is None else Person(**found._mapping)


def rename(connection: Connection, person_id: str, name: str) -> None:
    """Set a person's name."""
    connection.execute(update(table).where(table.c.id == person_id).values(name=name))


def addresses(connection: Connection, person_id: str) -> list[Address]:
    """A person's addresses, the first one first."""
    query = select(person_address).where(person_address.c.person_id == person_id)
    found = connection.execute(query.order_by(person_address.c.first.desc(), person_address.c.canonical))
    return [Address(**row._mapping) for row in found]


def add_address(connection: Connection, address: Address) -> None:
    """Insert an address. One that somebody has raises IntegrityError."""
    connection.execute(insert(person_address), asdict(address))


def remove_address(connection: Connection, person_id: str, canonical: str) -> bool:
    """Take away an address that is not the first; False when the person has no such one."""
    mine = (person_address.c.person_id == person_id) & (person_address.c.canonical == canonical)
    return connection.execute(delete(person_address).where(mine, person_address.c.first.is_(False))).rowcount == 1


def make_first(connection: Connection, person_id: str, canonical: str) -> bool:
    """Let one of a person's addresses get the mail; False when the person has no such one."""
    mine = person_address.c.person_id == person_id
    chosen = person_address.c.canonical == canonical
    # Locked first, in one order for all: one that is taken away in this moment would leave nobody to get the mail.
    query = select(person_address.c.canonical).where(mine).order_by(person_address.c.canonical).with_for_update()
    if canonical not in connection.execute(query).scalars().all():
        return False
    connection.execute(update(person_address).where(mine).values(first=False))
    connection.execute(update(person_address).where(mine, chosen).values(first=True))
    return True


def add_operator(connection: Connection, person_id: str, at: datetime) -> None:
    """Let a person run the service."""
    connection.execute(insert(operator), {"person_id": person_id, "created_at": at})


def is_operator(connection: Connection, person_id: str) -> bool:
    """Whether a person runs the service."""
    return connection.execute(select(operator.c.person_id).where(operator.c.person_id == person_id)).first() is not None


def lock_operators(connection: Connection) -> list[str]:
    """The ids of whoever runs the service; nobody else changes that until the transaction ends."""
    return list(connection.execute(select(operator.c.person_id).with_for_update()).scalars())


def remove_operator(connection: Connection, person_id: str) -> None:
    """A person runs the service no longer."""
    connection.execute(delete(operator).where(operator.c.person_id == person_id))


def operators(connection: Connection) -> list[Person]:
    """Everybody who runs the service, oldest first."""
    joined = table.join(operator, operator.c.person_id == table.c.id)
    found = connection.execute(select(table).select_from(joined).order_by(operator.c.created_at, table.c.id))
    return [Person(**row._mapping) for row in found]
