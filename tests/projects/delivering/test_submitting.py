"""Work handed in: complete, under the agreement that was seen, late or in time, once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict

from credentials.projects.agreeing import answering
from credentials.projects.agreeing.errors import EngagementUnknown, WorkMovedOn, WorkOutOfTurn
from credentials.projects.delivering.errors import SubmissionUnusable
from credentials.projects.delivering.form import HandedIn, is_link, judge, read_handed_in
from credentials.projects.delivering.submitting import is_late
from credentials.store import submissions
from credentials.store.engine import read, write
from tests.accounts.actors import at_once
from tests.projects.at_work import LINKS, OWNER, TERMS, Job


def test_it_is_kept_with_every_link_and_the_company_is_told(job: Job) -> None:
    job.agree()
    made = job.hand_in()

    assert job.now().state == "delivered"
    assert (made.number, made.late, made.note) == (1, False, "All of it.")
    with read(job.service.engine) as connection:
        kept = submissions.items(connection, job.engagement_id, 1)
    assert [(one.deliverable, one.place, one.url) for one in kept] == [
        (0, 0, "https://files.example/report"),
        (1, 0, "https://files.example/notes?key=s3cret"),
    ]
    assert "Work was handed in" in job.told(OWNER)
    assert "s3cret" not in repr(job.letters(OWNER))


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        (datetime(2026, 4, 10, 23, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 4, 11, tzinfo=UTC), True),
        (datetime(2026, 3, 1, tzinfo=UTC), False),
    ],
)
def test_the_whole_last_day_is_in_time(moment: datetime, late: bool) -> None:
    assert is_late(moment, date(2026, 4, 10)) is late


def test_late_is_shown_as_late(job: Job) -> None:
    job.agree()
    job.clock.pass_(days=40)

    assert job.hand_in().late
    assert "after the deadline" in job.told(OWNER)


def test_an_amended_deadline_is_the_one_that_counts(job: Job) -> None:
    job.agree()
    job.amended(job.worker, ends_on="2026-05-30")
    answering.accept(job.means, job.company, job.engagement_id, 2)
    job.clock.pass_(days=40)

    assert not job.hand_in(agreement=2).late


LACKING = {
    "nothing": HandedIn(),
    "one of two": HandedIn("", {0: ("https://files.example/report",)}),
    "no https": HandedIn("", {0: ("http://files.example/report",), 1: ("https://files.example/b",)}),
    "a script": HandedIn("", {0: ("javascript:alert(1)",), 1: ("https://files.example/b",)}),
    "too many": HandedIn("", {0: tuple(f"https://f.example/{n}" for n in range(6)), 1: ("https://f.example/b",)}),
    "a hidden note": HandedIn("a\u202eb", LINKS.links),
    "a long note": HandedIn("a" * 4001, LINKS.links),
}


@pytest.mark.parametrize("what", LACKING)
def test_what_lacks_something_is_not_taken(what: str, job: Job) -> None:
    job.agree()
    with pytest.raises(SubmissionUnusable):
        job.hand_in(LACKING[what])
    assert job.submissions() == []
    assert job.now().state == "working"


@pytest.mark.parametrize(
    "link",
    [
        "",
        "https://",
        "https:///x",
        "https://user@host.example/",
        "https://user:pw@host.example/",
        "https://host.example/a b",
        "https://host.example\\x",
        "https://host.example:0/",
        "https://host.example:999999/",
        "https://[::1",
        "ftp://host.example/",
        "//host.example/",
        "https://host.example/" + "a" * 1000,
        "https://host.example/\u202e",
    ],
)
def test_what_is_no_link(link: str) -> None:
    assert not is_link(link)


@pytest.mark.parametrize(
    "link", ["https://host.example", "https://host.example:8443/a?b=c#d", "https://bücher.example/ä"]
)
def test_what_is_a_link(link: str) -> None:
    assert is_link(link)


def test_before_anything_is_agreed_nothing_is_handed_in(job: Job) -> None:
    with pytest.raises(WorkOutOfTurn):
        job.hand_in()


def test_sending_the_form_twice_hands_in_once(job: Job) -> None:
    job.agree()
    answers = at_once(job.hand_in, job.hand_in)

    assert len(job.submissions()) == 1
    assert [type(one) for one in answers if isinstance(one, Exception)] == [WorkOutOfTurn]


def test_what_was_returned_is_handed_in_anew(job: Job) -> None:
    job.agree()
    job.hand_in()
    job.put("returned")
    with pytest.raises(WorkMovedOn):
        job.hand_in(submission=0)

    again = job.hand_in(submission=1)

    assert again.number == 2
    assert [one.number for one in job.submissions()] == [1, 2]
    assert all(one.receipt for one in job.submissions())


def test_what_was_accepted_needs_nothing_new(job: Job) -> None:
    job.agree()
    job.hand_in()
    job.put("returned")
    with write(job.service.engine) as connection:
        for deliverable, good in ((0, True), (1, False)):
            connection.execute(
                text(
                    "INSERT INTO deliverable_review "
                    "(engagement_id, number, deliverable, issuer_id, accepted, note, agreement_number) "
                    "VALUES (:e, 1, :d, :i, :a, '', 1)"
                ),
                {"e": job.engagement_id, "d": deliverable, "i": job.owner.issuer.id, "a": good},
            )
    with pytest.raises(SubmissionUnusable):
        job.hand_in(HandedIn("", {0: ("https://files.example/other",)}), submission=1)

    job.hand_in(HandedIn("", {1: ("https://files.example/notes-2",)}), submission=1)

    assert len(job.submissions()) == 2


def test_under_terms_that_were_not_seen_nothing_is_handed_in(job: Job) -> None:
    job.agree()
    job.amended(job.company, ends_on="2026-04-20")
    answering.accept(job.means, job.worker, job.engagement_id, 2)

    with pytest.raises(WorkMovedOn):
        job.hand_in(agreement=1)
    assert job.submissions() == []


def test_delivering_against_an_amendment_ends_in_one_outcome(job: Job) -> None:
    job.agree()
    job.amended(job.worker, ends_on="2026-04-01")
    answers = at_once(job.hand_in, lambda: answering.accept(job.means, job.company, job.engagement_id, 2))

    refused = [one for one in answers if isinstance(one, Exception)]
    handed_in = job.submissions()
    assert job.now().ends_on == date(2026, 4, 1)
    if handed_in:
        assert refused == []
        assert handed_in[0].agreement_number == 1
        assert job.now().state == "delivered"
    else:
        assert [type(one) for one in refused] == [WorkMovedOn]
        assert job.now().state == "working"


def test_delivering_against_ending_ends_in_one_outcome(job: Job) -> None:
    job.agree()
    answers = at_once(job.hand_in, lambda: answering.end(job.means, job.company, job.engagement_id, "Stop."))

    assert job.now().state == "ended"
    assert len(job.submissions()) == 1 - len([one for one in answers if isinstance(one, WorkOutOfTurn)])


def test_nobody_hands_in_for_somebody_else(job: Job) -> None:
    job.agree()
    job.candidate = job.people.person("other@mail.example")
    with pytest.raises(EngagementUnknown):
        job.hand_in()


@given(
    st.dictionaries(st.sampled_from(["links_0", "links_1", "files_0", "drop", "note"]), st.lists(st.text(), max_size=4))
)
def test_whatever_is_typed_is_read_and_judged_without_a_fault(typed: dict[str, list[str]]) -> None:
    read_back = read_handed_in(MultiDict(typed), 2)
    problems = judge(read_back, TERMS)

    assert all(one.field and one.title and one.advice for one in problems)
    if not problems:
        assert all(is_link(link) for place in (0, 1) for link in read_back.of(place))


@pytest.mark.parametrize("change", ["UPDATE submission SET late = NOT late", "DELETE FROM submission"])
def test_the_database_itself_keeps_what_was_handed_in(change: str, job: Job) -> None:
    job.agree()
    job.hand_in()
    with pytest.raises(DBAPIError, match="append-only"), write(job.service.engine) as connection:
        connection.execute(text(change))
