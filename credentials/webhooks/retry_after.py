"""The `Retry-After` of an answer (RFC 9110 §10.2.3): how long whoever is too busy wants to be left alone."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

BUSY: Final = frozenset({429, 503})
"""Statuses whose `Retry-After` counts (RFC 6585 §4, RFC 9110 §15.6.4)."""
MOST: Final = timedelta(hours=24)
"""However long they ask for: the longest pause between two tries."""
_DATES: Final = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
"""The three forms of an HTTP-date (RFC 9110 §5.6.7)."""
_MOST_DIGITS: Final = 9


def wanted_pause(status: int, text: str, now: datetime) -> timedelta:
    """How long to wait by an answer's status and its header, zero to `MOST`; zero where it says nothing that counts.

    Never raises: a header that is none is as good as missing.
    """
    if status not in BUSY:
        return timedelta()
    return min(max(_asked(text.strip(), now), timedelta()), MOST)


def _asked(text: str, now: datetime) -> timedelta:
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text)) if len(text) <= _MOST_DIGITS else MOST
    for form in _DATES:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC) - now
    return timedelta()
