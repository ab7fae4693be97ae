"""Assess the work, and describe it: the supervisor rates and praises, the candidate writes what was done.

The private comment goes nowhere: not into an award, a letter, a webhook, the audit trail, an export or a page of the
candidate. Nothing but the company's own review page reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from credentials.accounts.acting import Member, Visitor
from credentials.console import awarding
from credentials.console.award_form import Problem, restored
from credentials.console.means import Means
from credentials.core.plain_text import is_plain_line
from credentials.core.word_changes import Piece, changes
from credentials.projects.agreeing.document import read_agreement
from credentials.projects.parties import find, of_candidate, of_company, require, tell
from credentials.projects.reviewing.assessment_form import (
    LONGEST_SUMMARY,
    SKILLS,
    AssessmentForm,
    SkillRating,
    problems,
    restored_ratings,
    signable,
    stored_ratings,
)
from credentials.projects.reviewing.completing import summary_of
from credentials.projects.reviewing.errors import AssessmentUnusable, TextUnusable
from credentials.projects.terms import Terms
from credentials.store import agreements, assessments, awards
from credentials.store.assessments import Assessment
from credentials.store.engagements import Engagement
from credentials.store.engine import write


@dataclass(frozen=True, slots=True)
class Description:
    """What was done, in the candidate's words, in those that are to be signed, and what changed in between."""

    written: str
    signed: str
    changes: tuple[Piece, ...]


def blank(engagement: Engagement, now: datetime) -> Assessment:
    """An assessment in which nothing is written."""
    return Assessment(engagement_id=engagement.id, issuer_id=engagement.issuer_id, changed_at=now)


def assess(means: Means, member: Member, engagement_id: str, form: AssessmentForm) -> None:
    """Keep an assessment; once the work is accepted its award follows.

    Raises RoleMissing, EngagementUnknown, WorkOutOfTurn, AssessmentUnusable, AwardSigned, AwardBeingSigned.
    """
    wrong: list[Problem] = problems(form)
    if wrong:
        raise AssessmentUnusable(wrong[0].title, where=wrong[0].field)
    now = means.accounts.clock()
    with write(means.accounts.engine) as connection:
        engagement = find(connection, of_company(member), engagement_id, lock=True)
        require(of_company(member), engagement, "assess")
        before = assessments.of_engagement(connection, engagement.id) or blank(engagement, now)
        made = replace(
            before,
            summary=_own_words(connection, before, form.summary),
            ratings=stored_ratings(form),
            words=form.words,
            private_comment=form.private_comment,
            changed_at=now,
        )
        assessments.put(connection, made)
        tell(connection, of_company(member), engagement, "work.assessed", now)
        if engagement.award_id is not None:
            _into_award(means, connection, member, engagement.award_id, form)


def _own_words(connection: Connection, before: Assessment, summary: str) -> str:
    """The supervisor's summary, or nothing where it is what the form was filled with: then it follows the candidate."""
    agreement = agreements.in_force(connection, before.engagement_id)
    offered = summary_of(replace(before, summary=""), read_agreement(agreement.document).terms) if agreement else ""
    return "" if summary == offered else summary


def _into_award(means: Means, connection: Connection, member: Member, award_id: str, form: AssessmentForm) -> None:
    said: dict[str, object] = {"supervisor_words": form.words, "ratings": signable(form.ratings)}
    if form.summary:
        said["summary"] = form.summary
    awarding.refill(means, connection, member, award_id, said)


def describe(means: Means, visitor: Visitor, engagement_id: str, text: str) -> None:
    """The candidate says what was done. Raises EngagementUnknown, WorkOutOfTurn, TextUnusable."""
    plain, now = text.strip().replace("\r\n", "\n"), means.accounts.clock()
    if len(plain) > LONGEST_SUMMARY or not all(map(is_plain_line, plain.split("\n"))):
        raise TextUnusable(where="description")
    with write(means.accounts.engine) as connection:
        engagement = find(connection, of_candidate(visitor), engagement_id, lock=True)
        require(of_candidate(visitor), engagement, "describe")
        before = assessments.of_engagement(connection, engagement.id) or blank(engagement, now)
        assessments.put(connection, replace(before, description=plain, changed_at=now))
        tell(connection, of_candidate(visitor), engagement, "work.described", now)


def typed_before(connection: Connection, engagement: Engagement, terms: Terms) -> AssessmentForm:
    """The form as it was last saved, with what the award says where there is one: a row for each skill agreed on."""
    kept = assessments.of_engagement(connection, engagement.id)
    before = {one.skill: one for one in restored_ratings(kept.ratings)} if kept else {}
    form = AssessmentForm(
        ratings=tuple(before.get(skill, SkillRating(skill)) for skill in terms.skills[:SKILLS]),
        words=kept.words if kept else "",
        private_comment=kept.private_comment if kept else "",
        summary=summary_of(kept, terms),
    )
    award = awards.by_id(connection, engagement.issuer_id, engagement.award_id) if engagement.award_id else None
    if award is None:
        return form
    signed = restored(award.form)
    return msgspec.structs.replace(form, words=signed.supervisor_words, summary=signed.summary)


def description_of(connection: Connection, engagement: Engagement) -> Description:
    """What the candidate wrote and what became of it, for both sides."""
    kept = assessments.of_engagement(connection, engagement.id)
    written = kept.description if kept else ""
    agreement = agreements.in_force(connection, engagement.id)
    terms = read_agreement(agreement.document).terms if agreement else None
    award = awards.by_id(connection, engagement.issuer_id, engagement.award_id) if engagement.award_id else None
    signed = restored(award.form).summary if award else summary_of(kept, terms) if terms else written
    return Description(written, signed, changes(written, signed) if written else ())
