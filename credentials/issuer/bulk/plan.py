"""Look at a file as a whole, then give a verdict on every row."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from credentials.issuer.bulk.columns import Columns, columns_of
from credentials.issuer.bulk.dates import Evidence, Order
from credentials.issuer.bulk.errors import FileEmpty, FileNotText, NoRows
from credentials.issuer.bulk.events import RowBlank, RowLeftOut, RowReady, RowRepeated, Verdict
from credentials.issuer.bulk.fields import fold, guess
from credentials.issuer.bulk.rows import DAY_FIELDS, RowReader
from credentials.issuer.bulk.sheets import SheetText, as_sheet, as_text
from credentials.issuer.bulk.source import Source, Survey, survey
from credentials.issuer.bulk.table import Dialect, Record, Unread, records, sniff
from credentials.issuer.bulk.trouble import RowProblem
from credentials.issuer.characters import visible
from credentials.issuer.draft import draft_digest

__all__ = ["BulkPlan", "Fixes", "Look", "cells_of", "look", "plan", "read"]


Fixes = Mapping[int, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """How a file will be read: its layout, its columns, the order of day and month in each column of dates.

    `first_row` is the row of the heading, `lines` how many lines the file has (a measure for progress), `warnings`
    what to know before issuing: columns that are not used, an encoding that was guessed. `fixes` are cells put right
    beside the file, by row and place. `sheet` is the name of the sheet that is read; empty for what is no workbook.
    """

    source: Source
    dialect: Dialect
    columns: Columns
    first_row: int
    told: Order | None
    shown: Mapping[str, Order | None]
    lines: int
    warnings: tuple[RowProblem, ...]
    selective: bool = False
    fixes: Fixes = field(default_factory=dict)
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What a person needs to say which column is what: the headings, the first rows, the field each looks like."""

    titles: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    guesses: tuple[str, ...]


SAMPLES = 3


def look(source: Source) -> Look:
    """Look at the headings and the first rows. Raises as `plan` does for a file that is no list."""
    source = as_text(source)
    dialect = sniff(source, survey(source).encoding, lambda titles: _recognised(titles, set()))
    rows = records(source, dialect)
    _row, heading = _heading(rows)
    filled = (cells for _, cells in rows if not isinstance(cells, Unread) and any(map(str.strip, cells)))
    samples = [tuple(visible(cell) for cell in cells) for cells in itertools.islice(filled, SAMPLES)]
    titles = tuple(" ".join(title.split()) for title in heading)
    return Look(titles, tuple(samples), tuple(guess(title) or "" for title in titles))


def cells_of(bulk: BulkPlan, wanted: Collection[int]) -> dict[int, list[str]]:
    """The cells of some rows as they count: with what was put right in them."""
    last, found = max(wanted, default=0), {}
    for row, cells in records(bulk.source, bulk.dialect):
        if row in wanted and not isinstance(cells, Unread):
            found[row] = _fixed(bulk, row, cells)
        if row >= last:
            break
    return found


def _fixed(bulk: BulkPlan, row: int, cells: list[str]) -> list[str]:
    fixes = bulk.fixes.get(row)
    return [fixes.get(place, cell) for place, cell in enumerate(cells)] if fixes else cells


def plan(
    source: Source,
    mapping: Mapping[str, str] | None = None,
    date_format: Order | None = None,
    sheet: str | None = None,
) -> BulkPlan:
    """Look at the file: encoding, separator, columns, dates. Raises a `BadInput` that says what to do, or OSError.

    `mapping` goes from field to heading, over what the headings say; `date_format` settles 04/05/2026; `sheet` names
    the one that is read of a workbook, else its first visible one.
    """
    found = as_sheet(source, sheet)
    source = found.text
    seen = survey(source)
    wanted = {fold(title) for title in (mapping or {}).values()}
    dialect = sniff(source, seen.encoding, lambda titles: _recognised(titles, wanted))
    rows = records(source, dialect)
    first_row, heading = _heading(rows)
    columns = columns_of(heading, mapping)
    shown = _shown(columns, rows, look=seen.numeric_dates and date_format is None)
    warnings = (*_about_sheets(found, sheet), *_about_file(seen), *_about_columns(first_row, columns))
    return BulkPlan(source, dialect, columns, first_row, date_format, shown, seen.lines, warnings, sheet=found.name)


def _recognised(titles: Sequence[str], wanted: set[str]) -> int:
    return sum(1 for title in titles if title.strip() and (guess(title) or fold(title) in wanted))


def _heading(rows: Iterator[Record]) -> tuple[int, list[str]]:
    """The first row that is not empty."""
    for row, cells in rows:
        if isinstance(cells, Unread):
            raise FileNotText("the heading cannot be read: a quotation mark is not closed, or it is far too long")
        if any(map(str.strip, cells)):
            return row, cells
    raise FileEmpty


def _shown(columns: Columns, rows: Iterator[Record], *, look: bool) -> dict[str, Order | None]:
    """The order of day and month in each column of dates; a column that shows none follows the others.

    Raises NoRows when nothing stands under the heading.
    """
    filled = (cells for _, cells in rows if isinstance(cells, Unread) or any(map(str.strip, cells)))
    first = next(filled, None)
    if first is None:
        raise NoRows
    found = {field: Evidence() for field in DAY_FIELDS if field in columns.places}
    for cells in itertools.chain([first], filled) if look else ():
        for name, evidence in found.items():
            place = columns.places[name]
            if not isinstance(cells, Unread) and place < len(cells):
                evidence.note(cells[place].strip())
    orders = {field: evidence.order() for field, evidence in found.items()}
    agreed = {order for order in orders.values() if order}
    others = agreed.pop() if len(agreed) == 1 else None
    silent = {field for field, evidence in found.items() if not (evidence.day_first or evidence.month_first)}
    return {field: others if field in silent else order for field, order in orders.items()}


def _about_sheets(found: SheetText, asked: str | None) -> Iterator[RowProblem]:
    if found.hidden:
        problem = f"The sheet “{visible(found.name)}” is hidden in the workbook, and it is the one that is read."
        yield RowProblem(0, "", "", problem, "Unhide it and look at it first.", "sheet-hidden", "warning")
    elif not asked and len(found.names) > 1:
        problem = f"Of the workbook’s {len(found.names)} sheets only “{visible(found.name)}” is read."
        yield RowProblem(0, "", "", problem, "Name another one with --sheet.", "sheets-unread", "warning")


def _about_file(seen: Survey) -> Iterator[RowProblem]:
    if seen.encoding == "cp1252":
        problem = "The file is not UTF-8, so it was read as Windows-1252."
        advice = "Check names with accents, or save the file as CSV (UTF-8)."
        yield RowProblem(0, "", "", problem, advice, "encoding-guessed", "warning")
    if seen.damaged:
        problem = "Some bytes of the file are not text; rows that hold them are left out."
        yield RowProblem(0, "", "", problem, "Save the file again as CSV (UTF-8).", "bytes-damaged", "warning")


def _about_columns(row: int, columns: Columns) -> Iterator[RowProblem]:
    for place in columns.unknown:
        title = visible(columns.heading[place]) or f"column {place + 1}"
        advice = f"If it belongs on the credential, use --map FIELD={title!r}; otherwise nothing needs doing."
        problem = "This column is not known and is not used."
        yield RowProblem(row, title, "", problem, advice, "unknown-column", "warning")


def read(bulk: BulkPlan) -> Iterator[Verdict]:
    """A verdict on every row under the heading, in order; of a good row only a short digest is kept."""
    reader = RowReader(bulk.columns, bulk.told, bulk.shown, selective=bulk.selective)
    seen: dict[bytes, int] = {}
    for row, cells in records(bulk.source, bulk.dialect):
        if row <= bulk.first_row:
            continue
        if isinstance(cells, Unread):
            yield RowLeftOut(row, "", (_unread(row, cells),))
        elif any(map(str.strip, cells)):
            yield _verdict(reader, row, _fixed(bulk, row, cells), seen)
        else:
            yield RowBlank(row)


def _verdict(reader: RowReader, row: int, cells: list[str], seen: dict[bytes, int]) -> Verdict:
    draft, problems, person = reader.read(row, cells)
    if draft is None:
        return RowLeftOut(row, person, tuple(problems))
    digest = draft_digest(draft)
    first = seen.setdefault(digest[:16], row)
    if first == row:
        return RowReady(row, person, draft, digest.hex(), tuple(problems))
    return RowRepeated(row, person, first, (_repeated(row, person, first), *problems))


def _repeated(row: int, person: str, first: int) -> RowProblem:
    problem = f"This row says the same as row {first}; one credential is issued for both."
    advice = "Remove it, or correct it if it was meant to be another project."
    return RowProblem(row, "", person, problem, advice, "repeated-row", "warning")


def _unread(row: int, why: Unread) -> RowProblem:
    if why is Unread.TOO_LONG:
        problem, advice = "This row is far too long to be read.", "Check its quotation marks, and shorten its texts."
        return RowProblem(row, "", "", problem, advice, "row-too-long", "error")
    problem = "A quotation mark opens in this row and never closes, so nothing after it could be read."
    return RowProblem(row, "", "", problem, "Close or remove it, then run this again.", "unclosed-quote", "error")
