"""What a look at a proof changes: its state, when to look again, whether new keys are frozen, and what is told.

    pending ──found──▶ holds ──not found──▶ failing ──for 24 hours──▶ lost
       │                 ▲                     │
       └──7 days──▶ expired └──────found───────┘

Pure: the time is an argument, and nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from credentials.identity.evidence import Look
from credentials.identity.ladder import DAILY, EMAIL, EMAIL_LIFE, FRESH, HOURLY, PATIENCE, rank
from credentials.store.domain_proofs import DomainProof

Event = Literal["domain-proved", "domain-failing", "domain-recovered", "domain-lost", "domain-expired"]
"""What whoever looks after the company is told."""

NOT_FOUND: Final = "a proof of its domain was not found again"
MOVED: Final = "its domain shows a sign of another owner"
"""Why new keys are frozen. The first ends by itself when the proof is found again; the second needs the operator."""


@dataclass(frozen=True, slots=True)
class Change:
    """The columns to set, what to tell, and a reason to freeze new keys or the wish to end a freeze."""

    values: Mapping[str, Any]
    event: Event | None = None
    freeze: str | None = None
    thaw: bool = False


def judge(proof: DomainProof, look: Look | None, now: datetime) -> Change:
    """What follows from a look at a proof in one of the states that are looked at; None for one that needs no look."""
    if look is None:
        return _lapsed(proof, now)
    if look.found == "found":
        return _found(proof, now)
    if proof.state == "pending":
        return Change({"problem": look.problem, "due_at": min(now + HOURLY, proof.expires_at)})
    if proof.state == "holds":
        values = {"state": "failing", "failing_since": now, "problem": look.problem, "due_at": now + HOURLY}
        return Change(values, "domain-failing", freeze=_reason(look))
    return _still_failing(proof, look, now)


def needs_look(proof: DomainProof, now: datetime) -> bool:
    """Whether the world has to be asked: not for an address, nor for a token whose time is over."""
    return proof.method != EMAIL and not (proof.state == "pending" and now >= proof.expires_at)


def _lapsed(proof: DomainProof, now: datetime) -> Change:
    if now < proof.expires_at:
        return Change({"due_at": proof.expires_at})
    if proof.method == EMAIL:
        return Change({"state": "lost", "problem": "address-too-old"}, "domain-lost")
    return Change({"state": "expired"}, "domain-expired")


def _found(proof: DomainProof, now: datetime) -> Change:
    values = {"state": "holds", "problem": None, "checked_at": now, "failing_since": None, "due_at": now + DAILY}
    if proof.state == "pending":
        return Change(values | {"proved_at": now}, "domain-proved")
    return Change(values, "domain-recovered", thaw=True) if proof.state == "failing" else Change(values)


def _still_failing(proof: DomainProof, look: Look, now: datetime) -> Change:
    end = (proof.failing_since or now) + PATIENCE
    if now >= end:
        return Change({"state": "lost", "problem": look.problem}, "domain-lost")
    return Change({"problem": look.problem, "due_at": min(now + HOURLY, end)}, freeze=_reason(look))


def _reason(look: Look) -> str:
    return MOVED if look.found == "moved" else NOT_FOUND


def best_of(
    proofs: Iterable[DomainProof], present: tuple[str | None, str | None], now: datetime, recovered_at: datetime | None
) -> tuple[str, str] | None:
    """The domain and the level that an issuer's proofs give it, or None.

    `present` is what it is confirmed as now: that is kept until its proof is lost. Anything else counts only if it was
    seen lately, and since the database was last restored (`recovered_at`): an old row must not raise anybody.
    """
    good = [one for one in proofs if _counts(one, present, now, recovered_at)]
    first = max(good, key=lambda one: (rank(one.method), one.domain == present[0], -_age(one)), default=None)
    return None if first is None else (first.domain, first.method)


def _counts(
    proof: DomainProof, present: tuple[str | None, str | None], now: datetime, recovered_at: datetime | None
) -> bool:
    if proof.state == "failing":
        return (proof.domain, proof.method) == present
    if proof.state != "holds" or proof.checked_at is None:
        return False
    if (proof.domain, proof.method) == present:
        return True
    life = EMAIL_LIFE if proof.method == EMAIL else FRESH
    return now - proof.checked_at <= life and (recovered_at is None or proof.checked_at >= recovered_at)


def _age(proof: DomainProof) -> float:
    return (proof.proved_at or proof.created_at).timestamp()
