"""What whoever runs the service does about a person: find them by an address, end their sessions, or everybody's.

Nothing else: an operator neither chooses how somebody signs in nor sees what guards their account. OWASP ASVS 5.0
§7.4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from credentials.accounts.acting import Visitor
from credentials.accounts.addresses import canonical_address, parse_address
from credentials.accounts.audit import note
from credentials.accounts.errors import AddressUnusable, PersonUnknown
from credentials.accounts.sessions import is_open
from credentials.store import organisations, people, sessions
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.people import Person
from credentials.store.sessions import Session


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as an operator sees them: where they may still be signed in, and where they belong."""

    person: Person
    sessions: tuple[Session, ...]
    companies: tuple[tuple[Issuer, frozenset[str]], ...]
    operator: bool


def find(engine: Engine, address: str) -> str:
    """The id of the person with an address. Raises PersonUnknown, also for text that is no address."""
    try:
        canonical = canonical_address(parse_address(address))
    except AddressUnusable:
        raise PersonUnknown(where="address") from None
    with read(engine) as connection:
        found = people.by_address(connection, canonical)
    if found is None:
        raise PersonUnknown(where="address")
    return found.id


def seen(engine: Engine, person_id: str, now: datetime) -> Seen:
    """A person by id. Raises PersonUnknown."""
    with read(engine) as connection:
        person = people.by_id(connection, person_id)
        if person is None:
            raise PersonUnknown(where="person")
        return Seen(
            person,
            tuple(one for one in sessions.of_person(connection, person_id) if is_open(one, now)),
            tuple(organisations.companies_of(connection, person_id)),
            people.is_operator(connection, person_id),
        )


def end_all_of(engine: Engine, visitor: Visitor, person_id: str, now: datetime) -> int:
    """End every session of a person at once; returns how many. Raises PersonUnknown."""
    with write(engine) as connection:
        if people.by_id(connection, person_id) is None:
            raise PersonUnknown(where="person")
        ended = sessions.end_others(connection, person_id, None, now)
        note(
            connection, visitor.actor, "sessions.ended", f"person:{person_id}", now=now, detail={"how-many": str(ended)}
        )
        return ended


def end_everybodys(engine: Engine, visitor: Visitor, now: datetime) -> int:
    """End every session of everybody at once, the operator's own too; returns how many."""
    with write(engine) as connection:
        ended = sessions.end_everybodys(connection, now)
        note(connection, visitor.actor, "sessions.ended", "service", now=now, detail={"how-many": str(ended)})
        return ended
