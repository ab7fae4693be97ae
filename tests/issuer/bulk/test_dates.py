"""Dates of many hands are read; what is impossible, incomplete or has two meanings is refused."""

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.issuer.bulk.dates import Evidence, Order, read_day
from credentials.issuer.bulk.trouble import Trouble

MAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-04",
        "2026-5-4",
        "2026/05/04",
        "2026.05.04",
        "20260504",
        "2026-05-04T00:00:00Z",
        "2026-05-04 00:00:00",
        "2026-05-04T09:30:00.000+02:00",
        "04.05.2026",
        "4.5.2026",
        "4. 5. 2026",
        "04.05.2026 00:00",
        "4 May 2026",
        "4th May 2026",
        "May 4, 2026",
        "May 4th 2026",
        "4-May-2026",
        "4. Mai 2026",
        "4 mai 2026",
        "le 4 mai 2026",
        "4 de mayo de 2026",
        "4 maj 2026",
        "den 4 maj 2026",
        "4 mei 2026",
        "4 maggio 2026",
        "4 de maio de 2026",
        "4º de maio de 2026",
        "2026 May 4",
        "4 MAY 2026",
        "4\u00a0May  2026",
    ],
)
def test_one_day_in_many_forms(text: str) -> None:
    assert read_day(text) == MAY


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1er août 2026", 8),
        ("1 aout 2026", 8),
        ("1. März 2026", 3),
        ("1. Mrz 2026", 3),
        ("1 févr. 2026", 2),
        ("1 fevrier 2026", 2),
        ("1 sept 2026", 9),
        ("1 sept. 2026", 9),
        ("1 okt. 2026", 10),
        ("1 dic 2026", 12),
        ("1. Dezember 2026", 12),
        ("1 ottobre 2026", 10),
        ("1 março 2026", 3),
        ("1 marts 2026", 3),
        ("1 januari 2026", 1),
    ],
)
def test_months_by_name(text: str, month: int) -> None:
    expected = read_day(text)
    if text == "1. Mrz 2026":  # not CLDR's abbreviation: refused rather than guessed
        assert isinstance(expected, Trouble)
    else:
        assert expected == date(2026, month, 1)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "sv", "da", "nb", "nl", "it", "pt"])
@pytest.mark.parametrize("form", ["d MMMM y", "d MMM y", "y-MM-dd"])
def test_every_month_of_every_language(language: str, form: str) -> None:
    for month in range(1, 13):
        day = date(2026, month, 28)
        assert read_day(format_date(day, form, locale=language)) == day


@pytest.mark.parametrize(
    "text",
    ["31.02.2026", "2026-02-29", "31/04/2026", "00.05.2026", "04.00.2026", "04.13.2026", "32.01.2026", "2026-13-01",
     "31 April 2026", "0 May 2026", "32 May 2026", "30. Februar 2026", "20261301", "4.5.0000", "13/13/2026"],
)  # fmt: skip
def test_impossible_days_are_refused(text: str) -> None:
    found = read_day(text)
    assert isinstance(found, Trouble)
    assert found.code == "impossible-date"
    assert text in found.problem


@pytest.mark.parametrize(
    "text",
    ["11.2026", "11/2026", "2026-11", "2026", "04.05.26", "4/5/26", "04-05-26", "May 2026", "Mai 2026", "4 May",
     "4 May 26", "mayo de 2026", "May", "3-5 May 2026", "4 5 May 2026"],
)  # fmt: skip
def test_incomplete_dates_are_refused(text: str) -> None:
    found = read_day(text)
    assert isinstance(found, Trouble)
    assert found.code == "incomplete-date"
    assert "2026-05-31" in found.advice


@pytest.mark.parametrize(
    "text",
    ["soon", "46153", "1", "yesterday", "Q2 2026", "week 19", "4 Mayy 2026", "4 May 2026?", "4 May June 2026",
     "4.5/2026", "2026-05/04", "٤.٥.٢٠٢٦", "２０２６-05-04", "2026-05-04 to 2026-05-06", "2026-05-04T",
     "04.05.2026 noon", "=DATE(2026;5;4)",
     "04.05.2026\u200e", "-2026-05-04", "2026-05-04-06", "May" * 30, "x" * 5000, "1/2/3/2026", "NaN", "\x00"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    found = read_day(text)
    assert isinstance(found, Trouble)
    assert found.code == "bad-date"
    assert found.advice


@pytest.mark.parametrize("text", ["", " ", "\u00a0"])
def test_no_date_is_missing(text: str) -> None:
    found = read_day(text)
    assert isinstance(found, Trouble)
    assert found.code == "missing-date"


@pytest.mark.parametrize("text", ["04/05/2026", "4-5-2026", "12/11/2026", "1 / 2 / 2026"])
def test_two_meanings_are_refused_until_told(text: str) -> None:
    found = read_day(text)
    assert isinstance(found, Trouble)
    assert found.code == "ambiguous-date"
    assert "--date-format" in found.advice
    for order in ("dmy", "mdy"):
        assert isinstance(read_day(text, told=order), date)
        assert read_day(text, told=order) == read_day(text, shown=order)
    assert read_day(text, told="dmy") != read_day(text, told="mdy")


def test_what_the_person_says_wins() -> None:
    assert read_day("04/05/2026", told="mdy", shown="dmy") == date(2026, 4, 5)
    assert read_day("04.05.2026", told="mdy") == date(2026, 4, 5)
    assert isinstance(read_day("31/12/2026", told="mdy"), Trouble)
    assert isinstance(read_day("12/31/2026", shown="dmy"), Trouble)


@pytest.mark.parametrize(
    ("text", "day"), [("31/12/2026", 31), ("12/31/2026", 31), ("05/05/2026", 5), ("13-12-2026", 13)]
)
def test_some_need_no_telling(text: str, day: int) -> None:
    found = read_day(text)
    assert isinstance(found, date)
    assert found.day == day


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["04/05/2026", "31/12/2026"], "dmy"),
        (["04/05/2026", "12/31/2026"], "mdy"),
        (["31/12/2026", "12/31/2026"], None),
        (["04/05/2026"], None),
        (["31.12.2026"], None),
        (["99/99/2026", "0/0/2026", "soon", ""], None),
        ([], None),
    ],
)
def test_a_column_shows_its_order(cells: list[str], order: Order | None) -> None:
    evidence = Evidence()
    for cell in cells:
        evidence.note(cell)
    assert evidence.order() == order


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["dmy", "mdy", None]))
def test_any_text_is_a_day_or_trouble(text: str, order: Order | None) -> None:
    assert isinstance(read_day(text, order), date | Trouble)


@settings(deadline=None)
@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)))
def test_iso_dates_are_themselves(day: date) -> None:
    assert read_day(day.isoformat()) == day
