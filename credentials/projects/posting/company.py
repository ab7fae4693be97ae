"""What a company is called beside its project: by its domain only while the service vouches for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from credentials.store import resemblances
from credentials.store.issuers import Issuer


@dataclass(frozen=True, slots=True)
class Company:
    """A company as everybody sees it. `domain` is proved, or None; `name` is only what it calls itself."""

    domain: str | None
    name: str
    slug: str
    test: bool

    @property
    def headline(self) -> str:
        """What it is called where it is named first: never the name that it gave itself."""
        return self.domain or "An unconfirmed company"

    @property
    def in_letters(self) -> str:
        """What it is called in a letter."""
        return self.domain or f"A company that calls itself “{self.name}”"


def company_of(issuer: Issuer, doubted: Collection[str]) -> Company:
    """A company; `doubted` are the ids of those that look like somebody else."""
    vouched = not issuer.is_suspended and issuer.id not in doubted
    return Company(issuer.confirmed_domain if vouched else None, issuer.name, issuer.slug, issuer.sandbox)


def company(connection: Connection, issuer: Issuer) -> Company:
    """As above, for one company alone."""
    return company_of(issuer, {issuer.id} if resemblances.is_flagged(connection, issuer.id) else ())
