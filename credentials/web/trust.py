"""Whom the service vouches for: the trust policy that follows from the issuers in the store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from credentials.core.did import hosted_issuer_url
from credentials.core.timestamps import Roots
from credentials.store.issuers import Issuer
from credentials.verifier.policy import Confirmation, Suspension, TrustPolicy

POLICY_SECONDS = 2.0
"""How old the list of confirmed issuers may be: one query serves all verifications of that time."""


class TrustSource:
    """The trust policy that follows from the issuers in the store, read again every few seconds."""

    def __init__(
        self,
        issuers: Callable[[], Iterable[Issuer]],
        monotonic: Callable[[], float],
        flagged: Callable[[], Collection[str]] = frozenset,
        roots: Roots = (),
    ) -> None:
        self._issuers, self._roots = issuers, roots
        self._monotonic = monotonic
        self._flagged = flagged
        self._policy = TrustPolicy()
        self._until = float("-inf")

    def __call__(self) -> TrustPolicy:
        """The policy, at most `POLICY_SECONDS` old."""
        now = self._monotonic()
        if now >= self._until:
            # Who is flagged is read last: an issuer is flagged in the transaction that confirms it, or earlier.
            issuers = self._issuers()
            self._policy = replace(policy_of(issuers, self._flagged()), timestamp_roots=self._roots)
            self._until = now + POLICY_SECONDS
        return self._policy

    def forget(self) -> None:
        """Read the issuers anew next time."""
        self._until = float("-inf")


def policy_of(issuers: Iterable[Issuer], flagged: Collection[str] = ()) -> TrustPolicy:
    """Whom the service vouches for: what was proved of each issuer it hosts, under each of its names.

    `flagged`: the ids of those that look like somebody else. Nobody vouches for them, whatever they proved.
    """
    named = [(name, one) for one in issuers for name in _names(one)]
    return TrustPolicy(
        confirmed={
            name: Confirmation(one.confirmed_domain, one.confirmed_level or "operator", one.confirmed_at)
            for name, one in named
            if one.confirmed_domain is not None and one.id not in flagged
        },
        suspended={
            name: Suspension(one.suspended_at, one.suspended_reason or "")
            for name, one in named
            if one.suspended_at is not None and one.is_suspended
        },
        sandbox=frozenset(name for name, one in named if one.sandbox),
    )


def _names(issuer: Issuer) -> tuple[str, ...]:
    """Its DID, and the address that stands for it in an SD-JWT VC."""
    return (issuer.did, hosted_issuer_url(issuer.did)) if issuer.did.startswith("did:web:") else (issuer.did,)
