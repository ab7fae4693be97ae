"""Which sheet of a workbook a list is, by programs: named as it is uploaded, or afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.accounts.audit import trail
from tests.console.api.test_lists import HEADINGS, LISTS, XLSX, Lists, as_csv, lists, row
from tests.console.test_sheets import workbook
from tests.projects.api.conftest import Json

__all__ = ["lists"]

MAY = [HEADINGS, row(1, name="May one")]
JUNE = [HEADINGS, row(1, name="June one"), row(2, name="June two")]
BOOK = workbook(("Old",), May=MAY, June=JUNE, Old=MAY, Empty=[])


def sent(lists: Lists, content: bytes, sheet: str | None = None, again: str = "") -> Any:
    named = "" if sheet is None else f"&sheet={sheet}"
    return lists.programs.call("POST", f"{LISTS}?name=june.xlsx{named}", file=(XLSX, content), again=again)


def taken(lists: Lists, content: bytes, sheet: str | None = None) -> Json:
    """A list that was uploaded and worked on as far as it goes."""
    return lists.drained(lists.programs.done(sent(lists, content, sheet), 201)["summary"]["id"])


@pytest.mark.parametrize(
    ("named", "sheet", "good"),
    [(None, "May", 1), ("", "May", 1), ("June", "June", 2), ("%20june", "June", 2), ("Old", "Old", 1)],
)
def test_the_sheet_is_named_with_the_upload(lists: Lists, named: str | None, sheet: str, good: int) -> None:
    found = taken(lists, BOOK, named)

    assert (found["sheet"], found["sheets"]) == (sheet, ["May", "June", "Empty"])
    assert (found["summary"]["state"], found["summary"]["good"]) == ("checked", good)


def test_what_is_no_workbook_has_none(lists: Lists) -> None:
    found = lists.checked(as_csv([row(1)]))

    assert (found["sheet"], found["sheets"]) == (None, [])


def test_another_sheet_is_chosen_afterwards_and_issued(lists: Lists) -> None:
    content = workbook(Cover=[["Ask Kim"]], List=[HEADINGS, row(1, name="Chosen one")])
    first = taken(lists, content)
    number = first["summary"]["id"]
    assert (first["summary"]["state"], first["sheet"]) == ("mapping", "Cover")
    told = lists.programs.done(lists.step(number, "sheet", {"sheet": "list"}, "PUT"))
    assert (told["summary"]["state"], told["sheet"]) == ("checking", "List")
    assert lists.drained(number)["summary"]["good"] == 1
    lists.programs.done(lists.step(number, "start"))
    assert lists.drained(number)["summary"]["issued"] == 1

    assert lists.issued("Chosen") == ["Chosen one"]
    assert taken(lists, content)["sheet"] == "List"
    service = lists.programs.cast.site.service
    actions = [one.action for one in trail(service.engine, service.issuer.issuer("acme").id) if number in one.subject]
    assert "list.sheet-chosen" in actions


def test_a_sheet_named_with_an_upload_is_not_remembered(lists: Lists) -> None:
    content = workbook(A=MAY, B=JUNE)

    assert [taken(lists, content, "B")["sheet"], taken(lists, content)["sheet"]] == ["B", "A"]


WRONG = [
    ("July", 422, "sheet-unknown"),
    ("Empty", 422, "file-empty"),
    ("x" * 900, 422, "sheet-unknown"),
    ("a%00b", 400, "text-unreadable"),
]


@pytest.mark.parametrize(("named", "status", "code"), WRONG, ids=["missing", "no-list", "long", "nul"])
def test_a_sheet_that_cannot_be_read(lists: Lists, named: str, status: int, code: str) -> None:
    before = lists.programs.done(lists.programs.call("GET", LISTS))["lists"]
    answer = sent(lists, BOOK, named)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert lists.programs.done(lists.programs.call("GET", LISTS))["lists"] == before


def test_the_refusal_names_the_sheets_that_are(lists: Lists) -> None:
    assert "it has “May”, “June”, “Empty”" in sent(lists, BOOK, "July").json["detail"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"sheet": "July"}, "sheet-unknown"),
        ({"sheet": "Empty"}, "file-empty"),
        ({"sheet": ""}, "members-invalid"),
        ({"sheet": 1}, "members-invalid"),
        ({"sheet": "x" * 256}, "members-invalid"),
        ({"sheet": "June", "more": 1}, "members-invalid"),
        ({}, "members-invalid"),
    ],
    ids=str,
)
def test_a_sheet_that_cannot_be_chosen(lists: Lists, body: Json, code: str) -> None:
    before = taken(lists, BOOK)
    answer = lists.step(before["summary"]["id"], "sheet", body, "PUT")

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert lists.look(before["summary"]["id"]) == before


def test_a_list_that_is_done_keeps_its_sheet(lists: Lists) -> None:
    number = taken(lists, workbook(May=[HEADINGS, row(1, name="Done sheet")], June=JUNE))["summary"]["id"]
    lists.programs.done(lists.step(number, "start"))
    lists.drained(number)
    answer = lists.step(number, "sheet", {"sheet": "June"}, "PUT")

    assert (answer.status_code, answer.json["code"]) == (409, "list-elsewhere")


def test_another_sheet_under_one_key_is_another_call(lists: Lists) -> None:
    first, second = sent(lists, BOOK, "May", again="sheet-1"), sent(lists, BOOK, "June", again="sheet-1")

    assert (first.status_code, second.status_code, second.json["code"]) == (201, 409, "idempotency-conflict")
