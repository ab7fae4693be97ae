"""Dates as readers see them: 22 Nov 2026, always with the machine-readable form beside it. All in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not from the locale: the pages are English whatever the machine speaks."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time for a `<time>` element: `iso` for machines, `text` for people."""

    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`; `start` is None when both are one day."""

    start: Moment | None
    end: Moment


def day(when: datetime) -> Moment:
    """A calendar day: `22 Nov 2026`."""
    utc = when.astimezone(UTC)
    return Moment(utc.date().isoformat(), f"{utc.day} {MONTHS[utc.month - 1]} {utc.year}")


def month(when: datetime) -> Moment:
    """A month: `Nov 2026`."""
    utc = when.astimezone(UTC)
    return Moment(f"{utc.year:04}-{utc.month:02}", f"{MONTHS[utc.month - 1]} {utc.year}")


def minute(when: datetime) -> Moment:
    """A time to the minute, with its zone: `22 Nov 2026, 14:02 UTC`."""
    utc = when.astimezone(UTC)
    return Moment(utc.strftime("%Y-%m-%dT%H:%M:%SZ"), f"{day(utc).text}, {utc:%H:%M} UTC")


def clock(when: datetime) -> Moment:
    """A time of today's check: `14:02`."""
    utc = when.astimezone(UTC)
    return Moment(utc.strftime("%Y-%m-%dT%H:%M:%SZ"), f"{utc:%H:%M}")


def period(start: datetime | None, end: datetime | None) -> Period | None:
    """What a span of days is called, shared parts said once: `2 to 14 Mar 2026`. None when neither day is known."""
    last = end or start
    if last is None:
        return None
    final = day(last)
    first = (start or last).astimezone(UTC)
    if first.date() == last.astimezone(UTC).date():
        return Period(None, final)
    return Period(Moment(day(first).iso, _shared(first, last.astimezone(UTC))), final)


def _shared(first: datetime, last: datetime) -> str:
    """The first day, without the month and year that the last day says too."""
    if first.year != last.year:
        return day(first).text
    return str(first.day) if first.month == last.month else f"{first.day} {MONTHS[first.month - 1]}"
