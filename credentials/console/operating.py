"""What whoever runs the service sees at a glance: every issuer with its standing, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine

from credentials.accounts.acting import Visitor
from credentials.accounts.audit import note
from credentials.identity.errors import ResemblanceUnknown
from credentials.identity.resemblances import ResemblanceService
from credentials.identity.service import IdentityService
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


def suspend(service: IssuerService, visitor: Visitor, slug: str, reason: str) -> None:
    """Vouch no longer for an issuer, with a reason that everybody reads. Raises IssuerUnknown, ReasonMissing."""
    service.suspend_issuer(slug, reason, partial(_note, service, visitor, "issuer.suspended"))


def reinstate(service: IssuerService, visitor: Visitor, slug: str, why: str) -> None:
    """Vouch for a suspended issuer again; `why`: for operators. Raises IssuerUnknown, ReinstatementUnexplained."""
    service.reinstate_issuer(slug, why, partial(_note, service, visitor, "issuer.reinstated"))


def clear(
    engine: Engine,
    service: ResemblanceService,
    visitor: Visitor,
    wanted: tuple[str, ...],
    why: str,
    now: datetime,
) -> None:
    """Say that a likeness (issuer, what, resembles) is harmless. Raises ResemblanceUnknown, ClearingUnexplained."""
    standing = next((one for one in service.standing() if (one.issuer_id, one.what, one.resembles) == wanted), None)
    if standing is None:
        raise ResemblanceUnknown("no such likeness stands")
    service.clear(standing, by=visitor.person_id, note=why, now=now)
    _noted(engine, visitor, "look-alike.cleared", standing.issuer_id, now)


def thaw(engine: Engine, service: IdentityService, visitor: Visitor, issuer: Issuer, now: datetime) -> None:
    """Let an issuer have new keys again."""
    if service.lift_freeze(issuer.id):
        _noted(engine, visitor, "keys.thawed", issuer.id, now)


def _note(service: IssuerService, visitor: Visitor, action: str, connection: Connection, issuer: Issuer) -> None:
    subject = f"issuer:{issuer.id}"
    note(connection, visitor.actor, action, subject, now=service.means.now(), issuer_id=issuer.id)


def _noted(engine: Engine, visitor: Visitor, action: str, issuer_id: str, now: datetime) -> None:
    with write(engine) as connection:
        note(connection, visitor.actor, action, f"issuer:{issuer_id}", now=now, issuer_id=issuer_id)
