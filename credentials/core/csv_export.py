"""CSV that goes out: text a spreadsheet would run as a formula gets an apostrophe, and every cell is quoted."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO

__all__ = ["RowFile", "formula", "neutralise"]

_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def formula(text: str) -> bool:
    """Whether a spreadsheet would run the text as a formula: = + - @ (wide forms too), tab or line break first."""
    return _FORMULA.match(text) is not None


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
