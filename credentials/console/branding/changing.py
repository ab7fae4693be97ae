"""Choose and take back a company's colour and logo.

Of an uploaded picture nothing stays but its pixels: it is measured before it is decoded, drawn anew in two squares, and
the file itself is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from credentials.accounts.acting import Member
from credentials.accounts.audit import note_of
from credentials.accounts.organisations import require
from credentials.console.branding.errors import AccentTooFaint, AccentUnreadable, LogoIsVector, LogoUnusable
from credentials.console.means import Means
from credentials.files.pictures import preview, squared
from credentials.files.sniffing import HEAD_BYTES, PICTURES, media_type
from credentials.portfolio.branding import SIDES
from credentials.portfolio.colours import LIGHT, contrast, is_readable, nearest, parsed
from credentials.store import brands, issuers
from credentials.store.brands import Brand
from credentials.store.engine import read, write

LARGEST_LOGO = 2 * 1024 * 1024
"""The most bytes of an uploaded logo."""


def find(means: Means, member: Member) -> Brand:
    """A company's look; an empty one when it never chose any."""
    with read(means.accounts.engine) as connection:
        found = brands.of_issuer(connection, member.issuer.id)
    return found or Brand(issuer_id=member.issuer.id, changed_at=member.issuer.created_at)


def choose_accent(means: Means, member: Member, text: str) -> Brand:
    """Set the colour; empty text takes it back. Raises RoleMissing, AccentUnreadable, AccentTooFaint."""
    require(member, "owner")
    accent = measured(text) if text.strip() else None
    return _changed(
        means, member, "brand.colour-changed", lambda brand: replace(brand, accent=accent), accent or "none"
    )


def measured(text: str) -> str:
    """A colour that can be read on the light ground. Raises AccentUnreadable, AccentTooFaint."""
    colour = parsed(text)
    if colour is None:
        raise AccentUnreadable(where="accent")
    if not is_readable(colour, LIGHT):
        ratio = int(contrast(colour, LIGHT) * 100) / 100
        raise AccentTooFaint(
            f"{colour} has {ratio:.2f} : 1; the nearest that can be read is {nearest(colour, LIGHT)}", where="accent"
        )
    return colour


def choose_logo(means: Means, member: Member, data: bytes) -> Brand:
    """Set the logo. Raises RoleMissing, LogoIsVector, LogoUnusable."""
    require(member, "owner")
    large, small = drawn(data)
    return _changed(
        means, member, "brand.logo-changed", lambda brand: replace(brand, logo=large, logo_small=small), "drawn"
    )


def drawn(data: bytes) -> tuple[bytes, bytes]:
    """A picture as the two squares that are kept. Raises LogoIsVector, LogoUnusable."""
    kind = media_type(data[:HEAD_BYTES])
    if kind == "image/svg+xml":
        raise LogoIsVector(where="logo")
    if kind not in PICTURES or len(data) > LARGEST_LOGO:
        raise LogoUnusable(where="logo")
    shown = preview(kind, data)
    if shown is None:
        raise LogoUnusable(where="logo")
    return squared(shown, SIDES["large"]), squared(shown, SIDES["small"])


def remove_logo(means: Means, member: Member) -> Brand:
    """Take the logo back. Raises RoleMissing."""
    require(member, "owner")
    return _changed(
        means, member, "brand.logo-changed", lambda brand: replace(brand, logo=None, logo_small=None), "none"
    )


def _changed(means: Means, member: Member, action: str, change: Callable[[Brand], Brand], value: str) -> Brand:
    now = means.accounts.clock()
    with write(means.accounts.engine) as connection:
        issuers.lock(connection, member.issuer.id)
        before = brands.of_issuer(connection, member.issuer.id) or Brand(issuer_id=member.issuer.id, changed_at=now)
        after = replace(change(before), changed_at=now)
        brands.put(connection, after)
        note_of(connection, member, action, f"issuer:{member.issuer.id}", now=now, value=value)
    return after
