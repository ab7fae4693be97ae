"""Lists of work by programs: uploaded, checked, put right, started, cancelled, gone on with, refused."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from credentials.accounts import organisations
from credentials.accounts.api_keys import SCOPES, make_key
from credentials.accounts.audit import trail
from credentials.accounts.tokens import new_id
from credentials.console import uploading
from credentials.console.errors import SecondPersonWanted, WrittenByProgram
from credentials.store import bulk_uploads, handovers
from credentials.store.engine import read, write
from credentials.store.tables import bulk_upload
from tests.projects.api.conftest import Json, Programs

LISTS = "/api/v1/lists"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = ["name", "email", "project", "summary", "start", "end", "supervisor", "words"]
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


def row(number: int, **changes: str) -> list[str]:
    """A row that can be issued, but for what is changed."""
    told = {
        "name": f"Person {number}",
        "email": f"{changes.get('name', f'person {number}').lower().replace(' ', '-')}@mail.example",
        "project": f"Project {number}",
        "summary": "Counted things.",
        "start": "2026-02-02",
        "end": "2026-03-06",
        "supervisor": "Kim Larsen",
        "words": "Good.",
    }
    return list((told | changes).values())


def as_csv(rows: list[list[str]], headings: list[str] | None = None) -> bytes:
    return "".join(",".join(cells) + "\n" for cells in [headings or HEADINGS, *rows]).encode()


def as_workbook(rows: list[list[str]]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for cells in [HEADINGS, *rows]:
        book.active.append(cells)
    book.save(file)
    return file.getvalue()


class Lists:
    """The calls of one company's program."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs

    def upload(
        self, content: bytes, kind: str = CSV, name: str = "june.csv", key: str | None = None, again: str = ""
    ) -> Any:
        return self.programs.call("POST", f"{LISTS}?name={name}", key=key, again=again, file=(kind, content))

    def checked(self, content: bytes, kind: str = CSV) -> Json:
        """A list that was uploaded and checked."""
        made = self.programs.done(self.upload(content, kind), 201)
        return self.drained(made["summary"]["id"])

    def drained(self, number: str) -> Json:
        """A list once its work is done."""
        self.programs.cast.site.service.tasks.drain()
        return self.look(number)

    def look(self, number: str) -> Json:
        return self.programs.done(self.programs.call("GET", f"{LISTS}/{number}"))

    def step(self, number: str, step: str, body: Json | None = None, method: str = "POST") -> Any:
        return self.programs.call(method, f"{LISTS}/{number}/{step}", body)

    def issued(self, prefix: str) -> list[str]:
        """Who was issued something, of those whose names begin so."""
        service = self.programs.cast.site.service
        with read(service.engine) as connection:
            found = handovers.issued(connection, service.issuer.issuer("acme").id, limit=10_000)
        return sorted(one.person for one in found if one.person.startswith(prefix))

    def letters(self, address: str) -> list[str]:
        found = self.programs.cast.site.service.outbox.listed(10_000)
        return [one.kind for one in found if one.address == address]


@pytest.fixture(scope="module")
def lists(programs: Programs) -> Lists:
    return Lists(programs)


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_a_list_goes_from_upload_to_report(lists: Lists, kind: str) -> None:
    told = "Csv" if kind == CSV else "Xlsx"
    rows = [row(n, name=f"{told} {n}", email=f"{told.lower()}-{n}@mail.example") for n in range(3)]
    rows.append(row(9, name=f"{told} late", end="2026-13-01"))
    checked = lists.checked(as_csv(rows) if kind == CSV else as_workbook(rows), kind)
    number = checked["summary"]["id"]
    assert (checked["summary"]["state"], checked["summary"]["good"], checked["summary"]["issued"]) == ("checked", 3, 0)
    assert [(one["row"], one["code"], one["column"]) for one in checked["problems"]] == [(5, "impossible-date", "end")]
    assert lists.issued(told) == []

    started = lists.programs.done(lists.step(number, "start"))
    done = lists.drained(number)
    report = lists.programs.call("GET", f"{LISTS}/{number}/report.csv")
    errors = lists.programs.call("GET", f"{LISTS}/{number}/errors.csv")

    assert started["summary"]["state"] == "running"
    assert (done["summary"]["state"], done["summary"]["issued"]) == ("done", 3)
    assert lists.issued(told) == [f"{told} 0", f"{told} 1", f"{told} 2"]
    assert lists.letters(f"{told.lower()}-1@mail.example") == ["claim"]
    assert report.text.count("/c/") == 3
    assert (report.mimetype, "2026-13-01" in errors.text) == ("text/csv", True)


def test_rows_are_put_right_beside_the_file(lists: Lists) -> None:
    checked = lists.checked(as_csv([row(1, name="Right one"), row(2, name="Right two", end="soon")]))
    number = checked["summary"]["id"]
    body = {"cells": [{"row": 3, "column": "end", "text": "2026-03-06"}]}
    lists.programs.done(lists.step(number, "cells", body))
    again = lists.drained(number)
    lists.programs.done(lists.step(number, "start"))

    assert (again["summary"]["good"], again["problems"]) == (2, [])
    assert lists.drained(number)["summary"]["issued"] == 2
    assert lists.issued("Right") == ["Right one", "Right two"]


def test_the_rows_that_were_left_out_are_put_right_and_uploaded_again(lists: Lists) -> None:
    rows = [row(n, name=f"Mended {n}", words='Says "so", twice; and more.') for n in range(3)]
    rows[1][5], rows[2][0] = "soon", ""
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells] for cells in rows]
    number = lists.checked(as_csv(quoted))["summary"]["id"]
    lists.programs.done(lists.step(number, "start"))
    lists.drained(number)
    told = lists.programs.call("GET", f"{LISTS}/{number}/left-out.csv").text
    heading, *left = csv.reader(io.StringIO(told.removeprefix("\ufeff")))
    assert (heading, left) == (HEADINGS, rows[1:])

    left[0][5], left[1][0] = "2026-03-06", "Mended 2"
    mended = io.StringIO(newline="")
    csv.writer(mended).writerows([heading, *left])
    second = lists.checked(mended.getvalue().encode())
    lists.programs.done(lists.step(second["summary"]["id"], "start"))
    lists.drained(second["summary"]["id"])

    assert (second["summary"]["good"], second["problems"]) == (2, [])
    assert second["columns"] == lists.look(number)["columns"]
    assert lists.issued("Mended") == ["Mended 0", "Mended 1", "Mended 2"]


def test_a_row_that_repeats_another_is_not_among_those_left_out(lists: Lists) -> None:
    number = lists.checked(as_csv([row(1, name="Same"), row(1, name="Same"), row(2, end="soon")]))["summary"]["id"]
    told = lists.programs.call("GET", f"{LISTS}/{number}/left-out.csv").text

    assert ("Same" in told, told.count("soon")) == (False, 1)


def test_a_list_without_faults_leaves_out_its_heading_alone(lists: Lists) -> None:
    number = lists.checked(as_csv([row(1)]))["summary"]["id"]
    told = lists.programs.call("GET", f"{LISTS}/{number}/left-out.csv").text

    assert told.splitlines() == ["\ufeff" + ",".join(f'"{one}"' for one in HEADINGS)]


def test_what_a_spreadsheet_would_run_is_not_handed_out_as_such(lists: Lists) -> None:
    number = lists.checked(as_csv([row(1, name="=HYPERLINK(1)", end="soon")]))["summary"]["id"]

    assert '"\'=HYPERLINK(1)"' in lists.programs.call("GET", f"{LISTS}/{number}/left-out.csv").text


def test_what_no_heading_says_is_asked_for_and_remembered(lists: Lists) -> None:
    headings = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"]
    made = lists.programs.done(lists.upload(as_csv([row(1, name="Mapped one")], headings)), 201)
    fields = ["recipient_name", "recipient_email", "project_title", "summary", "started_on", "ended_on"]
    body = {"fields": [*fields, "supervisor_name", "supervisor_words"], "dateFormat": "dmy"}
    mapped = lists.programs.done(lists.step(made["summary"]["id"], "columns", body, "PUT"))
    next_one = lists.programs.done(lists.upload(as_csv([row(2, name="Mapped two")], headings)), 201)

    assert made["summary"]["state"] == "mapping"
    assert (mapped["dateFormat"], [one["field"] for one in mapped["columns"]][:2]) == ("dmy", fields[:2])
    assert next_one["summary"]["state"] == "checking"
    assert lists.drained(made["summary"]["id"])["summary"]["good"] == 1


def test_a_list_that_was_cancelled_goes_on_and_issues_nothing_twice(lists: Lists) -> None:
    rows = [row(n, name=f"Again {n}", email=f"again-{n}@mail.example") for n in range(3)]
    number = lists.checked(as_csv(rows))["summary"]["id"]
    lists.programs.done(lists.step(number, "start"))
    cancelled = lists.programs.done(lists.step(number, "cancel"))
    lists.programs.done(lists.step(number, "start"))
    lists.drained(number)
    more = lists.step(number, "start")

    assert cancelled["summary"]["state"] == "cancelled"
    assert lists.issued("Again") == ["Again 0", "Again 1", "Again 2"]
    assert [lists.letters(f"again-{n}@mail.example") for n in range(3)] == [["claim"]] * 3
    assert (more.status_code, more.json["code"]) == (409, "list-elsewhere")


def test_what_was_counted_is_not_taken_back_when_a_list_goes_on(lists: Lists) -> None:
    rows = [row(n, name=f"Count {n}", email=f"count-{n}@mail.example") for n in range(4)]
    number = lists.checked(as_csv(rows))["summary"]["id"]
    engine = lists.programs.cast.site.service.engine
    with write(engine) as connection:
        values = {"state": "cancelled", "seen": 3, "issued": 3}
        connection.execute(bulk_upload.update().where(bulk_upload.c.id == number).values(**values))
    going_on = lists.programs.done(lists.step(number, "start"))["summary"]
    done = lists.drained(number)["summary"]

    assert (going_on["state"], going_on["seen"], going_on["issued"]) == ("running", 3, 3)
    assert (done["seen"], done["issued"]) == (4, 4)


def test_no_note_of_how_far_it_has_come_goes_back(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(n, name=f"Onward {n}") for n in range(4)]
    number = lists.checked(as_csv(rows))["summary"]["id"]
    lists.programs.done(lists.step(number, "start"))
    with write(lists.programs.cast.site.service.engine) as connection:
        connection.execute(bulk_upload.update().where(bulk_upload.c.id == number).values(seen=3, issued=3))
    noted: list[tuple[int, int]] = []
    progress = bulk_uploads.progress

    def watched(connection: Any, upload: Any, seen: int, good: int, issued: int, *rest: Any) -> bool:
        noted.append((seen, issued))
        return progress(connection, upload, seen, good, issued, *rest)

    monkeypatch.setattr(bulk_uploads, "progress", watched)
    monkeypatch.setattr(uploading, "STEP", 1)
    lists.drained(number)

    assert noted[:4] == [(3, 3), (3, 3), (3, 3), (4, 4)]


def test_the_same_upload_under_one_key_is_one_list(lists: Lists) -> None:
    content = as_csv([row(1, name="Twice")])
    first, second = (lists.upload(content, again="list-1") for _ in range(2))
    other = lists.upload(as_csv([row(2)]), again="list-1")

    assert (first.status_code, second.data, second.headers["Idempotency-Replayed"]) == (201, first.data, "true")
    assert (other.status_code, other.json["code"]) == (409, "idempotency-conflict")


def test_the_lists_are_read_by_state(lists: Lists) -> None:
    number = lists.checked(as_csv([row(1)]))["summary"]["id"]
    found = lists.programs.done(lists.programs.call("GET", f"{LISTS}?state=checked"))["lists"]

    assert number in [one["id"] for one in found]
    assert {one["state"] for one in found} == {"checked"}


def test_the_trail_names_the_key(lists: Lists) -> None:
    number = lists.checked(as_csv([row(1)]))["summary"]["id"]
    service = lists.programs.cast.site.service
    found = [one for one in trail(service.engine, service.issuer.issuer("acme").id) if one.subject == f"list:{number}"]

    assert [one.action for one in found] == ["list.uploaded"]
    assert found[0].actor.startswith("api-key:")


WRONG_FILES: list[tuple[str, str, bytes, int, str]] = [
    ("empty", CSV, b"", 422, "file-empty"),
    ("heading-only", CSV, as_csv([]), 422, "no-rows"),
    ("picture", CSV, b"\x89PNG\r\n\x1a\n" + b"\0" * 64, 422, "file-not-text"),
    ("broken-workbook", XLSX, b"PK\x03\x04" + b"x" * 80, 422, "file-is-workbook"),
    ("json", "application/json", b"{}", 415, "media-type-refused"),
    ("no-type", "", as_csv([row(1)]), 415, "media-type-refused"),
    ("form", "application/x-www-form-urlencoded", b"a=b", 415, "media-type-refused"),
    ("too-large", CSV, b"x" * 8_388_609, 413, "body-too-large"),
]


@pytest.mark.parametrize(
    ("kind", "content", "status", "code"), [one[1:] for one in WRONG_FILES], ids=[one[0] for one in WRONG_FILES]
)
def test_a_file_that_is_no_list(lists: Lists, kind: str, content: bytes, status: int, code: str) -> None:
    before = len(lists.programs.done(lists.programs.call("GET", LISTS))["lists"])
    answer = lists.upload(content, kind)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert len(lists.programs.done(lists.programs.call("GET", LISTS))["lists"]) == before


NAMES = [
    ("a%00b.csv", 400, "text-unreadable"),
    ("../../etc/passwd", 201, "passwd"),
    ("%2Ftmp%2Flist.csv", 201, "list.csv"),
    ("", 201, "list.csv"),
    ("x" * 400, 201, "x" * 120),
]


@pytest.mark.parametrize(("name", "status", "told"), NAMES, ids=["nul", "folders", "root", "none", "long"])
def test_a_name_is_a_name_and_no_path(lists: Lists, name: str, status: int, told: str) -> None:
    answer = lists.upload(as_csv([row(1)]), name=name)
    found = answer.json.get("code") or answer.json["summary"]["name"]

    assert (answer.status_code, found) == (status, told)


WRONG_CHANGES: list[tuple[str, str, str, Json, int, str]] = [
    ("too-few", "PUT", "columns", {"fields": ["recipient_name"]}, 422, "members-invalid"),
    ("none-of-them", "PUT", "columns", {"fields": [""] * 8}, 422, "column-missing"),
    ("other-order", "PUT", "columns", {"fields": [""] * 8, "dateFormat": "ymd"}, 422, "members-invalid"),
    ("no-cells", "POST", "cells", {"cells": []}, 422, "members-invalid"),
    ("good-row", "POST", "cells", {"cells": [{"row": 2, "column": "name", "text": "x"}]}, 422, "cell-unknown"),
    ("no-row", "POST", "cells", {"cells": [{"row": 99, "column": "name", "text": "x"}]}, 422, "cell-unknown"),
    ("below-none", "POST", "cells", {"cells": [{"row": -1, "column": "name", "text": "x"}]}, 422, "cell-unknown"),
    ("no-column", "POST", "cells", {"cells": [{"row": 3, "column": "nom", "text": "x"}]}, 422, "cell-unknown"),
    ("number", "POST", "cells", {"cells": [{"row": 3, "column": "end", "text": 7}]}, 422, "members-invalid"),
    ("more", "POST", "cells", {"cells": [{"row": 3, "column": "end", "text": "x", "a": 1}]}, 422, "members-invalid"),
]


@pytest.mark.parametrize(
    ("method", "step", "body", "status", "code"), [one[1:] for one in WRONG_CHANGES], ids=[w[0] for w in WRONG_CHANGES]
)
def test_a_change_that_cannot_be_made(lists: Lists, method: str, step: str, body: Json, status: int, code: str) -> None:
    before = lists.checked(as_csv([row(1), row(2, end="soon")]))
    answer = lists.step(before["summary"]["id"], step, body, method)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert lists.look(before["summary"]["id"]) == before


@pytest.mark.parametrize("step", ["start", "cancel"])
def test_steps_out_of_turn(lists: Lists, step: str) -> None:
    number = lists.checked(as_csv([row(1, name="Out of turn")]))["summary"]["id"]
    lists.programs.done(lists.step(number, "start"))
    lists.drained(number)
    answer = lists.step(number, step)

    assert (answer.status_code, answer.json["code"]) == (409, "list-elsewhere")


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
