"""A workbook reads as the CSV that its first sheet would be saved as, and a hostile one is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from credentials.core.errors import BadInput
from credentials.issuer.bulk import sheets, workbook
from credentials.issuer.bulk.errors import FileIsWorkbook, FileNotText, FileTooLarge, NoRows, WorkbookUnreadable
from credentials.issuer.bulk.events import RowBlank, RowLeftOut, RowReady
from credentials.issuer.bulk.plan import cells_of, look, plan, read
from credentials.issuer.bulk.sheets import as_text

SIXTH = datetime.fromisoformat("2026-03-06")
HEAD = ["Name", "Project", "Summary", "Start", "End", "Hours", "Supervisor"]
GOOD: list[Any] = ["Ana", "Survey", "Asked people.", date(2026, 2, 2), SIXTH, 28.0, "Kim"]


def book(*rows: list[Any], others: int = 0) -> bytes:
    """A workbook whose first sheet has these rows."""
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for number in range(others):
        made.create_sheet(f"Other {number}").append(["not", "read"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def ready(content: bytes) -> list[RowReady]:
    return [one for one in read(plan(content)) if isinstance(one, RowReady)]


def test_dates_and_numbers_are_what_they_are() -> None:
    (one,) = ready(book(HEAD, GOOD, others=2))

    assert (one.row, one.draft.started_on, one.draft.ended_on) == (2, date(2026, 2, 2), date(2026, 3, 6))
    assert str(one.draft.hours) == "28"


def test_it_says_the_same_as_its_csv(tmp_path: Path) -> None:
    typed = (
        "Name,Project,Summary,Start,End,Hours,Supervisor\r\nAna,Survey,Asked people.,2026-02-02,2026-03-06,28,Kim\r\n"
    )
    path = tmp_path / "list.xlsx"
    path.write_bytes(book(HEAD, GOOD))

    assert [one.key for one in ready(path.read_bytes())] == [one.key for one in ready(typed.encode())]
    assert list(read(plan(path))) == list(read(plan(path.read_bytes())))


def test_rows_keep_the_numbers_that_the_spreadsheet_shows() -> None:
    verdicts = list(read(plan(book(HEAD, [], GOOD, [None] * 7, ["", "", "x"], [], []))))

    assert [(one.row, type(one)) for one in verdicts] == [
        (2, RowBlank),
        (3, RowReady),
        (4, RowBlank),
        (5, RowLeftOut),
    ]


def test_a_row_may_be_shorter_than_the_heading() -> None:
    (one,) = ready(book([*HEAD, "Role"], GOOD))

    assert one.draft.role is None


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "-2"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    made = Workbook()
    made.active.append(HEAD)
    made.active.append(GOOD)
    cell = made.active["B2"]
    cell.value, cell.data_type = text, "s"
    out = io.BytesIO()
    made.save(out)
    (one,) = ready(out.getvalue())

    assert one.draft.project_title == text
    assert any(problem.level == "warning" for problem in one.problems)


def test_a_formula_that_was_never_calculated_is_no_value() -> None:
    (left_out,) = read(plan(book(HEAD, ["Ana", "=1+1", *GOOD[2:]])))

    assert isinstance(left_out, RowLeftOut)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "True"),
        (28.0, "28"),
        (28.5, "28.5"),
        (1e300, "1e+300"),
        (-0.0, "0"),
        (date(2026, 3, 1), "2026-03-01"),
        (SIXTH, "2026-03-06"),
        (SIXTH.replace(hour=9, minute=30), "2026-03-06 09:30:00"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        ("#N/A", "#N/A"),
    ],
)
def test_a_cell_as_it_would_be_typed(value: object, text: str) -> None:
    assert workbook._text(value) == text


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


BROKEN: dict[str, tuple[bytes, type[BadInput]]] = {
    "cut off": (book(HEAD, GOOD)[:2000], FileIsWorkbook),
    "another archive": (archive(word__document_xml=b"<w/>"), FileIsWorkbook),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(600), FileIsWorkbook),
    "no sheets": (archive(xl__workbook_xml=b"<workbook/>"), WorkbookUnreadable),
    "no XML": (archive(xl__workbook_xml=b"\x00\x01"), WorkbookUnreadable),
    "nothing in it": (book(), BadInput),
    "only a heading": (book(HEAD), NoRows),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), FileNotText),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_list_is_refused(case: str) -> None:
    content, error = BROKEN[case]
    with pytest.raises(error):
        plan(content)


def test_entities_are_not_blown_up() -> None:
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
    )
    with pytest.raises(BadInput):
        plan(archive(xl__workbook_xml=bomb + b"]><workbook>&j;</workbook>"))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = archive(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=bytes(50_000_000))
    assert len(content) < 100_000
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 10_000_000)
    with pytest.raises(FileTooLarge):
        plan(content)


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(FileTooLarge):
        plan(archive(xl__workbook_xml=b"<workbook/>", **{f"part{number}": b"" for number in range(2_001)}))


@pytest.mark.parametrize(("row", "column"), [(1_000_000, 1), (2, 250), (200_001, 3)])
def test_what_is_too_far_away_to_be_read_is_told(row: int, column: int) -> None:
    made = Workbook()
    made.active.append(HEAD)
    made.active.append(GOOD)
    made.active.cell(row=row, column=column, value="far away")
    out = io.BytesIO()
    made.save(out)
    with pytest.raises(FileTooLarge):
        plan(out.getvalue())


def test_a_row_that_says_any_number_is_refused_soon() -> None:
    content = book(HEAD, GOOD)
    sheet = b"<row r="
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(sheet + b'"2"', sheet + b'"999999999999"').replace(b'"A2"', b'"A999999999999"')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for part, data in parts.items():
            made.writestr(part, data)
    with pytest.raises(BadInput):
        plan(out.getvalue())


def test_the_first_sheet_that_is_seen_counts() -> None:
    made = Workbook()
    made.active.append(["hidden", "notes"])
    made.active.sheet_state = "hidden"
    seen = made.create_sheet("Finished")
    seen.append(HEAD)
    seen.append(GOOD)
    out = io.BytesIO()
    made.save(out)

    assert len(ready(out.getvalue())) == 1


@given(st.binary(max_size=300))
def test_no_bytes_get_through_as_anything_but_a_refusal(tail: bytes) -> None:
    try:
        assert as_text(b"PK\x03\x04" + tail) == b"PK\x03\x04" + tail
    except BadInput:
        return


def test_what_is_no_workbook_is_left_alone() -> None:
    assert as_text(b"Name,Project\nAna,Survey\n") == b"Name,Project\nAna,Survey\n"


def test_a_look_shows_headings_and_samples() -> None:
    seen = look(
        book(["Wer", "Projekt", "???"], ["Ana", "Survey", 1], [], ["Bo", "Report", 2.5], ["Cy", "x", ""], ["Di"])
    )

    assert seen.titles == ("Wer", "Projekt", "???")
    assert [sample[0] for sample in seen.samples] == ["Ana", "Bo", "Cy"]
    assert seen.guesses[1:] == ("project_title", "")


def test_only_the_wanted_cells_are_read() -> None:
    found = cells_of(plan(book(HEAD, GOOD, GOOD, GOOD)), {3, 99})

    assert list(found) == [3]
    assert found[3][:2] == ["Ana", "Survey"]
