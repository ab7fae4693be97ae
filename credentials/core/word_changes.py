"""What somebody changed in somebody else's text, word by word, for both to see. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both texts have (`kept`), only the first one (`removed`), or only the second (`added`)."""

    kind: Literal["kept", "removed", "added"]
    text: str


def changes(before: str, after: str) -> tuple[Piece, ...]:
    """How one text became the other: the pieces that are not added make the first, those not removed the second."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    for _kind, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if gone == come:
            found.append(Piece("kept", gone))
        else:
            found += [Piece("removed", gone)] if gone else []
            found += [Piece("added", come)] if come else []
    return tuple(found)
