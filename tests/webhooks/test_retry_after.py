"""What `Retry-After` asks for: seconds and dates, never too long, and nothing of what is none."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.webhooks.retry_after import MOST, wanted_pause

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
NOTHING = timedelta()
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("0", NOTHING),
        ("120", timedelta(seconds=120)),
        (" 120 ", timedelta(seconds=120)),
        ("86400", MOST),
        ("86401", MOST),
        ("9" * 60, MOST),
        ("Mon, 16 Mar 2026 10:00:00 GMT", HOUR),
        ("Monday, 16-Mar-26 10:00:00 GMT", HOUR),
        ("Mon Mar 16 10:00:00 2026", HOUR),
        ("Mon, 16 Mar 2027 10:00:00 GMT", MOST),
    ],
)
def test_what_they_ask_for(status: int, text: str, pause: timedelta) -> None:
    assert wanted_pause(status, text, NOW) == pause


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+60",
        "1.5",
        "1e3",
        "60 s",
        "soon",
        "\u0661\u0662",
        "\u00b2",
        "Mon, 16 Mar 2026 08:59:59 GMT",
        "Mon, 16 Mar 1926 10:00:00 GMT",
        "Mon, 16 Mar 2026 10:00:00 CET",
        "Mon, 16 Mar 2026 10:00:00 +0000",
        "Mon, 32 Mar 2026 10:00:00 GMT",
        "Mon, 16 Mar 2026 10:00:61 GMT",
        "2026-03-16T10:00:00Z",
    ],
)
def test_what_asks_for_nothing(text: str) -> None:
    assert wanted_pause(503, text, NOW) == NOTHING


@pytest.mark.parametrize("status", [200, 204, 301, 400, 404, 410, 500, 502, 504])
def test_other_answers_are_not_listened_to(status: int) -> None:
    assert wanted_pause(status, "3600", NOW) == NOTHING


@given(status=st.integers(100, 599), text=st.text(max_size=70))
def test_any_text_is_a_pause_within_limits(status: int, text: str) -> None:
    assert NOTHING <= wanted_pause(status, text, NOW) <= MOST


@given(st.integers(0, 250_000_000_000))
def test_every_date_of_the_first_form_is_read(seconds: int) -> None:
    whole = datetime.fromtimestamp(seconds, UTC)
    pause = wanted_pause(429, format_datetime(whole, usegmt=True), NOW)

    assert pause == min(max(whole - NOW, NOTHING), MOST)


@given(st.integers(0, 10**12))
def test_every_number_of_seconds_is_read(seconds: int) -> None:
    assert wanted_pause(429, str(seconds), NOW) == min(timedelta(seconds=min(seconds, 10**6)), MOST)
