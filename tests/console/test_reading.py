"""Lists that need a hand: columns that a person names, cells put right beside the file, samples, a report."""

from __future__ import annotations

import csv
import io
import re

import pytest
from openpyxl import Workbook

from credentials.console.reading import LONGEST_CELL, Reading, headings_digest, read_fixes, read_mapping, restored
from credentials.console.samples import samples_of
from credentials.issuer.bulk.events import RowLeftOut, RowReady
from credentials.issuer.bulk.plan import plan, read
from tests.console.conftest import Desk
from tests.console.test_uploading import HEAD, checked, issued, listed, row, upload

STRANGE = b"Wer,Was,Worum,Von,Bis,Chef\nAna,Survey,Asked people.,04/05/2026,06/05/2026,Kim\n"
CHOSEN = ["recipient_name", "project_title", "summary", "started_on", "ended_on", "supervisor_name"]


def mapped(desk: Desk, path: str, chosen: list[str] = CHOSEN, date_format: str = "dmy") -> int:
    answer = desk.owner.post(f"{path}/columns", path, field=chosen, date_format=date_format)
    desk.service.tasks.drain()
    return int(answer.status_code)


def test_a_workbook_is_uploaded_checked_and_issued(desk: Desk) -> None:
    made = Workbook()
    for line in csv.reader(io.StringIO(listed(3, row(9, start="never")).decode())):
        made.active.append(line)
    out = io.BytesIO()
    made.save(out)
    status, path = upload(desk.owner, out.getvalue(), "list.xlsx")
    assert status == 303, path
    desk.service.tasks.drain()
    assert "3 of 4 rows can be issued" in desk.owner.get(path).text
    desk.owner.post(f"{path}/start", path)
    desk.service.tasks.drain()

    assert sorted(issued(desk)) == ["Person 0", "Person 1", "Person 2"]


def test_columns_that_nobody_knows_are_asked_for_and_remembered(desk: Desk) -> None:
    status, path = upload(desk.owner, STRANGE)
    assert status == 303
    page = desk.owner.get(path).text
    assert "Which column is what?" in page
    assert '<q dir="auto">Asked people.</q>' in page
    assert mapped(desk, path) == 303
    assert "1 of 1 rows can be issued" in desk.owner.get(path).text

    _status, again = upload(desk.owner, STRANGE.replace(b"Ana", b"Bo"))
    desk.service.tasks.drain()
    assert "1 of 1 rows can be issued" in desk.owner.get(again).text


def test_what_one_company_remembers_another_does_not(desk: Desk) -> None:
    _status, path = upload(desk.owner, STRANGE)
    mapped(desk, path)
    eve = desk.person("eve@other.example")
    theirs = str(eve.post("/companies/new", "/companies/new", name="Other Ltd", website="").headers["Location"])
    _status, other = upload(eve, STRANGE, path=f"{theirs}/upload")

    assert "Which column is what?" in eve.get(other).text
    assert eve.get(f"{theirs}/upload/{path.rpartition('/')[2]}/columns").status_code == 404


@pytest.mark.parametrize(
    "chosen",
    [[], [""] * 6, ["recipient_name"] * 6, CHOSEN[:3], ["'; DROP TABLE", *CHOSEN[1:]]],
    ids=["none", "empty", "one field", "too few", "no field"],
)
def test_a_mapping_that_cannot_be_is_told(desk: Desk, chosen: list[str]) -> None:
    _status, path = upload(desk.owner, STRANGE)

    assert mapped(desk, path, chosen) == 422
    assert "Which column is what?" in desk.owner.get(path).text


def test_the_order_of_dates_is_chosen(desk: Desk) -> None:
    _status, path = upload(desk.owner, STRANGE)
    assert mapped(desk, path, date_format="") == 303
    assert "1 of 1 rows" not in desk.owner.get(path).text
    assert mapped(desk, path, date_format="mdy") == 303
    assert "1 of 1 rows" in desk.owner.get(path).text


def test_a_list_that_was_begun_keeps_its_columns(desk: Desk) -> None:
    path = checked(desk, listed(1))
    desk.owner.post(f"{path}/start", path)
    desk.service.tasks.drain()
    chosen = [
        "recipient_name",
        "recipient_email",
        "summary",
        "project_title",
        "started_on",
        "ended_on",
        "supervisor_name",
    ]

    assert mapped(desk, path, chosen) == 409
    assert len(issued(desk)) == 1


def test_cells_are_put_right_on_the_page(desk: Desk) -> None:
    path = checked(desk, listed(1, row(7, start="never"), row(8, name="", end="2026-13-01")))
    page = desk.owner.get(path).text
    assert 'name="fix-3-4" value="never"' in page
    wrong = {"fix-3-4": "still never", "fix-4-0": "Person 8"}
    assert desk.owner.post(f"{path}/fix", path, **wrong).status_code == 303
    desk.service.tasks.drain()
    page = desk.owner.get(path).text
    assert 'value="still never"' in page
    assert 'name="fix-4-0"' not in page
    right = {"fix-3-4": "2026-02-02", "fix-4-5": "2026-03-06"}
    desk.owner.post(f"{path}/fix", path, **right)
    desk.service.tasks.drain()
    assert "3 of 3 rows can be issued" in desk.owner.get(path).text
    desk.owner.post(f"{path}/start", path)
    desk.service.tasks.drain()

    assert sorted(issued(desk)) == ["Person 0", "Person 7", "Person 8"]


def test_a_good_row_is_not_changed_by_a_fix(desk: Desk) -> None:
    path = checked(desk, listed(2, row(7, start="never")))
    desk.owner.post(
        f"{path}/fix", path, **{"fix-2-0": "Mallory", "fix-1-0": "Heading", "fix-3-99": "x", "fix-x-y": "z"}
    )
    desk.service.tasks.drain()
    desk.owner.post(f"{path}/start", path)
    desk.service.tasks.drain()

    assert sorted(issued(desk)) == ["Person 0", "Person 1"]


def test_what_was_left_out_is_issued_later_and_nothing_twice(desk: Desk) -> None:
    path = checked(desk, listed(2, row(7, start="never")))
    desk.owner.post(f"{path}/start", path)
    desk.service.tasks.drain()
    assert len(issued(desk)) == 2
    desk.owner.post(f"{path}/fix", path, **{"fix-4-4": "2026-02-02"})
    desk.service.tasks.drain()
    desk.owner.post(f"{path}/start", path)
    desk.service.tasks.drain()

    assert sorted(issued(desk)) == ["Person 0", "Person 1", "Person 7"]
    report = desk.owner.get(f"{path}/report.csv").text
    found = list(csv.DictReader(io.StringIO(report.lstrip("\ufeff"))))
    assert [one["state"] for one in found] == ["issued before", "issued before", "issued"]
    assert all(re.search(r"/c/\w{26}$", one["link"]) for one in found)


def test_a_list_that_runs_is_not_changed(desk: Desk) -> None:
    _status, path = upload(desk.owner, listed(2, row(7, start="never")))

    assert desk.owner.post(f"{path}/fix", path, **{"fix-4-4": "2026-02-02"}).status_code == 409


def test_samples_are_shown_before_anything_is_signed(desk: Desk) -> None:
    path = checked(desk, listed(6, row(8, summary="The longest of all of them. " * 9, name="Long One")))
    page = desk.owner.get(f"{path}/samples").text

    assert "Person 0" in page
    assert "Long One" in page
    assert issued(desk) == []


def test_markup_in_headings_and_cells_stays_text(desk: Desk) -> None:
    content = STRANGE.replace(b"Worum", b"<script>alert(1)</script>").replace(b"Ana", b"<script>alert(2)</script>")
    _status, path = upload(desk.owner, content)

    assert "<script>alert" not in desk.owner.get(path).text


@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_samples_are_good_rows_each_once(count: int) -> None:
    bulk = plan((HEAD + "".join(map(row, range(count))) + row(99, start="never")).encode())
    found = samples_of(bulk, "seed")

    assert len(found) == min(count, 3)
    assert found == samples_of(bulk, "seed")
    good = {one.row for one in read(bulk) if isinstance(one, RowReady)}
    assert {number for number, _ in found} <= good


def test_fixes_are_of_the_rows_that_may_be_changed() -> None:
    before = {3: ["Ana", "never"]}
    form = {"fix-3-0": "Ana", "fix-3-1": " x ", "fix-3-2": "?", "fix-4-0": "?", "fix--1-0": "?", "csrf_token": "x"}

    assert read_fixes(form, before) == {3: {1: "x"}}
    assert read_fixes({"fix-3-1": "y" * 9000}, before) == {3: {1: "y" * LONGEST_CELL}}


def test_fixes_add_up() -> None:
    reading = Reading().with_fixes({3: {0: "a"}}).with_fixes({3: {1: "b"}, 4: {0: "c"}})

    assert restored(reading.kept()) == reading
    assert reading.fixes == {3: {0: "a", 1: "b"}, 4: {0: "c"}}
    assert reading.columns.fixes == {}


def test_headings_are_the_same_however_they_are_typed() -> None:
    assert headings_digest(["E-Mail", "Name"]) == headings_digest(["e mail", "NAME"])
    assert headings_digest(["Name", "E-Mail"]) != headings_digest(["E-Mail", "Name"])


def test_a_field_that_no_column_has_is_told_so() -> None:
    reading = read_mapping(["A", "B"], ["recipient_name", ""], "")

    assert reading.mapping["recipient_name"] == "A"
    assert reading.mapping["hours"] == ""
    assert reading.date_format is None


def test_a_dry_run_says_what_the_real_one_does_with_fixes() -> None:
    content = listed(1, row(7, start="never"))
    bulk = Reading(fixes={3: {4: "2026-02-02"}}).plan(content)

    assert [type(one) for one in read(plan(content))] == [RowReady, RowLeftOut]
    assert [type(one) for one in read(bulk)] == [RowReady, RowReady]
