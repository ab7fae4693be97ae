"""Uploaded lists as programs read and change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from credentials.accounts.acting import Member
from credentials.console.errors import CellUnknown
from credentials.console.means import Means
from credentials.console.reading import restored
from credentials.console.uploading import Uploads
from credentials.core.instants import format_instant
from credentials.issuer.bulk import errors as bulk
from credentials.store import bulk_uploads, pages
from credentials.store.bulk_uploads import BulkUpload
from credentials.store.engine import read
from credentials.store.pages import Found, Place

MOST_PROBLEMS = 200
UNREADABLE = (
    bulk.FileEmpty,
    bulk.FileTooLarge,
    bulk.FileIsWorkbook,
    bulk.WorkbookUnreadable,
    bulk.FileNotText,
    bulk.LineTooLong,
    bulk.HeadingNotFound,
    bulk.NoRows,
    bulk.ColumnMissing,
    bulk.ColumnAmbiguous,
    bulk.MappingWrong,
    bulk.SheetUnknown,
)
"""What a file, or what is said of its columns, may be refused for."""
ListState = Literal["mapping", "checking", "checked", "running", "done", "cancelled"]


class ListSummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A list and how far it has come. `lines` of its file, rows `seen` in this state, those `good`, those `issued`."""

    id: str
    name: str
    state: ListState
    lines: int
    seen: int
    good: int
    issued: int
    created_at: str
    changed_at: str


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """Lists, the newest first; `cursor` leads to the next ones, null at the end."""

    lists: list[ListSummary]
    cursor: str | None


class ColumnRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the file: its heading, and which field it is; empty for a column that is passed over."""

    heading: str
    field: str


class ProblemRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong in a row, or (`warning`) worth a look. `row` is the one of the file, from 1."""

    row: int
    level: str
    code: str
    column: str
    value: str
    problem: str
    advice: str


class ListRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One list. `problems` has the first 200; all are in its `errors.csv`. None are told while it is checked.

    `sheet`: of a workbook, the one that is read; `sheets`: those that people see in it.
    """

    summary: ListSummary
    sheet: str | None
    sheets: list[str]
    columns: list[ColumnRecord]
    date_format: Literal["dmy", "mdy"] | None
    problems: list[ProblemRecord]

    def __repr__(self) -> str:
        """Without what stands in the list."""
        return f"ListRecord(id={self.summary.id})"


class CellText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What shall stand in a cell: the row as in a problem, the column by its heading."""

    row: int
    column: str
    text: str


def page_of_lists(means: Means, member: Member, state: str | None, before: Place | None) -> Found[BulkUpload]:
    """A page of the company's lists, the newest first."""
    with read(means.accounts.engine) as connection:
        found = bulk_uploads.page_of_issuer(connection, member.issuer.id, state, before, pages.PAGE + 1)
    return pages.cut(found, [(one.created_at, one.id) for one in found])


def list_summary(upload: BulkUpload) -> ListSummary:
    """A list as it is told among others."""
    return ListSummary(
        id=upload.id,
        name=upload.name,
        state=upload.state,
        lines=upload.lines,
        seen=upload.seen,
        good=upload.good,
        issued=upload.issued,
        created_at=format_instant(upload.created_at),
        changed_at=format_instant(upload.changed_at),
    )


def list_record(uploads: Uploads, upload: BulkUpload) -> ListRecord:
    """A list as it is told alone."""
    reading, seen = restored(upload.reading), uploads.look(upload)
    of_heading = {heading: field for field, heading in reading.mapping.items() if heading}
    fields = [of_heading.get(title, "") for title in seen.titles] if reading.mapping else seen.guesses
    told = [] if upload.state == "checking" else uploads.problems(upload, MOST_PROBLEMS)
    return ListRecord(
        summary=list_summary(upload),
        sheet=reading.sheet or None,
        sheets=list(reading.sheets),
        columns=[
            ColumnRecord(heading=heading, field=field) for heading, field in zip(seen.titles, fields, strict=True)
        ],
        date_format=reading.date_format,
        problems=[_problem(one) for one in told],
    )


def _problem(written: Mapping[str, str]) -> ProblemRecord:
    return ProblemRecord(
        row=int(written["row"]),
        level=written["level"],
        code=written["code"],
        column=written["column"],
        value=written["value"],
        problem=written["problem"],
        advice=written["what to do"],
    )


def fixes_form(uploads: Uploads, upload: BulkUpload, cells: Sequence[CellText]) -> dict[str, str]:
    """Changed cells as the console's form names them. Raises CellUnknown for one that cannot be changed."""
    titles, open_rows = uploads.look(upload).titles, uploads.cells_left_out(upload)
    form: dict[str, str] = {}
    for number, cell in enumerate(cells):
        place = titles.index(cell.column) if cell.column in titles else -1
        if not 0 <= place < len(open_rows.get(cell.row, ())):
            raise CellUnknown(f"row {cell.row}, column {cell.column[:60]!r}", where=f"/cells/{number}")
        form[f"fix-{cell.row}-{place}"] = cell.text
    return form
