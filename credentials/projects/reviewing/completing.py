"""Accepted work as an award: filled from the agreement in force, what was handed in, and the assessment.

What stands in the award of a project that was accepted here can't be changed by its form (`award_form.FROM_PROJECT`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from credentials.console.award_form import AwardForm
from credentials.console.award_rows import KeptFile, TypedDeliverable
from credentials.core.plain_text import is_plain_line
from credentials.issuer.lint import LIMITS
from credentials.projects.agreeing.document import sri
from credentials.projects.reviewing.assessment_form import restored_ratings, signable
from credentials.projects.reviewing.rounds import Standing
from credentials.projects.terms import Terms, TermsDeliverable
from credentials.store.assessments import Assessment
from credentials.store.submissions import SubmittedItem

MORE = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was accepted: whose work, by which agreement (its document), what was handed in last, its files by id."""

    engagement_id: str
    person: str
    address: str
    terms: Terms
    agreement: bytes
    standings: Sequence[Standing]
    files: Mapping[str, KeptFile]
    ended_on: date


def award_form(accepted: Accepted, assessment: Assessment, supervisor: str) -> AwardForm:
    """The award that accepted work becomes, each text cut to what a credential can hold."""
    terms = accepted.terms
    return AwardForm(
        recipient_name=_line(accepted.person, LIMITS["recipient_name"]),
        recipient_email=accepted.address,
        project_title=_line(terms.title, LIMITS["project_title"]),
        summary=summary_of(assessment, terms),
        deliverables=tuple(_deliverables(accepted)),
        started_on=terms.starts_on,
        ended_on=max(accepted.ended_on.isoformat(), terms.starts_on),
        hours=terms.hours,
        skills="\n".join(_line(one, LIMITS["skills"]) for one in terms.skills),
        supervisor_name=supervisor,
        supervisor_words=assessment.words,
        compensation=_line(terms.compensation, LIMITS["compensation"]),
        ratings=signable(restored_ratings(assessment.ratings)),
        agreement=sri(accepted.agreement),
        engagement=accepted.engagement_id,
    )


def summary_of(assessment: Assessment | None, terms: Terms) -> str:
    """What was done: in the supervisor's words, else in the candidate's, else what the brief asked for."""
    said = (assessment.summary, assessment.description) if assessment else ()
    return next(filter(None, said), terms.brief[: LIMITS["summary"]])


def _deliverables(accepted: Accepted) -> Iterator[TypedDeliverable]:
    for standing in accepted.standings:
        agreed = accepted.terms.deliverables[standing.deliverable]
        for place, item in enumerate(standing.items, 1):
            file = accepted.files.get(item.file_id or "")
            yield _deliverable(
                agreed, item, file, f" ({place} of {len(standing.items)})" if len(standing.items) > 1 else ""
            )


def _deliverable(agreed: TermsDeliverable, item: SubmittedItem, file: KeptFile | None, which: str) -> TypedDeliverable:
    name = _line(agreed.name, LIMITS["deliverables"] - len(which)) + which
    return TypedDeliverable(name, item.url or "", agreed.visibility, file)


def _line(text: str, longest: int) -> str:
    """A text on one line that lint takes: without hidden characters, and cut where a credential has no more room."""
    plain = "".join(char for char in " ".join(text.split()) if is_plain_line(char))
    return plain if len(plain) <= longest else plain[: longest - 1] + MORE
