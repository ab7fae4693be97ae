"""States, verdicts and words: what follows from outcomes alone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from credentials.verifier.checks import CheckKind, Ledger, Outcome
from credentials.verifier.states import Facts, State, Verdict, decide, words, written_date

THIRD = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_verdicts_are_as_the_table_has_them() -> None:
    invalid = {"NOT_THEIR_KEY", "TAMPERED", "REPLACED", "REVOKED", "SUSPENDED", "EXPIRED", "NOT_YET"}
    assert {state.name for state in State if state.verdict is Verdict.INVALID} == invalid
    assert [state.name for state in State if state.verdict is Verdict.VALID] == ["GENUINE"]
    assert len(State) == 14


def test_a_ledger_starts_unchecked_and_cannot_be_genuine() -> None:
    ledger = Ledger()
    assert {check.outcome for check in ledger.checks()} == {Outcome.NOT_CHECKED}
    assert decide(ledger, Facts()) is State.UNREADABLE


def test_genuine_needs_every_single_check() -> None:
    ledger = Ledger()
    ledger.passed_through(CheckKind.FORM, CheckKind.ENDORSEMENTS)
    assert decide(ledger, Facts()) is State.GENUINE


ADVISORY = {CheckKind.RELATED_RESOURCES, CheckKind.CREDENTIAL_SCHEMA}
BESIDE = {CheckKind.ENDORSEMENTS}


@pytest.mark.parametrize("kind", ADVISORY)
def test_an_advisory_check_that_cannot_be_made_takes_no_green_away_but_one_that_fails_does(kind: CheckKind) -> None:
    ledger = Ledger()
    ledger.passed_through(CheckKind.FORM, CheckKind.ENDORSEMENTS)
    ledger.record(kind, Outcome.NOT_CHECKED, "not at hand")
    assert decide(ledger, Facts()) is State.GENUINE
    ledger.record(kind, Outcome.FAILED, "differs")
    assert decide(ledger, Facts()) is State.UNREADABLE


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_endorsement_takes_no_green_away_and_gives_none(outcome: Outcome) -> None:
    ledger = Ledger()
    ledger.passed_through(CheckKind.FORM, CheckKind.ENDORSEMENTS)
    ledger.record(CheckKind.ENDORSEMENTS, outcome, "for the test")
    assert decide(ledger, Facts()) is State.GENUINE
    ledger.record(CheckKind.SIGNATURE, Outcome.FAILED, "for the test")
    assert decide(ledger, Facts()) is State.TAMPERED


@pytest.mark.parametrize("kind", ADVISORY | BESIDE)
def test_an_advisory_check_that_was_never_reached_is_not_green(kind: CheckKind) -> None:
    ledger = Ledger()
    for other in set(CheckKind) - {kind}:
        ledger.passed(other)
    assert not ledger.all_green()


@pytest.mark.parametrize("kind", set(CheckKind) - ADVISORY - BESIDE)
def test_an_advisory_check_hides_no_other(kind: CheckKind) -> None:
    ledger = Ledger()
    ledger.passed_through(CheckKind.FORM, CheckKind.ENDORSEMENTS)
    ledger.record(kind, Outcome.NOT_CHECKED, "for the test")
    for advisory in ADVISORY:
        ledger.record(advisory, Outcome.NOT_CHECKED, "not at hand")
    assert decide(ledger, Facts()).verdict is not Verdict.VALID


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(kind, outcome) for kind in CheckKind for outcome in (Outcome.FAILED, Outcome.NOT_CHECKED)
     if kind not in BESIDE and (kind not in ADVISORY or outcome is Outcome.FAILED)],
)  # fmt: skip
def test_any_one_check_that_is_not_green_takes_the_green_away(kind: CheckKind, outcome: Outcome) -> None:
    ledger = Ledger()
    ledger.passed_through(CheckKind.FORM, CheckKind.ENDORSEMENTS)
    ledger.record(kind, outcome, "for the test")
    assert decide(ledger, Facts()).verdict is not Verdict.VALID


def test_checks_are_numbered_cited_and_explained() -> None:
    checks = Ledger().checks()
    assert [check.number for check in checks] == list(range(1, 20))
    assert len({check.id for check in checks}) == 19
    assert all(check.spec and check.detail for check in checks)


def test_dates_are_written_the_same_everywhere() -> None:
    assert written_date(THIRD) == "3 Mar 2026"
    assert written_date(datetime(2026, 11, 22, tzinfo=UTC)) == "22 Nov 2026"
    assert written_date(datetime(2026, 3, 4, 1, tzinfo=timezone(timedelta(hours=5)))) == "3 Mar 2026"


@pytest.mark.parametrize(
    ("state", "facts", "said"),
    [
        (State.UNREADABLE, Facts(), "We can't read this. Ask for the link."),
        (State.NO_KEY, Facts(), "We couldn't reach the issuer's key, so we can't say yet."),
        (State.NOT_THEIR_KEY, Facts(), "Not genuine: the key it was signed with isn't the issuer's."),
        (
            State.NOT_THEIR_KEY,
            Facts(stolen_at=THIRD),
            "Not genuine: the key it was signed with was reported stolen on 3 Mar 2026.",
        ),
        (State.TAMPERED, Facts(), "Not genuine: it doesn't match its signature. Details hidden."),
        (State.TEST, Facts(), "Test only. Proves nothing."),
        (
            State.REPLACED,
            Facts(domain="acme.example", status_at=THIRD),
            "acme.example issued a corrected version on 3 Mar 2026. Open it.",
        ),
        (State.REPLACED, Facts(status_at=THIRD), "The issuer issued a corrected version on 3 Mar 2026. Open it."),
        (
            State.REVOKED,
            Facts(domain="acme.example", status_at=THIRD, reason="issued in error"),
            "Withdrawn by acme.example on 3 Mar 2026: issued in error. Don't rely on it.",
        ),
        (
            State.REVOKED,
            Facts(status_at=THIRD, reason="  Issued\nin error. "),
            "Withdrawn by the issuer on 3 Mar 2026: Issued in error. Don't rely on it.",
        ),
        (State.REVOKED, Facts(status_at=THIRD), "Withdrawn by the issuer on 3 Mar 2026. Don't rely on it."),
        (State.REVOKED, Facts(domain="acme.example"), "Withdrawn by the issuer."),
        (
            State.SUSPENDED,
            Facts(domain="acme.example", status_at=THIRD),
            "On hold since 3 Mar 2026. Ask acme.example.",
        ),
        (State.SUSPENDED, Facts(), "On hold. Ask the issuer."),
        (
            State.EXPIRED,
            Facts(valid_until=THIRD),
            "Expired 3 Mar 2026. The signature is good and the work still happened.",
        ),
        (State.NOT_YET, Facts(valid_from=THIRD), "Starts 3 Mar 2026. The signature is good."),
        (
            State.ISSUER_SUSPENDED,
            Facts(domain="acme.example", vouched_until=THIRD, vouching_reason="the domain lapsed"),
            "This service no longer vouches for acme.example, since 3 Mar 2026: the domain lapsed.",
        ),
        (State.UNCONFIRMED_ISSUER, Facts(), "Signature good, but anyone could use this company name."),
        (State.CANT_CHECK, Facts(), "Signature good; we couldn't ask whether it was withdrawn."),
        (
            State.CANT_CHECK,
            Facts(last_confirmed=THIRD),
            "Signature good; we couldn't ask whether it was withdrawn. Last confirmed 3 Mar 2026.",
        ),
        (
            State.GENUINE,
            Facts(domain="acme.example", valid_from=THIRD),
            "Genuine and current. Signed by acme.example on 3 Mar 2026; unchanged since.",
        ),
    ],
)
def test_words(state: State, facts: Facts, said: str) -> None:
    assert words(state, facts) == said
