"""Dates as people and machines read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from credentials.portfolio.dates import Moment, clock, day, minute, month, period


def at(year: int, number: int, date: int) -> datetime:
    return datetime(year, number, date, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        (at(2026, 3, 2), at(2026, 3, 14), "2", "14 Mar 2026"),
        (at(2026, 2, 28), at(2026, 3, 14), "28 Feb", "14 Mar 2026"),
        (at(2025, 12, 28), at(2026, 1, 4), "28 Dec 2025", "4 Jan 2026"),
    ],
)
def test_period_says_shared_parts_once(start: datetime, end: datetime, first: str, last: str) -> None:
    found = period(start, end)
    assert found is not None
    assert found.start is not None
    assert (found.start.text, found.end.text) == (first, last)
    assert (found.start.iso, found.end.iso) == (start.date().isoformat(), end.date().isoformat())


@pytest.mark.parametrize(
    ("start", "end"), [(at(2026, 3, 2), at(2026, 3, 2)), (None, at(2026, 3, 2)), (at(2026, 3, 2), None)]
)
def test_one_day_is_said_once(start: datetime | None, end: datetime | None) -> None:
    found = period(start, end)
    assert found is not None
    assert found.start is None
    assert found.end == Moment("2026-03-02", "2 Mar 2026")


def test_no_day_is_no_period() -> None:
    assert period(None, None) is None


def test_everything_is_told_in_utc() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert day(late).text == "23 Nov 2026"
    assert month(late) == Moment("2026-11", "Nov 2026")
    assert minute(late) == Moment("2026-11-23T04:30:00Z", "23 Nov 2026, 04:30 UTC")
    assert clock(late).text == "04:30"
