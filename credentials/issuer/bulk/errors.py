"""Why a whole file cannot be read. Trouble with single rows is a `RowProblem`, never an exception."""

from __future__ import annotations

from credentials.core.errors import BadInput

__all__ = [
    "ColumnAmbiguous",
    "ColumnMissing",
    "FileEmpty",
    "FileIsWorkbook",
    "FileNotText",
    "FileTooLarge",
    "HeadingNotFound",
    "LineTooLong",
    "MappingWrong",
    "NoRows",
    "SheetUnknown",
    "WorkbookUnreadable",
]


class FileEmpty(BadInput):
    """The file holds nothing but white space."""

    code = "file-empty"
    title = "The file is empty"
    advice = "Export the list again as CSV."


class FileTooLarge(BadInput):
    """The file is above the size that is read in one go."""

    code = "file-too-large"
    title = "The file is too large"
    advice = "Split the list into several files; each may be issued on its own."


class FileIsWorkbook(BadInput):
    """The file is a workbook of another kind than XLSX."""

    code = "file-is-workbook"
    title = "This is a workbook that is not read here"
    advice = "Open it and save it as an Excel workbook (.xlsx) or as CSV (UTF-8), then use that file."


class WorkbookUnreadable(BadInput):
    """A workbook that is damaged, locked by a password, or made to do harm."""

    code = "workbook-unreadable"
    title = "This workbook can’t be read"
    advice = "Open it and save it again without a password, or save the sheet that you mean as CSV (UTF-8)."


class SheetUnknown(BadInput):
    """A sheet was named that the file does not have. The detail names those that people see in it."""

    code = "sheet-unknown"
    title = "The file has no such sheet"
    advice = "Name one of its sheets as its tab reads, or none: then its first visible sheet is read."


class FileNotText(BadInput):
    """The file's bytes are not text in any encoding that is read here."""

    code = "file-not-text"
    title = "The file is not text"
    advice = "Save the list as CSV (UTF-8), then use that file."


class LineTooLong(BadInput):
    """More than a million bytes without a line break: no list of people looks like that."""

    code = "line-too-long"
    title = "A line of the file is too long"
    advice = "Check that each row stands on its own line, then save the list again as CSV."


class HeadingNotFound(BadInput):
    """The first row names no column that is known."""

    code = "heading-not-found"
    title = "The first row names no known column"
    advice = "Give every column a heading, or say which is which with --map FIELD=HEADER."


class NoRows(BadInput):
    """There is a heading and nothing under it."""

    code = "no-rows"
    title = "There are no rows under the heading"
    advice = "Add one row for each finished project."


class ColumnMissing(BadInput):
    """A field that every credential needs has no column."""

    code = "column-missing"
    title = "A column is missing"
    advice = "Add the column, or name it with --map FIELD=HEADER."


class ColumnAmbiguous(BadInput):
    """Two columns look like the same field."""

    code = "column-ambiguous"
    title = "Two columns look like the same field"
    advice = "Say which one to use with --map FIELD=HEADER."


class MappingWrong(BadInput):
    """`--map` names a field or a column that does not exist."""

    code = "mapping-wrong"
    title = "The mapping names something that does not exist"
    advice = "Use --map FIELD=HEADER with a known field and a heading of the file."
