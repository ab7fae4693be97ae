"""What an API key acts as in a company's projects: as a member, with the roles that its scopes stand for.

- Somebody of the company answers for what a key writes: their name stands where a person's is wanted (who wrote a
  project, who supervised), and the audit trail names the key.
- Once that person has left the company the key reads, and writes no more.
- A key signs no award, and takes nobody into the company. With the scope `issue` it issues by itself, and nothing where
  the company wants two people for each award.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import Engine

from credentials.accounts.acting import Member, Role, Visitor
from credentials.accounts.addresses import canonical_address, parse_address
from credentials.accounts.api_keys import ANSWERED_FOR, KeyHolder
from credentials.accounts.errors import KeyRefused, NobodyAnswers
from credentials.store import issuers, organisations, people
from credentials.store.engine import read
from credentials.store.organisations import Member as Place

ROLES_OF: Final[Mapping[str, frozenset[Role]]] = MappingProxyType(
    {
        "projects:write": frozenset({"author"}),
        "work:write": frozenset({"author", "reviewer"}),
        "issue": frozenset({"author", "signer"}),
        "brand": frozenset({"owner"}),
    }
)
"""The roles that a scope stands for, on the routes that want it; every other scope stands for none."""


def acting(engine: Engine, holder: KeyHolder, scope: str, *, origin: str, now: datetime) -> Member:
    """The member that a key acts as on a route that wants a scope. `origin`: the client's address, for the trail.

    Raises NobodyAnswers where the scope writes and nobody of the company answers for the key, and KeyRefused where the
    issuer is gone.
    """
    with read(engine) as connection:
        issuer = issuers.by_id(connection, holder.issuer_id)
        places = organisations.members(connection, holder.issuer_id)
    if issuer is None:
        raise KeyRefused
    answering = next((one for one in places if one.person_id == holder.person_id), None)
    if answering is None and scope in ANSWERED_FOR:
        raise NobodyAnswers(where="Authorization")
    roles: frozenset[str] = ROLES_OF.get(scope, frozenset())
    return Member(visitor=_visitor(answering, origin, now), issuer=issuer, roles=roles, key_id=holder.key_id)


def _visitor(answering: Place | None, origin: str, now: datetime) -> Visitor:
    """Who answers for the key: nobody in a session, and nobody who proved anything just now."""
    return Visitor(
        person_id=answering.person_id if answering else "",
        name=answering.name if answering else "",
        session_id="",
        proved_at=now,
        strong=False,
        guarded=False,
        operator=False,
        origin=origin,
    )


def find_person(engine: Engine, address: str) -> str | None:
    """The id of the person with this e-mail address, or None. Raises AddressUnusable."""
    canonical = canonical_address(parse_address(address))
    with read(engine) as connection:
        found = people.by_address(connection, canonical)
    return None if found is None else found.id
