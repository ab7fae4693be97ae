"""Single-use links by mail: asked for, looked at, taken.

- A link is kept by its digest, works once, and for a limited time: ten minutes to sign in, 72 hours at most.
- Looking at one (GET) changes nothing, for mail scanners open links; taking it is a POST.
- Asking answers the same for an address that has an account and for one that has none, and does the same work. An
  address gets at most five links of a kind an hour; a newer link to sign in voids the older ones.
- A used, expired, altered and unknown link is refused in the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from credentials.accounts.addresses import canonical_address, parse_address
from credentials.accounts.errors import LinkUnusable
from credentials.accounts.letters import sign_in_letter
from credentials.accounts.means import Means
from credentials.accounts.tokens import digest_of, looks_like_token, new_token
from credentials.store import people, sign_in
from credentials.store.engine import read, write
from credentials.store.sign_in import Link

Purpose = Literal["sign-in", "prove-address", "invitation", "operator", "claim"]
LIFETIMES: dict[Purpose, timedelta] = {
    "sign-in": timedelta(minutes=10),
    "prove-address": timedelta(hours=24),
    "invitation": timedelta(hours=72),
    "operator": timedelta(hours=24),
    "claim": timedelta(hours=72),
}
SIGNS_IN = LIFETIMES["sign-in"]
"""For how long a link of any kind opens an account that is there already (OWASP ASVS 5.0 §6.5.5)."""
MOST_AN_HOUR = 5
_HOUR = timedelta(hours=1)
# What anybody can have sent to any address. Each is counted for itself: no letter of one kind stops the other.
_LIMITED = frozenset({"sign-in", "prove-address"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What a good link opens: for what, for which address, and whether that address has an account already."""

    purpose: str
    address: str
    known: bool
    subject_id: str | None = None


def request_sign_in(means: Means, text: str) -> None:
    """Send a link that signs in, or begins an account. Raises AddressUnusable; says nothing of who has an account."""
    address = parse_address(text)
    with write(means.engine) as connection:
        people.by_address(connection, canonical_address(address))
        send_sign_in(means, connection, address)


def send_sign_in(means: Means, connection: Connection, address: str) -> None:
    """Send a link that signs in, in the caller's transaction, unless the address had its share for this hour."""
    url = make_link(means, connection, "sign-in", address, means.clock())
    if url is not None:
        minutes = int(SIGNS_IN.total_seconds()) // 60
        means.send(connection, sign_in_letter(means.host, url, minutes), address)


def make_link(
    means: Means,
    connection: Connection,
    purpose: Purpose,
    address: str,
    now: datetime,
    *,
    person_id: str | None = None,
    subject_id: str | None = None,
) -> str | None:
    """A new link's address, in the caller's transaction; None when the address had its share for this hour."""
    canonical = canonical_address(address)
    if purpose in _LIMITED and sign_in.links_since(connection, canonical, purpose, now - _HOUR) >= MOST_AN_HOUR:
        return None
    if purpose == "sign-in":
        sign_in.void_links(connection, canonical, purpose, now)
    token, digest = new_token()
    link = Link(
        digest=digest,
        purpose=purpose,
        address=canonical,
        person_id=person_id,
        subject_id=subject_id,
        created_at=now,
        expires_at=now + LIFETIMES[purpose],
    )
    sign_in.add_link(connection, link)
    return f"{means.base_url}/link/{token}"


def look(means: Means, token: str) -> Seen:
    """What a link opens; changes nothing. Raises LinkUnusable."""
    with read(means.engine) as connection:
        link = _good(connection, token, means.clock())
        known = people.by_address(connection, link.address) is not None
        return Seen(link.purpose, link.address, known, link.subject_id)


def find(means: Means, token: str, purpose: Purpose) -> Seen:
    """As `look`, for a link of one purpose. Raises LinkUnusable."""
    seen = look(means, token)
    if seen.purpose != purpose:
        raise LinkUnusable
    return seen


def take(connection: Connection, token: str, now: datetime) -> Link:
    """Use a link up, in the caller's transaction. Raises LinkUnusable."""
    link = _good(connection, token, now)
    if not sign_in.take_link(connection, link.digest, now):
        raise LinkUnusable
    return link


def _good(connection: Connection, token: str, now: datetime) -> Link:
    link = sign_in.find_link(connection, digest_of(token)) if looks_like_token(token) else None
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise LinkUnusable
    return link
