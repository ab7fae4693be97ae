"""Lists of work by programs: uploaded, checked, put right, started, cancelled, gone on with."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from credentials.accounts.audit import trail
from credentials.console import uploading
from credentials.store import bulk_uploads, handovers
from credentials.store.engine import read, write
from credentials.store.tables import bulk_upload
from tests.projects.api.conftest import Json, Programs

LISTS = "/api/v1/lists"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = ["name", "email", "project", "summary", "start", "end", "supervisor", "words"]


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
