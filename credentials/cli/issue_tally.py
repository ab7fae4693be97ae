"""What a bulk issue came to: counted as it goes, told as lines, as one document, or as rows of a file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from credentials.issuer.bulk.events import BulkEvent, RowBlank, RowIssued, RowLeftOut, RowReady, RowRepeated
from credentials.issuer.bulk.plan import BulkPlan
from credentials.issuer.bulk.trouble import RowProblem

SHOWN: Final = 100
"""How many issued rows and how many problems are printed; files and `--json` hold all."""

REPORT_HEADING: Final = ("row", "person", "id", "link", "code", "portfolio")


@dataclass(slots=True)
class Tally:
    """Counts of one run, with the first rows and problems (all of them when `keep_all`)."""

    base_url: str
    slug: str
    file: str
    dry_run: bool
    keep_all: bool
    ready: int = 0
    issued: int = 0
    issued_before: int = 0
    repeated: int = 0
    left_out: int = 0
    blank: int = 0
    warnings: int = 0
    rows: list[RowIssued] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    unshown: int = 0

    def add(self, event: BulkEvent) -> None:
        """Count a row."""
        match event:
            case RowBlank():
                self.blank += 1
                return
            case RowLeftOut():
                self.left_out += 1
            case RowRepeated():
                self.repeated += 1
            case RowReady():
                self.ready += 1
            case RowIssued():
                self._issued(event)
        for problem in event.problems:
            self._problem(problem)

    def _issued(self, event: RowIssued) -> None:
        self.issued_before += event.repeated
        self.issued += not event.repeated
        if self.keep_all or len(self.rows) < SHOWN:
            self.rows.append(event)

    def _problem(self, problem: RowProblem) -> None:
        self.warnings += problem.level == "warning"
        if self.keep_all or len(self.problems) < SHOWN:
            self.problems.append(problem)
        else:
            self.unshown += 1

    def stopped(self) -> str:
        """What to say when the run ends early."""
        if self.dry_run:
            return "Stopped. Nothing was issued."
        done = self.issued + self.issued_before
        return f"Stopped after {done} credentials. Run the same command again to go on: nothing is issued twice."

    def lines(self) -> Iterator[str]:
        """The result for people: links, problems, counts."""
        for event in self.rows:
            before = " (issued before)" if event.repeated else ""
            yield f"row {event.row}: {event.person} {event.url}{before}"
        if self.issued + self.issued_before > len(self.rows):
            yield f"… and {self.issued + self.issued_before - len(self.rows)} more; --report FILE writes all."
        yield from map(problem_line, self.problems)
        if self.unshown:
            yield f"… and {self.unshown} more problems; --errors FILE writes all."
        yield self._counts()

    def _counts(self) -> str:
        good = f"{self.ready} would be issued" if self.dry_run else f"{self.issued} issued"
        parts = [good]
        parts += [f"{self.issued_before} issued before"] if self.issued_before else []
        parts += [f"{self.repeated} merged with an equal row"] if self.repeated else []
        parts += [f"{self.left_out} left out"] if self.left_out else []
        parts += [f"{self.blank} blank"] if self.blank else []
        return ", ".join(parts) + "."

    def document(self, bulk: BulkPlan) -> dict[str, Any]:
        """The result for machines."""
        return {
            "issuer": self.slug,
            "file": self.file,
            "dryRun": self.dry_run,
            "encoding": bulk.dialect.encoding,
            "separator": bulk.dialect.delimiter,
            "sheet": bulk.sheet or None,
            "columns": {name: bulk.columns.title(name) for name in bulk.columns.places},
            "counts": {
                "ready": self.ready,
                "issued": self.issued,
                "issuedBefore": self.issued_before,
                "repeated": self.repeated,
                "leftOut": self.left_out,
                "blank": self.blank,
            },
            "issued": [_issued_document(event, self.base_url) for event in self.rows],
            "problems": [_problem_document(problem) for problem in (*bulk.warnings, *self.problems)],
        }


def _issued_document(event: RowIssued, base_url: str) -> dict[str, Any]:
    named = zip(REPORT_HEADING, report_row(event, base_url), strict=True)
    return dict(named) | {"issuedBefore": event.repeated}


def _problem_document(problem: RowProblem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "problem": problem.problem,
        "advice": problem.advice,
        "code": problem.code,
        "level": problem.level,
    }


def problem_line(problem: RowProblem) -> str:
    """A problem in one line; row 0 is the file as a whole."""
    place = f"row {problem.row}" if problem.row else "file"
    column = f", {problem.column}" if problem.column else ""
    value = f" “{problem.value}”" if problem.value else ""
    return f"{problem.level}: {place}{column}:{value} {problem.problem} {problem.advice} [{problem.code}]"


def report_row(event: RowIssued, base_url: str) -> tuple[int, str, str, str, str, str]:
    """A row of the file that `--report` writes; see REPORT_HEADING."""
    return (event.row, event.person, event.id, event.url, event.code, f"{base_url}/p/{event.portfolio}")
