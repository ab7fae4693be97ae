"""Hours with a comma or a point; words and thousands are refused."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.issuer.bulk.numbers import read_hours
from credentials.issuer.bulk.trouble import Trouble


@pytest.mark.parametrize(
    ("text", "hours"),
    [("30", "30"), ("30,5", "30.5"), ("30.5", "30.5"), ("30,25", "30.25"), ("030", "30"), ("30 h", "30"), ("30h", "30"),
     ("30 hours", "30"), ("30,5 Std.", "30.5"), ("30 heures", "30"), ("30 timmar", "30"), ("30\u00a0h", "30"),
     ("+30", "30"), ("-5", "-5"), ("0", "0")],
)  # fmt: skip
def test_hours_are_read(text: str, hours: str) -> None:
    assert read_hours(text) == Decimal(hours)


@pytest.mark.parametrize(
    "text",
    ["about two weeks", "30-40", "~30", "30+", "ca. 30", "thirty", "1e3", "NaN", "Infinity", "0x1f", "30 days", "8:30",
     "30,5,1", "30..5", "1.200,5", "1 200", "٣٠", "３０", "=30", "30 %", "1_000", "", "-", ".", ",5", "5,", "9" * 40,
     "h", "2 weeks", "30\u200b"],
)  # fmt: skip
def test_what_is_no_number_of_hours_is_refused(text: str) -> None:
    found = read_hours(text)
    assert isinstance(found, Trouble)
    assert found.code == "bad-hours"
    assert "30.5" in found.advice


@pytest.mark.parametrize("text", ["1,200", "1.200", "30.125"])
def test_thousands_or_decimals_are_not_guessed(text: str) -> None:
    found = read_hours(text)
    assert isinstance(found, Trouble)
    assert found.code == "ambiguous-number"


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_number_or_trouble(text: str) -> None:
    assert isinstance(read_hours(text), Decimal | Trouble)
