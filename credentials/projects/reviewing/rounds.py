"""Where each deliverable stands after some rounds of handing in and reviewing. Pure.

- What counts of a deliverable is what was handed in last.
- One that was accepted stays accepted in later rounds, unless it was handed in anew.
- A submission by an agreement with other deliverables than those in force counts no more: it answers other questions.
- One that was returned stays returned until it is handed in anew or accepted as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from credentials.store.reviews import DeliverableReview
from credentials.store.submissions import SubmittedItem


@dataclass(frozen=True, slots=True)
class Standing:
    """One deliverable (counted from 0): what was handed in last, and the verdict on it, with its note."""

    deliverable: int
    items: tuple[SubmittedItem, ...]
    verdict: Literal["accepted", "returned"] | None
    note: str = ""

    @property
    def accepted(self) -> bool:
        """Whether nothing is left to decide."""
        return self.verdict == "accepted"


def standings(
    count: int,
    items: Sequence[SubmittedItem],
    reviews: Sequence[DeliverableReview],
    counting: Collection[int],
) -> tuple[Standing, ...]:
    """Where each of `count` deliverables stands; `counting` are the numbers of the submissions that count."""
    told = [one for one in items if one.number in counting]
    judged = [one for one in reviews if one.number in counting]
    return tuple(_standing(number, told, judged) for number in range(count))


def _standing(deliverable: int, items: Sequence[SubmittedItem], reviews: Sequence[DeliverableReview]) -> Standing:
    mine = [one for one in items if one.deliverable == deliverable]
    newest = max((one.number for one in mine), default=0)
    last = max((one for one in reviews if one.deliverable == deliverable), key=lambda one: one.number, default=None)
    handed_in = tuple(one for one in mine if one.number == newest)
    if last is None or last.number < newest:
        return Standing(deliverable, handed_in, None)
    return Standing(deliverable, handed_in, "accepted" if last.accepted else "returned", last.note)
