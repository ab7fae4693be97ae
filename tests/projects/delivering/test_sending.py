"""Files for work: received one by one, handed in with their digests, and swept when nothing names them."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

from credentials.accounts.tokens import new_id
from credentials.files.errors import FileUnknown
from credentials.projects.agreeing.document import sri
from credentials.projects.agreeing.errors import EngagementUnknown, WorkOutOfTurn
from credentials.projects.delivering import sending
from credentials.projects.delivering.errors import FileGone, TooManyFiles
from credentials.projects.delivering.form import HandedIn
from credentials.projects.delivering.sending import Upload, receive
from credentials.store import files
from credentials.store.engine import read
from tests.accounts.actors import at_once
from tests.projects.at_work import LINKS, Job, engaged


def sent(job: Job, data: bytes, name: str = "report.pdf", place: int = 0, typed: HandedIn = LINKS) -> HandedIn:
    """What was typed, with a file that was received for it."""
    received = receive(job.means, job.candidate, job.engagement_id, typed, {place: [Upload(name, BytesIO(data))]})
    assert received.error is None
    return received.handed_in


def test_files_are_handed_in_with_their_digests_in_the_receipt(job: Job) -> None:
    job.agree()
    with_files = sent(job, b"secret notes", "notes.txt", 1, sent(job, b"%PDF-1.7 a report"))
    job.hand_in(with_files)

    payload = job.submissions()[0].receipt_unsigned
    assert payload is not None
    told = json.loads(payload)["credentialSubject"]["items"]
    assert told[0] == {
        "deliverable": "Report",
        "fileName": "report.pdf",
        "size": 17,
        "mediaType": "application/pdf",
        "digest": sri(b"%PDF-1.7 a report"),
    }
    assert told[2] == {"deliverable": "A confidential deliverable", "size": 12, "digest": sri(b"secret notes")}
    assert "notes.txt" not in payload.decode()


def test_a_file_alone_is_enough(job: Job) -> None:
    job.agree()
    alone = HandedIn("", {1: ("https://files.example/n",)})
    assert job.hand_in(sent(job, b"a report", typed=alone)).number == 1


def test_a_file_of_other_work_is_not_handed_in(job: Job) -> None:
    first = job.engagement_id
    job.agree()
    foreign = sent(job, b"of the first").files[0]
    job.engagement_id = engaged(job.service, job.owner, job.candidate)
    job.agree()

    for ids in (foreign, (new_id(),), ("../../etc/passwd",)):
        with pytest.raises(FileGone):
            job.hand_in(HandedIn("", LINKS.links, {0: ids}))
    assert job.submissions() == []
    assert first != job.engagement_id


def test_nobody_sends_files_for_somebody_else_or_out_of_turn(job: Job) -> None:
    with pytest.raises(WorkOutOfTurn):
        sent(job, b"too early")
    job.agree()
    other = job.people.person("other@mail.example")
    with pytest.raises(EngagementUnknown):
        receive(job.means, other, job.engagement_id, LINKS, {0: [Upload("a", BytesIO(b"x"))]})
    job.hand_in()
    with pytest.raises(WorkOutOfTurn):
        sent(job, b"too late")


def test_what_is_wrong_with_one_file_keeps_the_others(job: Job) -> None:
    job.agree()
    uploads = {0: [Upload("empty", BytesIO(b"")), Upload("good", BytesIO(b"good"))]}
    received = receive(job.means, job.candidate, job.engagement_id, LINKS, uploads)

    assert received.error is not None
    assert received.error.code == "upload-empty"
    assert len(received.handed_in.files_of(0)) == 1


def test_a_file_that_no_submission_names_is_removed(job: Job) -> None:
    job.agree()
    kept = sent(job, b"kept").files[0]
    left_out = sent(job, b"left out", "other.pdf").files[0]
    job.hand_in(HandedIn("", LINKS.links, {0: kept}))

    with read(job.service.engine) as connection:
        removed = {one: files.by_id(connection, one) for one in (*kept, *left_out)}
    assert [one.removed_at is not None for one in removed.values() if one] == [False, True]


def test_the_same_file_twice_is_one(job: Job) -> None:
    job.agree()
    twice = sent(job, b"a report", typed=sent(job, b"a report"))
    assert len(twice.files_of(0)) == 1


def test_a_file_that_nothing_names_is_swept_after_a_day_and_no_other(job: Job) -> None:
    job.agree()
    left, named = sent(job, b"left").files[0][0], sent(job, b"named", "named.pdf").files[0]
    storage = job.means.files
    job.clock.pass_(hours=23)
    assert storage.forget_unnamed() == 0
    job.hand_in(HandedIn("", LINKS.links, {0: named}))
    young = later(job)
    job.clock.pass_(hours=2)

    assert storage.forget_unnamed() == 1
    with read(job.service.engine) as connection:
        rows = {one: files.by_id(connection, one) for one in (left, *named, young)}
        assert files.forget_unnamed(connection, named[0], job.clock.now) is False
    assert [one is not None for one in rows.values()] == [False, True, True]
    with pytest.raises(FileUnknown):
        storage.storage.open(left)
    kept = rows[named[0]]
    assert kept is not None
    assert b"".join(storage.open(kept)) == b"named"


def later(job: Job) -> str:
    """A file of the same work that came an hour ago."""
    made = job.means.files.receive(
        BytesIO(b"young"), "young.pdf", f"engagement:{job.engagement_id}", job.owner.issuer.id, job.candidate
    )
    return made.id


def test_sweeping_against_handing_in_ends_in_one_outcome(job: Job) -> None:
    job.agree()
    typed = sent(job, b"a report")
    job.clock.pass_(hours=25)
    answers = at_once(lambda: job.hand_in(typed), job.means.files.forget_unnamed)

    if job.submissions():
        assert answers[1] == 0
        with read(job.service.engine) as connection:
            assert files.by_id(connection, typed.files[0][0]) is not None
    else:
        assert (type(answers[0]), answers[1]) == (FileGone, 1)


def test_as_many_files_as_may_wait_give_a_clear_error_and_handing_in_makes_room(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST_WAITING", 2)
    job.agree()
    uploads = {0: [Upload(f"{number}.txt", BytesIO(str(number).encode())) for number in range(3)]}
    received = receive(job.means, job.candidate, job.engagement_id, LINKS, uploads)

    assert isinstance(received.error, TooManyFiles)
    assert len(received.handed_in.files_of(0)) == 2
    job.hand_in(HandedIn("", LINKS.links, {0: received.handed_in.files_of(0)[:1]}))
    job.put("returned")
    again = receive(job.means, job.candidate, job.engagement_id, LINKS, {1: [Upload("x.txt", BytesIO(b"x"))]})
    assert again.error is None
