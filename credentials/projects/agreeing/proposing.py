"""Propose terms: the first ones, another side's counter-proposal, or an amendment while work goes on.

A proposal counts as its own side's acceptance. A later one takes the place of one that is not answered. Whoever
proposes has seen the newest version: its number comes with the form.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection

from credentials.console.means import Means
from credentials.core.instants import format_instant
from credentials.projects import letters
from credentials.projects.agreeing.document import (
    SALT_BYTES,
    TYPE,
    Candidate,
    Company,
    new_salt,
    read_agreement,
    sha256,
    sri,
    write_agreement,
)
from credentials.projects.agreeing.document import Agreement as Document
from credentials.projects.agreeing.errors import TermsUnchanged, TermsUnusable, WorkMovedOn
from credentials.projects.agreeing.form import judge
from credentials.projects.parties import Party, Side, find, moved, require, tell
from credentials.projects.terms import Terms
from credentials.store import agreements, issuers, people
from credentials.store.agreements import Agreement
from credentials.store.engagements import Engagement
from credentials.store.engine import write


def is_open(agreement: Agreement | None) -> bool:
    """Whether the newest version waits for the other side's answer."""
    return agreement is not None and agreement.agreed_at is None and agreement.refused_at is None


def propose(means: Means, party: Party, engagement_id: str, terms: Terms, seen: int) -> Agreement:
    """Propose terms in the place of the newest version, whose number is `seen`.

    Raises EngagementUnknown, RoleMissing, WorkOutOfTurn, TermsUnusable, WorkMovedOn, TermsUnchanged.
    """
    with write(means.accounts.engine) as connection:
        engagement = find(connection, party, engagement_id, lock=True)
        require(party, engagement, "propose")
        problems = judge(terms)
        if problems:
            raise TermsUnusable(problems[0].title, where=problems[0].field)
        last = agreements.newest(connection, engagement.id)
        if last is not None and last.number != seen:
            raise WorkMovedOn(where="agreement")
        _require_news(connection, engagement, last, terms)
        now = means.accounts.clock()
        made = new_version(connection, engagement, terms, party.side, party.person_id, now)
        moved(connection, engagement, now)
        tell(connection, party, engagement, "agreement.proposed", now, number=str(made.number))
        _write_to_other(means, connection, party, engagement, terms)
    return made


def _require_news(connection: Connection, engagement: Engagement, last: Agreement | None, terms: Terms) -> None:
    """What is proposed says something else than the open proposal, or than what is in force where there is none."""
    current = last if is_open(last) else agreements.in_force(connection, engagement.id)
    if current is not None and read_agreement(current.document).terms == terms:
        raise TermsUnchanged(where="terms")


def new_version(
    connection: Connection, engagement: Engagement, terms: Terms, side: Side, person_id: str, now: datetime
) -> Agreement:
    """Write the next version of an engagement's agreement, accepted by the side that proposes it."""
    last = agreements.newest(connection, engagement.id)
    document = write_agreement(
        Document(
            type=TYPE,
            engagement=engagement.id,
            number=last.number + 1 if last is not None else 1,
            previous=sri(last.document) if last is not None else "",
            salt=new_salt(secrets.token_bytes(SALT_BYTES)),
            company=_company(connection, engagement.issuer_id),
            candidate=_candidate(connection, engagement.person_id),
            proposed_by=side,
            proposed_at=format_instant(now),
            terms=terms,
        )
    )
    company = side == "company"
    made = Agreement(
        engagement_id=engagement.id,
        number=last.number + 1 if last is not None else 1,
        issuer_id=engagement.issuer_id,
        document=document,
        digest=sha256(document),
        side=side,
        proposed_by=person_id,
        created_at=now,
        company_accepted_at=now if company else None,
        company_accepted_by=person_id if company else None,
        candidate_accepted_at=None if company else now,
    )
    agreements.add(connection, made)
    return made


def _company(connection: Connection, issuer_id: str) -> Company:
    issuer = issuers.by_id(connection, issuer_id)
    if issuer is None:
        raise LookupError("work for a company that is not there")  # foreign keys keep this from happening
    return Company(issuer.did, issuer.name, (issuer.confirmed_domain if not issuer.is_suspended else None) or "")


def _candidate(connection: Connection, person_id: str) -> Candidate:
    person = people.by_id(connection, person_id)
    if person is None:
        raise LookupError("work of a person who is not there")  # foreign keys keep this from happening
    return Candidate(person.id, person.name)


def _write_to_other(means: Means, connection: Connection, party: Party, engagement: Engagement, terms: Terms) -> None:
    after = "Until both accept, what was agreed before stays in force."
    if party.side == "company":
        who = letters.company_name(connection, engagement.issuer_id)
        said = (f"{who} proposes terms for “{terms.title}”. Read them, then accept or answer.", after)
        letters.to_candidate(means, connection, engagement, "Terms are proposed to you", said)
        return
    person = people.by_id(connection, engagement.person_id)
    said = (f"{person.name if person else 'The candidate'} proposes terms for “{terms.title}”.", after)
    letters.to_company(means, connection, engagement, "Terms are proposed to your company", said)
