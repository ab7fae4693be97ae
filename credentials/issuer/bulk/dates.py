"""Dates as people type them: 2026-05-04, 04.05.2026, 4 May 2026, 4. Mai 2026, le 4 mai 2026.

- year first is year, month, day; with points, the day comes first
- 04/05/2026 and 04-05-2026 mean what the column's other dates show; when they show nothing, ask
- month names and their abbreviations in ten languages, from Unicode's CLDR
- a time of day after the date is left out; a date without day or with a two-digit year is incomplete
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache, lru_cache
from typing import Literal

from babel.dates import get_month_names

from credentials.issuer.bulk.trouble import Trouble

__all__ = ["Evidence", "Order", "read_day"]

Order = Literal["dmy", "mdy"]

_LANGUAGES = ("en", "de", "fr", "es", "sv", "da", "nb", "nl", "it", "pt")
_TIME = r"(?:(?:T|,? )[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?: ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}}) ?([./-]) ?([0-9]{{1,2}}) ?\2 ?([0-9]{{1,2}})\.?{_TIME}", re.IGNORECASE)
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}}) ?([./-]) ?([0-9]{{1,2}}) ?\2 ?([0-9]{{4}})\.?{_TIME}", re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_WORDED = re.compile(r"[\w .,/'’-]+")
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
_ORDINALS = ("st", "nd", "rd", "th", "er", "re", "o", "a", "e")
_ARTICLES = ("de", "del", "di", "do", "of", "den", "der", "le", "el", "il", "la", "the", "am", "d")
_PARTICLES = frozenset(_ORDINALS + _ARTICLES)
_SHORT_YEAR = re.compile(r"[0-9]{1,2} ?([./-]) ?[0-9]{1,2} ?\1 ?[0-9]{2}")
_NO_DAY = re.compile(r"(?:[0-9]{1,2} ?[./-] ?)?[0-9]{4}|[0-9]{4} ?[./-] ?[0-9]{1,2}")
_ADVICE = "Write it as 2026-05-31."


class Evidence:
    """What a column's dates show about its order; see `order`."""

    __slots__ = ("day_first", "month_first")

    def __init__(self) -> None:
        self.day_first = self.month_first = False

    def note(self, text: str) -> None:
        """Look at one more cell."""
        found = _YEAR_LAST.fullmatch(text)
        if found and found[2] != ".":
            self.day_first = self.day_first or int(found[1]) > 12 >= int(found[3])
            self.month_first = self.month_first or int(found[3]) > 12 >= int(found[1])

    def order(self) -> Order | None:
        """The order that some cells prove and none denies, or None."""
        if self.day_first == self.month_first:
            return None
        return "dmy" if self.day_first else "mdy"


@lru_cache(maxsize=8192)
def read_day(text: str, told: Order | None = None, shown: Order | None = None) -> date | Trouble:
    """The calendar day of a trimmed cell. `told` is the order the person gave; `shown` what the column's cells show."""
    text = " ".join(text.split())
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        return _day(text, int(found[1]), int(found[3]), int(found[4]))
    found = _YEAR_LAST.fullmatch(text)
    if found:
        return _year_last(text, found, told, shown)
    found = _COMPACT.fullmatch(text)
    if found:
        return _day(text, int(found[1]), int(found[2]), int(found[3]))
    return _worded(text) or _trouble(text)


def _year_last(text: str, found: re.Match[str], told: Order | None, shown: Order | None) -> date | Trouble:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    order = told or ("dmy" if found[2] == "." else shown)
    if order is None and first <= 12 and second <= 12 and first != second:
        advice = "Say which with --date-format dmy or --date-format mdy, or write it as 2026-05-31."
        return Trouble("This date can be read in two ways.", advice, "ambiguous-date")
    if order is None:
        order = "mdy" if second > 12 else "dmy"
    day, month = (first, second) if order == "dmy" else (second, first)
    return _day(text, year, month, day)


def _day(text: str, year: int, month: int, day: int) -> date | Trouble:
    try:
        return date(year, month, day)
    except ValueError:
        return Trouble(f"There is no such day as {text}.", f"Correct the date. {_ADVICE}", "impossible-date")


@cache
def _months() -> dict[str, int]:
    """Month names, folded and without marks, to their numbers."""
    names: dict[str, int] = {"sept": 9, "maerz": 3}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names[_folded(name).strip(".")] = number
    return names


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return apart if apart.isascii() else "".join(filter(lambda one: not unicodedata.combining(one), apart))


def _worded(text: str) -> date | Trouble | None:
    """A date with the month's name: day month year, month day year, or year month day."""
    if len(text) > 60 or not _WORDED.fullmatch(text):
        return None
    months = _months()
    parts = [part for part in _PARTS.findall(_folded(text)) if part not in _PARTICLES]
    named = [months[part] for part in parts if part in months]
    numbers = [part for part in parts if part.isascii() and part.isdigit()]
    if len(named) != 1 or len(named) + len(numbers) != len(parts):
        return None
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(numbers) == 2 and len(years) == 1 and len(days) == 1:
        return _day(text, int(years[0]), named[0], int(days[0]))
    return Trouble("The date is incomplete.", f"Give day, month and four-digit year. {_ADVICE}", "incomplete-date")


def _trouble(text: str) -> Trouble:
    if not text:
        return Trouble("There is no date.", _ADVICE, "missing-date")
    if _SHORT_YEAR.fullmatch(text):
        return Trouble("The year has two digits.", f"Write all four digits of the year. {_ADVICE}", "incomplete-date")
    if _NO_DAY.fullmatch(text):
        return Trouble("The day is missing.", f"Add the day of the month. {_ADVICE}", "incomplete-date")
    if text.isascii() and text.isdigit():
        advice = "Format the column as a date in the spreadsheet and export it again."
        return Trouble("This looks like a spreadsheet's day number, not a date.", advice, "bad-date")
    return Trouble("This is not a date.", _ADVICE, "bad-date")
