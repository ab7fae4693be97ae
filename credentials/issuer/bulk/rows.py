"""From the cells of a row to a draft, or to everything that is wrong with the row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache

from credentials.issuer.bulk.columns import Columns
from credentials.issuer.bulk.dates import Order, read_day
from credentials.issuer.bulk.numbers import read_hours
from credentials.issuer.bulk.trouble import RowProblem, Trouble
from credentials.issuer.characters import visible
from credentials.issuer.draft import Deliverable, Draft, Rating, deliverable
from credentials.issuer.lint import Finding, lint

__all__ = ["DAY_FIELDS", "RowReader"]

DAY_FIELDS = ("started_on", "ended_on", "valid_until")

_APART = re.compile("[\u0300-\u036f]")
_SPLIT_BOTH = re.compile(r"[;\n]")
_SPLIT_COMMA = re.compile(r",(?![^()]*\))|\n")
_REASON = re.compile(r"(?P<level>[^()]*[^()\s])\s*\((?P<reason>[^()]+)\)")
_TYPED = frozenset({*DAY_FIELDS, "hours"})
_SOME_DAY = date(2000, 1, 1)


class RowReader:
    """Reads rows under one heading; `told` is the order of day and month the person gave, `shown` each column's."""

    def __init__(
        self, columns: Columns, told: Order | None, shown: Mapping[str, Order | None], *, selective: bool = False
    ) -> None:
        self._columns = columns
        self._places = tuple(columns.places.items())
        self._told = told
        self._selective = selective
        self._shown = dict(shown)

    def read(self, row: int, cells: list[str]) -> tuple[Draft | None, list[RowProblem], str]:
        """The draft (None when the row must be left out), its problems, and the person's name, safe to print."""
        width = len(self._columns.heading)
        if len(cells) != width:
            if len(cells) < width or any(map(str.strip, cells[width:])):
                return None, [_wrong_width(row, cells, width)], self._person(cells)
            cells = cells[:width]
        values = {field: _clean(cells[place]) for field, place in self._places}
        draft, troubles = self._draft(values)
        problems = [self._of_trouble(row, field, values.get(field, ""), trouble) for field, trouble in troubles.items()]
        findings = lint(draft) + _leading(values, cells, self._places)
        problems += [self._of_finding(row, finding, values) for finding in findings if _counts(finding, troubles)]
        failed = any(problem.level == "error" for problem in problems)
        return None if failed else draft, problems, visible(draft.recipient_name)

    def _draft(self, values: Mapping[str, str]) -> tuple[Draft, dict[str, Trouble]]:
        """The draft, with stand-ins where a cell has no meaning, and what is wrong with those cells."""
        troubles: dict[str, Trouble] = {}
        days = {field: self._day(field, values.get(field, ""), troubles) for field in DAY_FIELDS}
        end = days["ended_on"] or days["started_on"] or _SOME_DAY
        hours = _hours(values.get("hours", ""), troubles)
        draft = Draft(
            _name(values),
            values.get("recipient_email") or None,
            values["project_title"],
            values["summary"],
            _deliverables(values.get("deliverables", "")),
            _skills(values.get("skills", "")),
            days["started_on"] or end,
            end,
            hours,
            values["supervisor_name"],
            values.get("supervisor_words") or None,
            values.get("evidence_url") or None,
            _last_second(days["valid_until"]),
            values.get("role") or None,
            values.get("compensation") or None,
            _ratings(values.get("ratings", "")),
            self._selective,
        )
        return draft, troubles

    def _day(self, field: str, text: str, troubles: dict[str, Trouble]) -> date | None:
        if not text and field == "valid_until":
            return None
        day = read_day(text, self._told, self._shown.get(field))
        if isinstance(day, date):
            return day
        troubles[field] = day
        return None

    def _of_trouble(self, row: int, field: str, value: str, trouble: Trouble) -> RowProblem:
        title = self._columns.title(field)
        return RowProblem(row, title, visible(value), trouble.problem, trouble.advice, trouble.code, "error")

    def _of_finding(self, row: int, finding: Finding, values: Mapping[str, str]) -> RowProblem:
        """The finding with the value as it stands in the file: a date as it was typed."""
        typed = visible(values[finding.field]) if finding.field in _TYPED else finding.value
        title = self._title(finding.field)
        return RowProblem(row, title, typed, finding.problem, finding.advice, finding.code, finding.level)

    def _title(self, field: str) -> str:
        if field == "recipient_name" and field not in self._columns.places:
            return f"{self._columns.title('given_name')}, {self._columns.title('family_name')}"
        return self._columns.title(field)

    def _person(self, cells: list[str]) -> str:
        place = self._columns.places.get("recipient_name", self._columns.places.get("given_name", 0))
        return visible(cells[place].strip()) if place < len(cells) else ""


def _clean(cell: str) -> str:
    """A cell trimmed, with line feeds for line ends and accents on their letters where they came apart."""
    text = cell.strip()
    if text.isascii():
        return text if "\r" not in text else text.replace("\r\n", "\n").replace("\r", "\n")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text) if _APART.search(text) else text


def _leading(values: Mapping[str, str], cells: list[str], places: tuple[tuple[str, int], ...]) -> list[Finding]:
    """A tab or line break before a text was trimmed away: say so, for a spreadsheet may run what follows it."""
    return [
        Finding(
            "warning",
            field,
            visible(cells[place]),
            "A tab or a line break stood before this text; it was left out.",
            "Check that this text is meant.",
            "looks-like-formula",
        )
        for field, place in places
        if cells[place][:1] in ("\t", "\r", "\n") and values[field]
    ]


def _counts(finding: Finding, troubles: Mapping[str, Trouble]) -> bool:
    """Whether a finding is about what stands in the file, not about a stand-in for an unreadable date."""
    dated = troubles.keys() & {"started_on", "ended_on"}
    return not (dated and finding.field in ("started_on", "ended_on", "hours", "valid_until"))


def _wrong_width(row: int, cells: list[str], width: int) -> RowProblem:
    problem = f"This row has {len(cells)} cells; the heading has {width}."
    if any("\n" in cell or "\r" in cell for cell in cells):
        problem += " It runs over several lines, so a quotation mark may be missing."
    advice = "Put quotation marks around text that holds the separator, and fill up or remove cells."
    return RowProblem(row, "", visible(" | ".join(cells)), problem, advice, "wrong-number-of-cells", "error")


def _name(values: Mapping[str, str]) -> str:
    name = values.get("recipient_name")
    return f"{values['given_name']} {values['family_name']}".strip() if name is None else name


def _hours(text: str, troubles: dict[str, Trouble]) -> Decimal | None:
    if not text:
        return None
    hours = read_hours(text)
    if isinstance(hours, Decimal):
        return hours
    troubles["hours"] = hours
    return None


def _last_second(day: date | None) -> datetime | None:
    """Valid until a day means until its last second, in UTC."""
    return None if day is None else datetime.combine(day, time(23, 59, 59), UTC)


@lru_cache(maxsize=1024)
def _deliverables(text: str) -> tuple[Deliverable, ...]:
    return tuple(deliverable(part) for part in map(str.strip, _SPLIT_BOTH.split(text)) if part)


@lru_cache(maxsize=1024)
def _ratings(text: str) -> tuple[Rating, ...]:
    """Ratings as people write them: "Statistics: 4 of 5; Writing: very good (clear and short)"."""
    return tuple(_rating(part) for part in map(str.strip, _SPLIT_BOTH.split(text)) if part)


def _rating(text: str) -> Rating:
    """What stands before the colon is the skill, what ends in brackets the reason. `lint` refuses an empty part."""
    skill, _, level = text.partition(":")
    found = _REASON.fullmatch(level.strip())
    if found is None:
        return Rating(skill.strip(), level.strip())
    return Rating(skill.strip(), found["level"], found["reason"].strip())


@lru_cache(maxsize=1024)
def _skills(text: str) -> tuple[str, ...]:
    """Skills apart at semicolons; at commas where there is no semicolon (not inside brackets). Each stands once."""
    parts = (_SPLIT_BOTH if ";" in text else _SPLIT_COMMA).split(text)
    return tuple(dict.fromkeys(part for part in map(str.strip, parts) if part))
