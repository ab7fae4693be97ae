"""Keep which issuers look like somebody else, until the operator says that it is harmless.

- Looked at is every issuer that is made or changed, in the same transaction, and every domain that it wants to prove.
- It is compared with the bundled list of well-known companies, and with every other issuer confirmed here.
- While one likeness stands, nobody vouches for the issuer, whatever it proved: it is never shown as confirmed.
- A likeness to whom the issuer turns out to be is cleared by the confirmed domain itself, for as long as it is that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine

from credentials.identity.domains import registrable
from credentials.identity.errors import ClearingUnexplained, ResemblanceUnknown
from credentials.identity.look_alikes import Index, Likeness, famous
from credentials.identity.well_known import Company
from credentials.store import resemblances as rows
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer
from credentials.store.resemblances import Resemblance

BY_DOMAIN: Final = "the confirmed domain"
"""Who cleared a likeness that nobody had to."""

LONGEST_NOTE: Final = 500


def watch(connection: Connection, issuer: Issuer, now: datetime) -> None:
    """Look at an issuer that was made or changed, inside the transaction that does it (`issuer.means.Watch`).

    Sandboxes are left out: what they issue is marked as a test anyway.
    """
    if issuer.sandbox:
        return
    own = issuer.confirmed_domain
    found = [*_likenesses(issuer.name, famous().like_name(issuer.name, own))]
    found += _likenesses(issuer.slug, famous().like_name(issuer.slug, own))
    others = _others(connection, issuer)
    found += _likenesses(issuer.name, others.like_name(issuer.name, own))
    if own is not None:
        found += _likenesses(own, [*famous().like_domain(own), *others.like_domain(own)])
    _keep(connection, issuer.id, found, now)
    _clear_own(connection, issuer, now)


def look_at_domain(connection: Connection, issuer: Issuer, domain: str, now: datetime) -> None:
    """Look at a domain that an issuer wants to prove, inside the caller's transaction."""
    if not issuer.sandbox:
        found = [*famous().like_domain(domain), *_others(connection, issuer).like_domain(domain)]
        _keep(connection, issuer.id, _likenesses(domain, found), now)


def _others(connection: Connection, issuer: Issuer) -> Index:
    """The other issuers confirmed here. A name is nobody's alone, so it counts as an ordinary word."""
    confirmed = rows.others_confirmed(connection, issuer.id)
    return Index(Company((name,), (registrable(domain) or domain,), is_word=True) for name, domain in confirmed)


def _likenesses(what: str, found: Iterable[Likeness]) -> list[tuple[str, Likeness]]:
    return [(what, one) for one in found]


def _keep(connection: Connection, issuer_id: str, found: Iterable[tuple[str, Likeness]], now: datetime) -> None:
    kept = {
        (what, one.resembles): Resemblance(
            issuer_id=issuer_id, what=what, resembles=one.resembles, how=one.how, found_at=now
        )
        for what, one in found
    }
    rows.add(connection, kept.values())
    # What the confirmed domain cleared is open again when it is found although that domain is confirmed no more.
    for what, resembles in kept:
        rows.reopen(connection, issuer_id, what, resembles, BY_DOMAIN)


def _clear_own(connection: Connection, issuer: Issuer, now: datetime) -> None:
    own = None if issuer.confirmed_domain is None else registrable(issuer.confirmed_domain)
    company = None if own is None else famous().domains.get(own)
    themselves = {own, *(company.domains if company else ())}
    for one in rows.of_issuer(connection, issuer.id):
        if one.cleared_at is None and one.resembles in themselves:
            rows.clear(connection, issuer.id, one.what, one.resembles, now, BY_DOMAIN, "")


@dataclass(frozen=True, slots=True)
class ResemblanceService:
    """For the operator: which likenesses stand, and clearing one."""

    engine: Engine

    def standing(self) -> list[Resemblance]:
        """The likenesses of all issuers that nobody cleared, oldest first."""
        with read(self.engine) as connection:
            return rows.standing(connection)

    def of_issuer(self, issuer_id: str) -> list[Resemblance]:
        """All likenesses of an issuer, cleared ones too, oldest first."""
        with read(self.engine) as connection:
            return rows.of_issuer(connection, issuer_id)

    def flagged(self) -> frozenset[str]:
        """The ids of the issuers that nobody vouches for because a likeness stands."""
        with read(self.engine) as connection:
            return rows.flagged(connection)

    def clear(self, likeness: Resemblance, *, by: str, note: str, now: datetime) -> None:
        """Say that a likeness is harmless. `by` is the operator's id, `note` says why; both stay private.

        Raises ClearingUnexplained, ResemblanceUnknown.
        """
        why = note.strip()
        if not 1 <= len(why) <= LONGEST_NOTE:
            raise ClearingUnexplained("the note is empty or too long", where="note")
        with write(self.engine) as connection:
            done = rows.clear(connection, likeness.issuer_id, likeness.what, likeness.resembles, now, by, why)
        if not done:
            raise ResemblanceUnknown("no such likeness stands")
