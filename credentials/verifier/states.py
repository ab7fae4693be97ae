"""The fourteen states, their verdicts and their words.

The first state that matches wins, from "we cannot even read it" to "genuine". `GENUINE` has no condition of its own
that could be met by accident: it is what remains once every check passed or does not apply.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import msgspec

from credentials.core.endorsement import Endorsed
from credentials.verifier.checks import CheckKind, Ledger, Outcome

UNNAMED_ISSUER: Final = "the issuer"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Verdict(StrEnum):
    """The one-word answer. `INDETERMINATE` unless all that matters is known."""

    VALID = "valid"
    INVALID = "invalid"
    INDETERMINATE = "indeterminate"


class State(StrEnum):
    """What is the matter with a credential, in the order in which states are tried."""

    UNREADABLE = "UNREADABLE"
    NO_KEY = "NO_KEY"
    NOT_THEIR_KEY = "NOT_THEIR_KEY"
    TAMPERED = "TAMPERED"
    TEST = "TEST"
    REPLACED = "REPLACED"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"
    NOT_YET = "NOT_YET"
    ISSUER_SUSPENDED = "ISSUER_SUSPENDED"
    UNCONFIRMED_ISSUER = "UNCONFIRMED_ISSUER"
    CANT_CHECK = "CANT_CHECK"
    GENUINE = "GENUINE"

    @property
    def verdict(self) -> Verdict:
        """The verdict that goes with the state."""
        return _VERDICTS[self]


_INVALID: Final = frozenset(
    {
        State.NOT_THEIR_KEY,
        State.TAMPERED,
        State.REPLACED,
        State.REVOKED,
        State.SUSPENDED,
        State.EXPIRED,
        State.NOT_YET,
    }
)
_VERDICTS: Final = {state: Verdict.INVALID if state in _INVALID else Verdict.INDETERMINATE for state in State} | {
    State.GENUINE: Verdict.VALID
}

SHOWN_STATES: Final = frozenset(State) - {State.UNREADABLE, State.NO_KEY, State.NOT_THEIR_KEY, State.TAMPERED}
"""The states in which the signature holds, so that what was signed may be shown."""


class Facts(msgspec.Struct):
    """Dates and names that the words of a state need. All times are aware; None means "not known".

    `receipt`: it is a receipt for work that was handed in, and says nothing of whether that was accepted. `endorsed`:
    what the endorsements say that held.
    """

    domain: str | None = None
    stolen_at: datetime | None = None
    status_at: datetime | None = None
    reason: str = ""
    replaced: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    vouched_until: datetime | None = None
    vouching_reason: str = ""
    last_confirmed: datetime | None = None
    receipt: bool = False
    endorsed: tuple[Endorsed, ...] = ()

    @property
    def issuer(self) -> str:
        """The confirmed domain, or "the issuer": never the name an issuer gave itself."""
        return self.domain or UNNAMED_ISSUER


_UNREADABLE_IF_FAILED: Final = (
    CheckKind.FORM,
    CheckKind.ALGORITHM,
    CheckKind.DATA_MODEL,
    CheckKind.REGISTERED_CLAIMS,
    CheckKind.OPEN_BADGES,
    CheckKind.RELATED_RESOURCES,
    CheckKind.CREDENTIAL_SCHEMA,
    CheckKind.HOLDER_BINDING,
)


def decide(ledger: Ledger, facts: Facts) -> State:
    """The first state that matches; `GENUINE` only if the ledger is all green."""
    if ledger.all_green():
        return State.GENUINE
    if any(ledger.outcome(kind) is Outcome.FAILED for kind in _UNREADABLE_IF_FAILED):
        return State.UNREADABLE
    for kind, state in _FIRST_NOT_PASSED:
        if ledger.outcome(kind) is not Outcome.PASSED:
            return state
    if ledger.outcome(CheckKind.REVOCATION) is Outcome.FAILED:
        return State.REPLACED if facts.replaced else State.REVOKED
    for kind, state in _FIRST_FAILED:
        if ledger.outcome(kind) is Outcome.FAILED:
            return state
    if ledger.outcome(CheckKind.ISSUER_CONFIRMED) is not Outcome.PASSED:
        return State.UNCONFIRMED_ISSUER
    return State.CANT_CHECK


_FIRST_NOT_PASSED: Final = (
    (CheckKind.FORM, State.UNREADABLE),
    (CheckKind.ALGORITHM, State.UNREADABLE),
    (CheckKind.ISSUER_KEY, State.NO_KEY),
    (CheckKind.KEY_AUTHORISED, State.NOT_THEIR_KEY),
    (CheckKind.SIGNATURE, State.TAMPERED),
    (CheckKind.DATA_MODEL, State.UNREADABLE),
    (CheckKind.REGISTERED_CLAIMS, State.UNREADABLE),
    (CheckKind.NOT_A_TEST, State.TEST),
)
_FIRST_FAILED: Final = (
    (CheckKind.SUSPENSION, State.SUSPENDED),
    (CheckKind.VALID_UNTIL, State.EXPIRED),
    (CheckKind.VALID_FROM, State.NOT_YET),
    (CheckKind.ISSUER_CONFIRMED, State.ISSUER_SUSPENDED),
)


def written_date(moment: datetime) -> str:
    """A date as people read it, in UTC: `3 Mar 2026`. The same in every locale."""
    day = moment.astimezone(UTC)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def words(state: State, facts: Facts) -> str:
    """The sentences a reader sees for `state`, with the dates and names that are known filled in."""
    if facts.receipt and state in _OF_RECEIPTS:
        return f"{_OF_RECEIPTS[state](facts)} {_HANDED_IN}"
    return _WORDS[state](facts)


def _unreadable(_: Facts) -> str:
    return "We can't read this. Ask for the link."


def _no_key(_: Facts) -> str:
    return "We couldn't reach the issuer's key, so we can't say yet."


def _not_their_key(facts: Facts) -> str:
    if facts.stolen_at is None:
        return "Not genuine: the key it was signed with isn't the issuer's."
    return f"Not genuine: the key it was signed with was reported stolen on {written_date(facts.stolen_at)}."


def _tampered(_: Facts) -> str:
    return "Not genuine: it doesn't match its signature. Details hidden."


def _test(_: Facts) -> str:
    return "Test only. Proves nothing."


def _replaced(facts: Facts) -> str:
    issuer = facts.domain or UNNAMED_ISSUER.capitalize()
    return f"{issuer} issued a corrected version{_on(facts.status_at)}. Open it."


def _revoked(facts: Facts) -> str:
    if facts.status_at is None:
        return "Withdrawn by the issuer."
    told = f"Withdrawn by {facts.issuer}{_on(facts.status_at)}{_because(facts.reason)}"
    return f"{told} Don't rely on it."


def _suspended(facts: Facts) -> str:
    return f"On hold{_since(facts.status_at)}. Ask {facts.issuer}."


def _expired(facts: Facts) -> str:
    ended = "" if facts.valid_until is None else f" {written_date(facts.valid_until)}"
    return f"Expired{ended}. The signature is good and the work still happened."


def _not_yet(facts: Facts) -> str:
    starts = "later" if facts.valid_from is None else written_date(facts.valid_from)
    return f"Starts {starts}. The signature is good."


def _issuer_suspended(facts: Facts) -> str:
    since = "" if facts.vouched_until is None else f", since {written_date(facts.vouched_until)}"
    return f"This service no longer vouches for {facts.issuer}{since}{_because(facts.vouching_reason)}"


def _unconfirmed(_: Facts) -> str:
    return "Signature good, but anyone could use this company name."


def _cant_check(facts: Facts) -> str:
    told = "Signature good; we couldn't ask whether it was withdrawn."
    return told if facts.last_confirmed is None else f"{told} Last confirmed {written_date(facts.last_confirmed)}."


def _genuine(facts: Facts) -> str:
    return f"Genuine and current. Signed by {facts.issuer}{_on(facts.valid_from)}; unchanged since."


def _receipt_genuine(facts: Facts) -> str:
    return f"Genuine receipt. Signed by {facts.issuer}{_on(facts.valid_from)}; unchanged since."


def _receipt_unconfirmed(_: Facts) -> str:
    return "Signature good, but nobody has shown whose service signed it."


_HANDED_IN: Final = "It shows that work was handed in, not that it was accepted."
_OF_RECEIPTS: Final[dict[State, Callable[[Facts], str]]] = {
    State.GENUINE: _receipt_genuine,
    State.UNCONFIRMED_ISSUER: _receipt_unconfirmed,
}
"""What else is said of a receipt. In every other state it is a credential like any other."""


def _on(moment: datetime | None) -> str:
    return "" if moment is None else f" on {written_date(moment)}"


def _since(moment: datetime | None) -> str:
    return "" if moment is None else f" since {written_date(moment)}"


def _because(reason: str) -> str:
    """The reason after a colon, with exactly one full stop at the end whatever its author wrote."""
    plain = " ".join(reason.split()).rstrip(".")
    return f": {plain}." if plain else "."


_WORDS: Final[dict[State, Callable[[Facts], str]]] = {
    State.UNREADABLE: _unreadable,
    State.NO_KEY: _no_key,
    State.NOT_THEIR_KEY: _not_their_key,
    State.TAMPERED: _tampered,
    State.TEST: _test,
    State.REPLACED: _replaced,
    State.REVOKED: _revoked,
    State.SUSPENDED: _suspended,
    State.EXPIRED: _expired,
    State.NOT_YET: _not_yet,
    State.ISSUER_SUSPENDED: _issuer_suspended,
    State.UNCONFIRMED_ISSUER: _unconfirmed,
    State.CANT_CHECK: _cant_check,
    State.GENUINE: _genuine,
}
