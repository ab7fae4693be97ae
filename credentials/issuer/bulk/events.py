"""What is said about each row. Every row under the heading gets exactly one event."""

from __future__ import annotations

from dataclasses import dataclass

from credentials.issuer.bulk.trouble import RowProblem
from credentials.issuer.draft import Draft

__all__ = ["BulkEvent", "RowBlank", "RowIssued", "RowLeftOut", "RowReady", "RowRepeated", "Verdict"]


@dataclass(frozen=True, slots=True)
class RowReady:
    """A good row: `draft` can be issued under the idempotency key `key`; `problems` are warnings."""

    row: int
    person: str
    draft: Draft
    key: str
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class RowIssued:
    """A good row that is issued; `repeated` says that an earlier run had issued it already."""

    row: int
    person: str
    id: str
    code: str
    url: str
    portfolio: str
    repeated: bool
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class RowRepeated:
    """A row that says what row `of_row` says; it is issued once."""

    row: int
    person: str
    of_row: int
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class RowLeftOut:
    """A row that must be corrected first; at least one of `problems` is an error."""

    row: int
    person: str
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class RowBlank:
    """An empty row."""

    row: int


Verdict = RowReady | RowRepeated | RowLeftOut | RowBlank
"""What reading says about a row, the same in a dry run and in a real one."""

BulkEvent = Verdict | RowIssued
"""What `run` yields: verdicts, with `RowIssued` in place of `RowReady` when it is not a dry run."""
