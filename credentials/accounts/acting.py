"""Who acts: a person who signed in, a member of a company, and what the audit trail calls each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from credentials.store.issuers import Issuer

Role = Literal["owner", "author", "reviewer", "signer"]
ROLES: tuple[Role, ...] = ("owner", "author", "reviewer", "signer")
"""Owner: people, proofs, keys. Author: writes awards. Reviewer: returns or approves. Signer: signs and withdraws."""

COMMAND = "command"
SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who the audit trail names, and the client address that the request came from (empty: none)."""

    name: str
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A person who signed in. `proved_at`: when they last proved who they are; `strong`: in two steps.

    `guarded`: whether they have what the second step takes, a passkey or recovery codes.
    """

    person_id: str
    name: str
    session_id: str
    proved_at: datetime
    strong: bool
    guarded: bool
    operator: bool
    origin: str

    @property
    def actor(self) -> Actor:
        """This person in the audit trail."""
        return Actor(f"person:{self.person_id}", self.origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A visitor in a company that they belong to, and what they may do there.

    `key_id`: an API key acts, for which this person answers. It is never a second person beside anybody.
    """

    visitor: Visitor
    issuer: Issuer
    roles: frozenset[str]
    key_id: str = ""

    @property
    def actor(self) -> Actor:
        """This person, or their program, in the audit trail."""
        return Actor(f"api-key:{self.key_id}", self.visitor.origin) if self.key_id else self.visitor.actor

    def may(self, *roles: Role) -> bool:
        """Whether the member has one of these roles."""
        return not self.roles.isdisjoint(roles)
