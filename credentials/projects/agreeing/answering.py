"""Answer a proposal: accept it or refuse it. Work begins when both accepted the first version.

An answer names the version that was seen. Of two answers at once, or of an answer and a counter-proposal, one counts:
the engagement's row is locked, and the other finds that things moved on.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from credentials.console.means import Means
from credentials.projects import letters
from credentials.projects.agreeing.document import read_agreement
from credentials.projects.agreeing.errors import AgreementUnknown, NothingToAnswer, TermsUnusable, WorkMovedOn
from credentials.projects.agreeing.form import day_of
from credentials.projects.agreeing.proposing import is_open
from credentials.projects.parties import Party, find, moved, require, stated, tell
from credentials.projects.telling import announce
from credentials.store import agreements, people
from credentials.store.agreements import Agreement
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write


def accept(means: Means, party: Party, engagement_id: str, number: int) -> Engagement:
    """Accept the other side's proposal. What this side accepted before stays accepted: nothing happens again.

    Raises EngagementUnknown, RoleMissing, WorkOutOfTurn, WorkMovedOn, NothingToAnswer.
    """
    with write(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id, lock=True)
        step = "agree" if engagement.state == "agreeing" else "amend"
        require(party, engagement, step)
        chosen = agreements.by_number(connection, engagement.id, number)
        if chosen is not None and chosen.agreed_at is not None and chosen.side != party.side:
            return engagement
        chosen, now = _require_open(connection, party, engagement, chosen), means.accounts.clock()
        agreements.accept(connection, chosen, party.side, party.person_id, now)
        after = _in_force(connection, engagement, chosen, now)
        tell(connection, party, engagement, "agreement.accepted", now, number=str(number))
        event = f"work.agreed:{engagement.id}:{number}"
        announce(means, connection, "work.agreed", event, engagement, now)
        _write_to_proposer(means, connection, party, engagement, "accepted the terms that you proposed", "")
    return after


def _in_force(connection: Connection, engagement: Engagement, agreed: Agreement, now: datetime) -> Engagement:
    """The state and the deadline that follow. A deadline that moved is reminded of anew."""
    ends_on = day_of(read_agreement(agreed.document).terms.ends_on)
    if ends_on is None:
        raise TermsUnusable(where="ends_on")  # no proposal gets here without a day
    reminded_at = engagement.reminded_at if ends_on == engagement.ends_on else None
    state = "working" if engagement.state == "agreeing" else engagement.state
    return moved(connection, engagement, now, state=state, ends_on=ends_on, reminded_at=reminded_at)


def _require_open(connection: Connection, party: Party, engagement: Engagement, chosen: Agreement | None) -> Agreement:
    """The version again. Raise unless the version is the newest, nobody answered it, and the other side proposed it."""
    if chosen is None:
        raise NothingToAnswer(where="agreement")
    last = agreements.newest(connection, engagement.id)
    if last is not None and last.number != chosen.number:
        raise WorkMovedOn(where="agreement")
    if not is_open(chosen) or chosen.side == party.side:
        raise NothingToAnswer(where="agreement")
    return chosen


def refuse(means: Means, party: Party, engagement_id: str, number: int, reason: str) -> Engagement:
    """Refuse the other side's proposal, with a reason. What was in force stays in force.

    Raises EngagementUnknown, RoleMissing, WorkOutOfTurn, ReasonWanted, WorkMovedOn, NothingToAnswer.
    """
    with write(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id, lock=True)
        require(party, engagement, "refuse")
        said = stated(reason)
        chosen = agreements.by_number(connection, engagement.id, number)
        chosen, now = _require_open(connection, party, engagement, chosen), means.accounts.clock()
        agreements.refuse(connection, chosen, party.person_id, said, now)
        after = moved(connection, engagement, now)
        tell(connection, party, engagement, "agreement.refused", now, number=str(number))
        _write_to_proposer(means, connection, party, engagement, "did not accept the terms that you proposed", said)
    return after


def end(means: Means, party: Party, engagement_id: str, reason: str) -> Engagement:
    """End the engagement before its work is accepted. Agreements, submissions and receipts stay.

    Raises EngagementUnknown, RoleMissing, WorkOutOfTurn, ReasonWanted.
    """
    with write(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id, lock=True)
        require(party, engagement, "end")
        said, now = stated(reason), means.accounts.clock()
        after = moved(connection, engagement, now, state="ended", ended_reason=said)
        tell(connection, party, engagement, "engagement.ended", now, by=party.side)
        announce(means, connection, "work.ended", f"work.ended:{engagement.id}", engagement, now)
        _write_to_proposer(means, connection, party, engagement, "ended the work", said)
    return after


def document_of(means: Means, party: Party, engagement_id: str, number: int) -> Agreement:
    """One version, to be downloaded by its two sides. Raises EngagementUnknown, AgreementUnknown."""
    with read(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id)
        found = agreements.by_number(connection, engagement.id, number)
    if found is None:
        raise AgreementUnknown(where="agreement")
    return found


def _write_to_proposer(
    means: Means, connection: Connection, party: Party, engagement: Engagement, what: str, reason: str
) -> None:
    because = (f"They write: “{reason}”",) if reason else ()
    if party.side == "company":
        who = letters.company_name(connection, engagement.issuer_id)
        letters.to_candidate(means, connection, engagement, f"The company {what}", (f"{who} {what}.", *because))
        return
    person = people.by_id(connection, engagement.person_id)
    name = person.name if person is not None else "The candidate"
    letters.to_company(means, connection, engagement, f"The candidate {what}", (f"{name} {what}.", *because))
