"""Work that goes on, as a company's programs read it: what the company's pages show, but for the private comment.

The private comment of an assessment is written by programs and never told to them: only the review page reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from credentials.accounts.acting import Member
from credentials.console.means import Means
from credentials.core.identifiers import wanted_id
from credentials.files.errors import FileUnknown
from credentials.projects.api.project_records import moment
from credentials.projects.api.texts import TermsText, terms_text
from credentials.projects.parties import find, of_company
from credentials.projects.reviewing import sheet
from credentials.projects.reviewing.assessment_form import AssessmentForm
from credentials.projects.reviewing.sheet import CompanySheet, Line, Sheet
from credentials.projects.showing import Handed, Version, Work, show
from credentials.store import awards, engagements, files, pages, submissions
from credentials.store.awards import Award
from credentials.store.engagements import Engagement
from credentials.store.engine import read
from credentials.store.files import StoredFile
from credentials.store.pages import Found, Place
from credentials.store.payments import PaymentState

WorkState = Literal["agreeing", "working", "delivered", "returned", "accepted", "completed", "ended"]


class WorkSummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One engagement in a list. `endsOn` is the deadline in force; `version` grows with each step."""

    id: str
    project_id: str
    application_id: str
    state: WorkState
    version: int
    ends_on: str
    created_at: str | None
    changed_at: str | None


class WorkPage(msgspec.Struct, frozen=True, kw_only=True):
    """Work, begun last first; `cursor` leads to the next ones, null at the end."""

    work: list[WorkSummary]
    cursor: str | None


class AgreementRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One version of the terms. `state` in words: in force, was in force, waits for an answer, …

    `sri` is its SHA-384 as a credential and a receipt state it; `url` has the document, byte for byte.
    """

    number: int
    proposed_by: str
    state: str
    created_at: str | None
    agreed_at: str | None
    refused_reason: str | None
    sha256: str
    sri: str
    url: str


class HandedFile(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A file that was handed in; digests in hexadecimal. `url` has its bytes."""

    id: str
    name: str
    size: int
    media_type: str
    sha256: str
    sha384: str
    url: str


class HandedItem(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed in of one deliverable, which is named as it was agreed."""

    deliverable: str
    links: list[str]
    files: list[HandedFile]


class SubmissionRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One submission. `receipt` has its signed receipt; null for the moments until it is signed."""

    number: int
    created_at: str | None
    late: bool
    note: str
    items: list[HandedItem]
    receipt: str | None


class DeliverableRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Where one deliverable (counted from 0) of the agreement in force stands; `verdict` is null until it has one."""

    number: int
    name: str
    verdict: Literal["accepted", "returned"] | None
    note: str


class RatingText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A skill of the agreement, its level `1` to `4` (empty: not rated), and the line on what was seen."""

    skill: str
    level: Literal["", "1", "2", "3", "4"] = ""
    evidence: str = ""


class AssessmentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be signed of the work: ratings, words of praise, and what was done."""

    ratings: list[RatingText]
    words: str
    summary: str


class PaymentRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The pay. `state`: `due`, `paid` (the company said so), `confirmed` (the candidate did). `overdue`: its day has
    passed and nobody said that it was paid.
    """

    state: PaymentState
    amount: str
    due_on: str
    overdue: bool
    paid_on: str | None
    reference: str | None
    confirmed_at: str | None


class AwardRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The award that accepted work became. People sign it, at `url`; `credentialId` is there once it is signed."""

    id: str
    state: str
    credential_id: str | None
    url: str


class WorkRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One engagement with all that the company knows of it.

    `terms` are those in force, or the newest while none are (`agreed` is false). `newest` is the number to send with
    terms, `version` the one to send with verdicts. `waits`: terms of the candidate's wait for the company's answer.
    `deliverables`, `assessment` and `payment` are there once terms are agreed on.
    """

    work: WorkSummary
    candidate: str
    url: str
    agreed: bool
    terms: TermsText
    newest: int
    waits: bool
    agreements: list[AgreementRecord]
    submissions: list[SubmissionRecord]
    deliverables: list[DeliverableRecord]
    assessment: AssessmentRecord | None
    payment: PaymentRecord | None
    award: AwardRecord | None
    ended_reason: str | None

    def __repr__(self) -> str:
        """Without anything of the candidate."""
        return f"WorkRecord(id={self.work.id})"


@dataclass(frozen=True, slots=True)
class Looked:
    """What an engagement's record is made from. `review` is None until terms are agreed on."""

    work: Work
    review: CompanySheet | None
    award: Award | None


def list_work(means: Means, member: Member, state: str | None, before: Place | None) -> Found[Engagement]:
    """A page of the company's engagements, begun last first."""
    with read(means.accounts.engine) as connection:
        found = engagements.page_of_company(connection, member.issuer.id, state, before, pages.PAGE + 1)
    return pages.cut(found, [(one.created_at, one.id) for one in found])


def look(means: Means, member: Member, engagement_id: str) -> Looked:
    """An engagement as the company sees it. Raises EngagementUnknown."""
    work = show(means, of_company(member), engagement_id)
    review = sheet.for_company(means, member, work.engagement.id) if work.agreed else None
    award = None
    if work.engagement.award_id is not None:
        with read(means.accounts.engine) as connection:
            award = awards.by_id(connection, member.issuer.id, work.engagement.award_id)
    return Looked(work, review, award)


def handed_file(means: Means, member: Member, engagement_id: str, file_id: str) -> StoredFile:
    """A file that was handed in, and no other of the work. Raises EngagementUnknown, FileUnknown."""
    number = wanted_id(file_id)
    with read(means.accounts.engine) as connection:
        engagement = find(connection, of_company(member), engagement_id)
        handed = number in submissions.files_of(connection, engagement.id)
        found = files.by_id(connection, number) if handed else None
    if found is None or found.removed_at is not None:
        raise FileUnknown(where="file")
    return found


def work_summary(one: Engagement) -> WorkSummary:
    """An engagement as it stands in a list."""
    return WorkSummary(
        id=one.id,
        project_id=one.project_id,
        application_id=one.application_id,
        state=one.state,  # type: ignore[arg-type]
        version=one.version,
        ends_on=one.ends_on.isoformat(),
        created_at=moment(one.created_at),
        changed_at=moment(one.changed_at),
    )


def work_record(looked: Looked, member: Member, base_url: str) -> WorkRecord:
    """An engagement as it is told."""
    work, review, slug = looked.work, looked.review, member.issuer.slug
    here = f"{base_url}/api/v1/work/{work.engagement.id}"
    return WorkRecord(
        work=work_summary(work.engagement),
        candidate=work.candidate,
        url=f"{base_url}/console/{slug}/work/{work.engagement.id}",
        agreed=work.agreed,
        terms=terms_text(work.terms),
        newest=work.newest,
        waits=work.proposal is not None and not work.proposal.mine,
        agreements=[_agreement(one, here) for one in work.versions],
        submissions=[_submission(one, here) for one in work.handed],
        deliverables=[_deliverable(line) for line in review.sheet.lines] if review else [],
        assessment=_assessment(review.form) if review else None,
        payment=_payment(review.sheet) if review else None,
        award=_award(looked.award, f"{base_url}/console/{slug}/awards") if looked.award else None,
        ended_reason=work.engagement.ended_reason,
    )


def _agreement(one: Version, here: str) -> AgreementRecord:
    return AgreementRecord(
        number=one.number,
        proposed_by=one.side,
        state=one.state,
        created_at=moment(one.created_at),
        agreed_at=moment(one.agreed_at),
        refused_reason=one.reason,
        sha256=one.sha256,
        sri=one.sri,
        url=f"{here}/agreements/{one.number}",
    )


def _submission(one: Handed, here: str) -> SubmissionRecord:
    return SubmissionRecord(
        number=one.number,
        created_at=moment(one.created_at),
        late=one.late,
        note=one.note,
        items=[_item(name, parts, here) for name, parts in one.items],
        receipt=f"{here}/receipts/{one.number}" if one.signed else None,
    )


def _item(name: str, parts: tuple[str | StoredFile, ...], here: str) -> HandedItem:
    return HandedItem(
        deliverable=name,
        links=[one for one in parts if isinstance(one, str)],
        files=[_file(one, here) for one in parts if isinstance(one, StoredFile)],
    )


def _file(one: StoredFile, here: str) -> HandedFile:
    return HandedFile(
        id=one.id,
        name=one.name,
        size=one.size,
        media_type=one.media_type,
        sha256=one.sha256.hex(),
        sha384=one.sha384.hex(),
        url=f"{here}/files/{one.id}",
    )


def _deliverable(line: Line) -> DeliverableRecord:
    found = line.standing
    return DeliverableRecord(number=found.deliverable, name=line.agreed.name, verdict=found.verdict, note=found.note)


def _assessment(form: AssessmentForm) -> AssessmentRecord:
    ratings = [RatingText(skill=one.skill, level=one.level, evidence=one.evidence) for one in form.ratings]  # type: ignore[arg-type]
    return AssessmentRecord(ratings=ratings, words=form.words, summary=form.summary)


def _payment(found: Sheet) -> PaymentRecord | None:
    one = found.payment
    if one is None:
        return None
    return PaymentRecord(
        state=one.state,
        amount=one.amount,
        due_on=one.due_on.isoformat(),
        overdue=found.overdue,
        paid_on=one.paid_on.isoformat() if one.paid_on else None,
        reference=one.reference,
        confirmed_at=moment(one.confirmed_at),
    )


def _award(one: Award, pages: str) -> AwardRecord:
    return AwardRecord(id=one.id, state=one.state, credential_id=one.credential_id, url=f"{pages}/{one.id}")
