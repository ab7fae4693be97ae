"""Cursors of lists: what a link says, and nothing of what somebody typed there."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.web.cursors import cursor, moment_and_id

ID = "7KQ2M9XV4T7KQ2M9XV4T7KQ2M9"
NOON = datetime(2026, 3, 16, 12, 0, 1, 5, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)), st.from_regex(r"[0-9A-Z]{26}", fullmatch=True))
def test_a_cursor_is_read_as_it_was_written(moment: datetime, last: str) -> None:
    assert moment_and_id(cursor(moment, last)) == (moment, last)


def test_another_zone_is_the_same_moment() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=5)))
    assert moment_and_id(f"{there.isoformat()},{ID}") == (NOON, ID)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        ID,
        f",{ID}",
        "2026-03-16T12:00:00+00:00",
        "2026-03-16T12:00:00+00:00,",
        f"2026-03-16T12:00:00,{ID}",
        f"2026-03-16,{ID}",
        f"0001-01-01T00:00:00+23:00,{ID}",
        f"9999-12-31T23:59:59-23:00,{ID}",
        f"2026-13-16T12:00:00+00:00,{ID}",
        "2026-03-16T12:00:00+00:00,a b",
        "2026-03-16T12:00:00+00:00,x\x00",
        "2026-03-16T12:00:00+00:00,' OR 1=1",
        "2026-03-16T12:00:00+00:00," + "7" * 65,
        "2026-03-16T12:00:00+00:00,\u0661",
    ],
)
def test_what_is_no_cursor(text: str) -> None:
    assert moment_and_id(text) is None


@given(st.text(max_size=100))
def test_any_text_is_a_cursor_or_none(text: str) -> None:
    found = moment_and_id(text)
    assert found is None or found[0].utcoffset() == timedelta()
