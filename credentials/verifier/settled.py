"""A verification that comes out as the last one did, for all that it looked at is the same.

A report follows from the credential's bytes, from what it stood on besides (`basis`), and from the time. So a plain
report that is green is kept beside the credential: if its basis stands, and no moment has come that matters, the report
is that of then with another time on it. In any other case all steps are made again, in `verify`.

Plain is one proof, by a key without an end, over a credential that carries nothing with a time or a source of its own:
no endorsements, schema, digests of other resources or holder's signature.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from credentials.core.credential import Credential
from credentials.core.instants import shifted
from credentials.core.mechanism import Presented
from credentials.verifier.basis import Basis, Watching
from credentials.verifier.checks import CheckKind, Outcome
from credentials.verifier.keys import CLOCK_SKEW
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.states import State

_OF_ITS_OWN: Final = slice(CheckKind.RELATED_RESOURCES - 1, CheckKind.ENDORSEMENTS)
"""The checks that a plain credential has no use for, in a report."""


class Settled(msgspec.Struct, frozen=True):
    """A green report, what it stood on, and from when until when it comes out the same."""

    report: Report
    basis: Basis
    first: datetime
    last: datetime

    def again(self, watching: Watching, policy: TrustPolicy, now: datetime) -> Report | None:
        """The report as of `now`; None if anything is different, or cannot be had, and has to be judged."""
        report = self.report
        if not self.first <= now <= self.last or not self.basis.stands(watching, policy, now):
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


def settle(report: Report, credential: Credential, presented: Presented, basis: Basis) -> Settled:
    """What may be found again of a report on `credential` that `is_plain`."""
    proof = presented.proofs[0]
    begins = [shifted(one, -CLOCK_SKEW) for one in (credential.valid_from, proof.created) if one is not None]
    ends = [shifted(one, CLOCK_SKEW) for one in (credential.valid_until, proof.expires) if one is not None]
    return Settled(report, basis, max([basis.first, *begins]), min([basis.last, *ends]))


def is_plain(report: Report, presented: Presented) -> bool:
    """Whether it is green, and nothing in it has a time or a source of its own."""
    if report.state is not State.GENUINE or len(presented.proofs) != 1 or presented.unread or report.status is not None:
        return False
    return all(check.outcome is Outcome.NOT_APPLICABLE for check in report.checks[_OF_ITS_OWN])
