"""Rows of a list to look at before it is issued: the first, one by chance, and the longest, where layouts break."""

from __future__ import annotations

import random
from collections.abc import Iterator

from credentials.issuer.bulk.events import RowReady
from credentials.issuer.bulk.plan import BulkPlan, read
from credentials.issuer.draft import Draft

_SHOWN = 3
_DRAWN = 3
"""Rows that are drawn: two of them may be the first and the longest."""


def samples_of(bulk: BulkPlan, seed: str) -> list[tuple[int, Draft]]:
    """Up to three good rows, each with its number, in the order of the list; the same `seed` draws the same one."""
    chance = random.Random(seed)  # noqa: S311 - which row to look at, nothing secret
    first = longest = None
    drawn: list[RowReady] = []
    for number, one in enumerate(_good(bulk), 1):
        first = first or one
        longest = one if longest is None or _length(one.draft) > _length(longest.draft) else longest
        place = number - 1 if number <= _DRAWN else chance.randrange(number)
        if place < _DRAWN:  # each row as likely as any other (Vitter, algorithm R)
            drawn[place : place + 1] = [one]
    ends = {one.row: one.draft for one in (first, longest) if one is not None}
    others = [(one.row, one.draft) for one in drawn if one.row not in ends]
    return sorted([*ends.items(), *others[: _SHOWN - len(ends)]], key=lambda one: one[0])


def _good(bulk: BulkPlan) -> Iterator[RowReady]:
    return (one for one in read(bulk) if isinstance(one, RowReady))


def _length(draft: Draft) -> int:
    texts = (draft.recipient_name, draft.project_title, draft.summary, draft.supervisor_words or "", *draft.skills)
    return sum(map(len, texts)) + sum(len(one.name) for one in draft.deliverables)
