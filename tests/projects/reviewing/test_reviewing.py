"""A submission is accepted or goes back, deliverable by deliverable; acceptance ends in one award."""

from __future__ import annotations

from threading import Thread

import pytest

from credentials.accounts.audit import trail
from credentials.accounts.errors import RoleMissing
from credentials.console import awarding
from credentials.console.awarding import Draft
from credentials.core.errors import CredentialError
from credentials.projects.agreeing.document import sri
from credentials.projects.agreeing.errors import EngagementUnknown, WorkMovedOn, WorkOutOfTurn
from credentials.projects.reviewing.errors import (
    NoteMissing,
    NothingDelivered,
    TextUnusable,
    VerdictMissing,
)
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.store import agreements, awards, handovers, payments, reviews
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from tests.projects.stages import LINKS, Stage

YES = Verdict(True)
BOTH = {0: YES, 1: YES}


def award_of(stage: Stage, made: Engagement) -> Draft:
    """The award that accepted work became."""
    award_id = stage.now(made).award_id
    assert award_id is not None
    return awarding.find(stage.means, stage.member("owner"), award_id)


def test_all_accepted_is_acceptance_with_an_award_and_what_is_due(stage: Stage) -> None:
    made = stage.engagement("delivered")
    done = review(stage.means, stage.member("owner"), made.id, 1, BOTH)

    assert (done.state, done.version) == ("accepted", 2)
    draft = award_of(stage, made)
    assert draft.problems == ()
    assert draft.award.state == "waiting"
    form = draft.form
    assert (form.recipient_name, form.recipient_email) == ("Candidate", "candidate@mail.example")
    assert [(one.name, one.url, one.visibility) for one in form.deliverables] == [
        ("Report", f"{LINKS[0]}-1", "public"),
        ("Raw notes", f"{LINKS[1]}-1", "confidential"),
    ]
    assert (form.skills, form.hours, form.compensation) == ("Survey design\nInterviewing", "40", "EUR 400")
    with read(stage.service.engine) as connection:
        agreement = agreements.in_force(connection, made.id)
        due = payments.of_engagement(connection, made.id)
    assert agreement is not None
    assert form.agreement == sri(agreement.document)
    assert due is not None
    assert (due.state, due.amount) == ("due", "EUR 400")
    actions = [event.action for event in trail(stage.service.engine, made.issuer_id)]
    assert actions[:2] == ["work.accepted", "award.begun"]


def test_one_returned_sends_the_work_back_with_a_letter(stage: Stage) -> None:
    made = stage.engagement("delivered")
    done = review(stage.means, stage.member("owner"), made.id, 1, {0: YES, 1: Verdict(False, " Two are missing. ")})

    assert done.state == "returned"
    assert done.award_id is None
    outbox = stage.service.outbox
    letters = [outbox.read(mail.id)[1] for mail in outbox.listed() if mail.address == "candidate@mail.example"]
    assert any("Raw notes: Two are missing." in letter.paragraphs for letter in letters)
    assert any("acme.example looked" in letter.paragraphs[0] for letter in letters)
    with read(stage.service.engine) as connection:
        assert payments.of_engagement(connection, made.id) is None
        assert awards.unsigned(connection, made.issuer_id) == []


def test_what_was_accepted_stays_accepted_unless_it_comes_anew(stage: Stage) -> None:
    owner, made = stage.member("owner"), stage.engagement("delivered")
    review(stage.means, owner, made.id, 1, {0: YES, 1: Verdict(False, "Two are missing.")})
    second = stage.again(made, 2, [1])
    with pytest.raises(VerdictMissing) as error:
        review(stage.means, owner, made.id, second.version, {0: YES})
    assert error.value.where == "1"
    assert review(stage.means, owner, made.id, second.version, {1: YES}).state == "accepted"
    assert [one.url for one in award_of(stage, made).form.deliverables] == [f"{LINKS[0]}-1", f"{LINKS[1]}-2"]

    other = stage.engagement("delivered")
    review(stage.means, owner, other.id, 1, {0: YES, 1: Verdict(False, "Two are missing.")})
    anew = stage.again(other, 2, [0, 1])
    with pytest.raises(VerdictMissing) as error:
        review(stage.means, owner, other.id, anew.version, {1: YES})
    assert error.value.where == "0"


def test_what_a_verdict_on_something_accepted_says_is_not_heard(stage: Stage) -> None:
    owner, made = stage.member("owner"), stage.engagement("delivered")
    review(stage.means, owner, made.id, 1, {0: YES, 1: Verdict(False, "Two are missing.")})
    second = stage.again(made, 2, [1])

    assert review(stage.means, owner, made.id, second.version, {0: Verdict(False, "No"), 1: YES}).state == "accepted"
    with read(stage.service.engine) as connection:
        kept = [(one.number, one.deliverable, one.accepted) for one in reviews.all_of(connection, made.id)]
    assert kept == [(1, 0, True), (1, 1, False), (2, 1, True)]


@pytest.mark.parametrize(
    ("verdicts", "error"),
    [
        ({}, VerdictMissing),
        ({0: YES}, VerdictMissing),
        ({0: YES, 2: YES}, VerdictMissing),
        ({0: YES, 1: Verdict(False)}, NoteMissing),
        ({0: YES, 1: Verdict(False, " \n ")}, NoteMissing),
        ({0: YES, 1: Verdict(False, "x" * 1001)}, TextUnusable),
        ({0: YES, 1: Verdict(False, "a\u202eb")}, TextUnusable),
    ],
)
def test_half_a_verdict_changes_nothing(
    verdicts: dict[int, Verdict], error: type[CredentialError], stage: Stage
) -> None:
    made = stage.engagement("delivered")
    with pytest.raises(error):
        review(stage.means, stage.member("owner"), made.id, 1, verdicts)

    assert stage.now(made) == made
    with read(stage.service.engine) as connection:
        assert reviews.all_of(connection, made.id) == []


def test_what_was_never_handed_in_is_not_accepted(stage: Stage) -> None:
    made = stage.engagement("delivered", rounds=0)
    with write(stage.service.engine) as connection:
        stage.hand_in(connection, made, 1, [0])
    with pytest.raises(NothingDelivered) as error:
        review(stage.means, stage.member("owner"), made.id, 1, BOTH)
    assert error.value.where == "1"


def test_a_reviewer_who_saw_another_version_is_told(stage: Stage) -> None:
    made = stage.engagement("delivered")
    with pytest.raises(WorkMovedOn):
        review(stage.means, stage.member("owner"), made.id, 2, BOTH)
    assert stage.now(made) == made


@pytest.mark.parametrize("roles", ["author", "signer", "author signer", "owner"])
def test_only_a_reviewer_reviews(roles: str, stage: Stage) -> None:
    made = stage.engagement("delivered")
    with pytest.raises(RoleMissing):
        review(stage.means, stage.hire("ann", *roles.split()), made.id, 1, BOTH)
    assert stage.now(made) == made


def test_a_foreign_and_a_missing_engagement_look_alike(stage: Stage) -> None:
    made = stage.engagement("delivered")
    stage.service.issuer.create_issuer("other", "Other Ltd", "https://other.example")
    found = stage.member("owner")
    foreign = type(found)(visitor=found.visitor, issuer=stage.service.issuer.issuer("other"), roles=found.roles)
    for member, number in ((foreign, made.id), (found, "0" * 26), (found, "")):
        with pytest.raises(EngagementUnknown):
            review(stage.means, member, number, 1, BOTH)


def test_two_acceptances_at_once_end_in_one_award_and_one_credential(stage: Stage) -> None:
    made, owner = stage.engagement("delivered"), stage.member("owner")
    outcomes: list[str] = []

    def accept() -> None:
        try:
            outcomes.append(review(stage.means, owner, made.id, 1, BOTH).state)
        except (WorkOutOfTurn, WorkMovedOn) as error:
            outcomes.append(error.code)

    at_once(accept)
    assert set(outcomes) == {"accepted", "work-out-of-turn"}
    assert outcomes.count("accepted") == 1
    with read(stage.service.engine) as connection:
        assert len(awards.unsigned(connection, made.issuer_id)) == 1

    draft = award_of(stage, made)
    at_once(lambda: awarding.sign(stage.means, owner, draft.award.id, draft.award.version))
    with read(stage.service.engine) as connection:
        assert len(handovers.issued(connection, made.issuer_id)) == 1
    assert stage.now(made).state == "completed"
    assert stage.now(made).version == 3
    actions = [event.action for event in trail(stage.service.engine, made.issuer_id)]
    assert actions.count("work.completed") == 1


def at_once(step: object) -> None:
    """Take a step in four threads."""
    threads = [Thread(target=step) for _ in range(4)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
