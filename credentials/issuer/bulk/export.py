"""CSV that goes out: text a spreadsheet would run as a formula gets an apostrophe, and every cell is quoted."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from credentials.issuer.characters import formula

__all__ = ["RowFile", "neutralise"]


def neutralise(text: str) -> str:
    """The text as a spreadsheet will show and not run it (OWASP, "CSV Injection"); harmless text is unchanged."""
    return f"'{text}" if formula(text) else text


class RowFile:
    """Rows written to a text stream that was opened with `newline=""`."""

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")

    def write(self, row: Iterable[object]) -> None:
        """Write a row: numbers stay numbers, None is empty, all text is neutralised."""
        self._writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    return neutralise(str(value))
