"""CSV that goes out: text a spreadsheet would run as a formula gets an apostrophe, and every cell is quoted."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

from credentials.issuer.characters import formula

__all__ = ["neutralise", "write_rows"]


def neutralise(text: str) -> str:
    """The text as a spreadsheet will show and not run it (OWASP, "CSV Injection"); harmless text is unchanged."""
    return f"'{text}" if formula(text) else text


def write_rows(stream: TextIO, rows: Iterable[Sequence[object]]) -> None:
    """Write rows to a stream opened with `newline=""`; numbers stay numbers, None is empty, all text is neutralised."""
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    return neutralise(str(value))
