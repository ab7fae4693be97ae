"""A company registers itself, and whoever does it is its owner. That proves nothing: anybody can type a name."""

from __future__ import annotations

import re
import unicodedata
from functools import partial

from credentials.accounts import organisations
from credentials.accounts.acting import Visitor
from credentials.accounts.tokens import new_id
from credentials.console.means import Means
from credentials.issuer.errors import SlugTaken
from credentials.store.issuers import Issuer

_LONGEST_SLUG = 40
_TRIES = 5


def found(means: Means, visitor: Visitor, name: str, website: str) -> Issuer:
    """Register a company. Raises IssuerDetailsUnusable."""
    url = website.strip() or None
    if url is not None and "://" not in url:
        url = f"https://{url}"
    plain = slug_of(name)
    within = partial(organisations.found, means.accounts)
    for attempt in range(_TRIES):
        slug = plain if attempt == 0 else f"{plain}-{new_id()[:4].lower()}"
        try:
            return means.issuer.found_issuer(
                slug, name, url, lambda connection, issuer: within(connection, visitor, issuer)
            )
        except SlugTaken:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("the loop returns or raises")


def slug_of(name: str) -> str:
    """What a company is called in addresses: lower case, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST_SLUG].strip("-")
    return slug or f"company-{new_id()[:6].lower()}"
