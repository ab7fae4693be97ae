"""Hours as people type them: 30, 30.5, 30,5, 30 h."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from credentials.issuer.bulk.trouble import Trouble

__all__ = ["read_hours"]

_UNIT = r"(?:h|hr|hrs|hour|hours|std|stunde|stunden|heure|heures|hora|horas|timme|timmar|time|timer|uur|uren|or[ae])"
_HOURS = re.compile(rf"([+-]?[0-9]{{1,9}})(?:[.,]([0-9]{{1,9}}))?(?: ?{_UNIT}\.?)?", re.IGNORECASE)
_ADVICE = "Write the hours as a number, such as 30 or 30.5, or leave it empty."


@lru_cache(maxsize=4096)
def read_hours(text: str) -> Decimal | Trouble:
    """Hours from a trimmed cell. A comma or a point starts the decimals; three digits after it could be thousands."""
    found = _HOURS.fullmatch(" ".join(text.split()))
    if found is None:
        return Trouble("This is not a number of hours.", _ADVICE, "bad-hours")
    whole, decimals = found[1], found[2] or ""
    if len(decimals) == 3:
        return Trouble("This may be thousands or decimals.", _ADVICE, "ambiguous-number")
    return Decimal(f"{whole}.{decimals}" if decimals else whole)
