"""Every column of a draft stands in the signed credential, and is found again."""

import base64
import hashlib
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from credentials.core.achievement import AchievementCredential, is_email_of, parse_achievement
from credentials.core.micro_internship import Delivered, Skill, agreements, completed_work, size_text, sri
from credentials.core.securing import MECHANISMS
from credentials.issuer.compose import plain_number
from credentials.issuer.draft import Deliverable, Draft, Visibility
from credentials.issuer.forms import SELECTIVE_FORMS
from credentials.issuer.service import IssuerService
from credentials.store import credentials
from credentials.store.engine import read
from tests.issuer.conftest import BASE, MakeDraft

DIGEST = "sha384-" + "Ab+/" * 16


def signed(service: IssuerService, draft: Draft) -> AchievementCredential:
    """The credential as it stands in what was signed."""
    issued = service.issue("acme", draft)
    with read(service.means.engine) as connection:
        form = credentials.secured(connection, issued.id, "vc+jwt")
        stored = credentials.by_id(connection, issued.id)
    assert form is not None
    assert stored is not None
    presented = MECHANISMS["vc+jwt"].read(form.body)
    assert presented.payload.startswith(stored.unsigned[:-1] + b',"iss":')
    return parse_achievement(presented.document)


def test_every_column_is_found_again(service: IssuerService, draft: MakeDraft) -> None:
    until = datetime(2030, 1, 1, 12, 0, 0, 999, tzinfo=timezone(timedelta(hours=2)))
    credential = signed(service, draft(valid_until=until, agreement=DIGEST))
    assert agreements(credential) == {DIGEST}
    work = completed_work(credential)
    assert work.person == "Ana Lima"
    assert (work.title, work.summary) == ("Churn report", "Found why customers leave, and what keeps them.")
    assert (work.started, work.ended) == (date(2026, 3, 2), date(2026, 3, 16))
    assert (work.hours, work.role) == ("37.5", "Analyst")
    assert work.skills == (Skill("Data analysis"), Skill("SQL"))
    assert work.deliverables == (
        Delivered("Raw data", "link"),
        Delivered("Report", "public", "https://files.example/report.pdf"),
        Delivered("Slides", "link"),
    )
    assert (work.supervisor, work.words) == ("Noor Haddad", "Careful, curious, on time.")
    assert work.evidence_url == "https://acme.example/blog/churn"
    assert work.valid_until == datetime(2030, 1, 1, 10, 0, 0, tzinfo=UTC)
    assert work.issued == service.means.now()
    assert (work.issuer_name, work.issuer_id) == ("Acme Analytics", service.issuer("acme").did)
    # A field added to Draft has to be read back here too.
    assert len(fields(Draft)) == 19


def test_the_address_is_only_there_as_a_salted_hash(service: IssuerService, draft: MakeDraft) -> None:
    first, second = signed(service, draft()), signed(service, draft())
    (_, one), (_, two) = first.credential_subject.identifier, second.credential_subject.identifier
    assert is_email_of(one, "ana.lima@mail.example")
    assert not is_email_of(one, "someone.else@mail.example")
    assert one.identity_hash != two.identity_hash


def test_links_that_are_not_public_are_not_signed(service: IssuerService, draft: MakeDraft) -> None:
    items = tuple(Deliverable("Slides", shown, "https://files.example/x") for shown in ("link", "confidential"))
    credential = signed(service, draft(deliverables=items))
    assert [one.id for one in credential.evidence if one.genre == "Deliverable"] == [None, None]


def test_what_is_absent_leaves_no_trace(service: IssuerService, draft: MakeDraft) -> None:
    absent = dict.fromkeys(("recipient_email", "hours", "supervisor_words", "evidence_url", "role"))
    bare = draft(deliverables=(), skills=(), **absent)
    credential = signed(service, bare)
    assert credential.evidence == ()
    assert credential.credential_subject.result == ()
    assert len(credential.credential_subject.identifier) == 1
    work = completed_work(credential)
    assert (work.hours, work.role, work.words, work.evidence_url, work.valid_until) == (None,) * 5
    assert work.supervisor == "Noor Haddad"


def test_one_address_given_twice_is_one_object(service: IssuerService, draft: MakeDraft) -> None:
    same = "https://files.example/all.zip"
    items = (Deliverable("Report", "public", same), Deliverable("Slides", "public", same))
    work = completed_work(signed(service, draft(deliverables=items, evidence_url=same)))
    assert work.deliverables == (Delivered("Report", url=same), Delivered("Slides", note=same))


def test_ids_are_the_canonical_ones(service: IssuerService, draft: MakeDraft) -> None:
    credential = signed(service, draft())
    own = credential.id.removeprefix(f"{BASE}/c/")
    assert own == own.upper()
    assert len(own) == 26
    assert credential.credential_subject.achievement.id == f"{credential.id}#achievement"
    assert str(credential.credential_subject.id).startswith("urn:uuid:")
    statuses = credential.credential_status
    assert isinstance(statuses, tuple)
    assert [one.status_reference for one in statuses] == [f"{credential.id}/status"] * 2


def test_one_status_entry_is_an_object_not_an_array(service: IssuerService, draft: MakeDraft) -> None:
    service.create_issuer("plain", "Plain", suspends=False)
    issued = service.issue("plain", draft())
    with read(service.means.engine) as connection:
        stored = credentials.by_id(connection, issued.id)
    assert stored is not None
    assert b'"credentialStatus":{"id":' in stored.unsigned


def test_a_test_says_so_in_the_signed_text(service: IssuerService, draft: MakeDraft) -> None:
    service.create_issuer("try", "Trying out", sandbox=True)
    issued = service.issue("try", draft())
    with read(service.means.engine) as connection:
        stored = credentials.by_id(connection, issued.id)
    assert stored is not None
    assert b"Test only. Proves nothing." in stored.unsigned


@pytest.mark.parametrize(
    ("number", "text"), [("37.50", "37.5"), ("6E+1", "60"), ("0.25", "0.25"), ("100", "100"), ("1E-2", "0.01")]
)
def test_numbers_are_written_plainly(number: str, text: str) -> None:
    assert plain_number(Decimal(number)) == text


REPORT = b"What we found.\n"
FILE: dict[str, object] = {
    "digest": sri(hashlib.sha384(REPORT).digest()),
    "media_type": "text/plain",
    "size": len(REPORT),
}
HEX = hashlib.sha384(REPORT).hexdigest()


def a_file(name: str, visibility: Visibility, url: str | None = None) -> Deliverable:
    return replace(Deliverable(name, visibility, url), **FILE)  # type: ignore[arg-type]


def test_a_files_digest_kind_and_size_are_signed(service: IssuerService, draft: MakeDraft) -> None:
    url = "https://credentials.example/files/1/report.txt"
    credential = signed(service, draft(deliverables=(a_file("Report", "public", url),)))
    (evidence,) = [one for one in credential.evidence if one.genre == "Deliverable"]

    assert (evidence.id, evidence.digest_sri, evidence.media_type) == (url, FILE["digest"], "text/plain")
    (delivered,) = completed_work(credential).deliverables
    assert delivered == Delivered("Report", "public", url, None, HEX, "text/plain", len(REPORT))


def test_a_file_without_an_address_is_named_by_its_digest(service: IssuerService, draft: MakeDraft) -> None:
    credential = signed(service, draft(deliverables=(a_file("Report", "link", "https://credentials.example/f"),)))
    (evidence,) = [one for one in credential.evidence if one.genre == "Deliverable"]

    digest = base64.urlsafe_b64encode(hashlib.sha384(REPORT).digest()).decode()
    assert evidence.id == f"ni:///sha-384;{digest}"
    assert completed_work(credential).deliverables[0].sha384 == HEX
    assert completed_work(credential).deliverables[0].url is None


def test_nothing_public_tells_of_a_confidential_file(service: IssuerService, draft: MakeDraft) -> None:
    issued = service.issue("acme", draft(deliverables=(a_file("Salaries", "confidential", "https://files.example/s"),)))
    with read(service.means.engine) as connection:
        forms = {one.format: one.body for one in credentials.every_form(connection, issued.id)}

    for name, body in forms.items():
        told = _text_of(body)
        private = name in SELECTIVE_FORMS
        assert (b"Salaries" in told) is private, name
        assert (b"sha384-" in told) is private, name
        assert (b"ni:///" in told) is private, name
        assert b"files.example/s" not in told
    assert len(forms) == 4


def _text_of(body: bytes) -> bytes:
    """All that a form says: its own text and each base64url part of it."""
    parts = [] if body.startswith(b"{") else re.split(rb"[.~]", body)
    return body + b"".join(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)) for part in parts)


@pytest.mark.parametrize(("number", "text"), [(0, "0 bytes"), (1, "1 bytes"), (2_147_483_648, "2147483648 bytes")])
def test_sizes_are_written_plainly(number: int, text: str) -> None:
    assert size_text(number) == text
