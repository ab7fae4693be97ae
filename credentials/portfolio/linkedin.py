"""LinkedIn's "add to profile" address: every value encoded, empty ones left out."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

ADD_TO_PROFILE = "https://www.linkedin.com/profile/add"


def add_to_profile(
    *, name: str, organisation: str | None, issued: datetime | None, expires: datetime | None, url: str, number: str
) -> str:
    """The address that opens LinkedIn's form with the credential filled in. `number` is the credential's id."""
    values = {
        "startTask": "CERTIFICATION_NAME",
        "name": name,
        "organizationName": organisation,
        **_dated("issue", issued),
        **_dated("expiration", expires),
        "certUrl": url,
        "certId": number,
    }
    # LinkedIn reads a plus sign as a plus sign, so spaces must be %20.
    return f"{ADD_TO_PROFILE}?{urlencode({name: value for name, value in values.items() if value}, quote_via=quote)}"


def _dated(prefix: str, when: datetime | None) -> dict[str, str | None]:
    utc = when.astimezone(UTC) if when else None
    return {f"{prefix}Year": str(utc.year) if utc else None, f"{prefix}Month": str(utc.month) if utc else None}
