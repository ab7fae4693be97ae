"""Terms proposed, accepted, refused, amended: what is agreed never changes, and nobody accepts what is not seen."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from credentials.accounts.audit import trail
from credentials.accounts.errors import RoleMissing
from credentials.projects.agreeing import answering
from credentials.projects.agreeing.document import read_agreement, sha256, sri
from credentials.projects.agreeing.errors import (
    AgreementUnknown,
    EngagementUnknown,
    NothingToAnswer,
    ReasonWanted,
    TermsUnchanged,
    TermsUnusable,
    WorkMovedOn,
    WorkOutOfTurn,
)
from credentials.projects.parties import Party
from credentials.store.engine import write
from tests.accounts.actors import at_once
from tests.projects.at_work import CANDIDATE, OWNER, TERMS, Job, engaged


def accept(job: Job, party: Party, number: int) -> None:
    answering.accept(job.means, party, job.engagement_id, number)


def refuse(job: Job, party: Party, number: int, reason: str = "Too much for the time.") -> None:
    answering.refuse(job.means, party, job.engagement_id, number, reason)


def test_work_begins_when_both_accepted_the_first_version(job: Job) -> None:
    assert job.now().state == "agreeing"
    assert job.in_force() is None

    accept(job, job.worker, 1)

    assert job.now().state == "working"
    assert job.in_force() == TERMS
    assert job.now().ends_on == date(2026, 4, 10)
    assert [letter.subject for letter in job.letters(OWNER)] == ["The candidate accepted the terms that you proposed"]


def test_each_document_is_kept_to_the_byte_with_its_digest(job: Job) -> None:
    job.agree()
    job.amended(job.company, ends_on="2026-04-20")
    first, second = job.versions()

    assert first.digest == sha256(first.document)
    assert read_agreement(second.document).previous == sri(first.document)
    assert read_agreement(second.document).number == 2
    assert read_agreement(first.document).company.domain == "acme.example"
    assert read_agreement(first.document).candidate.name == "Ana Souza"


def test_two_agreements_of_the_same_terms_have_nothing_in_common_to_guess_from(job: Job) -> None:
    other = engaged(job.service, job.owner, job.candidate)
    one = read_agreement(job.versions()[0].document)
    job.engagement_id = other
    two = read_agreement(job.versions()[0].document)

    assert one.terms == two.terms
    assert one.salt != two.salt


CHANGES = {
    "a text": "UPDATE agreement SET document = 'x'",
    "a digest": "UPDATE agreement SET digest = 'x'",
    "a side": "UPDATE agreement SET side = 'candidate'",
    "an acceptance": "UPDATE agreement SET company_accepted_at = NULL",
    "a row": "DELETE FROM agreement",
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_itself_keeps_what_was_agreed(change: str, job: Job) -> None:
    job.agree()
    before = job.versions()

    with pytest.raises(DBAPIError, match="append-only"), write(job.service.engine) as connection:
        connection.execute(text(CHANGES[change]))
    assert job.versions() == before


def test_an_amendment_counts_when_both_accepted_it(job: Job) -> None:
    job.agree()
    job.amended(job.worker, ends_on="2026-04-20", compensation="EUR 500")
    assert job.in_force() == TERMS
    assert job.now().ends_on == date(2026, 4, 10)

    accept(job, job.company, 2)

    found = job.in_force()
    assert found is not None
    assert found.compensation == "EUR 500"
    assert job.now().ends_on == date(2026, 4, 20)
    assert job.now().state == "working"
    assert "The company accepted the terms that you proposed" in job.told(CANDIDATE)


def test_a_refused_amendment_leaves_everything_as_it_was(job: Job) -> None:
    job.agree()
    job.amended(job.company, ends_on="2026-03-20")

    refuse(job, job.worker, 2, "I can’t do it that fast.")

    assert job.in_force() == TERMS
    assert job.versions()[1].refused_reason == "I can’t do it that fast."
    assert "I can’t do it that fast." in job.told(OWNER)
    with pytest.raises(NothingToAnswer):
        accept(job, job.worker, 2)


def test_a_counter_proposal_takes_the_place_of_the_first_terms(job: Job) -> None:
    job.amended(job.worker, compensation="EUR 600")

    with pytest.raises(WorkMovedOn):
        accept(job, job.worker, 1)
    accept(job, job.company, 2)

    assert job.now().state == "working"
    found = job.in_force()
    assert found is not None
    assert found.compensation == "EUR 600"


def test_accepting_twice_is_accepting_once(job: Job) -> None:
    accept(job, job.worker, 1)
    version = job.now().version

    accept(job, job.worker, 1)

    assert job.now().version == version
    accepted = [one for one in trail(job.service.engine, job.owner.issuer.id) if one.action == "agreement.accepted"]
    assert len(accepted) == 1


def test_nobody_accepts_their_own_proposal(job: Job) -> None:
    with pytest.raises(NothingToAnswer):
        accept(job, job.company, 1)
    with pytest.raises(NothingToAnswer):
        refuse(job, job.company, 1)
    assert job.now().state == "agreeing"


def test_whoever_is_both_sides_still_accepts_on_the_other_page(job: Job) -> None:
    job.engagement_id = engaged(job.service, job.owner, job.owner.visitor)
    both = Party("candidate", job.owner.visitor.person_id, job.owner.actor, frozenset({"candidate"}))

    with pytest.raises(NothingToAnswer):
        accept(job, job.company, 1)
    accept(job, both, 1)

    assert job.now().state == "working"


def test_what_was_not_seen_is_not_answered(job: Job) -> None:
    job.agree()
    job.amended(job.company, ends_on="2026-04-20")
    job.amended(job.company, seen=2, ends_on="2026-04-30")

    with pytest.raises(WorkMovedOn):
        accept(job, job.worker, 2)
    with pytest.raises(WorkMovedOn):
        job.amended(job.worker, seen=2, ends_on="2026-05-30")
    with pytest.raises(NothingToAnswer):
        accept(job, job.worker, 9)
    with pytest.raises(AgreementUnknown):
        answering.document_of(job.means, job.worker, job.engagement_id, 9)


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_saying_no_wants_a_reason(reason: str, job: Job) -> None:
    with pytest.raises(ReasonWanted):
        refuse(job, job.worker, 1, reason)
    with pytest.raises(ReasonWanted):
        answering.end(job.means, job.worker, job.engagement_id, reason)
    assert job.now().state == "agreeing"


def test_the_same_terms_again_are_no_proposal(job: Job) -> None:
    with pytest.raises(TermsUnchanged):
        job.amended(job.worker)
    job.agree()
    with pytest.raises(TermsUnchanged):
        job.amended(job.company)
    assert len(job.versions()) == 1


def test_terms_that_were_refused_can_be_proposed_again(job: Job) -> None:
    refuse(job, job.worker, 1)
    job.amended(job.company)
    accept(job, job.worker, 2)

    assert job.now().state == "working"


def test_terms_that_say_nothing_are_not_proposed(job: Job) -> None:
    with pytest.raises(TermsUnusable) as refused:
        job.amended(job.worker, ends_on="soon")
    assert refused.value.where == "ends_on"


def test_ending_tells_the_other_side_why(job: Job) -> None:
    job.agree()
    answering.end(job.means, job.worker, job.engagement_id, "I found a job.")

    assert job.now().state == "ended"
    assert job.now().ended_reason == "I found a job."
    assert "I found a job." in job.told(OWNER)
    with pytest.raises(WorkOutOfTurn):
        job.amended(job.company, ends_on="2026-04-20")


def test_a_foreign_engagement_is_a_missing_one(job: Job) -> None:
    other = job.people.person("other@mail.example")
    stranger = Party("candidate", other.person_id, other.actor, frozenset({"candidate"}))
    job.service.issuer.create_issuer("other", "Other Ltd", "https://other.example")
    elsewhere = Party("company", other.person_id, other.actor, frozenset({"author"}), "nowhere")
    for party in (stranger, elsewhere):
        for call in (
            lambda party=party: accept(job, party, 1),
            lambda party=party: refuse(job, party, 1),
            lambda party=party: job.amended(party, ends_on="2026-04-20"),
            lambda party=party: answering.end(job.means, party, job.engagement_id, "No."),
            lambda party=party: answering.document_of(job.means, party, job.engagement_id, 1),
        ):
            with pytest.raises(EngagementUnknown):
                call()
    assert job.now().version == 1


def test_a_reviewer_agrees_to_nothing(job: Job) -> None:
    job.amended(job.worker, compensation="EUR 600")
    with pytest.raises(RoleMissing):
        accept(job, job.party("reviewer"), 2)


def test_programs_are_told_of_an_agreement(job: Job) -> None:
    issuer = job.owner.issuer
    hook = job.service.webhooks.add(issuer.id, "https://hooks.acme.example/", ["work.agreed"]).webhook
    job.agree()
    accept(job, job.worker, 1)

    assert [one.kind for one in job.service.webhooks.history(issuer.id, hook.id).deliveries] == ["work.agreed"]


def codes(answers: list[object]) -> list[str]:
    """The codes of those that were refused, in order."""
    return sorted(str(getattr(one, "code", one)) for one in answers if isinstance(one, Exception))


def test_accepting_against_a_counter_proposal_ends_in_one_outcome(job: Job) -> None:
    answers = at_once(lambda: accept(job, job.worker, 1), lambda: job.amended(job.company, ends_on="2026-04-20"))

    versions = job.versions()
    if job.now().state == "working":
        assert versions[0].agreed_at is not None
        # The proposal came second: an amendment of what is agreed, or refused because the page was old.
        assert len(versions) <= 2
        assert codes(answers) == []
    else:
        assert codes(answers) == ["work-moved-on"]
        assert [one.agreed_at for one in versions] == [None, None]


def test_two_counter_proposals_at_once_make_one_version(job: Job) -> None:
    answers = at_once(
        lambda: job.amended(job.company, ends_on="2026-04-20"), lambda: job.amended(job.worker, ends_on="2026-04-30")
    )

    assert codes(answers) == ["work-moved-on"]
    assert [one.number for one in job.versions()] == [1, 2]


def test_accepting_against_refusing_ends_in_one_outcome(job: Job) -> None:
    answers = at_once(lambda: accept(job, job.worker, 1), lambda: refuse(job, job.worker, 1))

    one = job.versions()[0]
    assert (one.agreed_at is None) is (one.refused_at is not None)
    assert len(codes(answers)) == 1
    assert job.now().state == ("working" if one.agreed_at else "agreeing")
