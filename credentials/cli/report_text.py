"""A report as a readable list. Words carry the meaning; colour only repeats it, and only where it is wanted."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from credentials.cli.terminal import visible
from credentials.core.instants import format_instant
from credentials.core.micro_internship import CompletedWork
from credentials.portfolio.work import work_of
from credentials.verifier.checks import Check, Outcome
from credentials.verifier.proofs import ProofView
from credentials.verifier.report import Report
from credentials.verifier.states import Verdict

VERDICT_STYLES = {Verdict.VALID: "bold green", Verdict.INVALID: "bold red", Verdict.INDETERMINATE: "bold yellow"}
OUTCOME_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "FAILED",
    Outcome.NOT_CHECKED: "not checked",
    Outcome.NOT_APPLICABLE: "does not apply",
}
STYLES = {Outcome.PASSED: "green", Outcome.FAILED: "red", Outcome.NOT_CHECKED: "yellow"}
WORD_WIDTH = max(map(len, OUTCOME_WORDS.values()))
ID_WIDTH = len("earlier-than-compromise")
"""Of the longest check."""


def show(report: Report, further: Iterable[str] = ()) -> None:
    """Print a report on standard output, then further lines.

    NO_COLOR and a pipe take the colour away, lines are never wrapped.
    """
    console = _Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    for line in (*lines(report), *map(Text, map(visible, further))):
        console.print(line)


def show_held(report: Report, held: bool, key_name: str) -> None:
    """Print whether a document holds under a key file, and the rest of the report without its verdict."""
    console = _Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    if held:
        console.print(Text.assemble(("HOLDS", "bold green"), visible(f" under {key_name}")))
        console.print(Text("Whose key that is, and whether it was withdrawn, was not asked."))
    else:
        console.print(Text.assemble(("DOES NOT HOLD", "bold red"), visible(f" under {key_name}: {report.state}")))
        console.print(Text(visible(report.words)))
    for line in list(lines(report))[2:]:
        console.print(line)


class _Console(Console):
    """Says that nobody reads any more, where rich would end the program with a verdict's exit code."""

    def on_broken_pipe(self) -> None:
        """Called while a BrokenPipeError is handled: let it pass."""
        raise BrokenPipeError


def lines(report: Report) -> Iterator[Text]:
    """The verdict, what was signed (if the signature holds), each check, and each proof where there are several."""
    yield Text.assemble((report.state, VERDICT_STYLES[report.verdict]), f" ({report.verdict})")
    yield Text(visible(report.words))
    yield Text("")
    facts = list(_facts(report))
    yield from (Text(f"{label:<9} {visible(value)}") for label, value in facts)
    if facts:
        yield Text("")
    yield from (_check_line(check) for check in report.checks)
    yield Text("")
    if len(report.proofs) > 1:
        yield from (_proof_line(proof) for proof in report.proofs)
        yield Text("")
    yield Text(f"Checked {format_instant(report.checked_at.replace(microsecond=0))}")


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    if report.issuer is not None:
        named = f" (calls itself {report.issuer.name})" if report.issuer.name else ""
        yield "Issuer", (report.issuer.domain or "not confirmed") + named
    if report.verified is not None:
        credential = report.verified.credential
        yield "Id", credential.id or "none"
        if credential.valid_from:
            yield "From", format_instant(credential.valid_from)
        if credential.valid_until:
            yield "Until", format_instant(credential.valid_until)
    if report.credential is not None:
        yield from _work(work_of(report.credential)[1])
    if report.status is not None and report.status.successor:
        yield "See", report.status.successor


def _work(work: CompletedWork) -> Iterator[tuple[str, str]]:
    yield "Work", work.title
    if work.person:
        yield "Person", work.person
    if work.started and work.ended:
        yield "Days", f"{work.started} to {work.ended}"
    if work.hours:
        yield "Hours", work.hours


def _proof_line(proof: ProofView) -> Text:
    word = f"{OUTCOME_WORDS[proof.outcome]:<{WORD_WIDTH}}"
    said = visible(f" {proof.algorithm or 'proof':<10} {proof.mechanism}: {proof.detail}")
    return Text.assemble("   ", (word, STYLES.get(proof.outcome, "")), said)


def _check_line(check: Check) -> Text:
    style = STYLES.get(check.outcome, "")
    code = f" [{check.code}]" if check.code else ""
    word = f"{OUTCOME_WORDS[check.outcome]:<{WORD_WIDTH}}"
    said = visible(f" {check.id:<{ID_WIDTH}} {check.detail}{code}")
    return Text.assemble(f"{check.number:>2} ", (word, style), said)
