"""Where each deliverable stands after some rounds of handing in and reviewing. Pure.

- What counts of a deliverable is what was handed in last.
- One that was accepted stays accepted in later rounds, unless it was handed in anew.
- A deliverable that an amendment leaves as it was, word for word, keeps what was handed in and decided, wherever it
  stands now. One that was changed, in whatever it says, is another one, and starts with nothing.
- One that was returned stays returned until it is handed in anew or accepted as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from credentials.projects.terms import TermsDeliverable
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


Places = Mapping[int, int]
"""Where the deliverables of an agreement stand in the one in force; those that are not in it are left out."""


def unchanged(before: Sequence[TermsDeliverable], now: Sequence[TermsDeliverable]) -> dict[int, int]:
    """Where each deliverable of one agreement stands in another, if it is there word for word.

    Of several alike, the first stays the first.
    """
    free = dict(enumerate(now))
    found: dict[int, int] = {}
    for place, one in enumerate(before):
        same = next((there for there, other in free.items() if other == one), None)
        if same is not None:
            found[place] = same
            del free[same]
    return found


def standings(
    count: int,
    items: Iterable[tuple[int, SubmittedItem]],
    reviews: Iterable[DeliverableReview],
    places: Mapping[int, Places],
) -> tuple[Standing, ...]:
    """Where each of the `count` deliverables in force stands.

    `items` come with the number of the agreement by which they were handed in; `places` say, by an agreement's number,
    where its deliverables stand now.
    """
    told = [
        replace(one, deliverable=places[agreement][one.deliverable])
        for agreement, one in items
        if one.deliverable in places.get(agreement, ())
    ]
    judged = [
        replace(one, deliverable=places[one.agreement_number][one.deliverable])
        for one in reviews
        if one.deliverable in places.get(one.agreement_number, ())
    ]
    return tuple(_standing(number, told, judged) for number in range(count))


def _standing(deliverable: int, items: Sequence[SubmittedItem], reviews: Sequence[DeliverableReview]) -> Standing:
    mine = [one for one in items if one.deliverable == deliverable]
    newest = max((one.number for one in mine), default=0)
    last = max((one for one in reviews if one.deliverable == deliverable), key=lambda one: one.number, default=None)
    handed_in = tuple(one for one in mine if one.number == newest)
    if last is None or last.number < newest:
        return Standing(deliverable, handed_in, None)
    return Standing(deliverable, handed_in, "accepted" if last.accepted else "returned", last.note)
