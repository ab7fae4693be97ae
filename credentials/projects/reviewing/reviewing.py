"""Review a submission: per deliverable accepted, or returned with a note; all accepted is acceptance.

- One returned deliverable sends the work back, with a letter that holds the notes.
- Acceptance makes the award and what is due, in the same transaction: two reviewers at once accept once.
- What is reviewed is what the reviewer saw: an engagement that was changed since is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from credentials.accounts.acting import Member
from credentials.accounts.audit import note_of
from credentials.console import awarding
from credentials.console.means import Means
from credentials.core.plain_text import is_plain_line
from credentials.projects.paying.owing import owe
from credentials.projects.reviewing import letters
from credentials.projects.reviewing.agreed import terms_in
from credentials.projects.reviewing.assessing import blank
from credentials.projects.reviewing.completing import Accepted, award_form
from credentials.projects.reviewing.errors import (
    NoteMissing,
    NothingDelivered,
    TextUnusable,
    VerdictMissing,
    WorkChanged,
    WorkElsewhere,
)
from credentials.projects.reviewing.rounds import Standing, standings
from credentials.projects.stepping import of_company
from credentials.projects.terms import Terms
from credentials.store import agreements, assessments, engagements, people, reviews, submissions
from credentials.store.agreements import Agreement
from credentials.store.engagements import Engagement
from credentials.store.engine import write
from credentials.store.reviews import DeliverableReview
from credentials.store.submissions import Submission

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer says of one deliverable."""

    accepted: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """What is reviewed: the submission, the agreement in force with its terms, and where each deliverable stands."""

    engagement: Engagement
    submission: Submission | None
    agreement: Agreement
    terms: Terms
    standings: tuple[Standing, ...]

    @property
    def undecided(self) -> tuple[Standing, ...]:
        """The deliverables that still want a verdict."""
        return tuple(one for one in self.standings if not one.accepted)


def round_of(connection: Connection, engagement: Engagement) -> Round:
    """Where an engagement's deliverables stand. Raises WorkElsewhere when nothing was agreed so far."""
    agreement = agreements.in_force(connection, engagement.id)
    if agreement is None:
        raise WorkElsewhere("nothing is agreed so far", where="engagement")
    terms = terms_in(agreement.document)
    found = standings(
        len(terms.deliverables),
        reviews.all_items(connection, engagement.id),
        reviews.all_of(connection, engagement.id),
        reviews.reviewed(connection, engagement.id),
        _since(agreement),
    )
    return Round(engagement, submissions.newest(connection, engagement.id), agreement, terms, found)


def _since(agreement: Agreement) -> datetime:
    moments = (agreement.company_accepted_at, agreement.candidate_accepted_at)
    return max(moment for moment in moments if moment is not None)


def review(
    means: Means, member: Member, engagement_id: str, version: int, verdicts: Mapping[int, Verdict]
) -> Engagement:
    """Decide on each deliverable that is not accepted yet; returns the engagement as it is then.

    Raises RoleMissing, WorkUnknown, WorkElsewhere, WorkChanged, VerdictMissing, NoteMissing, NothingDelivered,
    TextUnusable; `where` of the last four names the deliverable's number.
    """
    with write(means.accounts.engine) as connection:
        engagement = of_company(connection, member, engagement_id, "return", "accept", lock=True)
        if engagement.version != version:
            raise WorkChanged(where="version")
        found = round_of(connection, engagement)
        if found.submission is None:
            raise WorkElsewhere("nothing was handed in so far", where="engagement")
        decided = {one.deliverable: _decided(one, verdicts) for one in found.undecided}
        _keep(connection, member, found.submission, decided, means.accounts.clock())
        if all(verdict.accepted for verdict in decided.values()):
            return _accept(means, connection, member, round_of(connection, engagement))
        return _return(means, connection, member, found, decided)


def _decided(standing: Standing, verdicts: Mapping[int, Verdict]) -> Verdict:
    verdict, where = verdicts.get(standing.deliverable), str(standing.deliverable)
    if verdict is None:
        raise VerdictMissing(where=where)
    if verdict.accepted and not standing.items:
        raise NothingDelivered(where=where)
    if not verdict.accepted and not verdict.note.strip():
        raise NoteMissing(where=where)
    if len(verdict.note) > LONGEST_NOTE or not all(map(is_plain_line, verdict.note.split("\n"))):
        raise TextUnusable(where=where)
    return verdict


def _keep(
    connection: Connection, member: Member, submission: Submission, decided: Mapping[int, Verdict], now: datetime
) -> None:
    made = [
        DeliverableReview(
            engagement_id=submission.engagement_id,
            number=submission.number,
            deliverable=deliverable,
            issuer_id=submission.issuer_id,
            accepted=verdict.accepted,
            note=verdict.note.strip(),
        )
        for deliverable, verdict in decided.items()
    ]
    reviews.add(connection, made)
    who = member.visitor.person_id
    reviews.mark_reviewed(connection, submission.engagement_id, submission.number, who, now)


def _return(
    means: Means, connection: Connection, member: Member, found: Round, decided: Mapping[int, Verdict]
) -> Engagement:
    names = [one.name for one in found.terms.deliverables]
    notes = [(names[number], verdict.note.strip()) for number, verdict in decided.items() if not verdict.accepted]
    who = letters.called(connection, member.issuer)
    said = letters.returned(who, found.terms.title, notes)
    subject = "Something is to be changed in your work"
    letters.tell_candidate(means, connection, member.issuer, found.engagement, subject, said)
    return _moved(means, connection, member, found.engagement, "returned")


def _accept(means: Means, connection: Connection, member: Member, found: Round) -> Engagement:
    now, engagement = means.accounts.clock(), found.engagement
    assessment = assessments.of_engagement(connection, engagement.id) or blank(engagement, now)
    person = people.by_id(connection, engagement.person_id)
    accepted = Accepted(
        engagement_id=engagement.id,
        person=person.name if person else "",
        address=letters.address_of(connection, engagement.person_id),
        terms=found.terms,
        agreement=found.agreement.document,
        standings=found.standings,
        ended_on=(found.submission.created_at if found.submission else now).date(),
    )
    form = award_form(accepted, assessment, member.visitor.name)
    award = awarding.start_accepted(means, connection, member, form)
    due = owe(connection, engagement, found.terms.compensation, now)
    pay = f"{due.amount} is due by {due.due_on.isoformat()}." if due else ""
    who = letters.called(connection, member.issuer)
    said = letters.accepted(who, found.terms.title, pay)
    letters.tell_candidate(means, connection, member.issuer, engagement, "Your work was accepted", said)
    return _moved(means, connection, member, replace(engagement, award_id=award.id), "accepted")


def _moved(means: Means, connection: Connection, member: Member, engagement: Engagement, state: str) -> Engagement:
    now = means.accounts.clock()
    changed = replace(engagement, state=state, version=engagement.version + 1, changed_at=now)
    engagements.change(connection, changed)
    note_of(connection, member, f"work.{state}", f"engagement:{engagement.id}", now=now)
    return changed
