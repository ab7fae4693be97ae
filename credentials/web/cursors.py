"""Where a list went on: the moment and the id of the last line seen, as `<instant>,<id>` in the query of a link."""

from __future__ import annotations

from datetime import UTC, datetime

from credentials.store.pages import Place

_LONGEST_ID = 64


def moment_and_id(text: str) -> Place | None:
    """The moment, in UTC, and the id that a link names; None for what no link of ours has."""
    at, _, last = text.partition(",")
    if not (last.isascii() and last.isalnum() and len(last) <= _LONGEST_ID):
        return None
    try:
        moment = datetime.fromisoformat(at)
        return (moment.astimezone(UTC), last) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def cursor(moment: datetime, last: str) -> str:
    """What `moment_and_id` reads."""
    return f"{moment.isoformat()},{last}"


def onward(place: Place | None) -> str | None:
    """The cursor of what comes after a place; None where there is none."""
    return cursor(*place) if place else None
