"""The text of a file that is a list: itself, or a sheet of a workbook as the CSV that it would be saved as.

What reads workbooks takes longer to load than a short list to read, and most lists are none: it is imported when the
first one comes.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from credentials.issuer.bulk.errors import FileTooLarge, SheetUnknown, WorkbookUnreadable
from credentials.issuer.bulk.source import MAX_BYTES, Source, opened
from credentials.issuer.characters import visible

__all__ = ["SheetText", "as_sheet", "as_text"]

MAX_UNPACKED: Final = 4 * MAX_BYTES
"""The most bytes that a workbook may hold once it is unpacked."""
LONGEST_NAME: Final = 255
"""Of a sheet, in characters. Spreadsheets take 31, some of them more."""
_MAX_PARTS: Final = 2_000
_ZIP = b"PK\x03\x04"
_SHEETS = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class SheetText:
    """What is read of a file. Of one that is no workbook, itself: `name` is empty then, and there are no `names`.

    `text`: the CSV of the sheet called `name`; `names`: of all sheets that people see, in the workbook's order;
    `hidden`: the sheet that is read is none of these.
    """

    text: Source
    name: str = ""
    names: tuple[str, ...] = ()
    hidden: bool = False


def as_text(source: Source) -> Source:
    """The `text` of `as_sheet`, of a workbook's first visible sheet."""
    return as_sheet(source).text


def as_sheet(source: Source, name: str | None = None) -> SheetText:
    """The source itself, or a workbook's sheet of that name as CSV; without a name, of its first visible sheet.

    A name may differ in upper and lower case. Raises SheetUnknown, WorkbookUnreadable, FileTooLarge, OSError.
    """
    with opened(source) as stream:
        if stream.read(len(_ZIP)) != _ZIP or not _is_workbook(stream):
            if name:
                raise SheetUnknown(f"{visible(name)}: it is no workbook, so it has no sheets")
            return SheetText(source)
        stream.seek(0)
        try:
            read: SheetText = import_module("credentials.issuer.bulk.workbook").read(stream, name)
            return read
        except (FileTooLarge, SheetUnknown, WorkbookUnreadable):
            raise
        except Exception as error:  # noqa: BLE001 - what the reader meets in a broken workbook is of any class
            raise WorkbookUnreadable(type(error).__name__) from None


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
