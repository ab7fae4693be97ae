"""What holders say is wrong, by programs: listed, read, answered once, settled by a correction, and nobody else's."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest

from credentials.accounts import organisations
from credentials.accounts.api_keys import SCOPES, make_key
from credentials.accounts.audit import trail
from credentials.accounts.tokens import new_id
from credentials.console import handing_over, proposing
from credentials.console.api.dispute_records import WantedTexts
from credentials.store import pages
from credentials.store.engine import write
from tests.projects.api.conftest import Json, Programs
from tests.web.conftest import ISSUE_BODY, make_draft

DISPUTES = "/api/v1/disputes"
ROUTES: list[tuple[str, str, Json | None]] = [
    ("GET", "", None),
    ("GET", "/<dispute>", None),
    ("POST", "/<dispute>/answer", {"words": "No."}),
]
every_route = pytest.mark.parametrize(("method", "path", "body"), ROUTES, ids=[f"{r[0]}{r[1]}" for r in ROUTES])
with_id = pytest.mark.parametrize(("method", "path", "body"), ROUTES[1:], ids=["read", "answer"])


class Disputes:
    """The calls of one company's program, and what holders say."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs
        self.service = programs.cast.site.service

    def sent(self, slug: str = "acme", address: str = "holder@mail.example") -> str:
        """A credential that its holder was sent."""
        number = self.service.issuer.issue(slug, make_draft(recipient_email=address)).id
        with write(self.service.engine) as connection:
            handing_over.send(self.service.desk, connection, self.service.issuer.issuer(slug), number, address)
        return number

    def say(
        self, number: str, words: str = "It was 42 hours.", reason: Any = "wrong", slug: str = "acme", **wanted: str
    ) -> None:
        handing_over.say_wrong(self.service.desk, self.service.issuer.issuer(slug), number, reason, words, wanted)

    def said(self, **wanted: str) -> Json:
        """A new dispute, as it is listed first."""
        number = self.sent()
        self.say(number, **wanted)
        return next(one for one in self.listed()["disputes"] if one["credentialId"] == number)

    def listed(self, query: str = "") -> Json:
        return self.programs.done(self.programs.call("GET", f"{DISPUTES}{query}"))

    def look(self, own: str) -> Json:
        return self.programs.done(self.programs.call("GET", f"{DISPUTES}/{own}"))

    def answer(self, own: str, body: Json | None = None, key: str | None = None, again: str = "") -> Any:
        sent = {} if body is None else body
        return self.programs.call("POST", f"{DISPUTES}/{own}/answer", sent, key, again)

    def letters(self, subject: str) -> list[list[str]]:
        """The paragraphs of the answers that went out about a credential."""
        found = [one for one in self.service.outbox.listed(10_000) if one.kind == "dispute-answered"]
        return [list(self.service.outbox.read(one.id)[1].paragraphs) for one in found if one.subject_id == subject]


@pytest.fixture(scope="module")
def told(programs: Programs) -> Disputes:
    return Disputes(programs)


def test_what_is_said_is_listed_with_what_should_stand_there(told: Disputes) -> None:
    number = told.sent()
    told.say(number, "It was 42 hours.", hours="42", skills="SQL\nSurveys", recipient_name="Ana Maria")
    (found,) = [one for one in told.listed()["disputes"] if one["credentialId"] == number]
    nothing = dict.fromkeys(("projectTitle", "summary", "role", "startedOn", "endedOn"))

    assert (found["state"], found["reason"], found["words"]) == ("open", "wrong", "It was 42 hours.")
    assert found["wanted"] == {"hours": "42", "skills": "SQL\nSurveys", "recipientName": "Ana Maria", **nothing}
    assert (found["answer"], found["successorId"], found["createdAt"]) == (None, None, found["changedAt"])
    assert found["url"].endswith(f"/c/{number}")
    assert told.look(found["id"].lower()) == found


def test_every_field_that_a_holder_may_change_is_told() -> None:
    assert tuple(get_type_hints(WantedTexts)) == proposing.FIELDS


def test_who_says_something_else_says_it_in_place_of_the_first(told: Disputes) -> None:
    first = told.said(hours="42")
    told.say(first["credentialId"], "That’s not me.", "not-me")
    again = told.look(first["id"])

    assert (again["reason"], again["words"], again["wanted"]["hours"]) == ("not-me", "That’s not me.", None)
    assert again["createdAt"] == first["createdAt"]
    assert len([one for one in told.listed()["disputes"] if one["credentialId"] == first["credentialId"]]) == 1


def test_an_answer_is_written_kept_and_sent_once(told: Disputes) -> None:
    first = told.said()
    done = told.programs.done(told.answer(first["id"], {"words": "  Both of us signed 40. "}, again=first["id"]))
    again = told.answer(first["id"], {"words": "  Both of us signed 40. "}, again=first["id"])
    late = told.answer(first["id"], {"words": "And more."})

    assert (done["state"], done["answer"], done["words"]) == ("answered", "Both of us signed 40.", "It was 42 hours.")
    assert (again.status_code, again.json, again.headers["Idempotency-Replayed"]) == (200, done, "true")
    assert (late.status_code, late.json["code"]) == (409, "dispute-settled")
    (letter,) = told.letters(first["credentialId"])
    assert any("Both of us signed 40." in one for one in letter)
    assert told.look(first["id"]) == done


def test_an_answer_without_words(told: Disputes) -> None:
    first = told.said()

    assert told.programs.done(told.answer(first["id"]))["answer"] == ""
    assert len(told.letters(first["credentialId"])[0]) == 1


def test_what_is_said_after_the_answer_is_a_dispute_of_its_own(told: Disputes) -> None:
    first = told.said()
    told.programs.done(told.answer(first["id"], {"words": "No."}))
    told.say(first["credentialId"], "Still wrong.")
    found = [one for one in told.listed()["disputes"] if one["credentialId"] == first["credentialId"]]

    assert sorted((one["state"], one["words"]) for one in found) == [
        ("answered", "It was 42 hours."),
        ("open", "Still wrong."),
    ]


def test_an_old_dispute_answers_no_new_one(told: Disputes) -> None:
    first = told.said()
    told.programs.done(told.answer(first["id"]))
    told.say(first["credentialId"], "Still wrong.")
    late = told.answer(first["id"], {"words": "No."})
    states = [one["state"] for one in told.listed()["disputes"] if one["credentialId"] == first["credentialId"]]

    assert (late.status_code, late.json["code"], sorted(states)) == (409, "dispute-settled", ["answered", "open"])
    assert len(told.letters(first["credentialId"])) == 1


def test_the_console_s_answer_is_told_too(told: Disputes) -> None:
    first = told.said()
    owner = told.programs.cast.member("founder", "acme")
    assert proposing.answer(told.service.desk, owner, first["credentialId"], "We looked.")
    assert not proposing.answer(told.service.desk, owner, first["credentialId"], "Again.")

    assert (told.look(first["id"])["state"], told.look(first["id"])["answer"]) == ("answered", "We looked.")
    assert told.answer(first["id"]).json["code"] == "dispute-settled"
    assert len(told.letters(first["credentialId"])) == 1


def test_a_correction_settles_it(told: Disputes) -> None:
    first = told.said(hours="42")
    body: Json = {"reason": "A number was wrong.", "credential": {**ISSUE_BODY, "hours": 42}}
    body["credential"].pop("recipientEmail", None)
    path = f"/api/v1/credentials/{first['credentialId']}/correct"
    made = told.programs.done(told.programs.call("POST", path, body, again=new_id()), 201)
    assert told.look(first["id"])["state"] == "open"
    told.service.tasks.drain()
    found = told.look(first["id"])

    assert (found["state"], found["successorId"], found["answer"]) == ("corrected", made["id"], None)
    assert told.answer(first["id"]).json["code"] == "dispute-settled"


def test_the_trail_names_the_key(told: Disputes) -> None:
    first = told.said()
    told.programs.done(told.answer(first["id"], {"words": "No."}))
    lines = trail(told.service.engine, told.service.issuer.issuer("acme").id)
    found = [one for one in lines if one.subject == f"credential:{first['credentialId']}"]

    assert found[0].action == "credential.dispute-answered"
    assert found[0].actor.startswith("api-key:")


def test_the_list_goes_on_where_it_ended(told: Disputes, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [told.said()["id"] for _ in range(5)]
    whole = [one["id"] for one in told.listed()["disputes"]]
    monkeypatch.setattr(pages, "PAGE", 2)
    found, cursor = [], ""
    while True:
        page = told.listed(f"?cursor={cursor}" if cursor else "")
        assert len(page["disputes"]) <= 2
        found += [one["id"] for one in page["disputes"]]
        if page["cursor"] is None:
            break
        cursor = page["cursor"]

    assert found == whole[: len(found)]
    assert len(found) == len(set(found))
    assert set(made) <= set(found)


def test_the_list_is_read_by_state(told: Disputes) -> None:
    first, second = told.said(), told.said()
    told.programs.done(told.answer(first["id"]))
    opened, answered = told.listed("?state=open")["disputes"], told.listed("?state=answered")["disputes"]

    assert second["id"] in [one["id"] for one in opened]
    assert first["id"] in [one["id"] for one in answered]
    assert ({one["state"] for one in opened}, {one["state"] for one in answered}) == ({"open"}, {"answered"})


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?state=closed", 422, "state-unknown"),
        ("?state=", 422, "state-unknown"),
        ("?cursor=x", 422, "cursor-unusable"),
        ("?cursor=", 422, "cursor-unusable"),
    ],
)
def test_a_list_that_cannot_be_asked_for(told: Disputes, query: str, status: int, code: str) -> None:
    answer = told.programs.call("GET", f"{DISPUTES}{query}")

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"words": "x" * 1001}, 422, "members-invalid"),
        ({"words": 7}, 422, "members-invalid"),
        ({"words": None}, 422, "members-invalid"),
        ({"words": "x", "state": "corrected"}, 422, "members-invalid"),
        ({"words": "a\0b"}, 400, "text-unreadable"),
        ({"words": "x" * 20_000}, 413, "body-too-large"),
    ],
    ids=["long", "number", "null", "more", "nul", "huge"],
)
def test_an_answer_that_cannot_be_given(told: Disputes, body: Json, status: int, code: str) -> None:
    first = told.said()
    answer = told.answer(first["id"], body)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert told.look(first["id"]) == first
    assert told.letters(first["credentialId"]) == []


@every_route
def test_without_a_key(told: Disputes, method: str, path: str, body: Json | None) -> None:
    answer = told.programs.call(method, f"{DISPUTES}{path.replace('<dispute>', new_id())}", body, key="")

    assert (answer.status_code, answer.get_json()["code"]) == (401, "api-key-wanted")


@every_route
def test_with_every_scope_but_the_one(told: Disputes, method: str, path: str, body: Json | None) -> None:
    wanted = "read" if method == "GET" else "issue"
    key = told.programs.key_with(*(one for one in SCOPES if one != wanted))
    answer = told.programs.call(method, f"{DISPUTES}{path.replace('<dispute>', new_id())}", body, key=key)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "scope-missing")


@with_id
@pytest.mark.parametrize("whose", ["foreign", "missing", "odd"])
def test_a_foreign_and_a_missing_dispute_look_alike(
    told: Disputes, whose: str, method: str, path: str, body: Json | None
) -> None:
    own = {"foreign": told.said()["id"], "missing": new_id(), "odd": "%27%20OR%201=1"}[whose]
    answer = told.programs.call(method, f"{DISPUTES}{path.replace('<dispute>', own)}", body, key=told.programs.other)

    assert (answer.status_code, answer.get_json()["code"]) == (404, "dispute-unknown")


def test_another_company_lists_none_of_it(told: Disputes) -> None:
    number = told.sent()
    told.say(number)
    found = told.programs.done(told.programs.call("GET", DISPUTES, key=told.programs.other))["disputes"]

    assert number not in [one["credentialId"] for one in found]


def test_a_key_that_nobody_answers_for_reads_and_answers(told: Disputes) -> None:
    """As it issues: the company's own name stands under the letter, and no person's."""
    key = make_key(told.service.engine, "acme", ["issue", "read"], label="t", now=told.service.clock()).secret
    first = told.said()

    assert told.answer(first["id"], {"words": "No."}, key=key).json["state"] == "answered"


def test_no_key_answers_where_two_people_are_wanted(told: Disputes) -> None:
    means, owner = told.service.accounts, told.programs.cast.member("founder", "acme")
    first = told.said()
    organisations.set_four_eyes(means, owner, wanted=True)
    try:
        answer = told.answer(first["id"])
    finally:
        organisations.set_four_eyes(means, owner, wanted=False)

    assert (answer.status_code, answer.json["code"]) == (403, "two-people-wanted")
    assert told.look(first["id"])["state"] == "open"
