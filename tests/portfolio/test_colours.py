"""Contrast is what WCAG says it is; whatever colour is given, the nearest readable one is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from credentials.portfolio.branding import style_sheet
from credentials.portfolio.colours import DARK, LIGHT, contrast, is_readable, nearest, parsed

SHEET = Path(__file__).parents[2] / "credentials" / "web" / "static" / "style.css"
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#ff0000", "#ffffff", 3.998),
        ("#0000ff", "#ffffff", 8.592),
    ],
)
def test_contrast_is_that_of_known_pairs(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("text", ["#0a5f3c", "0A5F3C", " #0a5f3c\n"])
def test_a_colour_is_read_however_it_is_typed(text: str) -> None:
    assert parsed(text) == "#0a5f3c"


def test_a_short_colour_is_made_long() -> None:
    assert parsed("#0f8") == "#00ff88"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "green",
        "#12345",
        "#1234567",
        "##123456",
        "#12345g",
        "rgb(0,0,0)",
        "#0a5f3c;}",
        "#0a5f3c}.band{color:red",
        "url(//a.example)",
        "var(--good)",
        "#١٢٣",
        "#0a5\n#0a5",
        "#0a5f3c00",
    ],
)
def test_nothing_else_is_a_colour(text: str) -> None:
    assert parsed(text) is None
    with pytest.raises(ValueError, match="not a colour"):
        style_sheet(text)


@settings(deadline=None)
@given(COLOURS, st.sampled_from([LIGHT, DARK]))
@example("#ffffff", LIGHT)
@example("#000000", DARK)
def test_the_nearest_colour_can_be_read(colour: str, ground: str) -> None:
    found = nearest(colour, ground)

    assert is_readable(found, ground)
    assert (found == colour) == is_readable(colour, ground)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_a_style_sheet_has_one_property_and_nothing_of_what_was_typed(text: str) -> None:
    try:
        sheet = style_sheet(text)
    except ValueError:
        return
    assert re.fullmatch(
        r"\.branded \{ --accent: #[0-9a-f]{6}; \}\n"
        r"@media screen and \(prefers-color-scheme: dark\) \{ \.branded \{ --accent: #[0-9a-f]{6}; \} \}\n",
        sheet,
    )


def test_no_colour_can_be_read_on_both_grounds() -> None:
    assert contrast(LIGHT, DARK) < 4.5 * 4.5


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    assert re.findall(r"--paper: (#[0-9a-f]{6})", SHEET.read_text("utf-8")) == [LIGHT, DARK]
