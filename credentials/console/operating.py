"""What whoever runs the service sees at a glance: every issuer with its standing, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from credentials.accounts.acting import Visitor
from credentials.accounts.audit import note
from credentials.issuer.service import IssuerService
from credentials.store import abuse, showing
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.showing import IssuerRecord
from credentials.store.signing_keys import SigningKey


@dataclass(frozen=True, slots=True)
class Standing:
    """One issuer: what was proved of it, what it issued, its keys."""

    issuer: Issuer
    record: IssuerRecord
    keys: tuple[SigningKey, ...]

    @property
    def active_keys(self) -> int:
        """How many keys sign now."""
        return sum(key.state == "active" for key in self.keys)


@dataclass(frozen=True, slots=True)
class Glance:
    """The whole service."""

    issuers: tuple[Standing, ...]
    reports: int


def glance(engine: Engine, issuer: IssuerService) -> Glance:
    """Every issuer with its standing, and how many reports wait."""
    known: Sequence[Issuer] = issuer.issuers()
    keys = {one.slug: tuple(issuer.keys(one.slug)) for one in known}
    with read(engine) as connection:
        standings = [Standing(one, showing.record_of(connection, one.id), keys[one.slug]) for one in known]
        return Glance(tuple(standings), abuse.count_open(connection))


def suspend(engine: Engine, service: IssuerService, visitor: Visitor, slug: str, reason: str) -> None:
    """Vouch no longer for an issuer, with a reason that everybody reads. Raises IssuerUnknown, ReasonMissing."""
    suspended = service.suspend_issuer(slug, reason)
    with write(engine) as connection:
        note(
            connection,
            visitor.actor,
            "issuer.suspended",
            f"issuer:{suspended.id}",
            now=suspended.suspended_at or suspended.created_at,
            issuer_id=suspended.id,
        )
