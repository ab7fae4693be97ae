"""`credentials issue`: sign every good row of a list, and say of every other row what to do."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from credentials.cli.failures import BAD_DATA
from credentials.cli.invocation import Invocation, command_options, note
from credentials.cli.issue_tally import REPORT_HEADING, Tally, problem_line, report_row
from credentials.core.csv_export import RowFile
from credentials.core.errors import CredentialError
from credentials.issuer.bulk.dates import Order
from credentials.issuer.bulk.events import BulkEvent, RowIssued
from credentials.issuer.bulk.findings import ERROR_HEADING, error_rows
from credentials.issuer.bulk.plan import BulkPlan, plan
from credentials.issuer.bulk.run import run
from credentials.issuer.bulk.source import MAX_BYTES, Source

STEP = 250
"""Rows between two movements of the progress bar."""

_out_file = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("issue", epilog="Example:  credentials issue --issuer northwind-bakeries --dry-run finished.csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--issuer", "slug", required=True, metavar="SLUG", help="Who issues: see credentials issuer list.")
@click.option("--dry-run", is_flag=True, help="Say what would happen to every row; issue nothing.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=HEADER", help="Use column HEADER for FIELD; repeatable.")
@click.option("--date-format", type=click.Choice(["dmy", "mdy"]), help="Read 04/05/2026 day first or month first.")
@click.option("--sheet", metavar="NAME", help="Read sheet NAME of a workbook, not its first visible one.")
@click.option("--selective", is_flag=True, help="Make each candidate an SD-JWT too, to choose from what to show.")
@click.option("--report", type=_out_file, help="Write row, person, id, link, code and portfolio of all issued rows.")
@click.option("--errors", type=_out_file, help="Write the rows that were left out or merged, and why.")
@command_options
def issue_command(
    call: Invocation,
    file: Path,
    slug: str,
    dry_run: bool,
    maps: tuple[str, ...],
    date_format: Order | None,
    sheet: str | None,
    selective: bool,
    report: Path | None,
    errors: Path | None,
) -> int:
    """Issue a credential for each row of FILE, a CSV file or an .xlsx workbook (- for standard input).

    Columns may come in any order and in several languages. Rows with errors are named and left out; exit code 65 says
    that there were some. Run it again after a stop or a correction: nothing is issued twice.
    """
    _refuse_overwriting(file, report, errors, dry_run)
    bulk = plan(_source(file), dict(map(_mapping, maps)), date_format, sheet)
    for warning in bulk.warnings:
        note(problem_line(warning))
    with call.issuing() as service, ExitStack() as stack:
        tally = Tally(service.base_url, slug, str(file), dry_run=dry_run, keep_all=call.as_json)
        events = run(service.issuer, slug, bulk, dry_run=dry_run, selective=selective)
        files = _Files(stack, service.base_url, report, errors)
        _consume(events, tally, files, bulk)
    call.result(tally.document(bulk), tally.lines())
    return BAD_DATA if tally.left_out else 0


def _consume(events: Iterator[BulkEvent], tally: Tally, files: "_Files", bulk: BulkPlan) -> None:
    try:
        with _progress(bulk.lines, "checking" if tally.dry_run else "issuing") as progress:
            for event in events:
                tally.add(event)
                files.add(event)
                if event.row % STEP == 0:
                    progress.update(progress.task_ids[0], completed=event.row, refresh=True)
    except (KeyboardInterrupt, CredentialError, OSError):
        note(tally.stopped())
        raise


class _Files:
    """The files that were asked for, written row by row, so that a stop loses nothing of them."""

    def __init__(self, stack: ExitStack, base_url: str, report: Path | None, errors: Path | None) -> None:
        self._base_url = base_url
        self._report = _opened(stack, report, REPORT_HEADING)
        self._errors = _opened(stack, errors, ERROR_HEADING)

    def add(self, event: BulkEvent) -> None:
        """Write what there is to say about a row."""
        if self._report and isinstance(event, RowIssued):
            self._report.write(report_row(event, self._base_url))
        if self._errors:
            for row in error_rows(event):
                self._errors.write(row)


def _opened(stack: ExitStack, path: Path | None, heading: Sequence[str]) -> RowFile | None:
    if path is None:
        return None
    # The BOM tells spreadsheets that names are UTF-8.
    stream = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
    rows = RowFile(stream)
    rows.write(heading)
    return rows


def _refuse_overwriting(file: Path, report: Path | None, errors: Path | None, dry_run: bool) -> None:
    if dry_run and report:
        raise click.UsageError("--report needs a real run: a dry run issues nothing.")
    named = [path.resolve() for path in (file, report, errors) if path is not None]
    if len(set(named)) < len(named):
        raise click.UsageError("FILE, --report and --errors must be different files.")


def _source(file: Path) -> Source:
    """The file itself; what can be read only once (standard input, a pipe) as its bytes."""
    if str(file) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if file.is_file():
        return file
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _mapping(text: str) -> tuple[str, str]:
    field, separator, heading = text.partition("=")
    if not separator:
        raise click.BadParameter(f"{text!r} is not FIELD=HEADER", param_hint="--map")
    return field.strip(), heading


@contextmanager
def _progress(lines: int, word: str) -> Iterator[Progress]:
    """A bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    columns: Iterable[TextColumn | BarColumn | MofNCompleteColumn | TimeRemainingColumn] = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    # No thread that draws it: beside one, a list is signed by one process only (`issuer.signing_beside`).
    with Progress(
        *columns, console=console, transient=True, auto_refresh=False, disable=not console.is_terminal
    ) as progress:
        progress.add_task(word, total=lines)
        yield progress
