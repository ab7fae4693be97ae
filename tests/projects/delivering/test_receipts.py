"""The signed receipt: made at once, by the service's own key, verifiable, lasting, and worth nothing once touched."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from credentials.core import base64url
from credentials.core.errors import CredentialError
from credentials.issuer import own
from credentials.keyring.files import FileKeyring
from credentials.projects.agreeing import answering
from credentials.projects.agreeing.document import sri
from credentials.projects.agreeing.errors import EngagementUnknown
from credentials.projects.delivering import receipts
from credentials.projects.delivering.errors import SubmissionUnknown
from credentials.store import submissions
from credentials.store.engine import read, write
from credentials.store.submissions import Submission
from credentials.verifier.states import State
from tests.projects.at_work import Job, engaged, started


def receipt(job: Job) -> bytes:
    """The receipt of the first submission, as the candidate downloads it."""
    return receipts.receipt_of(job.means, job.worker, job.engagement_id, 1)


def said(token: bytes) -> dict[str, object]:
    """What a token says, unverified."""
    found: dict[str, object] = json.loads(base64url.decode(token.split(b".")[1].decode()))
    return found


def test_it_is_signed_at_once_and_genuine(job: Job) -> None:
    job.agree()
    job.hand_in()

    assert job.submissions()[0].receipt is not None
    report = job.service.verify(receipt(job))
    assert report.state is State.GENUINE, report.words
    assert report.issuer is not None
    assert report.issuer.domain == "credentials.example"
    assert "handed in" in report.words


def test_it_says_what_was_handed_in_under_which_agreement(job: Job) -> None:
    job.agree()
    job.hand_in()

    subject = said(receipt(job))["credentialSubject"]
    assert isinstance(subject, dict)
    assert subject["engagement"] == job.engagement_id
    assert subject["agreement"] == {"number": 1, "digest": sri(job.versions()[0].document)}
    assert subject["submission"] == 1
    assert subject["handedInAt"] == "2026-03-16T09:00:00Z"
    assert subject["late"] is False
    assert subject["handedInBy"] == {"name": "Ana Souza"}
    assert subject["handedInTo"]["domain"] == "acme.example"
    assert subject["items"][0] == {"deliverable": "Report", "link": "https://files.example/report"}


def test_a_confidential_link_is_there_by_its_digest_alone(job: Job) -> None:
    job.agree()
    job.hand_in()

    token = receipt(job)
    subject = said(token)["credentialSubject"]
    assert isinstance(subject, dict)
    assert subject["items"][1] == {
        "deliverable": "A confidential deliverable",
        "digest": sri(b"https://files.example/notes?key=s3cret"),
    }
    assert "Raw notes" not in json.dumps(said(token))


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_changed_receipt_is_refused(at: int, job: Job) -> None:
    job.agree()
    job.hand_in()
    parts = receipt(job).decode().split(".")
    middle = len(parts[at]) // 2
    parts[at] = parts[at][:middle] + ("A" if parts[at][middle] != "A" else "B") + parts[at][middle + 1 :]

    assert job.service.verify(".".join(parts)).state is not State.GENUINE


def test_late_cannot_be_made_in_time(job: Job) -> None:
    job.agree()
    job.clock.pass_(days=60)
    job.hand_in()
    head, payload, signature = receipt(job).decode().split(".")
    forged = base64url.encode(base64url.decode(payload).replace(b'"late":true', b'"late":false'))

    assert forged != payload
    assert job.service.verify(f"{head}.{forged}.{signature}").state is State.TAMPERED


def test_it_outlives_the_engagement_and_the_company(job: Job) -> None:
    job.agree()
    job.hand_in()
    first = receipt(job)
    answering.end(job.means, job.company, job.engagement_id, "The budget was cut.")
    job.service.issuer.suspend_issuer("acme", "Closed its doors")
    job.service.issuer.rotate_key(own.SLUG)

    assert receipt(job) == first
    assert job.service.verify(first).state is State.GENUINE


def test_nobody_else_gets_it(job: Job) -> None:
    job.agree()
    job.hand_in()
    other = job.people.person("other@mail.example")
    from_elsewhere = type(job.worker)("candidate", other.person_id, other.actor, frozenset({"candidate"}))

    with pytest.raises(EngagementUnknown):
        receipts.receipt_of(job.means, from_elsewhere, job.engagement_id, 1)
    with pytest.raises(SubmissionUnknown):
        receipts.receipt_of(job.means, job.worker, job.engagement_id, 2)


def unsigned(job: Job) -> Submission:
    """A submission whose receipt is not signed yet: the private key was out of reach just then."""
    own.own_issuer(job.means.issuer.means, sandbox=False)
    key = job.service.issuer.keys(own.SLUG)[0].key_id
    issuer, folder = job.service.issuer, job.service.settings.keys_path
    files, before = [path for path in folder.rglob("*") if key in path.name], issuer.means
    # Opened anew: the keyring in use remembers the keys that it has read.
    issuer.means = replace(before, signer=FileKeyring(folder, job.service.master_secret))
    for one in files:
        one.rename(one.with_suffix(".away"))
    job.hand_in()
    for one in files:
        one.with_suffix(".away").rename(one)
    issuer.means = before
    found = job.submissions()[0]
    assert found.receipt is None
    assert found.receipt_unsigned is not None
    return found


def test_what_a_crash_left_unsigned_is_signed_by_the_sweep(job: Job) -> None:
    job.agree()
    found = unsigned(job)
    assert receipts.due(job.means, job.clock.now, 10) == []
    later = job.clock.now + receipts.LEFT_ALONE + timedelta(seconds=1)

    assert receipts.due(job.means, later, 10) == [f"{job.engagement_id}:1"]
    receipts.run(job.means, f"{job.engagement_id}:1")
    receipts.run(job.means, "NOWHERE:1")

    assert receipts.due(job.means, later, 10) == []
    signed = job.submissions()[0]
    assert signed.receipt_unsigned == found.receipt_unsigned
    assert job.service.verify(receipt(job)).state is State.GENUINE


def test_a_stolen_key_signs_no_receipt_that_waits(job: Job) -> None:
    job.agree()
    found = unsigned(job)
    name = job.service.issuer.keys(own.SLUG)[0].name
    job.service.issuer.report_compromise(own.SLUG, name, job.clock.now - timedelta(days=1))

    token = receipt(job)

    assert job.submissions()[0].receipt_key != found.receipt_key
    assert job.service.verify(token).state is State.GENUINE


def test_it_is_set_once(job: Job) -> None:
    job.agree()
    job.hand_in()
    found = job.submissions()[0]

    with pytest.raises(Exception, match="append-only"), write(job.service.engine) as connection:
        submissions.keep_receipt(connection, found, b"another")
    with read(job.service.engine) as connection:
        kept = submissions.newest(connection, job.engagement_id)
    assert kept == found


def test_two_who_ask_at_once_get_the_same(job: Job) -> None:
    job.agree()
    unsigned(job)
    got: list[bytes | CredentialError] = []

    def ask() -> None:
        try:
            got.append(receipt(job))
        except CredentialError as error:
            got.append(error)

    threads = [Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len({one for one in got if isinstance(one, bytes)}) == 1
    assert len(got) == 4
    assert not [one for one in got if not isinstance(one, bytes)]


def test_work_for_a_sandbox_is_a_test(job: Job) -> None:
    service = job.service
    issuer = own.own_issuer(service.issuer.means, sandbox=True)

    assert issuer.sandbox
    assert issuer.confirmed_domain is None
    assert own.own_issuer(service.issuer.means, sandbox=True) == issuer
    assert own.own_issuer(service.issuer.means, sandbox=False).slug != issuer.slug


def test_where_the_service_has_no_domain_nobody_is_confirmed(tmp_path: Path) -> None:
    made = started(tmp_path / "data", base_url="http://localhost:8000")
    made.agree()
    made.hand_in()

    report = made.service.verify(receipt(made))
    made.service.close()

    assert report.state is State.UNCONFIRMED_ISSUER
    assert "nobody has shown whose service signed it" in report.words
    assert "not that it was accepted" in report.words


def test_the_receipt_of_a_sandbox_company_is_a_test(tmp_path: Path) -> None:
    made = started(tmp_path / "data")
    service = made.service
    service.issuer.create_issuer("toys", "Toys Ltd", sandbox=True)
    made.owner = made.people.owner("owner@toys.example", "toys")
    made.engagement_id = engaged(service, made.owner, made.candidate)
    made.agree()
    made.hand_in()

    report = service.verify(receipt(made))
    service.close()

    assert report.state is State.TEST


@pytest.mark.parametrize("slug", [own.SLUG, own.TEST_SLUG])
def test_no_company_can_take_its_name(slug: str, job: Job) -> None:
    with pytest.raises(CredentialError) as refused:
        job.service.issuer.create_issuer(slug, "Somebody")
    assert refused.value.code == "issuer-slug-unusable"


@pytest.mark.parametrize("number", [-1, 0, 2, 2**31, 2**63, 10**40], ids=str)
def test_a_number_that_no_row_has_is_no_submission(number: int, job: Job) -> None:
    job.agree()
    job.hand_in()
    with pytest.raises(SubmissionUnknown):
        receipts.receipt_of(job.means, job.worker, job.engagement_id, number)
