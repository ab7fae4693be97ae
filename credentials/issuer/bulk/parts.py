"""The parts of a workbook (ECMA-376, part 2), each looked at before the reader of workbooks gets it.

The reader builds trees of what it meets, so a small file could cost any amount of memory. The look streams:

- A document type is refused: no workbook has one, and entities need one.
- A part holds no more than it said it would; strings, and what is no list, are bounded more closely than sheets.
- The elements of all parts together, those outside of rows and strings, those within one, and how deep they lie, are
  counted. So are the rows.
- Nothing between two elements, so no value of a cell either, is longer than a megabyte.

A part that the reader does not open is not unpacked. Links to other files are never followed.
"""

from __future__ import annotations

import zipfile
from typing import IO, Any, Final
from xml.parsers import expat

from credentials.issuer.bulk.errors import FileTooLarge, WorkbookUnreadable

__all__ = ["MAX_ROWS", "Parts"]

MAX_ROWS: Final = 200_000
MAX_ELEMENTS: Final = 2_500_000
"""In all the parts that are read. A row of ten cells has about 21."""
MAX_APART: Final = 100_000
"""Elements outside of rows and strings, as merged cells and columns are; and those within one row or string."""
MAX_DEPTH: Final = 64
MAX_VALUE: Final = 2**20
"""Bytes between two elements: far more than the 32,767 characters that a cell can hold."""
MAX_STRINGS: Final = 32 * 2**20
MAX_STRING_COUNT: Final = 500_000
MAX_SHEET: Final = 256 * 2**20
MAX_OTHER: Final = 8 * 2**20

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _STRING = f"{_MAIN}row", f"{_MAIN}si"
_SIZES = {f"{_MAIN}worksheet": ("sheet", MAX_SHEET), f"{_MAIN}sst": ("list of strings", MAX_STRINGS)}
_CHUNK = 2**16


class Parts(zipfile.ZipFile):
    """An archive that hands out a part only after it has looked at the whole of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Read the list of parts. Raises zipfile.BadZipFile."""
        super().__init__(stream)
        self._elements = 0
        self._seen: set[str] = set()

    def open(self, name: Any, *args: Any, **options: Any) -> IO[bytes]:
        """A part by its name. Raises FileTooLarge, WorkbookUnreadable, and KeyError for a part that is not there."""
        key = name if isinstance(name, str) else name.filename
        if key not in self._seen:
            with super().open(name) as stream:
                self._elements += _look(stream, MAX_ELEMENTS - self._elements)
            self._seen.add(key)
        return super().open(name, *args, **options)


def _look(stream: IO[bytes], budget: int) -> int:
    """Count the elements of a part."""
    look = _Look(budget)
    try:
        while chunk := stream.read(_CHUNK):
            look.take(chunk)
        look.take(b"", last=True)
    except zipfile.BadZipFile:
        raise WorkbookUnreadable("a part of it is damaged, or of another size than it says") from None
    except (expat.ExpatError, LookupError):
        raise WorkbookUnreadable("a part of it is no XML, or in an encoding that nobody has") from None
    return look.elements


class _Look:
    """What was counted in one part so far."""

    def __init__(self, budget: int) -> None:
        self.elements = self._depth = self._apart = self._within = self._ends_at = 0
        self._last = self._read = self._rows = self._strings = 0
        self._budget = budget
        self._kind, self._size = "part that is no sheet", MAX_OTHER
        # Of its own: the reader's parser would expand entities before anybody could refuse them.
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def take(self, chunk: bytes, *, last: bool = False) -> None:
        """Look at the next bytes."""
        self._parser.Parse(chunk, last)
        self._read += len(chunk)
        if self._read > self._size:
            raise FileTooLarge(f"a {self._kind} of it is larger than {self._size // 2**20} MB")
        self._measure(self._read)

    def _measure(self, here: int) -> None:
        if here - self._last > MAX_VALUE + _CHUNK:
            raise FileTooLarge(f"a value in it is longer than {MAX_VALUE // 2**20} MB")

    def _doctype(self, *_declared: Any) -> None:
        raise WorkbookUnreadable("it declares a document type, which no workbook does")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if not self.elements:
            self._kind, self._size = _SIZES.get(name, (self._kind, self._size))
        self.elements += 1
        self._depth += 1
        here = self._parser.CurrentByteIndex
        if here - self._last > MAX_VALUE:
            self._measure(here + _CHUNK)
        self._last = here
        if name in (_ROW, _STRING):
            self._begin(name)
        elif self._ends_at:
            self._within += 1
        else:
            self._apart += 1
        if self.elements > self._budget or self._within + self._apart > MAX_APART or self._depth > MAX_DEPTH:
            self._bound()

    def _begin(self, name: str) -> None:
        self._rows += name == _ROW
        self._strings += name == _STRING
        if self._rows > MAX_ROWS:
            raise FileTooLarge(f"at most {MAX_ROWS} rows are read, empty ones too")
        if self._strings > MAX_STRING_COUNT:
            raise FileTooLarge(f"it has more than {MAX_STRING_COUNT} different texts")
        self._ends_at, self._within = self._ends_at or self._depth, 0 if not self._ends_at else self._within

    def _bound(self) -> None:
        if self.elements > self._budget:
            raise FileTooLarge(f"it has more than {MAX_ELEMENTS} cells, values and settings")
        if max(self._apart, self._within) > MAX_APART:
            what = "settings, such as merged cells," if self._apart > MAX_APART else "things in one row or text"
            raise FileTooLarge(f"it has more than {MAX_APART} {what}")
        if self._depth > MAX_DEPTH:
            raise WorkbookUnreadable(f"its parts are nested more than {MAX_DEPTH} deep")

    def _end(self, _name: str) -> None:
        if self._depth == self._ends_at:
            self._ends_at = 0
        self._depth -= 1
