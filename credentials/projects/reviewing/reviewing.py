"""Review a submission: per deliverable accepted, or returned with a note; all accepted is acceptance.

- One returned deliverable sends the work back, with a letter that holds the notes.
- Acceptance makes the award and what is due, in the same transaction: two reviewers at once accept once.
- What is reviewed is what the reviewer saw: an engagement that was changed since is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from credentials.accounts.acting import Member
from credentials.console import awarding
from credentials.console.award_files import kept_file
from credentials.console.award_rows import KeptFile
from credentials.console.means import Means
from credentials.core.plain_text import is_plain_line
from credentials.projects.agreeing.document import read_agreement
from credentials.projects.agreeing.errors import WorkMovedOn, WorkOutOfTurn
from credentials.projects.letters import company_name, to_candidate
from credentials.projects.parties import find, moved, of_company, require, tell
from credentials.projects.paying.owing import owe
from credentials.projects.reviewing.assessing import blank
from credentials.projects.reviewing.completing import Accepted, award_form
from credentials.projects.reviewing.errors import (
    NoteMissing,
    NothingDelivered,
    TextUnusable,
    VerdictMissing,
)
from credentials.projects.reviewing.letters import accepted as accepted_words
from credentials.projects.reviewing.letters import returned as returned_words
from credentials.projects.reviewing.rounds import Places, Standing, standings, unchanged
from credentials.projects.telling import announce
from credentials.projects.terms import Terms
from credentials.store import agreements, assessments, files, people, reviews, submissions
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
    """Where an engagement's deliverables stand. Raises WorkOutOfTurn when nothing was agreed so far."""
    agreement = agreements.in_force(connection, engagement.id)
    if agreement is None:
        raise WorkOutOfTurn("nothing is agreed so far", where="state")
    terms = read_agreement(agreement.document).terms
    sent = submissions.all_of(connection, engagement.id)
    under = {one.number: one.agreement_number for one in sent}
    found = standings(
        len(terms.deliverables),
        [(under[one.number], one) for one in reviews.all_items(connection, engagement.id)],
        reviews.all_of(connection, engagement.id),
        _places(connection, engagement, terms),
    )
    return Round(engagement, sent[-1] if sent else None, agreement, terms, found)


def _places(connection: Connection, engagement: Engagement, terms: Terms) -> dict[int, Places]:
    """Where the deliverables of each version of the terms stand in those in force."""
    known = agreements.all_of(connection, engagement.id)
    return {one.number: unchanged(read_agreement(one.document).terms.deliverables, terms.deliverables) for one in known}


def files_of(means: Means, connection: Connection, handed_in: Sequence[Standing]) -> Mapping[str, KeptFile]:
    """The files among what was handed in, by their ids."""
    ids = [item.file_id for one in handed_in for item in one.items if item.file_id]
    found = [files.by_id(connection, file_id) for file_id in ids]
    return {one.id: kept_file(means.files, one) for one in found if one is not None}


def review(
    means: Means, member: Member, engagement_id: str, version: int, verdicts: Mapping[int, Verdict]
) -> Engagement:
    """Decide on each deliverable that is not accepted yet; returns the engagement as it is then.

    Raises RoleMissing, EngagementUnknown, WorkOutOfTurn, WorkMovedOn, VerdictMissing, NoteMissing, NothingDelivered,
    TextUnusable; `where` of the last four names the deliverable's number.
    """
    with write(means.accounts.engine) as connection:
        engagement = find(connection, of_company(member), engagement_id, lock=True)
        require(of_company(member), engagement, "accept")
        if engagement.version != version:
            raise WorkMovedOn(where="version")
        found = round_of(connection, engagement)
        if found.submission is None:
            raise WorkOutOfTurn("nothing was handed in so far", where="state")
        decided = {one.deliverable: _decided(one, verdicts) for one in found.undecided}
        _keep(connection, found, found.submission, decided)
        who, now = member.visitor.person_id, means.accounts.clock()
        reviews.mark_reviewed(connection, engagement.id, found.submission.number, who, now)
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


def _keep(connection: Connection, found: Round, submission: Submission, decided: Mapping[int, Verdict]) -> None:
    made = [
        DeliverableReview(
            engagement_id=submission.engagement_id,
            number=submission.number,
            deliverable=deliverable,
            issuer_id=submission.issuer_id,
            accepted=verdict.accepted,
            note=verdict.note.strip(),
            agreement_number=found.agreement.number,
        )
        for deliverable, verdict in decided.items()
    ]
    reviews.add(connection, made)


def _return(
    means: Means, connection: Connection, member: Member, found: Round, decided: Mapping[int, Verdict]
) -> Engagement:
    names = [one.name for one in found.terms.deliverables]
    notes = [(names[number], verdict.note.strip()) for number, verdict in decided.items() if not verdict.accepted]
    said = returned_words(company_name(connection, member.issuer.id), found.terms.title, notes)
    to_candidate(means, connection, found.engagement, "Something is to be changed in your work", said)
    return _moved(means, connection, member, found.engagement, "returned")


def _accept(means: Means, connection: Connection, member: Member, found: Round) -> Engagement:
    now, engagement = means.accounts.clock(), found.engagement
    assessment = assessments.of_engagement(connection, engagement.id) or blank(engagement, now)
    person = people.by_id(connection, engagement.person_id)
    accepted = Accepted(
        engagement_id=engagement.id,
        person=person.name if person else "",
        address=next((one.address for one in people.addresses(connection, engagement.person_id)), ""),
        terms=found.terms,
        agreement=found.agreement.document,
        standings=found.standings,
        files=files_of(means, connection, found.standings),
        ended_on=(found.submission.created_at if found.submission else now).date(),
    )
    form = award_form(accepted, assessment, member.visitor.name)
    award = awarding.start_accepted(means, connection, member, form)
    due = owe(connection, engagement, found.terms.compensation, now)
    pay = f"{due.amount} is due by {due.due_on.isoformat()}." if due else ""
    said = accepted_words(company_name(connection, member.issuer.id), found.terms.title, pay)
    to_candidate(means, connection, engagement, "Your work was accepted", said)
    return _moved(means, connection, member, replace(engagement, award_id=award.id), "accepted")


def _moved(means: Means, connection: Connection, member: Member, engagement: Engagement, state: str) -> Engagement:
    now = means.accounts.clock()
    after = moved(connection, engagement, now, state=state)
    tell(connection, of_company(member), after, f"work.{state}", now)
    announce(means, connection, f"work.{state}", f"work.{state}:{after.id}:{after.version}", after, now)
    return after
