"""Text of strangers that goes into a sentence of ours: it must show as what it is, on a page and on a terminal."""

from __future__ import annotations

import unicodedata
from typing import Final

# Controls, formatting (the direction of writing among it), surrogates, private use, line and paragraph separators.
_REFUSED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")
"""Formatting too, but Persian, the scripts of India and emoji are not written without."""


def is_plain_line(text: str) -> bool:
    """Whether `text` is one line without control characters, hidden ones, or any that turn the direction of writing."""
    if text.isprintable():
        return True
    return all(char in _JOINERS or unicodedata.category(char) not in _REFUSED for char in text)
