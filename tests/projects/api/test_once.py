"""A call under an Idempotency-Key: one effect, the same answer, another body refused, the same call twice at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from credentials.issuer import repeating
from credentials.store import projects
from credentials.store.engine import read
from tests.projects.api.conftest import ACCEPT_ALL, PROJECTS, WORK, Json, Programs

REPLAYED = "Idempotency-Replayed"


def count(programs: Programs, state: str = "draft") -> int:
    """How many projects acme has in a state."""
    service = programs.cast.site.service
    with read(service.engine) as connection:
        return len(projects.page_of_company(connection, service.issuer.issuer("acme").id, state, None, 1000))


def test_the_same_call_has_one_effect_and_one_answer(programs: Programs) -> None:
    before = count(programs)
    answers = [programs.call("POST", PROJECTS, programs.text(), again="post-1") for _ in range(3)]

    assert count(programs) == before + 1
    assert {one.status_code for one in answers} == {201}
    assert len({one.text for one in answers}) == 1
    assert len({one.headers["Location"] for one in answers}) == 1
    assert [REPLAYED in one.headers for one in answers] == [False, True, True]


def test_without_a_key_each_call_counts(programs: Programs) -> None:
    before = count(programs)
    for _ in range(2):
        programs.call("POST", PROJECTS, programs.text())

    assert count(programs) == before + 2


@pytest.mark.parametrize("changed", ["body", "path"])
def test_a_key_stands_for_one_call(programs: Programs, changed: str) -> None:
    again = f"post-other-{changed}"
    first = programs.done(programs.call("POST", PROJECTS, programs.text(), again=again), 201)
    before = count(programs)
    if changed == "body":
        answer = programs.call("POST", PROJECTS, programs.text(hours="41"), again=again)
    else:
        answer = programs.call("POST", f"{PROJECTS}/{first['id']}/close", again=again)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "idempotency-conflict")
    assert count(programs) == before


def test_another_company_may_use_the_same_key(programs: Programs) -> None:
    one = programs.done(programs.call("POST", PROJECTS, programs.text(), again="shared"), 201)
    two = programs.done(programs.call("POST", PROJECTS, programs.text(), key=programs.other, again="shared"), 201)

    assert one["id"] != two["id"]


def test_a_refusal_is_answered_as_the_first_time(programs: Programs) -> None:
    draft = programs.drafted()["id"]
    first = programs.call("POST", f"{PROJECTS}/{draft}/fill", again="fill-1")
    programs.done(programs.call("POST", f"{PROJECTS}/{draft}/open"))
    again = programs.call("POST", f"{PROJECTS}/{draft}/fill", again="fill-1")

    assert (first.status_code, first.get_json()["code"]) == (409, "project-step-out-of-turn")
    assert (again.status_code, again.text) == (409, first.text)
    assert again.mimetype == "application/problem+json"


def test_what_was_never_carried_out_keeps_no_answer(programs: Programs) -> None:
    wrong = programs.call("POST", PROJECTS, {"title": 3}, again="wrong-1")
    right = programs.call("POST", PROJECTS, programs.text(), again="wrong-1")

    assert (wrong.status_code, right.status_code) == (422, 201)


@pytest.mark.parametrize("key", [" ", "a b", "ü", "x" * 201], ids=["blank", "space", "umlaut", "long"])
def test_a_key_that_cannot_be_used(programs: Programs, key: str) -> None:
    answer = programs.call("POST", PROJECTS, programs.text(), again=key)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency-key-malformed")


@pytest.mark.parametrize("hours", ["40", "41"])
def test_after_a_day_a_key_is_free_again(programs: Programs, hours: str) -> None:
    service = programs.cast.site.service
    first = programs.call("POST", PROJECTS, programs.text(), again=f"day-{hours}")
    assert repeating.prune(service.engine, service.clock() + timedelta(hours=23)) == 0
    assert repeating.prune(service.engine, service.clock() + timedelta(hours=25)) > 0
    again = programs.call("POST", PROJECTS, programs.text(hours=hours), again=f"day-{hours}")

    assert (again.status_code, again.get_json()["id"] == first.get_json()["id"]) == (201, False)


def test_a_draft_whose_answer_was_lost_is_found_again(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    before = count(programs)
    with monkeypatch.context() as crash:
        crash.setattr(repeating, "keep", lambda *_: None)
        first = programs.call("POST", PROJECTS, programs.text(), again="lost-1")
    meanwhile = programs.call("POST", PROJECTS, programs.text(), again="lost-1")
    assert (meanwhile.status_code, meanwhile.get_json()["code"]) == (409, "idempotency-under-way")
    monkeypatch.setattr(repeating, "GIVEN_UP", timedelta(0))
    again = programs.call("POST", PROJECTS, programs.text(), again="lost-1")

    assert (again.status_code, again.get_json()["id"]) == (201, first.get_json()["id"])
    assert count(programs) == before + 1


def test_at_once_one_of_them_acts(programs: Programs) -> None:
    work = programs.delivered(programs.candidate())
    body: Json = {"version": programs.work(work)["work"]["version"], "verdicts": list(ACCEPT_ALL)}
    barrier = Barrier(4)

    def send() -> tuple[int, str]:
        barrier.wait()
        answer = programs.call("POST", f"{WORK}/{work}/review", body, again="accept-1")
        return answer.status_code, answer.get_json().get("code", "")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(), range(4)))

    assert (200, "") in answers
    assert set(answers) <= {(200, ""), (409, "idempotency-under-way")}
    assert programs.call("POST", f"{WORK}/{work}/review", body, again="accept-1").status_code == 200
    assert programs.work(work)["work"]["version"] == body["version"] + 1
