"""Everything that a page of a review shows: for the company's people, and for the candidate, who sees less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from credentials.accounts.acting import Member, Visitor
from credentials.console.award_form import AwardForm, restored
from credentials.console.award_rows import KeptFile
from credentials.console.means import Means
from credentials.projects.parties import Party, find, may, of_candidate, of_company
from credentials.projects.paying.owing import owed_for
from credentials.projects.paying.paying import is_overdue
from credentials.projects.reviewing.assessing import Description, description_of, typed_before
from credentials.projects.reviewing.assessment_form import AssessmentForm
from credentials.projects.reviewing.reviewing import Round, files_of, round_of
from credentials.projects.reviewing.rounds import Standing
from credentials.projects.terms import TermsDeliverable
from credentials.store import awards, issuers, payments, people
from credentials.store.engagements import Engagement
from credentials.store.engine import read
from credentials.store.payments import Payment

STEPS = ("accept", "assess", "describe", "pay", "confirm-pay")


@dataclass(frozen=True, slots=True)
class Line:
    """One deliverable as it was agreed, with where it stands."""

    agreed: TermsDeliverable
    standing: Standing


@dataclass(frozen=True, slots=True)
class Sheet:
    """What both sides see. `kept_pay`: pay is due or was paid, and not only agreed. `may`: what can be done now."""

    engagement: Engagement
    found: Round
    person: str
    description: Description
    files: Mapping[str, KeptFile]
    payment: Payment | None
    kept_pay: bool
    overdue: bool
    may: Mapping[str, bool]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every deliverable, in the order of the agreement."""
        agreed = self.found.terms.deliverables
        return tuple(Line(agreed[one.deliverable], one) for one in self.found.standings)


@dataclass(frozen=True, slots=True)
class CompanySheet:
    """For the company's people: also the form of the assessment, with its private comment."""

    sheet: Sheet
    form: AssessmentForm


@dataclass(frozen=True, slots=True)
class CandidateSheet:
    """For the candidate: the award that follows from accepted work, or None, and how the company is called.

    There is no assessment in it: what is shown of one is what goes into the award.
    """

    sheet: Sheet
    award: AwardForm | None
    credential_id: str | None
    company: str
    domain: str | None


def for_company(means: Means, member: Member, engagement_id: str) -> CompanySheet:
    """Raises EngagementUnknown, and WorkOutOfTurn when nothing was agreed so far."""
    with read(means.accounts.engine) as connection:
        engagement = find(connection, of_company(member), engagement_id)
        sheet = _sheet(means, connection, engagement, of_company(member))
        return CompanySheet(sheet, typed_before(connection, engagement, sheet.found.terms))


def for_candidate(means: Means, visitor: Visitor, engagement_id: str) -> CandidateSheet:
    """Raises EngagementUnknown, and WorkOutOfTurn when nothing was agreed so far."""
    with read(means.accounts.engine) as connection:
        engagement = find(connection, of_candidate(visitor), engagement_id)
        sheet = _sheet(means, connection, engagement, of_candidate(visitor))
        issuer = issuers.by_id(connection, engagement.issuer_id)
        award = awards.by_id(connection, engagement.issuer_id, engagement.award_id) if engagement.award_id else None
        return CandidateSheet(
            sheet,
            restored(award.form) if award else None,
            award.credential_id if award else None,
            issuer.name if issuer else "",
            issuer.confirmed_domain if issuer and not issuer.is_suspended else None,
        )


def _sheet(means: Means, connection: Connection, engagement: Engagement, party: Party) -> Sheet:
    person = people.by_id(connection, engagement.person_id)
    payment = owed_for(connection, engagement, means.accounts.clock)
    kept = payments.of_engagement(connection, engagement.id) is not None
    found = round_of(connection, engagement)
    return Sheet(
        engagement=engagement,
        found=found,
        files=files_of(means, connection, found.standings),
        person=person.name if person else "",
        description=description_of(connection, engagement),
        payment=payment,
        kept_pay=kept,
        overdue=kept and payment is not None and is_overdue(payment, means.accounts.clock().date()),
        may={step.replace("-", "_"): may(party, engagement, step) for step in STEPS},
    )
