"""A verification that comes out as the last one did, for all that it looked at is the same.

A report follows from the credential's bytes, from what was fetched for it, from the policy's word on its issuer, and
from the time. So a plain report that is green is kept beside the credential: everything is fetched anew, and if each
answer has the bytes of then, the policy says the same, and no moment has come that matters, the report is that of then
with another time on it. In any other case all steps are made again, in `verify`.

Plain is one proof, by a key without an end, over a credential that carries nothing with a time or a source of its own:
no endorsements, schema, digests of other resources or holder's signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

from credentials.core.errors import CredentialError
from credentials.core.instants import FIRST_MOMENT, LAST_MOMENT, shifted
from credentials.core.mechanism import Presented
from credentials.verifier.checks import CheckKind, Outcome
from credentials.verifier.keys import CLOCK_SKEW, KeySource
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.resolvers.resolver import Fetched, Resolver
from credentials.verifier.states import State

_OF_ITS_OWN: Final = slice(CheckKind.RELATED_RESOURCES - 1, CheckKind.ENDORSEMENTS)
"""The checks that a plain credential has no use for, in a report."""


class Freshness(Protocol):
    """From when until when a list answers, and how old a copy of it may be. `endless`: so is the key that signed it."""

    @property
    def fresh_from(self) -> datetime:
        """The first moment."""
        ...

    @property
    def fresh_until(self) -> datetime:
        """The last one."""
        ...

    @property
    def max_age(self) -> timedelta:
        """Since it was read."""
        ...

    @property
    def endless(self) -> bool:
        """Whether nothing ends the key."""
        ...


class Look(msgspec.Struct, frozen=True):
    """One thing that was fetched, and how. `max_age` is None for what may be as old as the resolver lets it be."""

    url: str
    accept: str
    max_bytes: int
    body: bytes
    max_age: timedelta | None


class Settled(msgspec.Struct, frozen=True):
    """A green report, what was looked at for it, and from when until when it comes out the same."""

    report: Report
    looks: tuple[Look, ...]
    confirmation: Confirmation | None
    first: datetime
    last: datetime

    def again(self, resolver: Resolver, policy: TrustPolicy, now: datetime) -> Report | None:
        """The report as of `now`; None if anything is different, or cannot be had, and has to be judged."""
        report = self.report
        if not self.first <= now <= self.last or not self._vouched_for(policy):
            return None
        try:
            for look in self.looks:
                fetched = resolver.fetch(look.url, accept=look.accept, max_bytes=look.max_bytes)
                if fetched.body != look.body or (look.max_age and now - fetched.fetched_at > look.max_age):
                    return None
        except CredentialError:
            return None
        return Report(
            state=report.state,
            words=report.words,
            checks=report.checks,
            checked_at=now,
            issuer=report.issuer,
            verified=report.verified,
            proofs=report.proofs,
        )

    def _vouched_for(self, policy: TrustPolicy) -> bool:
        verified = self.report.verified
        if verified is None:
            return False
        issuer, method = verified.credential.issuer_id, verified.verification_method
        return (
            policy.confirmation(issuer, method) == self.confirmation
            and policy.suspension(issuer) is None
            and not policy.is_sandbox(issuer)
        )


class Watching:
    """A resolver for one verification, that notes what was fetched of another one and asks for nothing twice."""

    __slots__ = ("_answers", "_resolver", "plain")

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._answers: dict[tuple[str, str, int], Fetched | CredentialError] = {}
        self.plain = True
        """Whether everything was to be had, and as it was at hand."""

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        """See `Resolver.fetch`."""
        if not_before is not None:
            self.plain = False
            return self._resolver.fetch(url, accept=accept, max_bytes=max_bytes, not_before=not_before)
        answer = self._answers.get((url, accept, max_bytes))
        if answer is None:
            answer = self._answers[url, accept, max_bytes] = self._ask(url, accept, max_bytes)
        if isinstance(answer, CredentialError):
            raise answer
        return answer

    def _ask(self, url: str, accept: str, max_bytes: int) -> Fetched | CredentialError:
        try:
            return self._resolver.fetch(url, accept=accept, max_bytes=max_bytes)
        except CredentialError as error:
            self.plain = False
            return error

    def looks(self, lists: Mapping[str, Freshness]) -> tuple[Look, ...]:
        """All that was had; `lists` says by address how old the lists among them may be."""
        return tuple(
            Look(*asked, answer.body, lists[asked[0]].max_age if asked[0] in lists else None)
            for asked, answer in self._answers.items()
            if isinstance(answer, Fetched)
        )


def settle(
    report: Report,
    presented: Presented,
    source: KeySource,
    policy: TrustPolicy,
    watched: Watching,
    lists: Mapping[str, Freshness],
) -> Settled | None:
    """What may be found again of a report; None if it is not plain and green.

    `source` has the key that signed. `lists` are the status lists that were asked, by address.
    """
    verified = report.verified
    if verified is None or report.state is not State.GENUINE or not (watched.plain and _is_plain(report, presented)):
        return None
    if not (source.authorised(verified.verification_method).endless and all(one.endless for one in lists.values())):
        return None
    credential, proof = verified.credential, presented.proofs[0]
    begins = [shifted(one, -CLOCK_SKEW) for one in (credential.valid_from, proof.created) if one is not None]
    ends = [shifted(one, CLOCK_SKEW) for one in (credential.valid_until, proof.expires) if one is not None]
    return Settled(
        report,
        watched.looks(lists),
        policy.confirmation(credential.issuer_id, verified.verification_method),
        max([FIRST_MOMENT, *begins, *[one.fresh_from for one in lists.values()]]),
        min([LAST_MOMENT, *ends, *[one.fresh_until for one in lists.values()]]),
    )


def _is_plain(report: Report, presented: Presented) -> bool:
    if len(presented.proofs) != 1 or presented.unread or report.status is not None:
        return False
    return all(check.outcome is Outcome.NOT_APPLICABLE for check in report.checks[_OF_ITS_OWN])
