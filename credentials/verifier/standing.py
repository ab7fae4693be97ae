"""Whether a credential counts now, and who its issuer is: by the clock, the issuer's own lists, and the policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from credentials.core.credential import Credential
from credentials.core.securing import Proof
from credentials.verifier.checks import CheckKind, Ledger, Outcome
from credentials.verifier.keys import CLOCK_SKEW
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.report import IssuerView, StatusNote
from credentials.verifier.states import Facts, written_date
from credentials.verifier.status import StatusAnswer, StatusInquiry

_UNCONFIRMED: Final = "Nobody has shown that this issuer is the company it calls itself."
_SUSPENDED: Final = "This service no longer vouches for it."
_TESTS_ONLY: Final = "Signed by an issuer that only makes tests."


def check_period(ledger: Ledger, facts: Facts, credential: Credential, proofs: Sequence[Proof], now: datetime) -> None:
    """(9) valid-from, (10) valid-until: give or take the difference of two clocks.

    A proof has a time of its own where it says so: one from the future has not started, one that expired has ended.
    """
    first, last = credential.valid_from, credential.valid_until
    for proof in proofs:
        first = first if proof.created is None else max(proof.created, first or proof.created)
        last = last if proof.expires is None else min(proof.expires, last or proof.expires)
    facts.valid_from, facts.valid_until = first, last
    # The skew is added to our own clock, never to a stranger's date, which may lie at the end of time.
    if first is None:
        ledger.unless_reached(CheckKind.VALID_FROM)
    elif now + CLOCK_SKEW < first:
        ledger.record(CheckKind.VALID_FROM, Outcome.FAILED, f"It starts on {written_date(first)}.")
    else:
        ledger.passed(CheckKind.VALID_FROM)
    if last is None:
        ledger.unless_reached(CheckKind.VALID_UNTIL)
    elif now - CLOCK_SKEW > last:
        ledger.record(CheckKind.VALID_UNTIL, Outcome.FAILED, f"It ended on {written_date(last)}.")
    else:
        ledger.passed(CheckKind.VALID_UNTIL)


def check_status(ledger: Ledger, facts: Facts, inquiry: StatusInquiry) -> StatusNote | None:
    """(11) revocation, (12) suspension: the issuer's lists; then, for a bit that is set, the story behind it."""
    withdrawn, held = inquiry.ask("revocation"), inquiry.ask("suspension")
    if withdrawn.outcome is Outcome.PASSED and held.outcome is Outcome.PASSED:
        ledger.passed_through(CheckKind.REVOCATION, CheckKind.SUSPENSION)
        return None
    ledger.tell(CheckKind.REVOCATION, withdrawn)
    ledger.tell(CheckKind.SUSPENSION, held)
    confirmed = [answer.last_confirmed for answer in (withdrawn, held) if answer.last_confirmed is not None]
    facts.last_confirmed = min(confirmed, default=None)
    note = _story_behind(inquiry, withdrawn, held)
    if note is not None:
        facts.status_at, facts.reason, facts.replaced = note.at, note.reason, note.kind == "replaced"
    return note


def _story_behind(inquiry: StatusInquiry, withdrawn: StatusAnswer, held: StatusAnswer) -> StatusNote | None:
    if withdrawn.entry is not None:
        return inquiry.note(withdrawn.entry, "revocation")
    return None if held.entry is None else inquiry.note(held.entry, "suspension")


def check_trust(
    ledger: Ledger, facts: Facts, policy: TrustPolicy, credential: Credential, method_id: str
) -> IssuerView:
    """(13) issuer-confirmed, (14) not-a-test: the policy's word on the issuer, never the issuer's on itself.

    `method_id` is the key that signed: a key in a file of its own confirms no domain.
    """
    issuer = credential.issuer_id
    confirmed, suspended = policy.confirmation(issuer, method_id), policy.suspension(issuer)
    if suspended is not None:
        facts.vouched_until, facts.vouching_reason = suspended.since, suspended.reason
        ledger.record(CheckKind.ISSUER_CONFIRMED, Outcome.FAILED, _SUSPENDED)
    elif confirmed is None:
        ledger.record(CheckKind.ISSUER_CONFIRMED, Outcome.NOT_CHECKED, _UNCONFIRMED)
    else:
        ledger.passed(CheckKind.ISSUER_CONFIRMED)
    if policy.is_sandbox(issuer):
        ledger.record(CheckKind.NOT_A_TEST, Outcome.FAILED, _TESTS_ONLY)
    else:
        ledger.passed(CheckKind.NOT_A_TEST)
    if confirmed is None:
        return IssuerView(issuer, credential.issuer_name)
    facts.domain = confirmed.domain
    return IssuerView(issuer, credential.issuer_name, confirmed.domain, confirmed.level, confirmed.since)
