"""Of a workbook's sheets the one that is named is read, or the first that people see; and never one that nobody can."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from credentials.core.errors import BadInput
from credentials.issuer.bulk.errors import FileIsWorkbook, FileTooLarge, NoRows, SheetUnknown, WorkbookUnreadable
from credentials.issuer.bulk.events import RowReady
from credentials.issuer.bulk.plan import plan, read
from credentials.issuer.bulk.sheets import LONGEST_NAME, as_sheet
from credentials.issuer.bulk.workbook import MAX_SHEETS
from tests.issuer.bulk.sheets import HEADING, line, sheet

BOOK = "xl/workbook.xml"


def workbook(**sheets: str) -> bytes:
    """A workbook with a list in each sheet, its name the project; a value other than "visible" is how it is hidden."""
    made = Workbook()
    made.remove(made.active)
    for name, state in sheets.items():
        one = made.create_sheet(name.replace("_", " "))
        one.append(HEADING)
        one.append(line(Project=name))
        one.sheet_state = state
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(content: bytes, part: str, before: bytes, after: bytes) -> bytes:
    """A workbook with other bytes in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in whole.namelist():
            held = whole.read(name)
            assert name != part or before in held
            made.writestr(name, held.replace(before, after) if name == part else held)
    return out.getvalue()


def projects(content: bytes | Path, name: str | None = None) -> list[str]:
    return [one.draft.project_title for one in read(plan(content, sheet=name)) if isinstance(one, RowReady)]


THREE = workbook(Notes="hidden", May="visible", June_2026="visible")


@pytest.mark.parametrize(
    ("name", "project"),
    [
        (None, "May"),
        ("", "May"),
        ("May", "May"),
        ("June 2026", "June_2026"),
        (" june 2026 ", "June_2026"),
        ("JUNE 2026", "June_2026"),
        ("Notes", "Notes"),
    ],
)
def test_the_sheet_that_is_named_is_read(name: str | None, project: str, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(THREE)

    assert projects(THREE, name) == projects(path, name) == [project]


def test_what_is_there_is_told() -> None:
    default, named, hidden = as_sheet(THREE), as_sheet(THREE, "june 2026"), as_sheet(THREE, "notes")

    assert (default.name, default.names, default.hidden) == ("May", ("May", "June 2026"), False)
    assert (named.name, named.names, named.hidden) == ("June 2026", ("May", "June 2026"), False)
    assert (hidden.name, hidden.names, hidden.hidden) == ("Notes", ("May", "June 2026"), True)


@pytest.mark.parametrize(
    "name", ["July", "June", "2026", "0", "May\x00", "../May", "xl/worksheets/sheet1.xml", "x" * 9999]
)
def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(SheetUnknown) as refused:
        plan(THREE, sheet=name)

    assert refused.value.code == "sheet-unknown"
    assert "it has “May”, “June 2026”" in str(refused.value.detail)
    assert "Notes" not in str(refused.value.detail)
    assert len(str(refused.value.detail)) < 400


def test_many_sheets_are_not_all_told() -> None:
    with pytest.raises(SheetUnknown, match=r"“S19” and 5 more$"):
        plan(workbook(**{f"S{number}": "visible" for number in range(25)}), sheet="none")


@pytest.mark.parametrize("name", ["A\u202eB", "A\u200bB"])
def test_what_hides_in_a_name_is_shown(name: str) -> None:
    with pytest.raises(SheetUnknown, match=r"A⟨U\+20"):
        plan(workbook(**{name: "visible"}), sheet="none")


def test_what_only_a_macro_can_show_is_not_there() -> None:
    content = workbook(May="visible", Trap="veryHidden")
    with pytest.raises(SheetUnknown):
        plan(content, sheet="Trap")
    with pytest.raises(WorkbookUnreadable):
        plan(changed(content, BOOK, b'state="visible"', b'state="veryHidden"'))


def test_the_first_hidden_sheet_counts_where_all_are() -> None:
    content = changed(workbook(May="visible", June="hidden"), BOOK, b'state="visible"', b'state="hidden"')

    assert projects(content) == ["May"]
    assert as_sheet(content).hidden
    with pytest.raises(SheetUnknown, match="none that is visible"):
        plan(content, sheet="July")


def test_of_two_with_one_name_the_visible_one_is_read() -> None:
    content = changed(workbook(Mai="hidden", May="visible"), BOOK, b'name="Mai"', b'name="May"')

    assert projects(content, "May") == ["May"]


def test_a_chart_is_no_sheet_to_read() -> None:
    made = Workbook()
    made.active.title = "List"
    made.active.append(HEADING)
    made.active.append(line())
    made.create_chartsheet("Chart", 0).add_chart(BarChart())
    out = io.BytesIO()
    made.save(out)

    assert as_sheet(out.getvalue()).names == ("List",)
    with pytest.raises(SheetUnknown):
        plan(out.getvalue(), sheet="Chart")


@pytest.mark.parametrize("content", [sheet(line()), b"", b"May"])
def test_what_is_no_workbook_has_no_sheets(content: bytes) -> None:
    with pytest.raises(SheetUnknown, match="no workbook"):
        as_sheet(content, "May")
    assert as_sheet(content, "").name == ""


@pytest.mark.parametrize("name", [None, "May"])
def test_another_sheet_that_is_broken_is_not_opened(name: str | None) -> None:
    content = changed(workbook(May="visible", June="visible"), "xl/worksheets/sheet2.xml", b"<worksheet", b"<!DOCTYPE")

    assert projects(content, name) == ["May"]
    with pytest.raises(BadInput):
        plan(content, sheet="June")


def test_a_named_sheet_that_is_no_list_is_refused_as_any() -> None:
    made = Workbook()
    made.active.append(HEADING)
    made.active.append(line())
    made.create_sheet("Empty")
    made.create_sheet("Heading").append(HEADING)
    out = io.BytesIO()
    made.save(out)

    for name, code in (("Empty", "file-empty"), ("Heading", "no-rows")):
        with pytest.raises(BadInput) as refused:
            plan(out.getvalue(), sheet=name)
        assert refused.value.code == code
    assert issubclass(NoRows, BadInput)


def test_more_sheets_than_a_list_has_are_refused() -> None:
    few = workbook(May="visible")
    tag = b'<sheet name="May" sheetId="1" state="visible" r:id="rId1" />'
    for count in (MAX_SHEETS, MAX_SHEETS + 1):
        content = changed(few, BOOK, tag, b"".join(tag.replace(b"May", b"M%d" % n) for n in range(count)))
        if count == MAX_SHEETS:
            assert projects(content) == ["May"]
        else:
            with pytest.raises(FileTooLarge, match="sheets"):
                plan(content)


@pytest.mark.parametrize(("length", "error"), [(LONGEST_NAME, None), (LONGEST_NAME + 1, WorkbookUnreadable)])
def test_a_name_that_is_too_long(length: int, error: type[BadInput] | None) -> None:
    content = changed(workbook(May="visible"), BOOK, b'name="May"', b'name="%s"' % (b"x" * length))
    if error is None:
        assert projects(content, "X" * length) == ["May"]
    else:
        with pytest.raises(error):
            plan(content)


def test_a_file_that_is_no_workbook_inside_is_refused_by_its_kind() -> None:
    with pytest.raises(FileIsWorkbook):
        plan(b"PK\x03\x04" + b"x" * 80)
    with pytest.raises(SheetUnknown):
        plan(b"PK\x03\x04" + b"x" * 80, sheet="May")


@pytest.mark.parametrize(("name", "codes"), [(None, ["sheets-unread"]), ("June 2026", []), ("Notes", ["sheet-hidden"])])
def test_the_plan_says_what_else_there_is(name: str | None, codes: list[str]) -> None:
    assert [one.code for one in plan(THREE, sheet=name).warnings] == codes


def test_one_sheet_needs_no_word() -> None:
    bulk = plan(workbook(May="visible", Notes="hidden"))

    assert (bulk.warnings, bulk.sheet) == ((), "May")
