"""A sandbox's candidate: does what a candidate could do, and is refused what one would be; nobody signs in as them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from credentials.accounts.api_keys import make_key
from credentials.accounts.tokens import new_id
from credentials.issuer.sandbox import HOSTED, real_issuers
from credentials.projects.api import trying
from credentials.store.engine import read
from credentials.store.tables import membership, person
from credentials.web.app import create_app
from credentials.web.composition import Service
from tests.web.conftest import make_draft
from tests.web.test_sandbox import open_sandbox

PROJECT = {
    "title": "Customer survey report",
    "brief": "Ask 20 customers.",
    "deliverables": [{"name": "Report"}],
    "skills": [{"name": "Survey design"}],
    "hours": "40",
    "startsOn": "2099-03-02",
    "endsOn": "2099-03-31",
    "compensation": "EUR 400",
}


class Sandbox:
    """A sandbox with a key for it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.client: FlaskClient = create_app(service).test_client(use_cookies=False)
        self.key = trying.new_key(service.desk).secret

    def post(self, path: str, body: Any = None, key: str | None = None) -> TestResponse:
        """Send a call."""
        headers = {"Authorization": f"Bearer {self.key if key is None else key}"}
        return self.client.post(f"/api/v1/{path}", json=body, headers=headers)

    def ask(self, do: str, row_id: str) -> TestResponse:
        """Ask the candidate for a step."""
        return self.post("sandbox/candidate", {"do": do, "id": row_id})

    def opened(self) -> str:
        """The id of a new project on the board."""
        project = str(self.post("projects", PROJECT).get_json()["id"])
        assert self.post(f"projects/{project}/open").status_code == 200
        return project

    def begun(self) -> str:
        """The id of new work."""
        application = self.ask("apply", self.opened()).get_json()["id"]
        assert self.post(f"applications/{application}/offer", {}).status_code == 200
        return str(self.ask("take", application).get_json()["id"])


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox for these tests."""
    service = open_sandbox(tmp_path_factory.mktemp("trying") / "data")
    yield Sandbox(service)
    service.close()


def code(answer: TestResponse) -> tuple[int, str]:
    """The status and the code of a refusal."""
    return answer.status_code, str(answer.get_json().get("code"))


def test_a_week_more_is_asked_for_each_time(sandbox: Sandbox) -> None:
    work = sandbox.begun()
    assert sandbox.ask("agree", work).status_code == 200
    for number, day in ((2, "2099-04-07"), (3, "2099-04-14")):
        assert sandbox.ask("propose", work).status_code == 200
        answer = sandbox.post(f"work/{work}/agree", {"number": number})
        assert (answer.status_code, answer.get_json()["terms"]["endsOn"]) == (200, day)


@pytest.mark.parametrize("step", ["deliver", "confirm", "refer"])
def test_steps_out_of_turn(sandbox: Sandbox, step: str) -> None:
    work = sandbox.begun()

    assert sandbox.ask(step, work).status_code == 409
    found = sandbox.client.get(f"/api/v1/work/{work}", headers={"Authorization": f"Bearer {sandbox.key}"}).get_json()
    assert found["work"]["state"] == "agreeing"


def test_one_candidate_applies_once_and_takes_only_what_is_offered(sandbox: Sandbox) -> None:
    project = sandbox.opened()
    application = sandbox.ask("apply", project).get_json()["id"]

    assert code(sandbox.ask("apply", project)) == (409, "applied-before")
    assert code(sandbox.ask("take", application)) == (409, "project-step-out-of-turn")


@pytest.mark.parametrize("row_id", ["", "x", "\u0665", "0" * 26, "0" * 5000])
@pytest.mark.parametrize("step", ["apply", "take", "agree", "propose", "deliver", "confirm", "refer", "dispute"])
def test_what_there_is_not(sandbox: Sandbox, step: str, row_id: str) -> None:
    answer = sandbox.ask(step, row_id)

    assert answer.status_code in (404, 413)
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("body", [{}, {"do": "sign", "id": "x"}, {"do": "apply"}, {"do": "apply", "id": 1}])
def test_what_nobody_can_be_asked(sandbox: Sandbox, body: dict[str, Any]) -> None:
    assert code(sandbox.post("sandbox/candidate", body)) == (422, "members-invalid")


def accepted(sandbox: Sandbox) -> str:
    """Work of which all was accepted."""
    work = sandbox.begun()
    for step in ("agree", "deliver"):
        assert sandbox.ask(step, work).status_code == 200
    found = sandbox.client.get(f"/api/v1/work/{work}", headers={"Authorization": f"Bearer {sandbox.key}"}).get_json()
    verdicts = [{"deliverable": number, "accepted": True} for number in range(len(found["terms"]["deliverables"]))]
    answer = sandbox.post(f"work/{work}/review", {"version": found["work"]["version"], "verdicts": verdicts})
    assert answer.status_code == 200, answer.text
    return work


def test_the_supervisor_signs_what_was_accepted_once(sandbox: Sandbox) -> None:
    work = accepted(sandbox)
    first, again = (sandbox.post("sandbox/supervisor", {"work": work}) for _ in range(2))
    credential = sandbox.service.portfolio.signed(first.get_json()["credential"])

    assert (first.status_code, again.status_code, again.json) == (200, 200, first.json)
    assert sandbox.service.verify(credential.body.decode()).state == "TEST"
    assert code(sandbox.ask("refer", work)) == (200, "None")
    assert code(sandbox.ask("refer", work)) == (409, "reference-out-of-turn")


def test_the_candidate_disputes_what_was_sent_to_them(sandbox: Sandbox) -> None:
    work = accepted(sandbox)
    number = sandbox.post("sandbox/supervisor", {"work": work}).get_json()["credential"]
    other = sandbox.service.issuer.issue(HOSTED, make_draft(recipient_email="b@mail.example")).id

    assert (sandbox.ask("dispute", number.lower()).json, code(sandbox.ask("dispute", other))) == (
        {"id": number},
        (404, "credential-unknown"),
    )
    headers = {"Authorization": f"Bearer {sandbox.key}"}
    (found,) = sandbox.client.get("/api/v1/disputes", headers=headers).get_json()["disputes"]
    assert (found["credentialId"], found["words"], found["wanted"]["hours"]) == (number, trying.WRONG, "42")


@pytest.mark.parametrize("step", [(), ("agree",), ("agree", "deliver")], ids=["offered", "working", "delivered"])
def test_nothing_is_signed_before_it_is_accepted(sandbox: Sandbox, step: tuple[str, ...]) -> None:
    work = sandbox.begun()
    for one in step:
        assert sandbox.ask(one, work).status_code == 200

    assert code(sandbox.post("sandbox/supervisor", {"work": work})) == (404, "award-unknown")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"work": ""}, (404, "engagement-unknown")),
        ({"work": "0" * 26}, (404, "engagement-unknown")),
        ({}, (422, "members-invalid")),
        ({"work": 7}, (422, "members-invalid")),
        ({"work": "x", "version": 1}, (422, "members-invalid")),
    ],
)
def test_what_the_supervisor_cannot_sign(sandbox: Sandbox, body: dict[str, Any], refused: tuple[int, str]) -> None:
    assert code(sandbox.post("sandbox/supervisor", body)) == refused


def test_who_may_ask(sandbox: Sandbox) -> None:
    service, body = sandbox.service, {"do": "apply", "id": new_id()}
    reader = make_key(service.engine, HOSTED, ["projects:read"], label="t", now=service.clock()).secret

    assert code(sandbox.post("sandbox/candidate", body, key="")) == (401, "api-key-wanted")
    assert code(sandbox.post("sandbox/candidate", body, key=reader)) == (403, "scope-missing")
    assert code(sandbox.post("sandbox/supervisor", {"work": new_id()}, key="")) == (401, "api-key-wanted")
    assert code(sandbox.post("sandbox/supervisor", {"work": new_id()}, key=reader)) == (403, "scope-missing")


def test_making_the_people_again_changes_nothing(sandbox: Sandbox) -> None:
    def count() -> tuple[int, ...]:
        with read(sandbox.service.engine) as connection:
            found = [
                connection.execute(select(func.count()).select_from(one)).scalar_one() for one in (person, membership)
            ]
        return tuple(found)

    before = count()
    trying.prepare(sandbox.service.desk)

    assert before == count() == (2, 1)


def test_nobody_can_be_written_to_and_no_issuer_is_real(sandbox: Sandbox) -> None:
    assert all(address.endswith(".invalid") for address in (trying.SUPERVISOR, trying.CANDIDATE))
    assert real_issuers(sandbox.service.issuer.means) == []
