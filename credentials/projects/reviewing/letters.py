"""What a candidate is told of a review."""

from __future__ import annotations

from collections.abc import Sequence


def returned(who: str, title: str, notes: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The letter's text for work that goes back: each deliverable with its note."""
    first = f"{who} looked at what you handed in for “{title}” and asks for changes."
    return (first, *[f"{name}: {note}" for name, note in notes], "What was accepted stays accepted.")


def accepted(who: str, title: str, pay: str) -> tuple[str, ...]:
    """The letter's text for work that was accepted; `pay` says when it is paid, or nothing."""
    first = f"{who} accepted all of your work on “{title}”."
    next_step = "Your credential comes next: you get a letter when it is signed."
    return (first, next_step, pay) if pay else (first, next_step)
