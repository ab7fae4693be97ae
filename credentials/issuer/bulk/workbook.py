"""From an Excel workbook (ECMA-376, .xlsx) to the CSV that its first sheet would be saved as; all else is as with CSV.

Row numbers stay those that the spreadsheet shows. Of a formula counts the value that was saved with it. Dates come out
as 2026-03-31 and numbers as they are, so nothing is left to guess. Memory holds the text of the sheet, its different
texts, and no more; `parts` bounds what a hostile file could make of that.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from openpyxl.reader.excel import ExcelReader

from credentials.issuer.bulk.errors import FileTooLarge, WorkbookUnreadable
from credentials.issuer.bulk.parts import MAX_ROWS, Parts
from credentials.issuer.bulk.source import MAX_BYTES, Source, opened

__all__ = ["as_text"]

MAX_UNPACKED: Final = 4 * MAX_BYTES
"""The most bytes that a workbook may hold once it is unpacked."""
MAX_COLUMNS: Final = 200
_LAST_ROW: Final = 2**20
_MAX_PARTS: Final = 2_000
_ZIP = b"PK\x03\x04"
_SHEETS = "xl/workbook.xml"


def as_text(source: Source) -> Source:
    """The source itself, or the CSV of a workbook's first sheet. Raises WorkbookUnreadable, FileTooLarge, OSError."""
    with opened(source) as stream:
        if stream.read(len(_ZIP)) != _ZIP or not _is_workbook(stream):
            return source
        stream.seek(0)
        return _written(stream)


def _is_workbook(stream: Any) -> bool:
    """Whether it is an XLSX, of a size that can be read. Another archive is left to be refused by its kind."""
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError):
        return False
    if _SHEETS not in {part.filename for part in parts}:
        return False
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileTooLarge("unpacked, the workbook is far larger than a list")
    return True


def _written(stream: Any) -> bytes:
    out = io.BytesIO()
    text = io.TextIOWrapper(out, "utf-8", "replace", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    try:
        for cells in _filled(stream):
            writer.writerow(cells)
            if out.tell() > MAX_BYTES:
                raise FileTooLarge(f"its first sheet has more than {MAX_BYTES // 2**20} MB of text")
    except (FileTooLarge, WorkbookUnreadable):
        raise
    except Exception as error:  # noqa: BLE001 - what the reader meets in a broken workbook is of any class
        raise WorkbookUnreadable(type(error).__name__) from None
    return out.getvalue()


def _filled(stream: Any) -> Iterator[list[str]]:
    """The rows as text, each as wide as the heading or wider; empty ones only between others."""
    width, empty = 0, 0
    for cells in _rows(stream):
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            empty += 1
            continue
        # A lone empty cell is written in quotes: a row, and not a line without any.
        yield from ([""] for _ in range(empty))
        width, empty = width or len(cells), 0
        yield cells + [""] * (width - len(cells))


def _rows(stream: Any) -> Iterator[list[str]]:
    reader = ExcelReader(stream, read_only=True, data_only=True, keep_links=False)
    reader.archive = Parts(stream)
    reader.read()
    book = reader.wb
    try:
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), book.worksheets[0])
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            beyond = row if number > MAX_ROWS else row[MAX_COLUMNS:]
            # A row may say that it is any number, and all before it are made up: no sheet has more than 2**20.
            if number > _LAST_ROW or any(value not in (None, "") for value in beyond):
                raise FileTooLarge(f"at most {MAX_ROWS} rows and {MAX_COLUMNS} columns are read")
            yield _texts(row[:MAX_COLUMNS])
    finally:
        book.close()


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
