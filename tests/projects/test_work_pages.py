"""The pages of work that goes on: both sides walk it in a browser, and nobody else finds it."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from io import BytesIO

import pytest

from credentials.accounts.sessions import Client, visitor
from credentials.projects.agreeing.document import read_agreement, sri
from credentials.web.people import cookie_name
from tests.accounts.actors import Clock, World
from tests.console.conftest import Desk
from tests.console.conftest import desk as desk
from tests.projects.at_work import NOW, TERMS, Job, engaged
from tests.web.staff import Browser

FORM: dict[str, object] = {
    "title": TERMS.title,
    "brief": TERMS.brief,
    "deliverable_name": ["Report", "Raw notes"],
    "deliverable_description": ["Ten pages with three proposals.", "One page for each interview."],
    "deliverable_visibility": ["public", "confidential"],
    "deliverable_summary": ["", "Notes of interviews"],
    "skills": "Survey design, Interviewing",
    "hours": "40",
    "starts_on": "2026-03-17",
    "ends_on": "2026-04-10",
    "compensation": "EUR 400",
    "expectations": "A call each Monday.",
    "owner_of_work": "company",
    "may_be_shown": "described",
}
LINKS: dict[str, object] = {"links_0": "https://files.example/report", "links_1": "https://files.example/n\r\n\r\n"}


def work(desk: Desk, candidate: Browser) -> Job:
    """Work for acme, whose terms wait for the candidate."""
    service = desk.service

    def who(browser: Browser) -> str:
        found = browser.client.get_cookie(cookie_name(service.accounts), domain="credentials.example")
        assert found is not None
        return found.value

    client = Client("127.0.0.1", "Werkzeug")
    owner, ana = (visitor(service.engine, who(one), client, service.clock()) for one in (desk.owner, candidate))
    assert owner is not None
    assert ana is not None
    people = World(service.accounts, desk.letters, Clock(NOW))
    member = people.member(owner)
    return Job(service, people, member, ana, engaged(service, member, ana))


def seen(browser: Browser, path: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="(\d+)"', browser.get(path).text)
    assert found is not None, (path, name)
    return found[1]


def test_both_sides_walk_from_terms_to_a_receipt(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    mine, theirs = f"/work/{job.engagement_id}", f"/console/acme/work/{job.engagement_id}"
    assert "These terms wait for you" in ana.get(mine).text
    assert "The terms wait for Kim Larsen" in desk.owner.get(theirs).text

    assert ana.post(f"{mine}/agree", mine, number=seen(ana, mine, "number")).status_code == 303
    assert "You work on this until 10 Apr 2026" in ana.get(mine).text

    change = FORM | {"ends_on": "2099-04-20", "seen": seen(desk.owner, f"{theirs}/terms", "seen")}
    assert desk.owner.post(f"{theirs}/terms", f"{theirs}/terms", **change).status_code == 303
    page = ana.get(mine).text
    assert "A change waits for you" in page
    assert "10 Apr 2026" in page.partition("<del>")[2].partition("</del>")[0]
    assert "20 Apr 2099" in page.partition("<ins>")[2].partition("</ins>")[0]
    assert ana.post(f"{mine}/agree", mine, number="2").status_code == 303

    form = f"{mine}/deliver"
    sent = LINKS | {"agreement": seen(ana, form, "agreement"), "submission": seen(ana, form, "submission")}
    assert ana.post(form, form, **sent).status_code == 303
    assert "in time" in ana.get(mine).text
    assert "It waits for your review" in desk.owner.get(theirs).text
    receipt = ana.get(f"{mine}/receipts/1.jwt")
    assert receipt.mimetype == "application/vc+jwt"
    assert desk.owner.get(f"{theirs}/receipts/1.jwt").data == receipt.data
    answer = desk.nobody().post("/verify", credential=receipt.text).text
    assert "Genuine receipt" in answer
    assert "not that it was accepted" in answer
    told = desk.nobody().client.post("/api/v1/verify", json={"credential": receipt.text}).get_json()
    assert (told["verdict"], told["state"]) == ("valid", "GENUINE")


def test_a_version_is_downloaded_to_the_byte_with_its_digest(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    path = f"/work/{job.engagement_id}"
    answer = ana.get(f"{path}/agreement/1.json")

    assert answer.data == job.versions()[0].document
    assert answer.headers["Repr-Digest"] == f"sha-256=:{b64encode(hashlib.sha256(answer.data).digest()).decode()}:"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert read_agreement(answer.data).terms == TERMS
    page = ana.get(path).text
    assert hashlib.sha256(answer.data).hexdigest() in page
    assert sri(answer.data) in page
    assert json.loads(answer.data)["company"]["domain"] == "acme.example"


@pytest.mark.parametrize(
    "path", ["", "/terms", "/deliver", "/agreement/1.json", "/receipts/1.jwt", "/agreement/9.json", "/agreement/x.json"]
)
def test_somebody_else_finds_nothing(path: str, desk: Desk) -> None:
    job = work(desk, desk.person("ana@mail.example"))
    other = desk.person("bo@mail.example")

    assert other.get(f"/work/{job.engagement_id}{path}").status_code == 404
    assert other.get(f"/console/acme/work/{job.engagement_id}{path}").status_code == 404
    assert desk.nobody().get(f"/work/{job.engagement_id}{path}").status_code in (303, 404)


def test_what_was_typed_is_kept_when_terms_cannot_be_proposed(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    path = f"/work/{work(desk, ana).engagement_id}/terms"

    answer = ana.post(path, path, **(FORM | {"ends_on": "", "brief": "A brief <b>typed</b>", "seen": "1"}))

    assert answer.status_code == 422
    assert "A brief &lt;b&gt;typed&lt;/b&gt;" in answer.text
    assert 'href="#ends_on"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_what_was_typed_is_kept_when_something_happened_meanwhile(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    path = f"/work/{job.engagement_id}/terms"
    job.amended(job.company, ends_on="2026-04-22")

    answer = ana.post(path, path, **(FORM | {"compensation": "EUR 999", "seen": "1"}))

    assert answer.status_code == 409
    assert 'value="EUR 999"' in answer.text
    assert "What is on the table now" in answer.text
    assert 'name="seen" value="2"' in answer.text


def test_a_link_that_is_none_is_said_by_its_field(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    job.agree()
    path = f"/work/{job.engagement_id}/deliver"

    answer = ana.post(path, path, links_0="ftp://x.example", links_1="", note="Kept", agreement="1", submission="0")

    assert answer.status_code == 422
    assert "ftp://x.example" in answer.text
    assert "Kept" in answer.text
    assert 'href="#links_0"' in answer.text
    assert 'href="#links_1"' in answer.text


def test_files_of_the_form_are_kept_whatever_else_is_wrong(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    job.agree()
    path = f"/work/{job.engagement_id}/deliver"
    numbers = {"agreement": "1", "submission": "0"}

    answer = ana.post(path, path, upload_0=[(BytesIO(b"a report"), "a/../b <c>.txt")], links_1="", **numbers)
    assert answer.status_code == 422
    assert "Raw notes" in answer.text.partition("Not handed in yet")[2].partition("</ul>")[0]
    kept = re.findall(r'name="files_0" value="(\w+)"', answer.text)
    assert len(kept) == 1

    sent = ana.post(path, path, files_0=kept, links_1="https://files.example/n", **numbers)
    assert sent.status_code == 303
    page = ana.get(f"/work/{job.engagement_id}").text
    link = re.search(r'href="(/files/[^"]+)"', page)
    assert link is not None
    assert ana.get(link[1]).data == b"a report"
    assert desk.owner.get(link[1]).data == b"a report"
    assert desk.person("bo@mail.example").get(link[1]).status_code == 404
    assert desk.nobody().get(link[1]).status_code == 404


def test_a_file_that_is_left_out_is_not_handed_in(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    job.agree()
    path = f"/work/{job.engagement_id}/deliver"
    numbers = {"agreement": "1", "submission": "0"}
    page = ana.post(path, path, upload_0=[(BytesIO(b"a report"), "b.txt")], **numbers).text
    kept = re.findall(r'name="files_0" value="(\w+)"', page)

    sent = ana.post(path, path, files_0=kept, drop=kept, **(LINKS | numbers))

    assert sent.status_code == 303
    assert "/files/" not in ana.get(f"/work/{job.engagement_id}").text


def test_terms_of_a_stranger_are_text_and_nothing_else(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    job.amended(job.worker, title=hostile, brief=hostile, expectations=hostile, compensation=hostile)

    page = desk.owner.get(f"/console/acme/work/{job.engagement_id}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def test_refusing_and_ending_without_a_reason_is_said_on_the_page(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    path = f"/work/{work(desk, ana).engagement_id}"

    assert ana.post(f"{path}/refuse", path, number="1", reason=" ").status_code == 422
    assert ana.post(f"{path}/end", path, reason="").status_code == 422
    assert ana.post(f"{path}/end", path, reason="I found a job.").status_code == 303
    page = ana.get(path).text
    assert "It ended before it was done" in page
    assert "I found a job." in page
    assert f'action="{path}/end"' not in page


def test_a_page_that_is_old_changes_nothing(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    path = f"/work/{job.engagement_id}"
    job.amended(job.company, ends_on="2026-04-22")

    answer = ana.post(f"{path}/agree", path, number="1")

    assert answer.status_code == 409
    assert "Something happened meanwhile" in answer.text
    assert job.now().state == "agreeing"


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "99999999999999999999", "\u0661"])
def test_odd_numbers_answer_nothing(number: str, desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    path = f"/work/{job.engagement_id}"

    assert ana.post(f"{path}/agree", path, number=number).status_code == 409
    assert job.now().state == "agreeing"


def test_forms_that_are_not_for_now_lead_back(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    path = f"/work/{job.engagement_id}"

    assert ana.get(f"{path}/deliver").headers["Location"] == path
    job.put("completed")
    assert ana.get(f"{path}/terms").headers["Location"] == path


def test_a_reviewer_looks_and_agrees_to_nothing(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    job = work(desk, ana)
    job.amended(job.worker, compensation="EUR 500")
    path = f"/console/acme/work/{job.engagement_id}"
    reviewer = desk.invited("rita@acme.example", "reviewer")

    page = reviewer.get(path).text
    assert "Somebody with the role author can answer them." in page
    assert 'action="' + path not in page
    assert reviewer.post(f"{path}/agree", number="2").status_code == 403
    assert job.now().state == "agreeing"
