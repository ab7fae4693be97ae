"""Instants as XSD dateTimeStamp, the form of every date in a credential (VC Data Model 2.0 section 4.9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from credentials.core.errors import BadInstant

_FORM: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)

_LONGEST: Final = len("2026-03-16T00:00:00.123456789+00:00")

FIRST_MOMENT: Final = datetime.min.replace(tzinfo=UTC)
LAST_MOMENT: Final = datetime.max.replace(tzinfo=UTC)

LAST_NUMERIC_DATE: Final = 253402300799
"""The last second of the year 9999."""


def parse_instant(text: object, *, where: str = "") -> datetime:
    """The aware UTC datetime that `text` names; digits beyond microseconds are dropped.

    Raises BadInstant for anything else: no seconds, no zone, a day that does not exist, a leap second.
    """
    moment = _in_utc(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    if moment is None:
        raise BadInstant(f"{_shown(text)} is not a date and time with a zone", where=where)
    return moment


@lru_cache(maxsize=2048)
def _in_utc(text: str) -> datetime | None:
    """None for what is no instant. Remembered, for a batch of credentials has few dates."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if _FORM.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def format_instant(instant: datetime) -> str:
    """`instant` in UTC, whole seconds where it is whole: `2026-03-16T00:00:00Z`. Raises ValueError without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def from_numeric_date(claims: Mapping[str, Any], name: str) -> datetime | None:
    """The instant that a claim names in seconds since 1970 (RFC 7519 section 2); None without it. Raises BadInstant."""
    seconds = claims.get(name)
    if seconds is None:
        return None
    if type(seconds) not in (int, float) or not 0 <= seconds <= LAST_NUMERIC_DATE:
        raise BadInstant(f"{_shown(seconds)} is no number of seconds", where=f"/{name}")
    return datetime.fromtimestamp(seconds, UTC)


def shifted(moment: datetime, by: timedelta) -> datetime:
    """`moment` a little earlier or later; itself where a datetime cannot hold that."""
    try:
        return moment + by
    except OverflowError:
        return moment


def _shown(text: object) -> str:
    return repr(text)[:60]
