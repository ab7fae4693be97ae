"""What is wrong with a value before it can be part of a draft, and how a row's problems are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from credentials.issuer.lint import Level

__all__ = ["RowProblem", "Trouble"]


class Trouble(NamedTuple):
    """Why a cell has no meaning: a sentence, what to do, and a stable code."""

    problem: str
    advice: str
    code: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing about one row.

    `row` is the number a spreadsheet shows (the heading is row 1), `column` the heading as in the file (empty: the
    whole row), `value` what stands there, safe to print and cut to 120 characters. An `error` leaves the row out.
    """

    row: int
    column: str
    value: str
    problem: str
    advice: str
    code: str
    level: Level
