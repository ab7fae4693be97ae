"""Rules for single texts of a form: what no page should show, days, hours, pay."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from credentials.console.award_form import Problem
from credentials.issuer.characters import broken, hidden, stacked

MOST_HOURS = 1000
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HOURS = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?", re.ASCII)
_PAY = re.compile(r"([A-Z]{3}) ?(\d{1,7}(?:\.\d{1,2})?)", re.ASCII)


def text_problem(field: str, text: str, longest: int, *, lines: bool = False) -> Problem | None:
    """What is wrong with a text, or None: too long, hidden characters, piled marks. `lines`: it may have several."""
    if len(text) > longest:
        return Problem(field, f"This is too long: at most {longest} characters fit.", "Shorten it.")
    if found := hidden(text, lines=lines):
        what = "a line break or a tab" if found in "\t\n\r" else f"a hidden character (U+{ord(found):04X})"
        return Problem(field, f"There is {what} in it.", "Type it again instead of pasting it.")
    if broken(text) or stacked(text):
        return Problem(field, "A character in it can’t be shown.", "Type it again.")
    return None


def day(text: str) -> date | None:
    """The day that was typed as `2026-03-31`, or None when it is none of the years 2000 to 2199."""
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return found if found and _FIRST_DAY <= found <= _LAST_DAY else None


def hours(text: str) -> Decimal | None:
    """Hours as digits, with a point or a comma and at most two decimals: above 0, at most 1000; else None."""
    try:
        found = Decimal(text.replace(",", ".")) if _HOURS.fullmatch(text) else None
    except InvalidOperation:
        return None
    return found if found is not None and 0 < found <= MOST_HOURS else None


def pay(text: str) -> tuple[str, Decimal] | None:
    """Currency (ISO 4217's form, not its list) and amount of `EUR 400`; None for pay in other words."""
    found = _PAY.fullmatch(text)
    return None if found is None else (found[1], Decimal(found[2]))
