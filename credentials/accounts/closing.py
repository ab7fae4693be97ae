"""Close an account: what identifies the person goes, what others rely on stays.

Gone at once: name, addresses, passkeys, recovery codes, sessions, links, places in companies, open applications, the
references that they give. What stays: credentials that were issued to them, for these are signed and theirs; agreements
and receipts, which the other side has too; the lines of the audit trail, which name a person by a number.

Nobody is left with a company that no one owns, or with work that nobody ends: that comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from credentials.accounts.acting import Visitor
from credentials.accounts.audit import note
from credentials.accounts.errors import LastOperator, LastOwner, PersonUnknown, WorkGoesOn
from credentials.accounts.letters import closed_letter
from credentials.accounts.means import Means
from credentials.store import closing, handovers, organisations, people, questions
from credentials.store.engine import read, write

NAME: Final = "Somebody who closed their account"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a person sees before they close their account: their work, and what must be done first.

    `work`: the id and title of each credential that is theirs; `companies`: slugs of those that only they own;
    `going_on`: ids of the work that they are in the middle of; `last_operator`: nobody else runs the service.
    """

    work: tuple[tuple[str, str], ...]
    companies: tuple[str, ...]
    going_on: tuple[str, ...]
    last_operator: bool

    @property
    def hindered(self) -> bool:
        """Whether something must be done first."""
        return bool(self.companies or self.going_on or self.last_operator)


def look(means: Means, visitor: Visitor) -> Leaving:
    """What closing the account would mean now."""
    with read(means.engine) as connection:
        return Leaving(
            work=tuple(handovers.of_person(connection, visitor.person_id)),
            companies=tuple(slug for _, slug in closing.owned_alone(connection, visitor.person_id)),
            going_on=tuple(closing.work_going_on(connection, visitor.person_id)),
            last_operator=[one.id for one in people.operators(connection)] == [visitor.person_id],
        )


def close(means: Means, visitor: Visitor) -> None:
    """Close the visitor's account, for good. Raises PersonUnknown, LastOwner, WorkGoesOn, LastOperator."""
    now, number = means.clock(), visitor.person_id
    with write(means.engine) as connection:
        found = closing.lock(connection, number)
        if found is None or found.closed_at is not None:
            raise PersonUnknown(where="person")
        joined = closing.companies(connection, number)
        for issuer_id in joined:
            organisations.lock(connection, issuer_id)
        _require_free(connection, number)
        for one in people.addresses(connection, number)[:1]:
            means.send(connection, closed_letter(means.host), one.address)
        for engagement_id in closing.supervised(connection, number):
            questions.drop_open(connection, engagement_id)
        for issuer_id in joined:
            organisations.withdraw_invitations_of(connection, issuer_id, number, now)
            note(connection, visitor.actor, "member.removed", f"person:{number}", now=now, issuer_id=issuer_id)
        closing.take_back(connection, number, now)
        closing.erase(connection, number, NAME, now)
        note(connection, visitor.actor, "account.closed", f"person:{number}", now=now)


def _require_free(connection: Connection, person_id: str) -> None:
    """Raise unless nothing and nobody is left without somebody who sees to it."""
    if alone := closing.owned_alone(connection, person_id):
        raise LastOwner(", ".join(slug for _, slug in alone), where="company")
    if closing.work_going_on(connection, person_id):
        raise WorkGoesOn(where="work")
    if people.lock_operators(connection) == [person_id]:
        raise LastOperator(where="person")
