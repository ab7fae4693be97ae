"""Every step × every party × every state, as declared: returning, accepting, assessing, describing, completing, paying.

Made from `lifecycle.ENGAGEMENT_STEPS`: what is declared there is what the services do.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import get_args

import pytest

from credentials.accounts.acting import ROLES
from credentials.accounts.errors import RoleMissing
from credentials.console import awarding
from credentials.console.award_form import AwardForm, stored
from credentials.core.errors import CredentialError
from credentials.projects.agreeing.errors import EngagementUnknown, WorkOutOfTurn
from credentials.projects.lifecycle import ENGAGEMENT_STEPS, EngagementState, allows
from credentials.projects.paying.paying import PaymentService
from credentials.projects.paying.provider import ByHand
from credentials.projects.reviewing.assessing import assess, describe
from credentials.projects.reviewing.assessment_form import AssessmentForm
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.store import awards, engagements, payments
from credentials.store.engagements import Engagement
from credentials.store.engine import write
from credentials.store.payments import Payment
from tests.projects.stages import Stage

Take = Callable[[Stage, str, Engagement], object]
BACK = {0: Verdict(True), 1: Verdict(False, "Two are missing.")}
ALL = {0: Verdict(True), 1: Verdict(True)}
REFUSED = (RoleMissing, WorkOutOfTurn, EngagementUnknown)


def _pay(stage: Stage, party: str, made: Engagement) -> object:
    service = PaymentService(stage.means, ByHand())
    return service.pay(stage.member(party), made.id, stage.service.clock().date().isoformat(), "Invoice 7")


def _confirm(stage: Stage, party: str, made: Engagement) -> object:
    with write(stage.service.engine) as connection:
        now = stage.service.clock()
        paid = Payment(
            engagement_id=made.id,
            issuer_id=made.issuer_id,
            state="paid",
            amount="EUR 400",
            due_on=now.date(),
            paid_on=now.date(),
            reference="Invoice 7",
            changed_at=now,
        )
        payments.put(connection, paid)
    return PaymentService(stage.means, ByHand()).confirm(stage.visitor(party), made.id)


# Steps that only a page of the company, or only one of the candidate, leads to.
COMPANY: dict[str, Take] = {
    "return": lambda stage, party, made: review(stage.means, stage.member(party), made.id, 1, BACK),
    "accept": lambda stage, party, made: review(stage.means, stage.member(party), made.id, 1, ALL),
    "assess": lambda stage, party, made: assess(stage.means, stage.member(party), made.id, AssessmentForm()),
    "pay": _pay,
}
CANDIDATE: dict[str, Take] = {
    "describe": lambda stage, party, made: describe(stage.means, stage.visitor(party), made.id, "I did it."),
    "confirm-pay": _confirm,
}


def outcome(take: Take, stage: Stage, party: str, made: Engagement) -> str:
    """What became of a step: the state that follows, or that it was refused."""
    try:
        take(stage, party, made)
    except REFUSED:
        return "refused"
    return stage.now(made).state


def declared(step: str, party: str, state: str) -> str:
    """What the lifecycle says of it."""
    if not allows(ENGAGEMENT_STEPS, step, state, frozenset({party})):
        return "refused"
    return ENGAGEMENT_STEPS[step].to or state


@pytest.mark.parametrize("step", [*COMPANY, *CANDIDATE])
def test_every_step_of_every_party_in_every_state(step: str, stage: Stage) -> None:
    for role in ROLES:
        stage.hire(f"only-{role}", role)
    parties = [f"only-{role}" for role in ROLES] if step in COMPANY else ("candidate", "stranger")
    take, wrong = (COMPANY | CANDIDATE)[step], []
    for state in get_args(EngagementState):
        for party in parties:
            made = stage.engagement(state)
            found, wanted = outcome(take, stage, party, made), declared(step, party.removeprefix("only-"), state)
            after = stage.now(made)
            if found != wanted:
                wrong.append(f"{step} by {party} in {state}: {found}, not {wanted}")
            if wanted == "refused" and after != made:
                wrong.append(f"{step} by {party} in {state} was refused and changed something")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_completing_wants_a_signer_and_accepted_work(role: str, stage: Stage) -> None:
    member, wrong = stage.hire("somebody", role), []
    for state in get_args(EngagementState):
        made = stage.engagement(state)
        award_id = with_award(stage, made)
        with suppress(CredentialError):
            awarding.sign(stage.means, member, award_id, 1)
        found = stage.now(made).state
        wanted = declared("complete", role, state)
        if found != (state if wanted == "refused" else wanted):
            wrong.append(f"signed by {role} in {state}: {found}, not {wanted}")
    assert wrong == []


def with_award(stage: Stage, made: Engagement) -> str:
    """Give an engagement an award that can be signed; its id."""
    form = AwardForm(
        recipient_name="Ana",
        project_title="Report",
        summary="Wrote it.",
        started_on="2026-02-02",
        ended_on="2026-03-06",
        supervisor_name="Kim",
        engagement=made.id,
    )
    found = awarding.start(stage.means, stage.member("owner"), AwardForm())
    with write(stage.service.engine) as connection:
        awards.change(connection, replace(found, form=stored(form)))
        engagements.change(connection, replace(made, award_id=found.id))
    return found.id
