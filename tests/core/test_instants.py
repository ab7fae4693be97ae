"""Instants as XSD dateTimeStamp."""

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import BadInstant
from credentials.core.instants import format_instant, parse_instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-16T00:00:00Z", datetime(2026, 3, 16, tzinfo=UTC)),
        ("2026-03-16T01:30:00+01:30", datetime(2026, 3, 16, tzinfo=UTC)),
        ("2026-03-15T14:00:00-10:00", datetime(2026, 3, 16, tzinfo=UTC)),
        ("2026-03-16T00:00:00-00:00", datetime(2026, 3, 16, tzinfo=UTC)),
        ("2026-03-16T00:00:00.5Z", datetime(2026, 3, 16, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-16T00:00:00.123456789Z", datetime(2026, 3, 16, 0, 0, 0, 123_456, tzinfo=UTC)),
        ("2024-02-29T23:59:59Z", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_read(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant
    assert parse_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-16",
        "2026-03-16T00:00:00",
        "2026-03-16T00:00Z",
        "2026-03-16 00:00:00Z",
        "2026-03-16t00:00:00z",
        "2026-02-30T00:00:00Z",
        "2025-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-03-16T24:00:00Z",
        "2026-03-16T23:60:00Z",
        "2016-12-31T23:59:60Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-01:00",
        "2026-03-16T00:00:00+24:00",
        "2026-03-16T00:00:00+99:99",
        "2026-03-16T00:00:00+0100",
        "2026-03-16T00:00:00+01",
        "2026-03-16T00:00:00.Z",
        "2026-03-16T00:00:00,5Z",
        "2026-03-16T00:00:00.1234567890Z",
        "20260316T000000Z",
        "2026-W12-1T00:00:00Z",
        "+2026-03-16T00:00:00Z",
        "-2026-03-16T00:00:00Z",
        "02026-03-16T00:00:00Z",
        " 2026-03-16T00:00:00Z",
        "2026-03-16T00:00:00Z\n",
        "２０２６-03-16T00:00:00Z",
        "2026-03-16T00:00:00UTC",
        "2026-03-16T00:00:00ZZ",
        "1773619200",
        None,
        1773619200,
        True,
        [],
        {},
        b"2026-03-16T00:00:00Z",
        "9" * 100_000,
    ],
)
def test_everything_else_is_refused(text: object) -> None:
    with pytest.raises(BadInstant) as caught:
        parse_instant(text, where="/validFrom")
    assert caught.value.where == "/validFrom"
    assert len(str(caught.value)) < 200


def test_written_in_utc_and_whole_where_it_is_whole() -> None:
    east = timezone(timedelta(hours=2))
    assert format_instant(datetime(2026, 3, 16, 2, tzinfo=east)) == "2026-03-16T00:00:00Z"
    assert format_instant(datetime(2026, 3, 16, 0, 0, 0, 5, tzinfo=UTC)) == "2026-03-16T00:00:00.000005Z"


def test_an_instant_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="zone"):
        format_instant(datetime(2026, 3, 16))  # noqa: DTZ001


@given(st.datetimes(timezones=st.just(UTC)))
def test_round_trip(instant: datetime) -> None:
    assert parse_instant(format_instant(instant)) == instant


@given(
    st.text(max_size=40) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}(Z|[+-][0-9:]{5})", fullmatch=True)
)
def test_only_our_error(text: str) -> None:
    with contextlib.suppress(BadInstant):
        parse_instant(text)
