"""The first steps of a verification: (1) form, (2) algorithm; and whether the others are known to come out green.

What arrived is taken apart behind the strict front door. Nothing in it is believed yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from credentials.core.errors import CredentialError, NotAccepted
from credentials.core.securing import Presented, recognise
from credentials.verifier.basis import Watching
from credentials.verifier.checks import CheckKind, Ledger, Outcome
from credentials.verifier.envelope import secured_bytes
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.precedent import follow
from credentials.verifier.remembered import Held, recall
from credentials.verifier.report import Report
from credentials.verifier.states import Facts, decide, words


class Arrival(msgspec.Struct, frozen=True, gc=False):
    """The exact bytes of one secured credential, what they claim, and what is known of these very bytes."""

    secured: bytes
    presented: Presented
    known: Held | None


def take_apart(data: bytes | str | Mapping[str, Any]) -> Arrival:
    """What `verify` was handed. Raises Unreadable and NotAccepted kinds."""
    secured = secured_bytes(data)
    known = recall(secured)
    return Arrival(secured, recognise(secured).read(secured) if known is None else known.presented, known)


def unreadable(error: CredentialError, now: datetime) -> Report:
    """The report on what could not be taken apart."""
    ledger, facts = Ledger(), Facts()
    if isinstance(error, NotAccepted):
        ledger.passed(CheckKind.FORM)
    kind = CheckKind.ALGORITHM if isinstance(error, NotAccepted) else CheckKind.FORM
    ledger.record(kind, Outcome.FAILED, str(error), error.code)
    state = decide(ledger, facts)
    return Report(state=state, words=words(state, facts), checks=ledger.checks(), checked_at=now)


def find(arrival: Arrival, watching: Watching, policy: TrustPolicy, now: datetime) -> Report | None:
    """The report that making all steps would give, if what they stand on is known (`settled`, `precedent`)."""
    known = arrival.known
    if known is not None:
        return None if known.settled is None else known.settled.again(watching, policy, now)
    return follow(arrival.secured, arrival.presented, watching, policy, now)
