"""Rows of a list to look at before it is issued: the first, one by chance, and the longest, where layouts break."""

from __future__ import annotations

import random
from collections.abc import Iterator

from credentials.issuer.bulk.events import RowReady
from credentials.issuer.bulk.plan import BulkPlan, read
from credentials.issuer.draft import Draft


def samples_of(bulk: BulkPlan, seed: str) -> list[tuple[int, Draft]]:
    """Up to three good rows, each with its number, in the order of the list; the same `seed` draws the same one."""
    chance = random.Random(seed)  # noqa: S311 - which row to look at, nothing secret
    picked: dict[str, RowReady] = {}
    for number, one in enumerate(_good(bulk), 1):
        picked.setdefault("first", one)
        if chance.randrange(number) == 0:
            picked["chance"] = one
        if "longest" not in picked or _length(one.draft) > _length(picked["longest"].draft):
            picked["longest"] = one
    by_row = {one.row: one.draft for one in picked.values()}
    return sorted(by_row.items())


def _good(bulk: BulkPlan) -> Iterator[RowReady]:
    return (one for one in read(bulk) if isinstance(one, RowReady))


def _length(draft: Draft) -> int:
    texts = (draft.recipient_name, draft.project_title, draft.summary, draft.supervisor_words or "", *draft.skills)
    return sum(map(len, texts)) + sum(len(one.name) for one in draft.deliverables)
