"""The page of a review: what only one side sees, who may do what on it, and when pay is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from credentials.accounts.acting import Member
from credentials.console import awarding
from credentials.projects.agreeing.errors import EngagementUnknown, WorkOutOfTurn
from credentials.projects.paying.owing import DUE_AFTER
from credentials.projects.reviewing import sheet
from credentials.projects.reviewing.assessing import assess
from credentials.projects.reviewing.assessment_form import AssessmentForm, SkillRating
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.projects.reviewing.sheet import STEPS
from tests.projects.agreeing.conftest import job as job
from tests.projects.at_work import Job
from tests.projects.stages import Stage

BOTH = {0: Verdict(True), 1: Verdict(True)}
CANARY = "told-to-nobody-7741"
UNSEEN = AssessmentForm(
    ratings=(SkillRating("Survey design", "3", f"{CANARY} evidence"),),
    words=f"{CANARY} words",
    private_comment=f"{CANARY} comment",
)


def possible(stage: Stage, who: Member | None, engagement_id: str) -> set[str]:
    """What somebody of the company may do, or with None the candidate."""
    if who is None:
        found = sheet.for_candidate(stage.means, stage.visitor("candidate"), engagement_id).sheet
    else:
        found = sheet.for_company(stage.means, who, engagement_id).sheet
    assert set(found.may) == {one.replace("-", "_") for one in STEPS}
    return {step for step, allowed in found.may.items() if allowed}


def whole(found: object) -> str:
    """All that something holds, what its `repr` leaves out too."""
    return msgspec.json.encode(found, enc_hook=dict).decode()


@pytest.mark.parametrize("state", ["agreeing", "ended"])
def test_nothing_is_reviewed_before_anything_is_agreed(state: str, job: Job) -> None:
    job.put(state)

    with pytest.raises(WorkOutOfTurn):
        sheet.for_company(job.means, job.owner, job.engagement_id)
    with pytest.raises(WorkOutOfTurn):
        sheet.for_candidate(job.means, job.candidate, job.engagement_id)


def test_nobody_else_sees_it_and_nobody_the_other_sides(stage: Stage) -> None:
    made, owner = stage.engagement("delivered"), stage.member("owner")
    foreign = replace(owner, issuer=replace(owner.issuer, id="id-of-nobody"))

    with pytest.raises(EngagementUnknown):
        sheet.for_company(stage.means, foreign, made.id)
    for who in ("owner", "stranger"):
        with pytest.raises(EngagementUnknown):
            sheet.for_candidate(stage.means, stage.visitor(who), made.id)


@pytest.mark.parametrize("state", ["delivered", "returned", "accepted"])
def test_an_assessment_is_for_the_company_alone(state: str, stage: Stage) -> None:
    made, owner = stage.engagement("delivered"), stage.member("owner")
    assess(stage.means, owner, made.id, UNSEEN)
    if state != "delivered":
        verdicts = BOTH if state == "accepted" else {0: Verdict(True), 1: Verdict(False, "Two are missing.")}
        review(stage.means, owner, made.id, 1, verdicts)
    seen = sheet.for_candidate(stage.means, stage.visitor("candidate"), made.id)

    assert seen.sheet.engagement.state == state
    assert sheet.for_company(stage.means, owner, made.id).form.private_comment == UNSEEN.private_comment
    assert CANARY not in whole(seen.sheet)
    # Of accepted work the award is shown, with what goes into the credential: never the comment.
    assert (seen.award is not None) == (state == "accepted")
    assert UNSEEN.private_comment not in whole(seen)
    assert seen.credential_id is None


def test_the_credential_is_there_once_it_is_signed(stage: Stage) -> None:
    made, owner = stage.engagement("delivered"), stage.member("owner")
    award_id = review(stage.means, owner, made.id, 1, BOTH).award_id
    assert award_id is not None
    issued = awarding.sign(stage.means, owner, award_id, awarding.find(stage.means, owner, award_id).award.version)

    assert sheet.for_candidate(stage.means, stage.visitor("candidate"), made.id).credential_id == issued.id


@pytest.mark.parametrize(
    ("roles", "delivered", "completed"),
    [
        ("author", {"pay"}, {"pay"}),
        ("reviewer", {"accept", "assess"}, set()),
        ("signer", {"assess", "pay"}, {"pay"}),
        ("owner", set(), set()),
        ("", {"describe", "confirm_pay"}, {"confirm_pay"}),
    ],
    ids=["author", "reviewer", "signer", "owner", "candidate"],
)
def test_who_may_do_what(roles: str, delivered: set[str], completed: set[str], stage: Stage) -> None:
    who = stage.hire("sam", roles) if roles else None

    assert possible(stage, who, stage.engagement("delivered").id) == delivered
    assert possible(stage, who, stage.engagement("completed").id) == completed


def test_pay_is_late_from_the_day_after_and_only_for_accepted_work(stage: Stage) -> None:
    made, owner = stage.engagement("delivered"), stage.member("owner")

    def late(day: date) -> tuple[bool, bool]:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        means = replace(stage.means, accounts=replace(stage.means.accounts, clock=lambda: noon))
        found = sheet.for_candidate(means, stage.visitor("candidate"), made.id).sheet
        return found.kept_pay, found.overdue

    assert late(made.ends_on + timedelta(days=400)) == (False, False)
    review(stage.means, owner, made.id, 1, BOTH)
    due = stage.service.clock().date() + DUE_AFTER
    assert [late(due + timedelta(days=days)) for days in (0, 1)] == [(True, False), (True, True)]


def test_a_suspended_company_is_named_without_its_domain(stage: Stage) -> None:
    made, candidate = stage.engagement("delivered"), stage.visitor("candidate")
    assert sheet.for_candidate(stage.means, candidate, made.id).domain == "acme.example"
    stage.service.issuer.suspend_issuer("acme", "A report")

    seen = sheet.for_candidate(stage.means, candidate, made.id)
    assert (seen.company, seen.domain) == ("Acme Ltd", None)
