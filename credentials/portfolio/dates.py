"""Dates as readers see them: 22 Nov 2026, always with the machine-readable form beside it. All in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

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


def day(when: date) -> Moment:
    """A calendar day: `22 Nov 2026`. Of an instant, its day in UTC."""
    one = _calendar(when)
    return Moment(one.isoformat(), f"{one.day} {MONTHS[one.month - 1]} {one.year}")


def month(when: date) -> Moment:
    """A month: `Nov 2026`."""
    one = _calendar(when)
    return Moment(f"{one.year:04}-{one.month:02}", f"{MONTHS[one.month - 1]} {one.year}")


def _calendar(when: date) -> date:
    return when.astimezone(UTC).date() if isinstance(when, datetime) else when


def minute(when: datetime) -> Moment:
    """A time to the minute, with its zone: `22 Nov 2026, 14:02 UTC`."""
    utc = when.astimezone(UTC)
    return Moment(utc.strftime("%Y-%m-%dT%H:%M:%SZ"), f"{day(utc).text}, {utc:%H:%M} UTC")


def clock(when: datetime) -> Moment:
    """A time of today's check: `14:02`."""
    utc = when.astimezone(UTC)
    return Moment(utc.strftime("%Y-%m-%dT%H:%M:%SZ"), f"{utc:%H:%M}")


def period(start: date | None, end: date | None) -> Period | None:
    """What a span of days is called, shared parts said once: `2 to 14 Mar 2026`. None when neither day is known."""
    last = end or start
    if last is None:
        return None
    first, final = _calendar(start or last), _calendar(last)
    if first == final:
        return Period(None, day(final))
    return Period(Moment(first.isoformat(), _shared(first, final)), day(final))


def _shared(first: date, last: date) -> str:
    """The first day, without the month and year that the last day says too."""
    if first.year != last.year:
        return day(first).text
    return str(first.day) if first.month == last.month else f"{first.day} {MONTHS[first.month - 1]}"
