"""What was found in a file, as rows of another: each problem of a row that issues nothing itself."""

from collections.abc import Iterator
from typing import Final

from credentials.issuer.bulk.events import BulkEvent, RowIssued, RowLeftOut, RowRepeated

ERROR_HEADING: Final = ("row", "person", "column", "value", "problem", "what to do", "code", "level")
REPORT_HEADING: Final = ("row", "person", "state", "code", "link")


def report_rows(event: BulkEvent) -> Iterator[tuple[object, ...]]:
    """The row of the report on a list: of what was issued by it, now or before."""
    if isinstance(event, RowIssued):
        yield (event.row, event.person, "issued before" if event.repeated else "issued", event.code, event.url)


def error_rows(event: BulkEvent) -> Iterator[tuple[object, ...]]:
    """The rows of the file for people to put right: one for each problem of a row that issues nothing itself."""
    if isinstance(event, RowLeftOut | RowRepeated):
        for one in event.problems:
            yield (event.row, event.person, one.column, one.value, one.problem, one.advice, one.code, one.level)
