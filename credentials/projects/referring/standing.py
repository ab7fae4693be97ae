"""Ask somebody to stand as a reference, say yes or no, take it back, show it or hide it.

The supervisor is whoever reviewed the work last. Their yes is their own, not the company's: it holds when they leave
the company, and they take it back on a page of their own. Each step is in the company's audit trail.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from credentials.accounts.acting import Visitor
from credentials.accounts.audit import note
from credentials.accounts.tokens import new_id
from credentials.console.means import Means
from credentials.core.identifiers import wanted_id
from credentials.mail.message import Letter
from credentials.projects.agreeing.document import Agreement, read_agreement
from credentials.projects.parties import Party, find, of_candidate
from credentials.projects.referring import letters
from credentials.projects.referring.errors import ReferenceOutOfTurn, ReferenceUnknown, SupervisorGone
from credentials.projects.telling import announce
from credentials.store import agreements, engagements, pages, people, questions, references
from credentials.store.engine import read, write
from credentials.store.pages import Found, Place
from credentials.store.references import Reference, ReferenceState


@dataclass(frozen=True, slots=True)
class Asked:
    """A reference as its supervisor sees it: for whose work, on what."""

    reference: Reference
    person: str
    company: str
    title: str


def ask(means: Means, visitor: Visitor, engagement_id: str) -> Reference:
    """The candidate asks the supervisor of completed work, once.

    Raises EngagementUnknown, ReferenceOutOfTurn, SupervisorGone.
    """
    party, now = of_candidate(visitor), means.accounts.clock()
    with write(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id, lock=True)
        if engagement.state != "completed" or references.of_engagement(connection, engagement.id) is not None:
            raise ReferenceOutOfTurn(where="state")
        made = Reference(
            engagement_id=engagement.id,
            id=new_id(),
            issuer_id=engagement.issuer_id,
            person_id=visitor.person_id,
            supervisor_id=references.supervisor_of(connection, engagement.id) or "",
            state="asked",
            shown=False,
            asked=0,
            answered=0,
            created_at=now,
            changed_at=now,
        )
        if made.supervisor_id == visitor.person_id:
            raise SupervisorGone("nobody is a reference for themselves", where="supervisor")
        agreed, url = agreement_of(connection, engagement.id), f"{means.accounts.base_url}/references/{made.id}"
        letter = letters.asked_to_stand(means.accounts.host, agreed.candidate.name, agreed.terms.title, url)
        if not made.supervisor_id or not _write(means, connection, made.supervisor_id, made, letter):
            raise SupervisorGone(where="supervisor")
        references.add(connection, made)
        _tell(means, connection, party, made, "reference.asked-for")
    return made


def show(means: Means, visitor: Visitor, engagement_id: str, *, shown: bool) -> Reference:
    """The candidate lets the credential's page say whom one can ask, or takes that back.

    Raises EngagementUnknown, ReferenceOutOfTurn.
    """
    party = of_candidate(visitor)
    with write(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id)
        found = references.of_engagement(connection, engagement.id, lock=True)
        if found is None or (shown and found.state != "agreed"):
            raise ReferenceOutOfTurn(where="state")
        after = replace(found, shown=shown, changed_at=means.accounts.clock())
        references.change(connection, after)
        _tell(means, connection, party, after, "reference.shown" if shown else "reference.hidden")
    return after


def asked_of(means: Means, visitor: Visitor, before: Place | None = None) -> Found[Asked]:
    """A page of what somebody was asked to stand for, the newest first; `before`: after the one of this time and id."""
    with read(means.accounts.engine) as connection:
        found = references.all_of_supervisor(connection, visitor.person_id, before, pages.PAGE + 1)
        rows = [_asked(connection, one) for one in found]
    return pages.cut(rows, [(one.created_at, one.id) for one in found])


def look(means: Means, visitor: Visitor, reference_id: str) -> Asked:
    """One of them. Raises ReferenceUnknown for a missing one and for somebody else's alike."""
    with read(means.accounts.engine) as connection:
        return _asked(connection, _own(connection, visitor, reference_id))


def answer(means: Means, visitor: Visitor, reference_id: str, *, yes: bool) -> Reference:
    """The supervisor says yes or no; after a yes, no takes it back at once, and open questions with it.

    Raises ReferenceUnknown, ReferenceOutOfTurn.
    """
    with write(means.accounts.engine) as connection:
        found = _own(connection, visitor, reference_id, lock=True)
        state = _after(found.state, yes=yes)
        after = replace(found, state=state, shown=False, changed_at=means.accounts.clock())
        references.change(connection, after)
        if state != "agreed":
            questions.drop_open(connection, found.engagement_id)
        _tell(means, connection, of_candidate(visitor), after, f"reference.{state}")
        _announce(means, connection, after)
        title = agreement_of(connection, found.engagement_id).terms.title
        url = f"{means.accounts.base_url}/work/{found.engagement_id}"
        letter = letters.supervisor_answered(means.accounts.host, title, url, agreed=state == "agreed")
        _write(means, connection, found.person_id, after, letter)
    return after


def _after(state: ReferenceState, *, yes: bool) -> ReferenceState:
    if yes and state != "agreed":
        return "agreed"
    if not yes and state in ("asked", "agreed"):
        return "declined" if state == "asked" else "revoked"
    raise ReferenceOutOfTurn(where="state")


def agreement_of(connection: Connection, engagement_id: str) -> Agreement:
    """What was agreed on work that was done. Raises ReferenceUnknown, which the steps before rule out."""
    found = agreements.in_force(connection, engagement_id)
    if found is None:
        raise ReferenceUnknown(where="agreement")
    return read_agreement(found.document)


def _own(connection: Connection, visitor: Visitor, reference_id: str, *, lock: bool = False) -> Reference:
    found = references.of_supervisor(connection, visitor.person_id, wanted_id(reference_id), lock=lock)
    if found is None:
        raise ReferenceUnknown(where="reference")
    return found


def _asked(connection: Connection, found: Reference) -> Asked:
    agreed = agreement_of(connection, found.engagement_id)
    return Asked(found, agreed.candidate.name, agreed.company.name, agreed.terms.title)


def _write(means: Means, connection: Connection, person_id: str, found: Reference, letter: Letter) -> bool:
    for one in people.addresses(connection, person_id)[:1]:
        means.outbox.put(connection, letter, one.address, issuer_id=found.issuer_id, subject_id=found.engagement_id)
        return True
    return False


def _tell(means: Means, connection: Connection, party: Party, found: Reference, action: str) -> None:
    now, subject = means.accounts.clock(), f"engagement:{found.engagement_id}"
    note(connection, party.actor, action, subject, now=now, issuer_id=found.issuer_id)


def _announce(means: Means, connection: Connection, found: Reference) -> None:
    """Let the company's programs know that somebody answered; what they said is read by whoever may."""
    work = engagements.by_id(connection, found.engagement_id)
    if work is not None:
        event = f"reference.answered:{found.id}:{found.changed_at}"
        announce(means, connection, "reference.answered", event, work, found.changed_at)
