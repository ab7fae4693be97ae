"""Colours measured as WCAG 2.2 measures them, and the nearest one that can be read. Pure.

A colour is text `#rrggbb`. No single colour has 4.5 : 1 against both grounds of our pages: between them there are only
about 17 : 1. So a company gives one colour, which is measured on the light ground; on the dark one stands the nearest
lighter colour of the same tone that has 4.5 : 1 there.
"""

from __future__ import annotations

import re
from typing import Final

LIGHT: Final = "#fdfcf9"
DARK: Final = "#16161a"
"""The grounds of the pages: `--paper` of the style sheet."""
LEAST: Final = 4.5
"""The least ratio of text to its ground (WCAG 2.2 success criterion 1.4.3, level AA)."""

_COLOUR: Final = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE | re.ASCII)
_STEPS: Final = 256


def parsed(text: str) -> str | None:
    """A colour as it is kept, from `#rrggbb`, `#rgb` or either without `#`; None for anything else."""
    found = _COLOUR.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def is_readable(colour: str, ground: str) -> bool:
    """Whether text in this colour can be read there; the same holds of the ground's colour on it."""
    return contrast(colour, ground) >= LEAST


def nearest(colour: str, ground: str) -> str:
    """The nearest colour of the same tone that can be read on the ground: itself, or mixed with black or white."""
    towards = 0 if _luminance(ground) > 0.5 else 255
    mixes = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(one for one in mixes if is_readable(one, ground))


def _mixed(colour: str, towards: int, part: float) -> str:
    return "#" + "".join(f"{round(value + (towards - value) * part):02x}" for value in _channels(colour))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    red, green, blue = (_linear(value / 255) for value in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
