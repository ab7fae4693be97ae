"""Let a company prove a domain, look at the proofs again, and keep what it is confirmed as in step with them.

A look is made between two transactions: the first takes a lease on the proof, the second, under the issuer's lock,
writes what was found and what the issuer is confirmed as from now on. Two workers never judge one proof at once, and a
crash between the two leaves a lease that ends by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from credentials.core.did_document import PublishedKey, write_did_document
from credentials.identity.domains import company_domain, domain_of_address
from credentials.identity.errors import CompanyUnknown, MethodUnknown, ProofUnknown, TooManyProofs
from credentials.identity.evidence import Fetch, Names, look, own_did
from credentials.identity.instructions import Instructions, instructions
from credentials.identity.judging import NOT_FOUND, Change, best_of, judge, needs_look
from credentials.identity.ladder import BEGUN_BY_HAND, EMAIL, EMAIL_LIFE, TOKEN_LIFE
from credentials.identity.resemblances import look_at_domain
from credentials.issuer import keys as issuer_keys
from credentials.issuer.means import Means, new_id
from credentials.issuer.recovery import recovered_at
from credentials.issuer.registration import reconfirm
from credentials.store import domain_proofs as rows
from credentials.store import freezing, issuers
from credentials.store.domain_proofs import DomainProof
from credentials.store.engine import read, write
from credentials.store.issuers import Issuer

LEASE: Final = timedelta(minutes=5)
"""Longer than any look takes: the outbound client and the name service each have a deadline of seconds."""

MOST_PROOFS: Final = 20
"""Of one issuer: each is looked at every hour, at a host that the issuer names."""

_TOKEN_BYTES: Final = 20

Alert = Callable[[str, str], None]
"""Told the id of an issuer and what happened to a proof of its domain (`judging.Event`), after it is stored."""


Within = Callable[[Connection], None]
"""What is written in the transaction of what a company does with its proofs: the line of the audit trail."""


def nothing_more(_connection: Connection) -> None:
    """For a change that is told nowhere."""


def nobody_is_told(_issuer_id: str, _what: str) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class IdentityService:
    """What companies prove about themselves.

    `means` are those of the issuing service; `fetch` is the one client for others' servers; `names` asks the name
    service; `alert` is told of every change of a proof.
    """

    means: Means
    fetch: Fetch
    names: Names
    alert: Alert = nobody_is_told

    def start(self, issuer_id: str, domain: str, method: str, within: Within = nothing_more) -> DomainProof:
        """Begin a proof by `file`, `dns` or `did:web`, or return the one that is under way or holds.

        One that was lost or whose time was over begins again, with a new token. Raises MethodUnknown, CompanyUnknown,
        DomainUnusable, DomainProvesNothing, TooManyProofs.
        """
        if method not in BEGUN_BY_HAND:
            raise MethodUnknown(f"{method[:40]!r} is none", where="method")
        bare, now = company_domain(domain), self.means.now()
        with write(self.means.engine) as connection:
            issuer = self._locked(connection, issuer_id)
            known = rows.find(connection, issuer_id, bare, method)
            if known is not None and known.state in rows.CHECKED and not _is_over(known, now):
                return known
            if known is None and len(rows.of_issuer(connection, issuer_id)) >= MOST_PROOFS:
                raise TooManyProofs(f"{MOST_PROOFS} are under way or done", where="domain")
            look_at_domain(connection, issuer, bare, now)
            within(connection)
            return _begun(connection, known, issuer_id, bare, method, now)

    def record_address(self, issuer_id: str, address: str, now: datetime, within: Within = nothing_more) -> DomainProof:
        """Record that somebody of this company opened a link sent to `address`, at `now`. The address is not kept.

        Raises AddressUnusable, DomainUnusable, DomainProvesNothing, CompanyUnknown.
        """
        domain, seen = domain_of_address(address), now.astimezone(UTC).replace(microsecond=0)
        with read(self.means.engine) as connection:
            issuer = self._issuer(connection, issuer_id)

        def proved(connection: Connection, before: Issuer) -> tuple[str, str] | None:
            known = rows.find(connection, issuer_id, domain, EMAIL)
            begun = _begun(connection, known, issuer_id, domain, EMAIL, seen)
            until = seen + EMAIL_LIFE
            held = {"state": "holds", "proved_at": seen, "checked_at": seen, "expires_at": until, "due_at": until}
            rows.change(connection, begun.id, held)
            within(connection)
            return self._best(connection, before)

        reconfirm(self.means, issuer.slug, proved)
        with read(self.means.engine) as connection:
            found = rows.find(connection, issuer_id, domain, EMAIL)
        self.alert(issuer_id, "domain-proved")
        return _present(found)

    def listed(self, issuer_id: str) -> list[DomainProof]:
        """An issuer's proofs, oldest first; empty for an unknown issuer."""
        with read(self.means.engine) as connection:
            return rows.of_issuer(connection, issuer_id)

    def proof(self, issuer_id: str, proof_id: str) -> DomainProof:
        """One proof of this issuer. Raises ProofUnknown, also for another issuer's."""
        with read(self.means.engine) as connection:
            found = rows.by_id(connection, proof_id)
        if found is None or found.issuer_id != issuer_id:
            raise ProofUnknown("this company has no such proof")
        return found

    def in_trouble(self) -> list[DomainProof]:
        """For the operator: the proofs of all issuers that held once and do not hold now."""
        with read(self.means.engine) as connection:
            return rows.in_trouble(connection)

    def instructions(self, proof: DomainProof) -> Instructions:
        """What to do for a proof, for the company and for whoever runs its web site. Raises CompanyUnknown."""
        with read(self.means.engine) as connection:
            issuer = self._issuer(connection, proof.issuer_id)
        return instructions(proof, issuer.name, issuer.slug, self.means.base_url)

    def own_did_document(self, issuer_id: str, domain: str) -> bytes:
        """The did.json that a company publishes on its own domain: its keys here under `did:web:<domain>`.

        The newest state of the keys, so ask again after each rotation. Raises CompanyUnknown, DomainUnusable,
        DomainProvesNothing.
        """
        bare = company_domain(domain)
        with read(self.means.engine) as connection:
            issuer = self._issuer(connection, issuer_id)
        every = issuer_keys.keys(self.means, issuer.slug)
        listed = [PublishedKey(one.name, issuer_keys.public_key(one), one.compromised_since) for one in every]
        return write_did_document(own_did(bare), listed)

    def check(self, proof_id: str) -> DomainProof:
        """Look at a proof now, and return it as it is then. While somebody else looks, return it as it was.

        Raises ProofUnknown.
        """
        self.run(proof_id)
        with read(self.means.engine) as connection:
            return _present(rows.by_id(connection, proof_id))

    def withdraw(self, issuer_id: str, proof_id: str, within: Within = nothing_more) -> None:
        """Give a proof up; the issuer is confirmed by its next best one, or not at all. Raises ProofUnknown."""
        proof = self.proof(issuer_id, proof_id)
        with read(self.means.engine) as connection:
            slug = self._issuer(connection, proof.issuer_id).slug

        def withdrawn(connection: Connection, before: Issuer) -> tuple[str, str] | None:
            rows.remove(connection, proof_id)
            within(connection)
            return self._best(connection, before)

        reconfirm(self.means, slug, withdrawn)

    # Task queue ------------------------------------------------------------------------------------------------------

    def due(self, now: datetime, limit: int) -> list[str]:
        """The ids of at most `limit` proofs to look at; `run` each. What is under way is left out."""
        with read(self.means.engine) as connection:
            return rows.due(connection, now, limit)

    def run(self, proof_id: str) -> None:
        """Look at one proof, whether due or not; nothing when somebody else does, or it needs no look any more."""
        until = self._lease(proof_id)
        if until is None:
            return
        with read(self.means.engine) as connection:
            proof = rows.by_id(connection, proof_id)
            issuer = None if proof is None else issuers.by_id(connection, proof.issuer_id)
        if proof is None or issuer is None:
            return
        now = self.means.now()
        seen = None
        if needs_look(proof, now):
            seen = look(proof, issuer.slug, issuer_keys.keys(self.means, issuer.slug), self.fetch, self.names, now)
        self._settle(proof, issuer.slug, judge(proof, seen, now), until)

    def lift_freeze(self, issuer_id: str) -> bool:
        """The operator's word that an issuer may have new keys again; False when it may. A proof that goes on failing
        does not freeze them again, one that fails anew does.
        """
        with write(self.means.engine) as connection:
            return freezing.thaw(connection, issuer_id)

    def frozen(self, issuer_id: str) -> tuple[datetime, str] | None:
        """Since when and why an issuer may have no new keys, or None."""
        with read(self.means.engine) as connection:
            return freezing.frozen(connection, issuer_id)

    def _lease(self, proof_id: str) -> datetime | None:
        now = self.means.now()
        # To the microsecond its own, so that two leases of one proof are never taken for one another.
        until = now + LEASE + timedelta(microseconds=secrets.randbelow(1_000_000))
        with write(self.means.engine) as connection:
            return until if rows.lease(connection, proof_id, now, until) else None

    def _settle(self, proof: DomainProof, slug: str, change: Change, until: datetime) -> None:
        done = False

        def settled(connection: Connection, before: Issuer) -> tuple[str, str] | None:
            nonlocal done
            done = rows.settle(connection, proof.id, until, change.values)
            if done:
                _freeze_or_thaw(connection, proof, change, self.means.now())
            return self._best(connection, before)

        reconfirm(self.means, slug, settled)
        if done and change.event is not None:
            self.alert(proof.issuer_id, change.event)

    def _best(self, connection: Connection, issuer: Issuer) -> tuple[str, str] | None:
        present = (issuer.confirmed_domain, issuer.confirmed_level)
        proofs = rows.of_issuer(connection, issuer.id)
        return best_of(proofs, present, self.means.now(), recovered_at(connection))

    def _locked(self, connection: Connection, issuer_id: str) -> Issuer:
        issuer = self._issuer(connection, issuer_id)
        issuers.lock(connection, issuer_id)
        return issuer

    def _issuer(self, connection: Connection, issuer_id: str) -> Issuer:
        found = issuers.by_id(connection, issuer_id)
        if found is None:
            raise CompanyUnknown("there is no such company")
        return found


def _begun(
    connection: Connection, known: DomainProof | None, issuer_id: str, domain: str, method: str, now: datetime
) -> DomainProof:
    """A proof that begins now, with a token of its own, in place of one that is over."""
    fresh = DomainProof(
        id=new_id() if known is None else known.id,
        issuer_id=issuer_id,
        domain=domain,
        method=method,
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        state="pending",
        created_at=now,
        expires_at=now + TOKEN_LIFE,
        due_at=now,
    )
    if known is None:
        rows.add(connection, fresh)
    else:
        values = replace(fresh)
        rows.change(connection, fresh.id, {name: getattr(values, name) for name in DomainProof.__slots__})
    return fresh


def _is_over(proof: DomainProof, now: datetime) -> bool:
    return proof.state == "pending" and now >= proof.expires_at


def _freeze_or_thaw(connection: Connection, proof: DomainProof, change: Change, now: datetime) -> None:
    frozen = freezing.frozen(connection, proof.issuer_id)
    if change.freeze is not None and (proof.state == "holds" or (frozen is not None and change.freeze != NOT_FOUND)):
        # A freeze for the graver reason keeps that reason.
        keep = frozen is not None and frozen[1] != NOT_FOUND
        freezing.freeze(connection, proof.issuer_id, now, frozen[1] if keep and frozen else change.freeze)
    if change.thaw and frozen is not None and frozen[1] == NOT_FOUND and not _others_fail(connection, proof):
        freezing.thaw(connection, proof.issuer_id)


def _others_fail(connection: Connection, proof: DomainProof) -> bool:
    others = (one for one in rows.of_issuer(connection, proof.issuer_id) if one.id != proof.id)
    return any(one.state == "failing" for one in others)


def _present(proof: DomainProof | None) -> DomainProof:
    if proof is None:
        raise ProofUnknown("there is no such proof")
    return proof
