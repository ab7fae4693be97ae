"""What is different between two versions of the terms, field by field, in words that both sides read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from credentials.portfolio.dates import day
from credentials.projects.agreeing.form import day_of
from credentials.projects.terms import OWNERS, SHOWING, Terms, TermsDeliverable

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "What the project is called",
        "brief": "What it is about",
        "starts_on": "First day",
        "ends_on": "Deadline",
        "hours": "Hours in all",
        "compensation": "Pay",
        "expectations": "What each can expect of the other",
        "skills": "Skills it takes",
        "owner_of_work": "Who owns the work",
        "may_be_shown": "Whether it may be shown",
    }
)
"""Every field but the deliverables, and what it is called on a page."""

VISIBILITIES: Final[Mapping[str, str]] = MappingProxyType(
    {"public": "public", "link": "by link", "confidential": "confidential"}
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: what it is called, what it said and what it says. Empty: it was, or is, not there."""

    label: str
    before: str
    after: str


def written(terms: Terms, field: str) -> str:
    """A field as a page shows it."""
    if field == "skills":
        return ", ".join(terms.skills)
    text: str = getattr(terms, field)
    if field in ("starts_on", "ends_on"):
        found = day_of(text)
        return text if found is None else day(found).text
    choices = {"owner_of_work": OWNERS, "may_be_shown": SHOWING}.get(field)
    return choices.get(text, text) if choices is not None else text


def written_deliverable(one: TermsDeliverable) -> str:
    """A deliverable in one text: name, who may see it, what is wanted."""
    visibility = VISIBILITIES.get(one.visibility, one.visibility)
    summary = f"In public: {one.summary}" if one.summary else ""
    return "\n".join(part for part in (f"{one.name} ({visibility})", one.description, summary) if part)


def differences(before: Terms, after: Terms) -> list[Difference]:
    """Every field that is not the same, in the order of the form."""
    return [*_plain(before, after), *_delivered(before, after)]


def _plain(before: Terms, after: Terms) -> Iterator[Difference]:
    for field, label in LABELS.items():
        one, other = written(before, field), written(after, field)
        if one != other:
            yield Difference(label, one, other)


def _delivered(before: Terms, after: Terms) -> Iterator[Difference]:
    one = [written_deliverable(item) for item in before.deliverables]
    other = [written_deliverable(item) for item in after.deliverables]
    for place in range(max(len(one), len(other))):
        was, now = (side[place] if place < len(side) else "" for side in (one, other))
        if was != now:
            yield Difference(f"Deliverable {place + 1}", was, now)
