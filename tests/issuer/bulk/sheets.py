"""Small files made on the spot: a heading, a good row, and rows with one thing changed."""

import csv
import io
from collections.abc import Sequence

from credentials.issuer.bulk.dates import Order
from credentials.issuer.bulk.events import RowBlank, RowLeftOut, RowReady, RowRepeated, Verdict
from credentials.issuer.bulk.plan import plan, read

HEADING = ("Name", "E-mail", "Project", "Description", "Started", "Finished", "Hours", "Supervisor", "Comment", "Link")
GOOD = {
    "Name": "Nkechi Obi",
    "E-mail": "nkechi@example.net",
    "Project": "Price survey",
    "Description": "Visited 60 shops; recorded 14 prices in each.",
    "Started": "2026-03-02",
    "Finished": "2026-03-11",
    "Hours": "38.5",
    "Supervisor": "Ruth Adeyemi",
    "Comment": "Careful work.",
    "Link": "https://work.example.net/1",
}


def line(**changes: str) -> list[str]:
    """The good row with some cells changed; `E_mail` stands for `E-mail`."""
    return list((GOOD | {name.replace("_", "-"): value for name, value in changes.items()}).values())


def sheet(
    *rows: Sequence[str], heading: Sequence[str] = HEADING, separator: str = ",", encoding: str = "utf-8"
) -> bytes:
    """A CSV file of the heading and the rows."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\r\n").writerows([heading, *rows])
    return stream.getvalue().encode(encoding)


def verdicts(data: bytes, date_format: Order | None = None, **mapping: str) -> list[Verdict]:
    """What reading says about every row."""
    return list(read(plan(data, mapping or None, date_format)))


def codes(verdict: Verdict) -> list[tuple[str, str]]:
    """Column and code of each problem of a row."""
    return [] if isinstance(verdict, RowBlank) else [(problem.column, problem.code) for problem in verdict.problems]


def kinds(found: Sequence[Verdict]) -> list[str]:
    """One word for each row: ready, repeated, out or blank."""
    words = {RowReady: "ready", RowRepeated: "repeated", RowLeftOut: "out", RowBlank: "blank"}
    return [words[type(verdict)] for verdict in found]
