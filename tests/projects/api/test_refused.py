"""Who is refused, with which code: every route without a key, without the scope, with foreign and missing ids."""

from __future__ import annotations

import re
from typing import Any

import pytest

from credentials.accounts.api_keys import SCOPES, make_key
from credentials.accounts.tokens import new_id
from credentials.store import organisations
from credentials.store.engine import write
from tests.projects.api.conftest import ACCEPT_ALL, PROJECTS, WORK, Json, Programs

APPLICATIONS = "/api/v1/applications"
REFERENCES = "/api/v1/references"
PROJECT_BODY: Json = {"title": "A report"}
ROUTES: list[tuple[str, str, str, Json | None]] = [
    ("GET", PROJECTS, "projects:read", None),
    ("POST", PROJECTS, "projects:write", PROJECT_BODY),
    ("GET", f"{PROJECTS}/<project>", "projects:read", None),
    ("PUT", f"{PROJECTS}/<project>", "projects:write", {"version": 1, "project": PROJECT_BODY}),
    ("POST", f"{PROJECTS}/<project>/open", "projects:write", None),
    ("POST", f"{PROJECTS}/<project>/close", "projects:write", None),
    ("POST", f"{PROJECTS}/<project>/fill", "projects:write", None),
    ("GET", f"{PROJECTS}/<project>/applications", "projects:read", None),
    ("GET", f"{APPLICATIONS}/<application>", "projects:read", None),
    ("POST", f"{APPLICATIONS}/<application>/shortlist", "projects:write", None),
    ("POST", f"{APPLICATIONS}/<application>/decline", "projects:write", {"message": "Not this time."}),
    ("POST", f"{APPLICATIONS}/<application>/offer", "projects:write", {}),
    ("GET", f"{PROJECTS}/<project>/people", "projects:read", None),
    ("POST", f"{PROJECTS}/<project>/invitations", "projects:write", {"person": "0"}),
    ("GET", WORK, "work:read", None),
    ("GET", f"{WORK}/<work>", "work:read", None),
    ("GET", f"{WORK}/<work>/agreements/1", "work:read", None),
    ("GET", f"{WORK}/<work>/receipts/1", "work:read", None),
    ("GET", f"{WORK}/<work>/files/<file>", "work:read", None),
    ("POST", f"{WORK}/<work>/terms", "work:write", {"seen": 1, "terms": PROJECT_BODY}),
    ("POST", f"{WORK}/<work>/agree", "work:write", {"number": 1}),
    ("POST", f"{WORK}/<work>/refuse", "work:write", {"number": 1, "reason": "Too late."}),
    ("POST", f"{WORK}/<work>/end", "work:write", {"reason": "It was cancelled."}),
    ("POST", f"{WORK}/<work>/review", "work:write", {"version": 1, "verdicts": []}),
    ("PUT", f"{WORK}/<work>/assessment", "work:write", {"words": "Good."}),
    ("GET", f"{WORK}/<work>/next-steps", "work:read", None),
    ("POST", f"{WORK}/<work>/next-steps/job", "work:write", {"title": "Analyst"}),
    ("POST", f"{WORK}/<work>/next-steps/project", "work:write", None),
    ("POST", f"{WORK}/<work>/next-steps/1/invite", "work:write", None),
    ("GET", REFERENCES, "work:read", None),
    ("POST", f"{WORK}/<work>/pay", "work:write", {"day": "2026-03-31", "reference": "Invoice 17"}),
]
NAMES = [f"{method} {path}" for method, path, _scope, _body in ROUTES]
every_route = pytest.mark.parametrize(("method", "path", "scope", "body"), ROUTES, ids=NAMES)
BODIED = [route for route in ROUTES if route[3] is not None]
every_bodied = pytest.mark.parametrize(
    ("method", "path", "scope", "body"), BODIED, ids=[f"{method} {path}" for method, path, _scope, _body in BODIED]
)
WITH_ID = [route for route in ROUTES if "<" in route[1]]
UNKNOWN = {"project": "project-unknown", "application": "application-unknown", "work": "engagement-unknown"}


def filled(path: str, ids: dict[str, str]) -> str:
    """A path with ids in it."""
    return re.sub(r"<(\w+)>", lambda found: ids[found[1]], path)


@pytest.fixture(scope="module")
def ids(programs: Programs) -> dict[str, str]:
    """Things of acme's."""
    return {
        "project": programs.drafted()["id"],
        "application": programs.applied(),
        "work": programs.delivered(programs.candidate()),
        "file": new_id(),
    }


def test_every_route_for_programs_is_here(programs: Programs) -> None:
    there = {
        (method, re.sub(r"<[^>]+>", "<>", rule.rule))
        for rule in programs.cast.app.url_map.iter_rules()
        if rule.rule.startswith((PROJECTS, APPLICATIONS, WORK, REFERENCES))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = {(method, re.sub(r"<[^>]+>|(?<=s/)1(?=/|$)", "<>", path)) for method, path, _scope, _body in ROUTES}

    assert told == there


@every_route
def test_without_a_key(
    programs: Programs, ids: dict[str, str], method: str, path: str, scope: str, body: Json | None
) -> None:
    answer = programs.call(method, filled(path, ids), body, key="")

    assert (answer.status_code, answer.get_json()["code"]) == (401, "api-key-wanted")
    assert answer.mimetype == "application/problem+json"


@every_route
def test_with_every_scope_but_the_one(
    programs: Programs, ids: dict[str, str], method: str, path: str, scope: str, body: Json | None
) -> None:
    key = programs.key_with(*(one for one in SCOPES if one != scope))
    answer = programs.call(method, filled(path, ids), body, key=key)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "scope-missing")


@pytest.mark.parametrize(("method", "path", "scope", "body"), WITH_ID, ids=[f"{r[0]} {r[1]}" for r in WITH_ID])
@pytest.mark.parametrize("whose", ["foreign", "missing"])
def test_a_foreign_and_a_missing_thing_look_alike(
    programs: Programs, ids: dict[str, str], whose: str, method: str, path: str, scope: str, body: Json | None
) -> None:
    key = programs.other if whose == "foreign" else programs.key
    there = ids if whose == "foreign" else dict.fromkeys(ids, new_id())
    answer = programs.call(method, filled(path, there), body, key=key)
    kind = re.search(r"<(\w+)>", path)

    assert kind is not None
    assert (answer.status_code, answer.get_json()["code"]) == (404, UNKNOWN[kind[1]])
    assert "where" in answer.get_json()


@every_bodied
def test_a_body_that_is_none(
    programs: Programs, ids: dict[str, str], method: str, path: str, scope: str, body: Json | None
) -> None:
    assert body is not None
    answer = programs.call(method, filled(path, ids), body | {"unheardOf": 1})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "members-invalid")


@every_bodied
def test_a_nul(programs: Programs, ids: dict[str, str], method: str, path: str, scope: str, body: Json | None) -> None:
    assert body is not None
    answer = programs.call(method, filled(path, ids), body | {"title": "a\0b"})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "text-unreadable")


WRONG: list[tuple[str, Any, int, str]] = [
    ("terms", {"seen": 7, "terms": {"title": "x"}}, 422, "terms-unusable"),
    ("terms", {"seen": 1, "terms": {"title": "x", "deliverables": [{}]}}, 422, "members-invalid"),
    ("agree", {"number": 1}, 409, "nothing-to-answer"),
    ("agree", {"number": 99}, 409, "nothing-to-answer"),
    ("refuse", {"number": 1, "reason": "  "}, 422, "reason-wanted"),
    ("end", {"reason": ""}, 422, "reason-wanted"),
    ("review", {"version": 999, "verdicts": []}, 409, "work-moved-on"),
    ("pay", {"day": "2199-01-01", "reference": "Invoice 17"}, 422, "paid-day-unusable"),
    ("pay", {"day": "yesterday", "reference": "Invoice 17"}, 422, "paid-day-unusable"),
    ("pay", {"day": "2026-03-31", "reference": " "}, 422, "payment-reference-unusable"),
]


@pytest.mark.parametrize(
    ("step", "body", "status", "code"), WRONG, ids=[f"{w[0]}-{w[3]}-{n}" for n, w in enumerate(WRONG)]
)
def test_a_step_that_cannot_be_taken(
    programs: Programs, ids: dict[str, str], step: str, body: Any, status: int, code: str
) -> None:
    before = programs.work(ids["work"])
    answer = programs.call("POST", f"{WORK}/{ids['work']}/{step}", body)

    # An engagement in the state delivered takes no first agreement, and answers so.
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert programs.work(ids["work"]) == before


VERDICTS: list[tuple[list[Json], str]] = [
    ([], "verdict-missing"),
    ([{"deliverable": 0, "accepted": True}], "verdict-missing"),
    ([{"deliverable": 0, "accepted": True}, {"deliverable": 1, "accepted": False}], "return-note-missing"),
    ([{"deliverable": 0, "accepted": False, "note": "a\u202eb"}, ACCEPT_ALL[1]], "review-text-unusable"),
    ([{"deliverable": 8, "accepted": True}], "members-invalid"),
    ([{"deliverable": -1, "accepted": True}], "members-invalid"),
]


@pytest.mark.parametrize(("verdicts", "code"), VERDICTS, ids=[f"{v[1]}-{n}" for n, v in enumerate(VERDICTS)])
def test_verdicts_that_cannot_be_taken(
    programs: Programs, ids: dict[str, str], verdicts: list[Json], code: str
) -> None:
    answer = programs.review(ids["work"], *verdicts)

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)


ASSESSMENTS: list[tuple[Json, str]] = [
    ({"ratings": [{"skill": "Juggling", "level": "2", "evidence": "Saw it."}]}, "rated-skill-unknown"),
    ({"ratings": [{"skill": "SQL", "level": "2"}]}, "assessment-unusable"),
    ({"ratings": [{"skill": "SQL", "level": "5", "evidence": "Saw it."}]}, "members-invalid"),
    ({"words": "a\u202eb"}, "assessment-unusable"),
    ({"words": "x" * 2001}, "assessment-unusable"),
]


@pytest.mark.parametrize(("body", "code"), ASSESSMENTS, ids=[f"{a[1]}-{n}" for n, a in enumerate(ASSESSMENTS)])
def test_assessments_that_cannot_be_taken(programs: Programs, ids: dict[str, str], body: Json, code: str) -> None:
    answer = programs.call("PUT", f"{WORK}/{ids['work']}/assessment", body)

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)


def test_a_wrong_rating_is_named_by_its_skill(programs: Programs, ids: dict[str, str]) -> None:
    body = {"ratings": [{"skill": "SQL", "level": "2"}], "privateComment": "a\u202eb"}
    answer = programs.call("PUT", f"{WORK}/{ids['work']}/assessment", body)

    assert "ratings: “SQL”: " in answer.get_json()["detail"]
    assert "privateComment: " in answer.get_json()["detail"]


def test_a_step_out_of_turn(programs: Programs) -> None:
    draft, application = programs.drafted()["id"], programs.applied()
    programs.done(programs.call("POST", f"{APPLICATIONS}/{application}/decline", {"message": "Not this time."}))
    asked = [
        (f"{PROJECTS}/{draft}/fill", None),
        (f"{APPLICATIONS}/{application}/shortlist", None),
        (f"{APPLICATIONS}/{application}/offer", {}),
        (f"{APPLICATIONS}/{application}/decline", {"message": "Again."}),
    ]
    answers = [programs.call("POST", path, body) for path, body in asked]

    assert [(one.status_code, one.get_json()["code"]) for one in answers] == [(409, "project-step-out-of-turn")] * 4


def test_a_project_that_is_not_complete_stays_off_the_board(programs: Programs) -> None:
    draft = programs.done(programs.call("POST", PROJECTS, programs.text(compensation="", endsOn="", skills=[])), 201)
    answer = programs.call("POST", f"{PROJECTS}/{draft['id']}/open")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "project-not-ready")
    assert all(f"{name}: " in answer.get_json()["detail"] for name in ("compensation", "endsOn", "skills"))
    assert answer.get_json()["where"] in ("compensation", "endsOn", "skills")


def test_a_project_on_the_board_stays_complete(programs: Programs) -> None:
    opened = programs.opened()
    body = {"version": opened["version"], "project": programs.text(hours="many", endsOn="x")}
    answer = programs.call("PUT", f"{PROJECTS}/{opened['id']}", body)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "project-not-ready")
    assert all(f"{name}: " in answer.get_json()["detail"] for name in ("hours", "endsOn"))


def test_terms_are_refused_with_all_that_is_wrong(programs: Programs, ids: dict[str, str]) -> None:
    answer = programs.call("POST", f"{WORK}/{ids['work']}/terms", {"seen": 1, "terms": {"mayBeShown": "perhaps"}})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "terms-unusable")
    wrong = ("title", "startsOn", "endsOn", "compensation", "mayBeShown", "deliverables")
    assert all(f"{name}: " in answer.get_json()["detail"] for name in wrong)


def test_a_change_by_an_older_version_loses_nothing(programs: Programs) -> None:
    draft = programs.drafted()
    path = f"{PROJECTS}/{draft['id']}"
    programs.done(programs.call("PUT", path, {"version": 1, "project": programs.text(title="Second")}))
    answer = programs.call("PUT", path, {"version": 1, "project": programs.text(title="Third")})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "project-changed")
    assert programs.done(programs.call("GET", path))["project"]["title"] == "Second"


@pytest.mark.parametrize("cursor", ["", "x", "2026-01-01", "MjAyNi0wMS0wMQ", "a,b", "🙂"])
@pytest.mark.parametrize("path", [PROJECTS, WORK])
def test_a_cursor_that_was_made_up(programs: Programs, path: str, cursor: str) -> None:
    answer = programs.call("GET", f"{path}?cursor={cursor}")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "cursor-unusable")


@pytest.mark.parametrize("path", [PROJECTS, WORK])
def test_a_state_that_there_is_not(programs: Programs, path: str) -> None:
    answer = programs.call("GET", f"{path}?state=nowhere")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "state-unknown")


def test_a_key_whose_person_left_reads_and_writes_no_more(programs: Programs) -> None:
    cast, service = programs.cast, programs.cast.site.service
    gone = cast.person("gone")
    cast.place(gone, "acme", "author")
    made = make_key(
        service.engine, "acme", ["projects:read", "projects:write"], label="t", now=service.clock(), person_id=gone
    )
    with write(service.engine) as connection:
        organisations.remove_member(connection, made.key.issuer_id, gone)
    wrote = programs.call("POST", PROJECTS, programs.text(), key=made.secret)

    assert (wrote.status_code, wrote.get_json()["code"]) == (403, "api-key-nobody-answers")
    assert programs.call("GET", PROJECTS, key=made.secret).status_code == 200
