"""Tables for people: aligned by what characters take on a terminal, never wrapped, so that lines can be copied."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.cells import cell_len

GAP = 2


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of a table; a table without rows is one line that says so."""
    if not rows:
        yield "None yet."
        return
    lines = [headings, *rows]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        yield "".join(_padded(cell, width + GAP) for cell, width in zip(line, widths, strict=True)).rstrip()


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cell_len(cell))


def day(moment: datetime | None) -> str:
    """A date as 2026-03-16, or a dash."""
    return "-" if moment is None else moment.date().isoformat()
