"""From an Excel workbook (ECMA-376, .xlsx) to the CSV that one of its sheets would be saved as; all else as with CSV.

The first visible sheet is read, or the one that is named. A hidden sheet is read when it is named: it has the bounds of
any other, and whoever names it can unhide it and look. One that a spreadsheet offers no way to unhide ("very hidden")
is not there: nobody should sign what only a macro can show.

Row numbers stay those that the spreadsheet shows. Of a formula counts the value that was saved with it. Dates come out
as 2026-03-31 and numbers as they are, so nothing is left to guess. Memory holds the text of the sheet, its different
texts, and no more; `parts` bounds what a hostile file could make of that.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO, Final

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet

from credentials.issuer.bulk.errors import FileTooLarge, SheetUnknown, WorkbookUnreadable
from credentials.issuer.bulk.parts import MAX_ROWS, Parts
from credentials.issuer.bulk.sheets import LONGEST_NAME, SheetText
from credentials.issuer.bulk.source import MAX_BYTES
from credentials.issuer.characters import visible

MAX_COLUMNS: Final = 200
MAX_SHEETS: Final = 500
_LAST_ROW: Final = 2**20
_NAMED = 20
"""Sheets that a refusal names at most."""


def read(stream: BinaryIO, name: str | None) -> SheetText:
    """The sheet of that name, or the first visible one, of an XLSX that is small enough.

    Raises SheetUnknown, WorkbookUnreadable, FileTooLarge, and whatever the reader meets in a broken one.
    """
    reader = ExcelReader(stream, read_only=True, data_only=True, keep_links=False)
    reader.archive = Parts(stream)
    reader.read_manifest()
    reader.read_workbook()
    there = _sheets(reader)
    seen = [one for one in there if one.state == "visible"]
    chosen = _named(there, seen, name) if name else (seen or there)[0]
    # The reader opens each sheet that it knows of, so it learns of one only.
    reader.parser.sheets = [chosen]
    reader.read_strings()
    apply_stylesheet(reader.archive, reader.wb)
    reader.read_worksheets()
    text = _written(reader.wb.worksheets[0])
    return SheetText(text, chosen.name, tuple(one.name for one in seen), hidden=chosen.state != "visible")


def _sheets(reader: Any) -> list[Any]:
    """The sheets with cells, without those of charts and of macros and those that no spreadsheet shows."""
    there: list[Any] = []
    for one, relation in reader.parser.find_sheets():
        if len(there) == MAX_SHEETS:
            raise FileTooLarge(f"it has more than {MAX_SHEETS} sheets")
        if len(one.name) > LONGEST_NAME:
            raise WorkbookUnreadable(f"a sheet’s name has more than {LONGEST_NAME} characters")
        if relation.Type.endswith("/worksheet") and relation.target in reader.valid_files:
            there.append(one)
    shown = [one for one in there if one.state != "veryHidden"]
    if not shown:
        raise WorkbookUnreadable("it has no sheet that a person could look at")
    return shown


def _named(there: list[Any], seen: list[Any], name: str) -> Any:
    """The sheet of that name, a visible one before a hidden one."""
    wanted = name.strip()
    for sheets in (seen, there):
        same = [one for one in sheets if one.name == name] or [one for one in sheets if one.name.strip() == wanted]
        alike = same or [one for one in sheets if one.name.strip().casefold() == wanted.casefold()]
        if alike:
            return alike[0]
    told = ", ".join(f"“{visible(one.name)}”" for one in seen[:_NAMED])
    more = f" and {len(seen) - _NAMED} more" if len(seen) > _NAMED else ""
    raise SheetUnknown(f"“{visible(name)}”; it has {told or 'none that is visible'}{more}")


def _written(sheet: Any) -> bytes:
    out = io.BytesIO()
    text = io.TextIOWrapper(out, "utf-8", "replace", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    for cells in _filled(sheet):
        writer.writerow(cells)
        if out.tell() > MAX_BYTES:
            raise FileTooLarge(f"its sheet has more than {MAX_BYTES // 2**20} MB of text")
    return out.getvalue()


def _filled(sheet: Any) -> Iterator[list[str]]:
    """The rows as text, each as wide as the heading or wider; empty ones only between others."""
    width, empty = 0, 0
    for cells in _rows(sheet):
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            empty += 1
            continue
        # A lone empty cell is written in quotes: a row, and not a line without any.
        yield from ([""] for _ in range(empty))
        width, empty = width or len(cells), 0
        yield cells + [""] * (width - len(cells))


def _rows(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        beyond = row if number > MAX_ROWS else row[MAX_COLUMNS:]
        # A row may say that it is any number, and all before it are made up: no sheet has more than 2**20.
        if number > _LAST_ROW or any(value not in (None, "") for value in beyond):
            raise FileTooLarge(f"at most {MAX_ROWS} rows and {MAX_COLUMNS} columns are read")
        yield _texts(row[:MAX_COLUMNS])


def _texts(row: Sequence[Any]) -> list[str]:
    return [_text(value) for value in row]


def _text(value: Any) -> str:
    """A cell as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
