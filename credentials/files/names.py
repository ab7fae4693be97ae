"""A file's name, made safe: a name that people recognise, and nothing that a shell, a path or an eye could trip over.

Pure. What is left out: folders, control characters, marks that turn the direction of text, other invisible characters,
unassigned and private ones, what Windows forbids in names, and dots and spaces at either end.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

NAMELESS: Final = "file"
LONGEST: Final = 120
"""Characters of a name."""
LONGEST_BYTES: Final = 200
"""Bytes of a name in UTF-8: most file systems take 255."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN: Final = re.compile(r'[<>:"|?*%]')
_MARKS_IN_A_ROW: Final = 4
# A device on Windows, whatever the ending.
_DEVICE: Final = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)(?:\..*)?", re.IGNORECASE)
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,10}$")


def safe_name(text: str) -> str:
    """A name of 1 to `LONGEST` characters for what a client called its file. The same name again stays as it is."""
    last = re.split(r"[/\\]", text)[-1]
    seen = "".join(char for char in unicodedata.normalize("NFC", last) if _is_seen(char))
    name = " ".join(_FORBIDDEN.sub("_", _without_piles(seen)).split()).strip(". ")
    name = f"_{name}" if _DEVICE.fullmatch(name) else name
    return _shortened(name) or NAMELESS


def _is_seen(char: str) -> bool:
    return char == "\t" or unicodedata.category(char) not in _UNSEEN


def _without_piles(text: str) -> str:
    """Without the marks that would pile up above one letter."""
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def _shortened(name: str) -> str:
    """The name within both limits; its ending stays."""
    ending = found[0] if (found := _ENDING.search(name)) and found.start() else ""
    stem = name[: len(name) - len(ending)][: LONGEST - len(ending)]
    while len(f"{stem}{ending}".encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{ending}"
