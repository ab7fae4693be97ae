"""Which sheet of a workbook is the list: chosen on its page without JavaScript, remembered, and never another one."""

from __future__ import annotations

import io
import re
import stat
from typing import Any

import pytest
from openpyxl import Workbook

from credentials.console.reading import headings_digest, restored
from credentials.console.sheets import sheets_digest
from credentials.console.uploading import Uploads
from credentials.store import bulk_uploads
from credentials.store.engine import read
from tests.console.conftest import Desk
from tests.console.test_uploading import HEAD, issued, listed, row, upload

Rows = list[list[str]]


def rows_of(content: bytes) -> Rows:
    return [line.split(",") for line in content.decode().splitlines()]


def workbook(hidden: tuple[str, ...] = (), /, **sheets: Rows) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, lines in sheets.items():
        one = made.create_sheet(name)
        for cells in lines:
            one.append(cells)
        one.sheet_state = "hidden" if name in hidden else "visible"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


MAY, JUNE = rows_of(listed(2)), rows_of((HEAD + row(7) + row(8) + row(9, start="never")).encode())
NOTES: Rows = [["Who to ask", "Telephone"], ["Kim", "1234"]]
TWO = workbook(May=MAY, June=JUNE)


def taken(desk: Desk, content: bytes) -> str:
    """The path of a workbook that was uploaded, and worked on as far as it goes."""
    status, path = upload(desk.owner, content, "list.xlsx")
    assert status == 303, path
    desk.service.tasks.drain()
    return path


def chosen(desk: Desk, path: str, name: str) -> int:
    answer = desk.owner.post(f"{path}/sheet", path, sheet=name)
    desk.service.tasks.drain()
    return int(answer.status_code)


def offered(page: str) -> tuple[list[str], str]:
    """The sheets that a page offers, and the one that is chosen."""
    found = re.search(r'<select[^>]*name="sheet".*?</select>', page, re.DOTALL)
    options = re.findall(r'<option value="([^"]*)"( selected)?', found[0]) if found else []
    return [name for name, _ in options], next((name for name, on in options if on), "")


def test_the_first_visible_sheet_is_read_and_another_one_chosen(desk: Desk) -> None:
    path = taken(desk, TWO)
    page = desk.owner.get(path).text
    assert "2 of 2 rows can be issued." in page
    assert offered(page) == (["May", "June"], "May")
    assert offered(desk.owner.get(f"{path}/columns").text) == (["May", "June"], "May")

    assert chosen(desk, path, "June") == 303
    page = desk.owner.get(path).text
    assert "2 of 3 rows can be issued." in page
    assert offered(page) == (["May", "June"], "June")
    desk.owner.post(f"{path}/start", path)
    desk.service.tasks.drain()

    assert issued(desk) == ["Person 7", "Person 8"]
    assert offered(desk.owner.get(path).text) == ([], "")
    assert "Sheet of the workbook: <bdi>June</bdi>" in desk.owner.get(path).text


def test_the_next_workbook_with_the_same_sheets_is_read_from_the_same_one(desk: Desk) -> None:
    chosen(desk, taken(desk, TWO), "June")
    same = taken(desk, workbook(May=MAY, June=[*JUNE, *rows_of(row(11).encode())]))
    others = [taken(desk, workbook(May=MAY, July=JUNE)), taken(desk, workbook(June=JUNE, May=MAY))]

    assert offered(desk.owner.get(same).text)[1] == "June"
    assert "3 of 4 rows" in desk.owner.get(same).text
    assert [offered(desk.owner.get(one).text)[1] for one in others] == ["May", "June"]


def test_what_one_company_chose_another_did_not(desk: Desk) -> None:
    chosen(desk, taken(desk, TWO), "June")
    eve = desk.person("eve@other.example")
    home = str(eve.post("/companies/new", "/companies/new", name="Other Ltd", website="").headers["Location"])
    _status, theirs = upload(eve, TWO, "list.xlsx", f"{home}/upload")
    desk.service.tasks.drain()

    assert offered(eve.get(theirs).text)[1] == "May"


@pytest.mark.parametrize("first", [[], [HEAD.strip().split(",")], NOTES, [["", ""], ["", " "]]], ids=str)
def test_a_first_sheet_that_is_no_list_is_kept_for_another_to_be_chosen(desk: Desk, first: Rows) -> None:
    path = taken(desk, workbook(Cover=first, June=JUNE))
    for page in (path, f"{path}/columns"):
        answer = desk.owner.get(page)
        assert (answer.status_code, offered(answer.text)) == (200, (["Cover", "June"], "Cover"))
    assert desk.owner.get(f"{path}/left-out.csv").status_code == 200
    assert chosen(desk, path, "June") == 303

    assert "2 of 3 rows can be issued." in desk.owner.get(path).text
    again = taken(desk, workbook(Cover=first, June=JUNE))
    assert "2 of 3 rows can be issued." in desk.owner.get(again).text


def test_a_single_sheet_that_is_no_list_is_refused(desk: Desk) -> None:
    for content in (workbook(Cover=[]), workbook(("June",), Cover=[], June=JUNE)):
        assert upload(desk.owner, content, "list.xlsx")[0] == 422
    assert not list((desk.service.settings.data_dir / "uploads").glob("*"))


@pytest.mark.parametrize("name", ["", "July", "../May", "Empty", "Head", "<b>", "x" * 9000])
def test_a_sheet_that_cannot_be_chosen_leaves_the_list_as_it_is(desk: Desk, name: str) -> None:
    path = taken(desk, workbook(May=MAY, June=JUNE, Empty=[], Head=[HEAD.strip().split(",")]))
    answer = desk.owner.post(f"{path}/sheet", path, sheet=name)
    desk.service.tasks.drain()
    page = desk.owner.get(path).text

    assert (answer.status_code, 'role="alert"' in answer.text, "<b>" in answer.text) == (422, True, False) or not name
    assert offered(page)[1] == "May"
    assert "2 of 2 rows can be issued." in page


@pytest.mark.parametrize("content", [listed(1), workbook(May=MAY), workbook(("June",), May=MAY, June=JUNE)])
def test_where_there_is_one_sheet_nothing_is_offered_or_taken(desk: Desk, content: bytes) -> None:
    path = taken(desk, content)

    assert offered(desk.owner.get(path).text) == ([], "")
    assert chosen(desk, path, "June") == 422


def test_hidden_sheets_are_not_offered_and_one_that_is_named_is_told_and_not_remembered(desk: Desk) -> None:
    content = workbook(("June",), May=MAY, June=JUNE, Notes=NOTES)
    path = taken(desk, content)
    assert offered(desk.owner.get(path).text) == (["May", "Notes"], "May")
    assert chosen(desk, path, "June") == 303
    page = desk.owner.get(path).text

    assert "“<bdi>June</bdi>” is read, which is hidden." in page
    assert offered(page) == (["May", "Notes"], "")
    assert offered(desk.owner.get(taken(desk, content)).text)[1] == "May"


def test_a_list_that_was_begun_keeps_its_sheet(desk: Desk) -> None:
    path = taken(desk, TWO)
    desk.owner.post(f"{path}/start", path)
    desk.service.tasks.drain()

    assert chosen(desk, path, "June") == 409
    assert issued(desk) == ["Person 0", "Person 1"]


def test_cells_put_right_in_one_sheet_are_not_put_into_another(desk: Desk) -> None:
    path = taken(desk, workbook(May=rows_of((HEAD + row(1, start="never")).encode()), June=MAY))
    desk.owner.post(f"{path}/fix", path, **{"fix-2-0": "Mallory", "fix-2-4": "2026-02-02"})
    desk.service.tasks.drain()
    assert "1 of 1 rows" in desk.owner.get(path).text
    assert chosen(desk, path, "May") == 303
    assert "1 of 1 rows" in desk.owner.get(path).text
    chosen(desk, path, "June")
    desk.owner.post(f"{path}/start", path)
    desk.service.tasks.drain()

    assert issued(desk) == ["Person 0", "Person 1"]


def test_columns_are_asked_for_by_sheet_and_the_sheet_stays(desk: Desk) -> None:
    path = taken(desk, workbook(May=MAY, Wer=[["Wer", "Was", "Worum", "Von", "Bis", "Chef"], *NOTES]))
    chosen(desk, path, "Wer")
    page = desk.owner.get(path).text
    assert "Which column is what?" in page
    fields = ["recipient_name", "project_title", "summary", "started_on", "ended_on", "supervisor_name"]
    assert desk.owner.post(f"{path}/columns", path, field=fields, date_format="").status_code == 303

    assert offered(desk.owner.get(f"{path}/columns").text) == (["May", "Wer"], "Wer")


def test_whoever_checks_the_sheet_before_stops(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _status, path = upload(desk.owner, workbook(May=rows_of(listed(60)), June=JUNE), "list.xlsx")
    note, told = Uploads._note, [0]

    def change(*arguments: Any) -> bool:
        told[0] += 1
        if told[0] == 1:
            assert desk.owner.post(f"{path}/sheet", path, sheet="June").status_code == 303
        return note(*arguments)

    monkeypatch.setattr(Uploads, "_note", change)
    desk.service.tasks.drain()
    desk.service.tasks.drain()

    assert told[0] == 2
    assert "2 of 3 rows can be issued." in desk.owner.get(path).text


def test_the_files_are_for_their_owner_alone_and_are_as_few_as_can_be(desk: Desk) -> None:
    path = taken(desk, TWO)
    chosen(desk, path, "June")
    taken(desk, workbook(May=MAY))
    files = list((desk.service.settings.data_dir / "uploads").iterdir())

    assert sorted(one.suffix for one in files) == [*[".csv"] * 5, ".xlsx"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}


def test_only_who_may_change_a_list_chooses(desk: Desk) -> None:
    author, reviewer = desk.invited("ann@acme.example", "author"), desk.invited("rob@acme.example", "reviewer")
    path = taken(desk, TWO)
    stranger = desk.person("eve@other.example")
    home = stranger.post("/companies/new", "/companies/new", name="Other Ltd", website="").headers["Location"]
    theirs = f"{home}/upload/{path.rpartition('/')[2]}/sheet"

    assert reviewer.post(f"{path}/sheet", "/console/acme", sheet="June").status_code == 403
    assert stranger.post(theirs, f"{home}/upload", sheet="June").status_code == 404
    assert author.post(f"{path}/sheet", path, sheet="June").status_code == 303


def test_the_names_of_sheets_are_shown_and_never_run(desk: Desk) -> None:
    path = taken(desk, workbook(**{"<i>May": MAY, '"onx="': JUNE}))
    page = desk.owner.get(path).text

    assert "<i>May" not in page
    assert "&lt;i&gt;May" in page
    assert " onx=" not in page


def test_what_is_kept_of_sheets_is_not_what_is_kept_of_headings(desk: Desk) -> None:
    chosen(desk, taken(desk, TWO), "June")
    with read(desk.service.engine) as connection:
        issuer = desk.service.issuer.issuer("acme").id
        kept = bulk_uploads.remembered(connection, issuer, sheets_digest(["May", "June"]))

    assert kept is not None
    assert (restored(kept).sheet, restored(kept).mapping, restored(kept).sheets) == ("June", {}, ())
    assert sheets_digest(["may", "june"]) not in {headings_digest(["may", "june"]), sheets_digest(["june", "may"])}
