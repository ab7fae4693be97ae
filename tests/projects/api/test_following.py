"""What comes after completed work, by programs: the pool and invitations, offers of more, references."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials.accounts.audit import trail
from credentials.projects.following import offering
from credentials.projects.referring import standing
from tests.projects.api.conftest import PROJECTS, WORK, Json, Programs

REFERENCES = "/api/v1/references"
INVITATION = "A project you may like"


class After:
    """Completed work of one candidate, and what programs say of it."""

    def __init__(self, programs: Programs) -> None:
        self.programs, self.visitor = programs, programs.candidate()
        self.work = programs.completed(self.visitor)

    def steps(self, method: str = "GET", path: str = "", body: Json | None = None, again: str = "") -> Any:
        return self.programs.call(method, f"{WORK}/{self.work}/next-steps{path}", body, again=again)

    def in_pool(self, project: str) -> Json:
        people = self.programs.done(self.programs.call("GET", f"{PROJECTS}/{project}/people"))["people"]
        found: Json = next(one for one in people if one["id"] == self.visitor.person_id)
        return found

    def invited(self, project: str, person: str = "", again: str = "") -> Any:
        body = {"person": person or self.visitor.person_id}
        return self.programs.call("POST", f"{PROJECTS}/{project}/invitations", body, again=again)

    def letters(self) -> list[str]:
        """The subjects of what the candidate was written."""
        address = f"candidate-{self.visitor.person_id.lower()}@mail.example"
        listed = self.programs.cast.site.service.outbox.listed(1000)
        return [one.subject for one in listed if one.address == address]


@pytest.fixture(scope="module")
def after(programs: Programs) -> After:
    """Completed work."""
    return After(programs)


def test_somebody_of_the_pool_is_invited_once(after: After) -> None:
    project = after.programs.opened()["id"]
    before, written = after.in_pool(project), after.letters().count(INVITATION)
    answer = after.programs.done(after.invited(project))
    again = after.invited(project)

    assert (before["times"], before["invited"], before["applied"]) == (1, False, False)
    assert next(one for one in answer["people"] if one["id"] == before["id"])["invited"] is True
    assert (again.status_code, again.json["code"]) == (409, "invited-before")
    assert after.letters().count(INVITATION) == written + 1


def test_an_invitation_sent_again_under_one_key_is_answered_again(after: After) -> None:
    project, written = after.programs.opened()["id"], after.letters().count(INVITATION)
    first = after.invited(project, again="invite-1")
    second = after.invited(project, again="invite-1")
    other = after.invited(project, person="0", again="invite-1")

    assert (first.status_code, second.status_code, second.data) == (200, 200, first.data)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json["code"]) == (409, "idempotency-conflict")
    assert after.letters().count(INVITATION) == written + 1


def test_a_program_s_invitation_is_in_the_trail_with_its_key(after: After) -> None:
    service, project = after.programs.cast.site.service, after.programs.opened()["id"]
    after.programs.done(after.invited(project))
    issuer = service.issuer.issuer("acme").id
    found = [one for one in trail(service.engine, issuer) if one.action == "project.invited"]

    assert found[0].subject == f"project:{project}"
    assert found[0].actor.startswith("api-key:")


@pytest.mark.parametrize(
    ("person", "code"),
    [("0", "nobody-to-invite"), ("", "nobody-to-invite"), ("stranger", "nobody-to-invite")],
    ids=["no-id", "empty", "somebody-who-never-worked-here"],
)
def test_nobody_else_is_invited(after: After, person: str, code: str) -> None:
    given = after.programs.cast.person("stranger") if person == "stranger" else person
    body = {"person": given}
    answer = after.programs.call("POST", f"{PROJECTS}/{after.programs.opened()['id']}/invitations", body)

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)


def test_nobody_is_invited_to_a_draft(after: After) -> None:
    answer = after.invited(after.programs.drafted()["id"])

    assert (answer.status_code, answer.json["code"]) == (409, "project-not-open")


def test_another_company_s_pool_has_nobody_of_ours(after: After) -> None:
    programs = after.programs
    theirs = programs.done(programs.call("POST", PROJECTS, programs.text(), key=programs.other), 201)["id"]
    people = programs.done(programs.call("GET", f"{PROJECTS}/{theirs}/people", key=programs.other))["people"]

    assert after.visitor.person_id not in [one["id"] for one in people]


def test_a_job_is_offered_and_its_answer_read(programs: Programs) -> None:
    after = After(programs)
    job = {"title": " Junior  analyst ", "place": "Lisbon", "link": "https://acme.example/jobs/7", "words": "Ask Kim."}
    offered = programs.done(after.steps("POST", "/job", job))["steps"]
    offering.answer(programs.cast.site.service.desk, after.visitor, after.work, 1, "interested")
    read_back = programs.done(after.steps())["steps"]

    assert (offered[0]["kind"], offered[0]["state"], offered[0]["title"]) == ("job", "sent", "Junior analyst")
    assert (offered[0]["place"], offered[0]["link"], offered[0]["projectId"]) == ("Lisbon", job["link"], None)
    assert [one["state"] for one in read_back] == ["interested"]


def test_a_further_project_goes_from_draft_to_invitation(programs: Programs) -> None:
    after, today = After(programs), programs.cast.site.service.clock().date()
    begun = programs.done(after.steps("POST", "/project"))["steps"][0]
    early = after.steps("POST", "/1/invite")
    draft = programs.done(programs.call("GET", f"{PROJECTS}/{begun['projectId']}"))
    text = draft["project"] | {"startsOn": str(today + timedelta(days=3)), "endsOn": str(today + timedelta(days=30))}
    body = {"version": draft["version"], "project": {name: value for name, value in text.items() if value is not None}}
    programs.done(programs.call("PUT", f"{PROJECTS}/{begun['projectId']}", body))
    programs.done(programs.call("POST", f"{PROJECTS}/{begun['projectId']}/open"))
    sent = programs.done(after.steps("POST", "/1/invite"))["steps"][0]
    twice = after.steps("POST", "/1/invite")

    assert (begun["kind"], begun["state"]) == ("project", "draft")
    assert (early.status_code, early.json["code"]) == (409, "project-not-open")
    assert sent["state"] == "sent"
    assert after.in_pool(begun["projectId"])["invited"] is True
    assert (twice.status_code, twice.json["code"]) == (409, "next-step-unknown")


WRONG_JOBS: list[tuple[str, Json, str, str]] = [
    ("no-title", {"title": "  "}, "job-unusable", "title"),
    ("long-title", {"title": "x" * 121}, "job-unusable", "title"),
    ("long-place", {"title": "x", "place": "y" * 121}, "job-unusable", "place"),
    ("long-words", {"title": "x", "words": "y" * 2001}, "job-unusable", "words"),
    ("http-link", {"title": "x", "link": "http://jobs.example/7"}, "job-unusable", "link"),
    ("script-link", {"title": "x", "link": "javascript:alert(1)"}, "job-unusable", "link"),
    ("long-link", {"title": "x", "link": "https://jobs.example/" + "7" * 500}, "job-unusable", "link"),
    ("hidden-mark", {"title": "Ana\u202elyst"}, "job-unusable", "title"),
    ("unseen", {"title": "x", "place": "Lis\u200bbon"}, "job-unusable", "place"),
    ("number", {"title": 7}, "members-invalid", "title"),
    ("null", {"title": "x", "words": None}, "members-invalid", "words"),
]


@pytest.mark.parametrize(("body", "code", "where"), [one[1:] for one in WRONG_JOBS], ids=[one[0] for one in WRONG_JOBS])
def test_a_job_that_cannot_be_offered(after: After, body: Json, code: str, where: str) -> None:
    answer = after.steps("POST", "/job", body)

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert where in str(answer.json)


def test_at_most_five_are_offered(programs: Programs) -> None:
    after = After(programs)
    for number in range(offering.MOST):
        programs.done(after.steps("POST", "/job", {"title": f"Job {number}"}))
    surplus = [after.steps("POST", "/job", {"title": "One more"}), after.steps("POST", "/project")]

    assert [(one.status_code, one.json["code"]) for one in surplus] == [(409, "next-step-out-of-turn")] * 2
    assert len(programs.done(after.steps())["steps"]) == offering.MOST


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/project"), ("POST", "/1/invite")])
def test_nothing_is_offered_before_the_end(programs: Programs, method: str, path: str) -> None:
    work = programs.delivered(programs.candidate())
    answer = programs.call(method, f"{WORK}/{work}/next-steps{path}")

    assert (answer.status_code, answer.get_json()["code"]) == (409, "next-step-out-of-turn")


def test_an_offer_sent_again_under_one_key_is_made_once(programs: Programs) -> None:
    after, body = After(programs), {"title": "Analyst"}
    first = after.steps("POST", "/job", body, again="job-1")
    second = after.steps("POST", "/job", body, again="job-1")

    assert second.data == first.data
    assert len(programs.done(after.steps())["steps"]) == 1


def test_references_are_read_page_by_page_with_what_was_said(programs: Programs) -> None:
    after, means = After(programs), programs.cast.site.service.desk
    made = standing.ask(means, after.visitor, after.work)
    asked = programs.done(programs.call("GET", f"{REFERENCES}?state=asked"))["references"]
    standing.answer(means, programs.cast.visitor("founder"), made.id, yes=True)
    agreed = programs.done(programs.call("GET", f"{REFERENCES}?state=agreed"))

    assert [one["workId"] for one in asked] == [after.work]
    found = next(one for one in agreed["references"] if one["workId"] == after.work)
    assert (found["supervisor"], found["shown"], found["asked"], found["answered"]) == ("Founder", False, 0, 0)
    assert agreed["cursor"] is None


def test_another_company_reads_no_reference_of_ours(programs: Programs) -> None:
    after = After(programs)
    standing.ask(programs.cast.site.service.desk, after.visitor, after.work)
    theirs = programs.done(programs.call("GET", REFERENCES, key=programs.other))["references"]

    assert after.work not in [one["workId"] for one in theirs]


@pytest.mark.parametrize(
    ("query", "code"),
    [("state=yes", "state-unknown"), ("cursor=x", "cursor-unusable"), ("cursor=", "cursor-unusable")],
)
def test_a_list_that_cannot_be_asked_for(programs: Programs, query: str, code: str) -> None:
    answer = programs.call("GET", f"{REFERENCES}?{query}")

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)


@pytest.mark.parametrize("path", ["/answer", "/questions", ""])
def test_programs_have_no_call_for_what_is_a_person_s_own(programs: Programs, path: str) -> None:
    answer = programs.call("POST", f"{REFERENCES}{path}", {"yes": True})

    assert answer.status_code in (404, 405)
