"""Which sheet of an uploaded workbook is read, and how: a list of work is one sheet.

Where a workbook has several sheets that people see, it is kept beside the lists made of it, so that another one can be
chosen. The next workbook with the same sheets is read from the same one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from credentials.console.reading import Reading
from credentials.core.errors import BadInput
from credentials.issuer.bulk.errors import ColumnAmbiguous, ColumnMissing, HeadingNotFound, MappingWrong, SheetUnknown
from credentials.issuer.bulk.plan import Look, look
from credentials.issuer.bulk.sheets import SheetText, as_sheet
from credentials.issuer.bulk.source import Source, survey
from credentials.store.bulk_uploads import UploadState

_ASK = (HeadingNotFound, ColumnMissing, ColumnAmbiguous, MappingWrong)
"""What a person puts right by saying which column is what."""


@dataclass(frozen=True, slots=True)
class Begun:
    """How a list is read before anybody says anything of it: `text` is CSV, `lines` of it, 0 for what is no list."""

    text: bytes
    reading: Reading
    state: UploadState
    lines: int


def begun(book: SheetText, remembered: Callable[[Look], Reading], *, asks: bool) -> Begun:
    """Look at a sheet, or at a file without any. `remembered`: how a list with such headings was read before.

    `asks`: a sheet that is no list is taken where there are others, for one of these to be chosen. Else it raises, as a
    file that is no list does, what `plan` raises.
    """
    text = book.text if isinstance(book.text, bytes) else book.text.read_bytes()
    reading = Reading(sheet=book.name, sheets=book.names)
    try:
        known = remembered(look(text))
        reading = msgspec.structs.replace(known, sheet=book.name, sheets=book.names)
        return Begun(text, reading, "checking", reading.plan(text).lines)
    except _ASK:
        return Begun(text, reading, "mapping", survey(text).lines)
    except BadInput:
        if not asks or len(book.names) < 2:
            raise
        return Begun(text, reading, "mapping", 0)


def sheet_of(source: Source, name: str | None, remembered: Callable[[Iterable[str]], str]) -> SheetText:
    """The sheet of that name; without one that which was chosen of the last such workbook, or the first visible one.

    Raises as `as_sheet` does.
    """
    book = as_sheet(source, name)
    if name or len(book.names) < 2:
        return book
    before = remembered(book.names)
    return as_sheet(source, before) if before and before != book.name else book


def other_sheet(workbook: Path, name: str) -> SheetText:
    """A sheet of a workbook that was kept. Raises SheetUnknown where there is no other one to choose."""
    if not workbook.exists():
        raise SheetUnknown("it has one sheet, or is no workbook")
    return as_sheet(workbook, name)


def sheets_digest(names: Iterable[str]) -> str:
    """The same for workbooks with the same visible sheets in the same order, and for no headings of columns."""
    return hashlib.sha256(b"\xff" + "\0".join(names).encode()).hexdigest()
