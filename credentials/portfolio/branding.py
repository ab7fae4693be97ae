"""A company's look on pages that everybody sees: beside its name, never at the verdict.

It is shown only of a company that the service vouches for: its domain is confirmed, it is not suspended and resembles
nobody. A style sheet of it holds custom properties alone, each made here from a colour that was measured.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from credentials.portfolio.colours import DARK, nearest, parsed
from credentials.store import brands, resemblances
from credentials.store.issuers import Issuer

Size = Literal["large", "small"]
SIDES: dict[Size, int] = {"large": 256, "small": 96}
"""The sides of the two squares in which a logo is kept, in pixels."""


@dataclass(frozen=True, slots=True)
class BrandView:
    """Where a page finds a company's look; what it does not have is None."""

    style: str | None
    logo: str | None
    logo_small: str | None


def brand_views(connection: Connection, found: Iterable[Issuer]) -> dict[str, BrandView]:
    """The looks of companies, by their ids; those without one, or not vouched for, are left out."""
    every = {one.id: one for one in found}
    doubted = resemblances.flagged(connection)
    vouched = {key: one for key, one in every.items() if is_vouched_for(one, doubted)}
    known = brands.parts(connection, vouched)
    return {key: brand_view(vouched[key].slug, parts) for key, parts in known.items()}


def is_vouched_for(issuer: Issuer, doubted: Collection[str]) -> bool:
    """Whether the service says who a company is. `doubted` are the ids of those that look like somebody else."""
    return issuer.confirmed_domain is not None and may_be_had(issuer, doubted)


def may_be_had(issuer: Issuer, doubted: Collection[str]) -> bool:
    """Whether the files of a look are given out at all: also to a company that has yet to prove who it is."""
    return not issuer.is_suspended and issuer.id not in doubted


def brand_view(slug: str, parts: brands.Parts) -> BrandView:
    """Where the look of a company is."""
    base = f"/issuers/{slug}"
    return BrandView(
        style=f"{base}/brand.css" if parts.accent else None,
        logo=f"{base}/logo-large.png" if parts.has_logo else None,
        logo_small=f"{base}/logo-small.png" if parts.has_logo else None,
    )


def style_sheet(accent: str) -> str:
    """The style sheet of a colour: one custom property, light and dark. Raises ValueError for what is no colour."""
    light = parsed(accent)
    if light is None:
        raise ValueError("not a colour")
    dark = f".branded {{ --accent: {nearest(light, DARK)}; }}"
    return f".branded {{ --accent: {light}; }}\n@media screen and (prefers-color-scheme: dark) {{ {dark} }}\n"
