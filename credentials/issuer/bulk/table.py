"""From text to records: the separator, and one record for each row a person sees in a spreadsheet.

A row may span several lines (RFC 4180 section 2, rule 6). The heading is row 1, an empty line is a row too, and an
opening `sep=;` line, which spreadsheets do not show, is none.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TextIO

from credentials.issuer.bulk.source import Source, open_text

__all__ = ["Dialect", "Record", "Unread", "records", "sniff"]

SEPARATORS: Final = ",;\t|"
MAX_ROW: Final = 200_000
"""The longest row that is read, in characters."""

_SAMPLE = 2**16
_SEP_LINE = re.compile(r"\ufeff?\"?sep=([,;\t|:^~])\"?\r?\n", re.IGNORECASE)
_END = "\0end of file"


class Unread(Enum):
    """Why a record has no cells."""

    TOO_LONG = "too long"
    UNCLOSED_QUOTE = "unclosed quote"


Record = tuple[int, list[str] | Unread]
"""The row's number as a spreadsheet shows it, and its cells."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is laid out: its encoding, its separator, and whether a `sep=` line comes first."""

    encoding: str
    delimiter: str
    sep_line: bool


class _Lines:
    """The lines of a stream for the csv reader, with an end mark that shows whether a quote is still open."""

    __slots__ = ("ended", "quotes", "size", "stream")

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.ended = False
        self.begin()

    def begin(self) -> None:
        """A new record starts with the next line."""
        self.size = self.quotes = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.ended:
            raise StopIteration
        line = self.stream.readline()
        if not line:
            self.ended = True
            return _END
        self.size += len(line)
        self.quotes += line.count('"')
        if self.size > MAX_ROW:
            raise csv.Error("row too long")
        return line

    def skip_record(self) -> bool:
        """Leave out the rest of a record that is too long; False when the file ended inside its quotes."""
        while self.quotes % 2:
            line = self.stream.readline()
            if not line:
                self.ended = True
                return False
            self.quotes += line.count('"')
        return True


def records(source: Source, dialect: Dialect) -> Iterator[Record]:
    """Every record of the file, from row 1, with flat memory. Never raises for what the file holds."""
    with open_text(source, dialect.encoding) as stream:
        if dialect.sep_line:
            stream.readline()
        lines = _Lines(stream)
        reader = csv.reader(lines, delimiter=dialect.delimiter)
        for row in itertools.count(1):
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield row, Unread.TOO_LONG if lines.skip_record() else Unread.UNCLOSED_QUOTE
                continue
            if lines.ended:
                if lines.size:
                    yield row, Unread.UNCLOSED_QUOTE
                return
            yield row, cells


def sniff(source: Source, encoding: str, known: Callable[[Sequence[str]], int]) -> Dialect:
    """Guess the separator: the one under which the first row names the most `known` columns, then the most columns."""
    with open_text(source, encoding) as stream:
        sample = stream.read(_SAMPLE)
    told = _SEP_LINE.match(sample)
    if told:
        return Dialect(encoding, told[1], sep_line=True)
    first = {separator: _first_record(sample, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: (known(first[separator]), len(first[separator])))
    return Dialect(encoding, best, sep_line=False)


def _first_record(sample: str, separator: str) -> list[str]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        return next((cells for cells in reader if any(map(str.strip, cells))), [])
    except csv.Error:
        return []
