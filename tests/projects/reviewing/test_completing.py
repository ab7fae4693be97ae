"""The credential of accepted work: what it says, what it proves of the agreement, what no form can change."""

from __future__ import annotations

import json

import msgspec
import pytest

from credentials.console import awarding
from credentials.console.award_form import FROM_PROJECT, AwardForm, TypedDeliverable, TypedRating, as_accepted, judge
from credentials.console.errors import SecondPersonWanted
from credentials.core.micro_internship import AGREED, AGREEMENT
from credentials.issuer.draft import draft_digest
from credentials.issuer.lint import lint
from credentials.projects.agreeing.document import sri
from credentials.projects.reviewing.assessing import assess
from credentials.projects.reviewing.assessment_form import AssessmentForm, SkillRating
from credentials.projects.reviewing.completing import Accepted, award_form
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.projects.terms import Terms, TermsDeliverable
from credentials.store import agreements, organisations
from credentials.store.assessments import Assessment
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from tests.projects.stages import AGREED_AT, Stage
from tests.web.conftest import make_draft

BOTH = {0: Verdict(True), 1: Verdict(True)}
SAID = AssessmentForm(
    ratings=(SkillRating("Survey design", "3", "Drew the sample alone."), SkillRating("Interviewing")),
    words="Careful and quick.",
    summary="Interviewed 20 customers and found three things to change.",
)


def accepted(stage: Stage) -> Engagement:
    """An engagement whose work was assessed and accepted."""
    made, owner = stage.engagement("delivered"), stage.member("owner")
    assess(stage.means, owner, made.id, SAID)
    return review(stage.means, owner, made.id, 1, BOTH)


def signed(stage: Stage, done: Engagement) -> str:
    """Sign the award; the credential's id."""
    assert done.award_id is not None
    owner = stage.member("owner")
    version = awarding.find(stage.means, owner, done.award_id).award.version
    return awarding.sign(stage.means, owner, done.award_id, version).id


def document_of(stage: Stage, made: Engagement) -> bytes:
    with read(stage.service.engine) as connection:
        found = agreements.in_force(connection, made.id)
    assert found is not None
    return found.document


def test_the_credential_names_the_agreement_and_verifies(stage: Stage) -> None:
    done = accepted(stage)
    number = signed(stage, done)
    report = stage.service.verify(stage.service.portfolio.signed(number).body)

    assert str(report.state) == "GENUINE"
    assert report.credential is not None
    named = [one for one in report.credential["evidence"] if one.get("genre") == AGREEMENT]
    assert [(one["name"], one["digestSRI"]) for one in named] == [(AGREED, sri(document_of(stage, done)))]
    assert "http" not in named[0]["id"]
    assert stage.now(done).state == "completed"


def test_pay_ratings_and_what_is_confidential_are_in_no_public_file(stage: Stage) -> None:
    number = signed(stage, accepted(stage))
    public = stage.service.portfolio.signed(number).body.decode()
    report = stage.service.verify(public)
    text = json.dumps(report.credential)

    assert "Careful and quick." in text
    assert "three things to change" in text
    for secret in ("EUR 400", "3 of 4", "Drew the sample", "Raw notes"):
        assert secret not in text


def test_no_form_changes_what_was_accepted(stage: Stage) -> None:
    done, owner = accepted(stage), stage.member("owner")
    assert done.award_id is not None
    before = awarding.find(stage.means, owner, done.award_id)
    typed = AwardForm(
        recipient_name="Eve",
        recipient_email="eve@other.example",
        project_title="Another title",
        summary="New words.",
        deliverables=(TypedDeliverable("Another", "https://evil.example/x"),),
        started_on="2020-01-01",
        ended_on="2020-01-02",
        skills="Magic",
        hours="41",
        supervisor_name="Kim Larsen",
        compensation="EUR 1",
        ratings=(TypedRating("Magic", "4 of 4", "Seen"),),
        agreement="",
        engagement="",
    )
    awarding.save(stage.means, owner, done.award_id, typed, before.award.version)
    after = awarding.find(stage.means, owner, done.award_id).form

    assert [name for name in FROM_PROJECT if getattr(after, name) != getattr(before.form, name)] == []
    assert (after.summary, after.hours, after.supervisor_name) == ("New words.", "41", "Kim Larsen")
    assert after.recipient_email == "candidate@mail.example"


def test_an_award_of_no_project_is_as_it_was_typed() -> None:
    typed = AwardForm(recipient_name="Ana", ratings=(TypedRating("Magic", "4 of 4", "Seen"),))
    assert as_accepted(AwardForm(recipient_name="Bo"), typed) == typed


def test_four_eyes_hold_for_accepted_work(stage: Stage) -> None:
    owner = stage.member("owner")
    with write(stage.service.engine) as connection:
        organisations.set_four_eyes(connection, owner.issuer.id, wanted=True)
    done = accepted(stage)
    assert done.award_id is not None
    with pytest.raises(SecondPersonWanted):
        awarding.sign(stage.means, owner, done.award_id, 1)
    assert stage.now(done).state == "accepted"

    awarding.sign(stage.means, stage.hire("sam", "signer"), done.award_id, 1)
    assert stage.now(done).state == "completed"


def test_an_assessment_after_acceptance_goes_into_the_award(stage: Stage) -> None:
    owner, made = stage.member("owner"), stage.engagement("delivered")
    done = review(stage.means, owner, made.id, 1, BOTH)
    assert done.award_id is not None
    assess(stage.means, owner, made.id, SAID)
    found = awarding.find(stage.means, owner, done.award_id)

    assert found.award.version == 2
    assert found.form.supervisor_words == "Careful and quick."
    assert found.form.summary == SAID.summary
    assert found.form.ratings == (
        TypedRating("Survey design", "3 of 4, works independently", "Drew the sample alone."),
    )


def test_any_text_of_an_agreement_can_be_signed() -> None:
    odd = "a\u202eb\tc\n" + "x" * 500
    terms = Terms(
        title=odd,
        brief="Wrote it.",
        deliverables=(TermsDeliverable(name=odd, visibility="link"),),
        skills=(odd,),
        starts_on="2026-02-02",
        compensation=odd,
    )
    with_items = Accepted("E", odd, "ana@mail.example", terms, b"{}", (), {}, AGREED_AT.date())
    form = award_form(with_items, Assessment(engagement_id="E", issuer_id="I", changed_at=AGREED_AT), "Kim")
    from_form = judge(form)

    assert from_form[1] == []
    assert form.ended_on == "2026-02-02"
    assert form.compensation.startswith("ab c xxx")


@pytest.mark.parametrize(
    "digest", ["", "sha384-", "sha256-" + "A" * 43 + "=", "sha384-" + "A" * 63, "sha384-" + "!" * 64]
)
def test_a_text_that_is_no_digest_is_not_signed(digest: str) -> None:
    assert [one.code for one in lint(make_draft(agreement=digest))] == ["bad-digest"]
    assert lint(make_draft(agreement=sri(b"{}"))) == []


def test_an_agreement_is_part_of_what_a_draft_says() -> None:
    plain, bound = make_draft(), make_draft(agreement=sri(b"{}"))
    assert draft_digest(plain) != draft_digest(bound)
    assert draft_digest(bound) != draft_digest(make_draft(agreement=sri(b"{ }")))
    assert msgspec.json.decode(msgspec.json.encode(AwardForm()), type=AwardForm) == AwardForm()
