"""Work as programs read it: what is null before its time, what waits for whom, and what is told to nobody."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import msgspec
import pytest
from sqlalchemy import update

from credentials.accounts.tokens import new_id
from credentials.files.errors import FileUnknown
from credentials.projects.agreeing.errors import EngagementUnknown
from credentials.projects.api.work_records import handed_file, look, work_record
from credentials.projects.delivering.form import HandedIn
from credentials.projects.reviewing.assessing import assess
from credentials.projects.reviewing.assessment_form import AssessmentForm
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.store import tables
from credentials.store.engine import write
from tests.projects.agreeing.conftest import job as job
from tests.projects.at_work import BASE_URL, CANDIDATE, NOW, Job, engaged

NOTES = ("https://files.example/notes",)
CANARY = "told-to-nobody-7741"


def told(job: Job) -> dict[str, object]:
    """The record of the engagement as it leaves."""
    made = work_record(look(job.means, job.owner, job.engagement_id), job.owner, BASE_URL)
    found: dict[str, object] = msgspec.json.decode(msgspec.json.encode(made))
    return found


def sent(job: Job, engagement_id: str) -> str:
    """The id of a file that the candidate sent for an engagement and did not hand in so far."""
    issuer_id, subject = job.owner.issuer.id, f"engagement:{engagement_id}"
    return job.service.files.receive(BytesIO(new_id().encode()), "r.txt", subject, issuer_id, job.candidate).id


def test_before_anything_is_agreed_there_is_nothing_to_review(job: Job) -> None:
    found = told(job)

    assert (found["agreed"], found["waits"], found["newest"]) == (False, False, 1)
    assert (found["deliverables"], found["submissions"]) == ([], [])
    assert [found[name] for name in ("assessment", "payment", "award", "endedReason")] == [None] * 4


def test_it_waits_while_the_company_can_answer_and_no_longer(job: Job) -> None:
    job.agree()
    job.hand_in()
    job.amended(job.worker, compensation="EUR 500")
    assert told(job)["waits"] is True
    review(job.means, job.owner, job.engagement_id, job.now().version, {0: Verdict(True), 1: Verdict(True)})

    found = told(job)
    assert found["waits"] is False
    assert [one["state"] for one in found["agreements"]] == ["in force", "was never answered"]  # type: ignore[attr-defined]


def test_no_number_and_no_address_of_the_candidate_and_no_private_comment_leaves(job: Job) -> None:
    job.agree()
    job.hand_in()
    assess(job.means, job.owner, job.engagement_id, AssessmentForm(words="Good.", private_comment=CANARY))
    review(job.means, job.owner, job.engagement_id, job.now().version, {0: Verdict(True), 1: Verdict(True)})
    text = msgspec.json.encode(told(job)).decode()

    assert "Good." in text
    assert [one for one in (CANARY, CANDIDATE, job.candidate.person_id) if one in text] == []
    looked = look(job.means, job.owner, job.engagement_id)
    assert "Ana" not in repr(work_record(looked, job.owner, BASE_URL))


def test_pay_is_told_as_late_from_the_day_after(job: Job) -> None:
    job.agree()
    job.hand_in()
    review(job.means, job.owner, job.engagement_id, job.now().version, {0: Verdict(True), 1: Verdict(True)})

    job.clock.now = NOW
    job.clock.pass_(days=14)
    assert told(job)["payment"]["overdue"] is False  # type: ignore[index]
    job.clock.pass_(days=1)
    assert told(job)["payment"]["overdue"] is True  # type: ignore[index]


def test_nothing_of_it_for_another_company(job: Job) -> None:
    job.agree()
    file_id = sent(job, job.engagement_id)
    job.hand_in(HandedIn("", {1: NOTES}, {0: (file_id,)}))
    foreign = replace(job.owner, issuer=replace(job.owner.issuer, id="id-of-nobody"))

    with pytest.raises(EngagementUnknown):
        look(job.means, foreign, job.engagement_id)
    with pytest.raises(EngagementUnknown):
        handed_file(job.means, foreign, job.engagement_id, file_id)


def test_only_files_that_were_handed_in_for_this_very_work(job: Job) -> None:
    job.agree()
    handed, kept_back = (sent(job, job.engagement_id) for _ in range(2))
    job.hand_in(HandedIn("", {1: NOTES}, {0: (handed,)}))
    another = engaged(job.service, job.owner, job.candidate)

    assert handed_file(job.means, job.owner, job.engagement_id.lower(), handed.lower()).id == handed
    wrong = [(job.engagement_id, kept_back), (another, handed), (another, sent(job, another))]
    for engagement_id, file_id in [*wrong, *((job.engagement_id, odd) for odd in ("", "~", "\0", "%", new_id()))]:
        with pytest.raises(FileUnknown):
            handed_file(job.means, job.owner, engagement_id, file_id)


def test_a_file_that_was_removed_is_had_no_more(job: Job) -> None:
    job.agree()
    file_id = sent(job, job.engagement_id)
    job.hand_in(HandedIn("", {1: NOTES}, {0: (file_id,)}))
    with write(job.service.engine) as connection:
        connection.execute(update(tables.file).where(tables.file.c.id == file_id).values(removed_at=NOW))

    with pytest.raises(FileUnknown):
        handed_file(job.means, job.owner, job.engagement_id, file_id)
