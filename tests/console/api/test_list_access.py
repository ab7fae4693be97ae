"""Whose keys may do what with lists of work: by scope, by company, and where two people are wanted."""

from __future__ import annotations

import pytest

from credentials.accounts import organisations
from credentials.accounts.api_keys import SCOPES, make_key
from credentials.accounts.tokens import new_id
from credentials.console.errors import SecondPersonWanted, WrittenByProgram
from tests.console.api.test_lists import LISTS, Lists, as_csv, lists, row
from tests.projects.api.conftest import Json

__all__ = ["lists"]

ROUTES: list[tuple[str, str, Json | None]] = [
    ("GET", "", None),
    ("POST", "", None),
    ("GET", "/<list>", None),
    ("GET", "/<list>/errors.csv", None),
    ("GET", "/<list>/left-out.csv", None),
    ("GET", "/<list>/report.csv", None),
    ("PUT", "/<list>/sheet", {"sheet": "Finished"}),
    ("PUT", "/<list>/columns", {"fields": [""]}),
    ("POST", "/<list>/cells", {"cells": [{"row": 2, "column": "name", "text": "x"}]}),
    ("POST", "/<list>/start", None),
    ("POST", "/<list>/cancel", None),
]
every_route = pytest.mark.parametrize(("method", "path", "body"), ROUTES, ids=[f"{r[0]}{r[1]}" for r in ROUTES])
with_id = pytest.mark.parametrize(
    ("method", "path", "body"), [r for r in ROUTES if "<" in r[1]], ids=[f"{r[0]}{r[1]}" for r in ROUTES if "<" in r[1]]
)


@every_route
def test_without_a_key(lists: Lists, method: str, path: str, body: Json | None) -> None:
    answer = lists.programs.call(method, f"{LISTS}{path.replace('<list>', new_id())}", body, key="")

    assert (answer.status_code, answer.get_json()["code"]) == (401, "api-key-wanted")


@every_route
def test_with_every_scope_but_the_one(lists: Lists, method: str, path: str, body: Json | None) -> None:
    wanted = "read" if method == "GET" else "issue"
    key = lists.programs.key_with(*(one for one in SCOPES if one != wanted))
    answer = lists.programs.call(method, f"{LISTS}{path.replace('<list>', new_id())}", body, key=key)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "scope-missing")


@with_id
@pytest.mark.parametrize("whose", ["foreign", "missing"])
def test_a_foreign_and_a_missing_list_look_alike(
    lists: Lists, whose: str, method: str, path: str, body: Json | None
) -> None:
    number = lists.checked(as_csv([row(1)]))["summary"]["id"] if whose == "foreign" else new_id()
    answer = lists.programs.call(method, f"{LISTS}{path.replace('<list>', number)}", body, key=lists.programs.other)

    assert (answer.status_code, answer.get_json()["code"]) == (404, "list-unknown")


def test_a_key_that_nobody_answers_for_uploads_nothing(lists: Lists) -> None:
    service = lists.programs.cast.site.service
    key = make_key(service.engine, "acme", ["issue"], label="t", now=service.clock()).secret
    answer = lists.upload(as_csv([row(1)]), key=key)

    assert (answer.status_code, answer.json["code"]) == (403, "api-key-nobody-answers")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [r for r in ROUTES if r[0] != "GET"],
    ids=[f"{r[0]}{r[1]}" for r in ROUTES if r[0] != "GET"],
)
def test_no_key_issues_where_two_people_are_wanted(lists: Lists, method: str, path: str, body: Json | None) -> None:
    cast = lists.programs.cast
    means, owner = cast.site.service.accounts, cast.member("founder", "acme")
    number = lists.checked(as_csv([row(1)]))["summary"]["id"]
    organisations.set_four_eyes(means, owner, wanted=True)
    try:
        answer = lists.programs.call(method, f"{LISTS}{path.replace('<list>', number)}", body)
    finally:
        organisations.set_four_eyes(means, owner, wanted=False)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "two-people-wanted")


def test_what_a_program_uploaded_no_single_person_starts_once_two_are_wanted(lists: Lists) -> None:
    cast, service = lists.programs.cast, lists.programs.cast.site.service
    number = lists.checked(as_csv([row(1, name="Two wanted")]))["summary"]["id"]
    cast.ids["second"] = cast.person("second")
    cast.place(cast.ids["second"], "acme", "signer")
    owner = cast.member("founder", "acme")
    organisations.set_four_eyes(service.accounts, owner, wanted=True)
    try:
        for member in (owner, cast.member("second", "acme")):
            with pytest.raises(SecondPersonWanted) as refused:
                service.uploads.start(member, number)
            assert type(refused.value) is WrittenByProgram
    finally:
        organisations.set_four_eyes(service.accounts, owner, wanted=False)
    assert lists.issued("Two wanted") == []


@pytest.mark.parametrize("change", ["cells", "columns"])
def test_what_a_program_changed_in_somebody_s_list_is_no_longer_theirs(lists: Lists, change: str) -> None:
    cast, service = lists.programs.cast, lists.programs.cast.site.service
    author, owner = cast.member("author", "acme"), cast.member("founder", "acme")
    made = service.uploads.take(author, "june.csv", as_csv([row(1), row(2, end="never")])).id
    looked = lists.drained(made)
    body: Json = {"cells": [{"row": 3, "column": "end", "text": "2026-03-06"}]}
    if change == "columns":
        body = {"fields": [one["field"] for one in looked["columns"]]}
    lists.programs.done(lists.step(made, change, body, "POST" if change == "cells" else "PUT"))
    lists.drained(made)
    organisations.set_four_eyes(service.accounts, owner, wanted=True)
    try:
        with pytest.raises(WrittenByProgram):
            service.uploads.start(cast.member("signer", "acme"), made)
    finally:
        organisations.set_four_eyes(service.accounts, owner, wanted=False)


def test_what_a_person_changed_in_somebody_s_list_stays_theirs(lists: Lists) -> None:
    cast, service = lists.programs.cast, lists.programs.cast.site.service
    author, owner = cast.member("author", "acme"), cast.member("founder", "acme")
    made = service.uploads.take(
        author, "june.csv", as_csv([row(1, name="Both hands", email="both@mail.example"), row(2, end="never")])
    ).id
    lists.drained(made)
    service.uploads.put_right(author, made, {"fix-3-5": "2026-03-06"})
    lists.drained(made)
    organisations.set_four_eyes(service.accounts, owner, wanted=True)
    try:
        service.uploads.start(cast.member("signer", "acme"), made)
    finally:
        organisations.set_four_eyes(service.accounts, owner, wanted=False)
    lists.drained(made)

    assert lists.issued("Both hands") == ["Both hands"]
