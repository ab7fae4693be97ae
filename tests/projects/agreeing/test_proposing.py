"""What is no proposal: terms that can't be kept, versions that were not seen, states that are over, other people's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials.accounts.errors import RoleMissing
from credentials.core.errors import CredentialError
from credentials.projects.agreeing import answering, proposing
from credentials.projects.agreeing.document import is_agreement_of, read_agreement, sha256, sri
from credentials.projects.agreeing.errors import (
    EngagementUnknown,
    TermsUnchanged,
    TermsUnusable,
    WorkMovedOn,
    WorkOutOfTurn,
)
from credentials.projects.terms import TermsDeliverable
from credentials.store.agreements import Agreement
from credentials.store.engine import write
from tests.projects.at_work import CANDIDATE, OWNER, TERMS, Job

AT = datetime(2026, 3, 16, tzinfo=UTC)
MADE = Agreement(
    engagement_id="E",
    number=1,
    issuer_id="I",
    document=b"{}",
    digest=b"",
    proposed_by="P",
    side="company",
    created_at=AT,
)


@pytest.mark.parametrize(
    ("one", "is_open"),
    [
        (None, False),
        (MADE, True),
        (replace(MADE, company_accepted_at=AT), True),
        (replace(MADE, candidate_accepted_at=AT), True),
        (replace(MADE, refused_at=AT), False),
        (replace(MADE, company_accepted_at=AT, candidate_accepted_at=AT), False),
    ],
    ids=["none", "nobody", "company", "candidate", "refused", "both"],
)
def test_what_waits_for_an_answer(one: Agreement | None, is_open: bool) -> None:
    assert proposing.is_open(one) is is_open


UNUSABLE: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "title"),
    ({"title": "two\nlines"}, "title"),
    ({"title": "a\u202eb"}, "title"),
    ({"brief": "a\x00b"}, "brief"),
    ({"ends_on": ""}, "ends_on"),
    ({"ends_on": "2026-02-30"}, "ends_on"),
    ({"ends_on": "20260410"}, "ends_on"),
    ({"ends_on": "2026-04-10T00:00:00Z"}, "ends_on"),
    ({"ends_on": "2026-03-16"}, "ends_on"),
]


def test_terms_that_cannot_be_kept_leave_nothing(job: Job) -> None:
    for changes, field in UNUSABLE:
        with pytest.raises(TermsUnusable) as refused:
            job.amended(job.worker, **changes)
        assert refused.value.where == field, changes
    for delivered in ((), (TermsDeliverable(""),), (TermsDeliverable("A", visibility="secret"),)):
        with pytest.raises(TermsUnusable):
            job.amended(job.worker, deliverables=delivered)
    assert len(job.versions()) == 1
    assert job.now().version == 1
    assert job.told(OWNER) == ""


@pytest.mark.parametrize("by", ["author", "candidate"])
def test_a_version_that_was_not_seen_is_not_replaced(by: str, job: Job) -> None:
    for seen in (-1, 0, 2, 99, 2**31, 2**63, 10**40):
        with pytest.raises(WorkMovedOn):
            job.amended(job.party(by), seen=seen, compensation="EUR 1")
    assert [one.number for one in job.versions()] == [1]


OVER = ("accepted", "completed", "ended")


def test_what_is_over_has_no_new_terms(job: Job) -> None:
    job.agree()
    for state in OVER:
        job.put(state)
        for by in (job.company, job.worker):
            with pytest.raises(WorkOutOfTurn):
                job.amended(by, compensation="EUR 1")
    assert len(job.versions()) == 1


@pytest.mark.parametrize("role", ["reviewer", "signer"])
def test_who_has_no_say_proposes_nothing(role: str, job: Job) -> None:
    with pytest.raises(RoleMissing):
        job.amended(job.party(role), compensation="EUR 1")


def test_the_role_is_asked_for_before_anything_is_told_of_the_terms(job: Job) -> None:
    outsider = replace(job.worker, person_id=job.owner.visitor.person_id)
    wrong: list[tuple[Any, type[CredentialError]]] = [
        (outsider, EngagementUnknown),
        (replace(job.company, issuer_id=""), EngagementUnknown),
        (job.party("reviewer"), RoleMissing),
    ]
    for party, error in wrong:
        with pytest.raises(error):
            job.amended(party, seen=7, title="")


@pytest.mark.parametrize("changes", [{}, {"skills": tuple(TERMS.skills)}, {"hours": TERMS.hours}])
def test_the_open_proposal_again_is_no_news_to_either_side(changes: dict[str, Any], job: Job) -> None:
    for by in (job.company, job.worker):
        with pytest.raises(TermsUnchanged):
            job.amended(by, **changes)


def test_news_are_told_from_what_waits_and_not_from_what_is_in_force(job: Job) -> None:
    job.agree()
    job.amended(job.company, compensation="EUR 500")
    with pytest.raises(TermsUnchanged):
        job.amended(job.worker, seen=2, compensation="EUR 500")

    job.amended(job.worker, seen=2)  # the terms in force, against the open proposal

    assert [one.agreed_at is not None for one in job.versions()] == [True, False, False]


def test_each_version_names_the_one_before_by_its_digest(job: Job) -> None:
    job.amended(job.worker, compensation="EUR 500")
    job.amended(job.company, seen=2, compensation="EUR 450")
    first, second, third = job.versions()
    read = [read_agreement(one.document) for one in (first, second, third)]

    assert [one.previous for one in read] == ["", sri(first.document), sri(second.document)]
    assert [one.proposed_by for one in read] == ["company", "candidate", "company"]
    assert len({one.salt for one in read}) == 3
    assert all(one.digest == sha256(one.document) for one in (first, second, third))
    assert not is_agreement_of(third.document, read[2].previous)
    assert [(one.company_accepted_at is None, one.candidate_accepted_at is None) for one in (second, third)] == [
        (True, False),
        (False, True),
    ]
    assert second.company_accepted_by is None


def test_a_company_that_is_suspended_proposes_without_its_domain(job: Job) -> None:
    assert read_agreement(job.versions()[0].document).company.domain == "acme.example"
    job.service.issuer.suspend_issuer("acme", "looked into")
    made = job.amended(job.worker, compensation="EUR 500")
    assert read_agreement(made.document).company.domain == ""


def test_the_other_side_alone_is_written_to(job: Job) -> None:
    before = len(job.letters(CANDIDATE))
    job.amended(job.worker, compensation="EUR 500")
    assert "Ana Souza proposes terms" in job.told(OWNER)
    assert len(job.letters(CANDIDATE)) == before
    assert "EUR 500" not in job.told(OWNER)


def test_rows_that_point_nowhere_make_no_version(job: Job) -> None:
    now, engagement = job.clock.now, job.now()
    for lost in (replace(engagement, issuer_id="nobody"), replace(engagement, person_id="nobody")):
        with write(job.service.engine) as connection, pytest.raises(LookupError):
            proposing.new_version(connection, lost, TERMS, "company", job.owner.visitor.person_id, now)
    assert len(job.versions()) == 1


def test_what_was_ended_is_not_proposed_anew(job: Job) -> None:
    answering.end(job.means, job.worker, job.engagement_id, "I found a job.")
    with pytest.raises(WorkOutOfTurn):
        job.amended(job.worker, compensation="EUR 500")
