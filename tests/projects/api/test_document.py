"""What the API's document says of projects and work is what real calls answer: status, media type, members."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from credentials.web.app import create_app
from tests.projects.api.conftest import ACCEPT_ALL, PROJECTS, WORK, Json, Programs
from tests.web.test_openapi import check_answer
from tests.web.test_sandbox import open_sandbox

RECORDS = {
    PROJECTS: "{project_id}",
    "/api/v1/applications": "{application_id}",
    WORK: "{engagement_id}",
    "/api/v1/references": "",
}


@pytest.fixture(scope="module")
def document(programs: Programs) -> dict[str, Any]:
    """The document of the website."""
    found: dict[str, Any] = programs.call("GET", "/openapi.json", key="").get_json()
    return found


def template(path: str) -> str:
    """A path with the names of its parameters."""
    for base, name in RECORDS.items():
        path = re.sub(rf"^{base}/\w+", f"{base}/{name}", path)
    path = re.sub(r"agreements/\d+$", "agreements/{agreement_number}", path.partition("?")[0])
    path = re.sub(r"next-steps/\d+", "next-steps/{step_number}", path)
    return re.sub(r"receipts/\d+$", "receipts/{submission_number}", path)


def calls(programs: Programs) -> list[tuple[str, str, Json | None, int]]:
    """Calls of every kind, and the status that each has."""
    draft, application = programs.drafted()["id"], programs.applied()
    work, text = programs.delivered(programs.candidate()), programs.text()
    one, apply = f"{WORK}/{work}", f"/api/v1/applications/{application}"
    version, after = programs.work(work)["work"]["version"], f"{WORK}/{programs.completed(programs.candidate())}"
    terms: dict[str, Any] = {
        "seen": 1,
        "terms": {name: text[name] for name in ("title", "startsOn", "endsOn", "compensation")},
    }
    terms["terms"]["deliverables"] = text["deliverables"]
    rated = {"ratings": [{"skill": "SQL", "level": "4", "evidence": "Wrote every query."}], "words": "Good."}
    return [
        ("GET", f"{PROJECTS}?state=open", None, 200),
        ("GET", f"{PROJECTS}?state=x", None, 422),
        ("POST", PROJECTS, text, 201),
        ("POST", PROJECTS, {"title": 3}, 422),
        ("GET", f"{PROJECTS}/{draft}", None, 200),
        ("PUT", f"{PROJECTS}/{draft}", {"version": 9, "project": {}}, 409),
        ("PUT", f"{PROJECTS}/{draft}", {"version": 1, "project": text | {"hours": "12"}}, 200),
        ("POST", f"{PROJECTS}/{draft}/fill", None, 409),
        ("POST", f"{PROJECTS}/{draft}/open", None, 200),
        ("POST", f"{PROJECTS}/{draft}/close", None, 200),
        ("GET", f"{PROJECTS}/{draft}/applications", None, 200),
        ("GET", apply, None, 200),
        ("POST", f"{apply}/shortlist", None, 200),
        ("POST", f"{apply}/decline", {"message": ""}, 422),
        ("POST", f"{apply}/offer", {"message": "Please."}, 200),
        ("POST", f"{apply}/decline", {"message": "We changed our minds."}, 200),
        ("GET", f"{WORK}?cursor=x", None, 422),
        ("GET", WORK, None, 200),
        ("GET", one, None, 200),
        ("GET", f"{one}/agreements/1", None, 200),
        ("GET", f"{one}/agreements/9", None, 404),
        ("GET", f"{one}/receipts/1", None, 200),
        ("GET", f"{one}/receipts/9", None, 404),
        ("POST", f"{one}/terms", terms, 200),
        ("POST", f"{one}/terms", terms, 409),
        ("POST", f"{one}/agree", {"number": 2}, 409),
        ("POST", f"{one}/refuse", {"number": 2, "reason": "No."}, 409),
        ("PUT", f"{one}/assessment", rated, 200),
        ("POST", f"{one}/review", {"version": version, "verdicts": []}, 409),
        ("POST", f"{one}/review", {"version": version + 1, "verdicts": list(ACCEPT_ALL)}, 200),
        ("POST", f"{one}/pay", {"day": "2026-01-15", "reference": "Invoice 17"}, 200),
        ("POST", f"{one}/end", {"reason": "Too late."}, 409),
        ("GET", f"{PROJECTS}/{programs.drafted()['id']}/people", None, 200),
        ("POST", f"{PROJECTS}/{draft}/invitations", {"person": "0"}, 409),
        ("POST", f"{PROJECTS}/{programs.opened()['id']}/invitations", {"person": "0"}, 422),
        ("GET", f"{one}/next-steps", None, 409),
        ("POST", f"{after}/next-steps/job", {"title": "Analyst", "link": "ftp://x"}, 422),
        ("POST", f"{after}/next-steps/job", {"title": "Analyst"}, 200),
        ("POST", f"{after}/next-steps/project", None, 200),
        ("POST", f"{after}/next-steps/2/invite", None, 409),
        ("GET", f"{after}/next-steps", None, 200),
        ("GET", "/api/v1/references?state=asked", None, 200),
        ("GET", "/api/v1/references?state=x", None, 422),
    ]


def test_real_answers_are_what_the_document_says(programs: Programs, document: dict[str, Any]) -> None:
    for method, path, body, status in calls(programs):
        answer = programs.call(method, path, body)
        assert answer.status_code == status, (method, path, answer.text)
        assert str(status) in document["paths"][template(path)][method.lower()]["responses"], (method, path)
        check_answer(document, template(path), method.lower(), answer)


def test_every_post_says_that_it_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    posts = [
        item["post"] for path, item in document["paths"].items() if path.startswith(tuple(RECORDS)) and "post" in item
    ]
    lacking = [
        one["operationId"] for one in posts if "Idempotency-Key" not in [part["name"] for part in one["parameters"]]
    ]

    assert len(posts) == 17
    assert lacking == []


def test_a_sandbox_describes_its_candidate_too(tmp_path: Any) -> None:
    service = open_sandbox(tmp_path / "data")
    document = create_app(service).test_client().get("/openapi.json").get_json()
    service.close()

    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert "post" in document["paths"]["/api/v1/sandbox/candidate"]


def test_a_real_service_has_no_such_candidate(programs: Programs, document: dict[str, Any]) -> None:
    assert "/api/v1/sandbox/candidate" not in document["paths"]
    assert programs.call("POST", "/api/v1/sandbox/candidate", {"do": "apply", "id": "x"}).status_code == 404
