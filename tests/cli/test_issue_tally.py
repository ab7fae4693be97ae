"""What a bulk issue came to: each kind of row is counted once, and nothing that was cut is lost from the counts."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.cli.issue_tally import REPORT_HEADING, SHOWN, Tally, problem_line, report_row
from credentials.issuer.bulk.events import BulkEvent, RowBlank, RowIssued, RowLeftOut, RowReady, RowRepeated
from credentials.issuer.bulk.trouble import RowProblem
from tests.issuer.drafts import draft

ERROR = RowProblem(2, "Hours", "many", "Wrong.", "Correct it.", "bad-hours", "error")
WARNING = RowProblem(3, "", "", "Odd.", "Look at it.", "odd", "warning")
FILE = RowProblem(0, "Hours", "", "Twice.", "Drop one.", "twice", "error")
BASE = "https://c.example"
COUNTS = ("ready", "issued", "issued_before", "repeated", "left_out", "blank", "warnings")


def tally(**options: Any) -> Tally:
    return Tally(BASE, "acme", "rows.csv", **({"dry_run": False, "keep_all": False} | options))


def issued(row: int = 2, *, repeated: bool = False, problems: tuple[RowProblem, ...] = ()) -> RowIssued:
    return RowIssued(row, "Ana Silva", "I", "CODE", f"{BASE}/c/I", "ana-silva", repeated, problems)


def ready(*problems: RowProblem) -> RowReady:
    return RowReady(2, "Ana Silva", draft(), "key", problems)


@pytest.mark.parametrize(
    ("event", "counts"),
    [
        (RowBlank(2), {"blank": 1}),
        (RowLeftOut(2, "A", (ERROR, WARNING)), {"left_out": 1, "warnings": 1}),
        (RowRepeated(3, "A", 2), {"repeated": 1}),
        (RowRepeated(3, "A", 2, (WARNING,)), {"repeated": 1, "warnings": 1}),
        (ready(WARNING, WARNING), {"ready": 1, "warnings": 2}),
        (issued(), {"issued": 1}),
        (issued(repeated=True), {"issued_before": 1}),
        (issued(problems=(WARNING,)), {"issued": 1, "warnings": 1}),
    ],
    ids=range(8),
)
def test_a_row_counts_as_what_it_is_and_as_nothing_else(event: BulkEvent, counts: dict[str, int]) -> None:
    found = tally()
    found.add(event)
    assert {name: getattr(found, name) for name in COUNTS} == dict.fromkeys(COUNTS, 0) | counts


@pytest.mark.parametrize(
    ("events", "dry_run", "last"),
    [
        ([], False, "0 issued."),
        ([], True, "0 would be issued."),
        ([ready(), RowBlank(3)], True, "1 would be issued, 1 blank."),
        ([issued(), issued(repeated=True)], False, "1 issued, 1 issued before."),
        ([RowRepeated(3, "A", 2)], False, "0 issued, 1 merged with an equal row."),
        ([RowLeftOut(2, "A", (ERROR,))], True, "0 would be issued, 1 left out."),
    ],
    ids=range(6),
)
def test_the_last_line_counts_and_leaves_out_what_is_none(events: list[BulkEvent], dry_run: bool, last: str) -> None:
    found = tally(dry_run=dry_run)
    for event in events:
        found.add(event)
    assert list(found.lines())[-1] == last


@pytest.mark.parametrize("count", [SHOWN - 1, SHOWN, SHOWN + 1])
def test_lists_are_cut_behind_the_last_that_is_shown(count: int) -> None:
    found = tally()
    for row in range(count):
        found.add(issued(row, problems=(WARNING,)))
    cut = max(0, count - SHOWN)
    assert (len(found.rows), len(found.problems), found.unshown) == (count - cut, count - cut, cut)
    assert sum(line.startswith("…") for line in found.lines()) == 2 * cut
    assert (found.issued, found.warnings) == (count, count)


def test_nothing_is_cut_where_all_is_wanted() -> None:
    found = tally(keep_all=True)
    for row in range(SHOWN + 2):
        found.add(issued(row, problems=(ERROR,)))
    assert (len(found.rows), len(found.problems), found.unshown) == (SHOWN + 2, SHOWN + 2, 0)
    assert not any(line.startswith("…") for line in found.lines())


def test_a_row_that_was_issued_before_says_so() -> None:
    found = tally()
    found.add(issued(2))
    found.add(issued(3, repeated=True))
    first, second, _ = found.lines()
    assert first == f"row 2: Ana Silva {BASE}/c/I"
    assert second == f"row 3: Ana Silva {BASE}/c/I (issued before)"


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (ERROR, "error: row 2, Hours: “many” Wrong. Correct it. [bad-hours]"),
        (WARNING, "warning: row 3: Odd. Look at it. [odd]"),
        (FILE, "error: file, Hours: Twice. Drop one. [twice]"),
    ],
    ids=["whole", "bare", "file"],
)
def test_a_problem_is_one_line(problem: RowProblem, line: str) -> None:
    assert problem_line(problem) == line


def test_a_row_of_the_report_goes_along_with_its_heading() -> None:
    row = dict(zip(REPORT_HEADING, report_row(issued(7), BASE), strict=True))
    assert row == {
        "row": 7,
        "person": "Ana Silva",
        "id": "I",
        "link": f"{BASE}/c/I",
        "code": "CODE",
        "portfolio": f"{BASE}/p/ana-silva",
    }
