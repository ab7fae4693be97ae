"""What an amendment leaves as it was keeps what was handed in and accepted; what it changes starts anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.console import awarding
from credentials.projects.agreeing import answering
from credentials.projects.agreeing.errors import WorkMovedOn
from credentials.projects.delivering.errors import SubmissionUnusable
from credentials.projects.delivering.form import HandedIn
from credentials.projects.reviewing.errors import NothingDelivered
from credentials.projects.reviewing.reviewing import Round, Verdict, review, round_of
from credentials.projects.reviewing.rounds import unchanged
from credentials.projects.terms import TermsDeliverable
from credentials.store.engine import read
from tests.accounts.actors import at_once
from tests.projects.at_work import TERMS, Job, started

YES, NO = Verdict(True), Verdict(False, "Two are missing.")
REPORT, NOTES = TERMS.deliverables
SLIDES = TermsDeliverable("Slides", "Ten of them.", "link")


@pytest.fixture
def job(tmp_path: Path, database_url: str) -> Iterator[Job]:
    """The report was accepted, the notes went back."""
    made = started(tmp_path / "data", database_url)
    made.agree()
    made.hand_in()
    review(made.means, made.owner, made.engagement_id, made.now().version, {0: YES, 1: NO})
    yield made
    made.service.close()


def amend(job: Job, *deliverables: TermsDeliverable) -> int:
    """Both agree on other deliverables; the number of what is in force then."""
    number = len(job.versions()) + 1
    job.amended(job.company, seen=number - 1, deliverables=deliverables)
    answering.accept(job.means, job.worker, job.engagement_id, number)
    return number


def now(job: Job) -> Round:
    with read(job.service.engine) as connection:
        return round_of(connection, job.now())


def verdicts(job: Job) -> list[str | None]:
    return [one.verdict for one in now(job).standings]


MATRIX: list[tuple[tuple[TermsDeliverable, ...], list[str | None]]] = [
    ((NOTES, REPORT), ["returned", "accepted"]),
    ((REPORT, NOTES, SLIDES), ["accepted", "returned", None]),
    ((SLIDES, REPORT), [None, "accepted"]),
    ((REPORT,), ["accepted"]),
    ((SLIDES,), [None]),
    ((REPORT, REPORT), ["accepted", None]),
    ((TermsDeliverable("Report", "Twenty pages.", "public"), NOTES), [None, "returned"]),
    ((TermsDeliverable("A report", REPORT.description, "public"), NOTES), [None, "returned"]),
    ((TermsDeliverable(REPORT.name, REPORT.description, "link"), NOTES), [None, "returned"]),
    ((REPORT, TermsDeliverable(NOTES.name, NOTES.description, "confidential", "Other words")), ["accepted", None]),
    ((REPORT, NOTES), ["accepted", "returned"]),
]


def test_what_was_not_changed_stays_as_it_was(job: Job) -> None:
    """One amendment after the other; what counts is what was handed in under the first terms."""
    for deliverables, expected in MATRIX:
        amend(job, *deliverables)
        handed_in = [bool(one.items) for one in now(job).standings]
        assert (verdicts(job), handed_in) == (expected, [one is not None for one in expected])


def test_only_what_was_changed_has_to_be_handed_in_and_the_award_holds_both(job: Job) -> None:
    number = amend(job, SLIDES, REPORT)
    with pytest.raises(SubmissionUnusable) as error:
        job.hand_in(HandedIn("", {1: ("https://files.example/report-2",)}), number, 1)
    assert error.value.where == "links_0"

    job.hand_in(HandedIn("", {0: ("https://files.example/slides",)}), number, 1)
    done = review(job.means, job.owner, job.engagement_id, job.now().version, {0: YES})

    assert (done.state, verdicts(job)) == ("accepted", ["accepted", "accepted"])
    form = awarding.find(job.means, job.owner, done.award_id or "").form
    assert [(one.name, one.url) for one in form.deliverables] == [
        ("Slides", "https://files.example/slides"),
        ("Report", "https://files.example/report"),
    ]


def test_what_is_changed_back_is_what_it_was(job: Job) -> None:
    amend(job, SLIDES)
    amend(job, NOTES, REPORT)

    assert verdicts(job) == ["returned", "accepted"]


def test_a_verdict_given_under_the_amendment_is_about_what_stands_there_now(job: Job) -> None:
    """The submission came under the first terms and is reviewed under the second, where the places are other ones."""
    job.hand_in(HandedIn("", {1: ("https://files.example/notes-2",)}), 1, 1)
    number = amend(job, NOTES, SLIDES, REPORT)
    assert job.now().state == "delivered"
    with pytest.raises(NothingDelivered) as error:
        review(job.means, job.owner, job.engagement_id, job.now().version, {0: YES, 1: YES})
    assert error.value.where == "1"
    review(job.means, job.owner, job.engagement_id, job.now().version, {0: YES, 1: NO})

    assert verdicts(job) == ["accepted", "returned", "accepted"]
    job.hand_in(HandedIn("", {1: ("https://files.example/slides",)}), number, 2)
    assert review(job.means, job.owner, job.engagement_id, job.now().version, {1: YES}).state == "accepted"


def test_accepting_the_work_against_amending_it_ends_in_one_outcome(job: Job) -> None:
    job.hand_in(HandedIn("", {1: ("https://files.example/notes-2",)}), 1, 1)
    job.amended(job.company, deliverables=(REPORT, SLIDES))
    seen = job.now().version

    answers = at_once(
        lambda: review(job.means, job.owner, job.engagement_id, seen, {1: YES}),
        lambda: answering.accept(job.means, job.worker, job.engagement_id, 2),
    )

    refused = [one for one in answers if isinstance(one, Exception)]
    assert len(refused) == 1
    if job.now().state == "accepted":
        assert verdicts(job) == ["accepted", "accepted"]
        assert now(job).agreement.number == 1
    else:
        assert [type(one) for one in refused] == [WorkMovedOn]
        assert (job.now().state, verdicts(job)) == ("delivered", ["accepted", None])


NAMES = st.lists(st.sampled_from("abc").map(TermsDeliverable), max_size=6)


@given(NAMES, NAMES)
def test_each_place_goes_to_one_that_says_the_same(
    before: list[TermsDeliverable], after: list[TermsDeliverable]
) -> None:
    places = unchanged(before, after)

    assert all(before[one] == after[other] for one, other in places.items())
    assert len(set(places.values())) == len(places)
    left = [one for place, one in enumerate(before) if place not in places]
    assert not set(left) & {one for place, one in enumerate(after) if place not in set(places.values())}
    assert unchanged(after, after) == {place: place for place in range(len(after))}
