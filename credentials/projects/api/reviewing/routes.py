"""Review over HTTP: a verdict on each deliverable, the assessment, and that the company paid.

Where the company wants two people for each award, a program neither accepts work nor changes what is to be signed:
it would stand for one of the two. It may return work. Nobody's program signs here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import msgspec
from flask import Blueprint, Response

from credentials.accounts.acting import Member
from credentials.accounts.errors import NobodyAnswers, TwoPeopleWanted
from credentials.console.award_form import Problem
from credentials.console.errors import AwardBeingSigned, AwardSigned
from credentials.console.means import Means
from credentials.projects.agreeing.errors import EngagementUnknown, WorkMovedOn, WorkOutOfTurn
from credentials.projects.api.texts import all_told
from credentials.projects.api.work.routes import DONE, ONE, REFUSED, TAG, WORK_ID, WRITE, stepped, work_answer
from credentials.projects.api.work_records import RatingText
from credentials.projects.paying import errors as pay_errors
from credentials.projects.paying.paying import PaymentService
from credentials.projects.paying.provider import ByHand
from credentials.projects.reviewing import assessing, errors, sheet
from credentials.projects.reviewing.assessment_form import SKILLS, AssessmentForm, SkillRating, problems
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.web.access import Limit, declares
from credentials.web.bodies import Body
from credentials.web.composition import Service
from credentials.web.errors import MembersInvalid
from credentials.web.operations import Operation, documented
from credentials.web.programs import body_of, this_program
from credentials.web.repeating import IDEMPOTENCY

REVIEW_BYTES = 65_536
PAY_BYTES = 4096
Long = Annotated[str, msgspec.Meta(max_length=4000)]


class VerdictBody(Body, frozen=True):
    """The verdict on one deliverable, counted from 0. What is returned needs a note: the candidate works by it."""

    deliverable: Annotated[int, msgspec.Meta(ge=0, le=7)]
    accepted: bool
    note: Long = ""


class ReviewRequest(Body, frozen=True):
    """A verdict on each deliverable that is not accepted yet, of the work as it was in its `version`."""

    version: int
    verdicts: Annotated[tuple[VerdictBody, ...], msgspec.Meta(max_length=8)]


class AssessmentRequest(Body, frozen=True):
    """The assessment, in place of the one before. Skills of the agreement that are left out are not rated.

    `privateComment` stays with the company's own people: no answer has it. Left out, what it was before stays.
    """

    ratings: Annotated[tuple[RatingText, ...], msgspec.Meta(max_length=SKILLS)] = ()
    words: Long = ""
    summary: Long = ""
    private_comment: Long | None = None

    def __repr__(self) -> str:
        """Without anything that was written."""
        return "AssessmentRequest()"


class PayRequest(Body, frozen=True):
    """On which day it was paid, such as `2026-03-31`, and what the candidate finds on their statement."""

    day: Annotated[str, msgspec.Meta(max_length=10)]
    reference: Annotated[str, msgspec.Meta(max_length=200)]


REVIEW = Operation(
    id="reviewWork",
    summary="Accept deliverables, or return them with a note",
    tag=TAG,
    description="Once all are accepted the work is: pay falls due, and the award waits for somebody to sign it.",
    body=ReviewRequest,
    example={"version": 3, "verdicts": [{"deliverable": 0, "accepted": False, "note": "Page 4 lacks its sources."}]},
    parameters=(WORK_ID, IDEMPOTENCY),
    answers=DONE,
    problems=(
        WorkMovedOn,
        errors.VerdictMissing,
        errors.NoteMissing,
        errors.NothingDelivered,
        errors.TextUnusable,
        TwoPeopleWanted,
        *REFUSED,
    ),
)
ASSESS = Operation(
    id="assessWork",
    summary="Rate skills, praise, and say what was done",
    tag=TAG,
    body=AssessmentRequest,
    example={
        "ratings": [{"skill": "Survey design", "level": "3", "evidence": "Wrote every question."}],
        "words": "Careful and quick.",
        "summary": "Interviewed 20 customers and wrote a report with three proposals.",
    },
    parameters=(WORK_ID,),
    answers=DONE,
    problems=(
        MembersInvalid,
        NobodyAnswers,
        EngagementUnknown,
        WorkOutOfTurn,
        errors.SkillUnknown,
        errors.AssessmentUnusable,
        AwardSigned,
        AwardBeingSigned,
        TwoPeopleWanted,
    ),
)
PAY = Operation(
    id="recordPay",
    summary="Say that the work was paid",
    tag=TAG,
    description="No money is moved. Until the candidate confirms it, day and reference can be put right.",
    body=PayRequest,
    example={"day": "2026-03-31", "reference": "Invoice 17"},
    parameters=(WORK_ID, IDEMPOTENCY),
    answers=DONE,
    problems=(
        pay_errors.NothingOwed,
        pay_errors.PaymentSettled,
        pay_errors.PaidDayUnusable,
        pay_errors.ReferenceUnusable,
        *REFUSED,
    ),
)


def blueprint(service: Service) -> Blueprint:
    """The routes."""
    routes = Blueprint("reviewing_api", __name__)
    _add_review(routes, service)
    _add_pay(routes, PaymentService(service.desk, ByHand()), service)
    return routes


def _add_review(routes: Blueprint, service: Service) -> None:
    means = service.desk

    @routes.post(f"{ONE}/review")
    @declares(WRITE, limit=Limit.ISSUE, max_body=REVIEW_BYTES)
    @documented(REVIEW)
    def decide(engagement_id: str) -> Response:
        body = body_of(ReviewRequest)
        verdicts = {one.deliverable: Verdict(one.accepted, one.note) for one in body.verdicts}
        return stepped(
            service,
            engagement_id,
            body,
            lambda: review(means, this_program(service), engagement_id, body.version, verdicts),
        )

    @routes.put(f"{ONE}/assessment")
    @declares(WRITE, limit=Limit.ISSUE, max_body=REVIEW_BYTES)
    @documented(ASSESS)
    def assess(engagement_id: str) -> Response:
        body, member = body_of(AssessmentRequest), this_program(service)
        form = _form(means, member, engagement_id, body)
        if wrong := problems(form):
            raise all_told(errors.AssessmentUnusable, [_named(one, form) for one in wrong])
        assessing.assess(means, member, engagement_id, form)
        return work_answer(service, engagement_id)


def _form(means: Means, member: Member, engagement_id: str, body: AssessmentRequest) -> AssessmentForm:
    """The form that a program filled in: a row for each skill agreed on. Raises SkillUnknown."""
    before = sheet.for_company(means, member, engagement_id).form
    given = {one.skill: SkillRating(one.skill, one.level, one.evidence.strip()) for one in body.ratings}
    if unknown := given.keys() - {one.skill for one in before.ratings}:
        raise errors.SkillUnknown(min(unknown)[:80], where="ratings")
    private = before.private_comment if body.private_comment is None else _text(body.private_comment)
    return AssessmentForm(
        ratings=tuple(given.get(one.skill, SkillRating(one.skill)) for one in before.ratings),
        words=_text(body.words),
        private_comment=private,
        summary=_text(body.summary),
    )


def _named(problem: Problem, form: AssessmentForm) -> Problem:
    """A problem of a rating, by its skill and not by its row."""
    _part, _, row = problem.field.rpartition("_")
    if not row.isdigit():
        return problem
    return replace(problem, field="ratings", title=f"“{form.ratings[int(row)].skill}”: {problem.title}")


def _text(typed: str) -> str:
    return typed.strip().replace("\r\n", "\n")


def _add_pay(routes: Blueprint, payments: PaymentService, service: Service) -> None:
    @routes.post(f"{ONE}/pay")
    @declares(WRITE, limit=Limit.ISSUE, max_body=PAY_BYTES)
    @documented(PAY)
    def pay(engagement_id: str) -> Response:
        body = body_of(PayRequest)

        def step() -> None:
            payments.pay(this_program(service), engagement_id, body.day, body.reference)

        return stepped(service, engagement_id, body, step)
