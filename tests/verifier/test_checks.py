"""The ledger by itself: green only where every check is, whatever was recorded, how often and in which order."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.verifier.checks import NOT_REACHED, Check, CheckKind, Finding, Ledger, Outcome

KINDS = list(CheckKind)
ADVISORY = (CheckKind.RELATED_RESOURCES, CheckKind.CREDENTIAL_SCHEMA)
FURTHER = (*ADVISORY, CheckKind.HOLDER_BINDING)
Step = Callable[[Ledger], None]


def green() -> Ledger:
    ledger = Ledger()
    ledger.passed_through(KINDS[0], KINDS[-1])
    return ledger


def outcomes(ledger: Ledger) -> dict[str, str]:
    return {check.id: str(check.outcome) for check in ledger.checks()}


def test_a_new_one_says_of_each_that_nobody_reached_it() -> None:
    ledger = Ledger()
    assert [check.number for check in ledger.checks()] == list(range(1, len(KINDS) + 1))
    assert {check.outcome for check in ledger.checks()} == {Outcome.NOT_CHECKED}
    assert {check.detail for check in ledger.checks()} == {NOT_REACHED}
    assert not ledger.all_green()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.public_id)
def test_one_that_was_not_reached_takes_the_green_away(kind: CheckKind) -> None:
    ledger = Ledger()
    for other in KINDS:
        if other is not kind:
            ledger.passed(other)
    assert not ledger.all_green()
    ledger.passed(kind)
    assert ledger.all_green()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.public_id)
@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.NOT_CHECKED], ids=str)
def test_what_takes_the_green_away_when_it_is_recorded(kind: CheckKind, outcome: Outcome) -> None:
    ledger = green()
    ledger.record(kind, outcome, "Words.")
    excused = kind is CheckKind.ENDORSEMENTS or (kind in ADVISORY and outcome is Outcome.NOT_CHECKED)
    assert ledger.all_green() is excused


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.public_id)
def test_what_was_recorded_last_holds(kind: CheckKind) -> None:
    ledger = green()
    ledger.record(kind, Outcome.FAILED, "First.", "first-code")
    ledger.record(kind, Outcome.NOT_APPLICABLE, "Second.")
    (check,) = [one for one in ledger.checks() if one.number == kind]
    assert (check.outcome, check.detail, check.code) == (Outcome.NOT_APPLICABLE, "Second.", "")
    assert ledger.all_green()


@pytest.mark.parametrize(
    ("first", "last", "touched"),
    [
        (CheckKind.FORM, CheckKind.FORM, 1),
        (CheckKind.REVOCATION, CheckKind.SUSPENSION, 2),
        (CheckKind.FORM, CheckKind.ENDORSEMENTS, len(KINDS)),
        (CheckKind.ENDORSEMENTS, CheckKind.ENDORSEMENTS, 1),
    ],
)
def test_a_range_ends_where_it_says(first: CheckKind, last: CheckKind, touched: int) -> None:
    ledger = Ledger()
    ledger.passed_through(first, last)
    passed = [check for check in ledger.checks() if check.outcome is Outcome.PASSED]
    assert [check.number for check in passed] == list(range(first, last + 1))
    assert len(passed) == touched
    assert len(ledger.checks()) == len(KINDS)


def test_nothing_further_says_so_of_three_and_of_no_other() -> None:
    ledger = Ledger()
    ledger.nothing_further()
    said = {check.id for check in ledger.checks() if check.outcome is Outcome.NOT_APPLICABLE}
    assert said == {kind.public_id for kind in FURTHER}
    assert not ledger.all_green()
    ledger.passed_through(CheckKind.FORM, CheckKind.NOT_A_TEST)
    ledger.passed_through(CheckKind.EARLIER_THAN_COMPROMISE, CheckKind.ENDORSEMENTS)
    assert ledger.all_green()


@pytest.mark.parametrize("kind", [CheckKind.EARLIER_THAN_COMPROMISE, CheckKind.ENDORSEMENTS])
@pytest.mark.parametrize("outcome", list(Outcome), ids=str)
def test_a_check_that_was_made_is_not_called_unreached(kind: CheckKind, outcome: Outcome) -> None:
    ledger = Ledger()
    ledger.record(kind, outcome, "Made.")
    ledger.unless_reached(kind)
    assert ledger.checks()[kind - 1].detail == "Made."


@pytest.mark.parametrize("kind", [CheckKind.EARLIER_THAN_COMPROMISE, CheckKind.ENDORSEMENTS])
def test_a_check_that_nobody_made_does_not_apply(kind: CheckKind) -> None:
    ledger = Ledger()
    ledger.unless_reached(kind)
    assert ledger.outcome(kind) is Outcome.NOT_APPLICABLE
    assert ledger.checks()[kind - 1].detail != NOT_REACHED


@pytest.mark.parametrize("outcome", list(Outcome), ids=str)
def test_a_finding_made_elsewhere_is_told_as_it_is(outcome: Outcome) -> None:
    ledger = Ledger()
    ledger.tell(CheckKind.REVOCATION, Finding(outcome, "Theirs.", "their-code"))
    check = ledger.checks()[CheckKind.REVOCATION - 1]
    assert check.outcome is outcome
    # A check that passed has the sentence of all that pass, and never the code of an error.
    expected = ("Theirs.", "their-code")
    assert ((check.detail, check.code) == expected) is (outcome is not Outcome.PASSED)
    assert (check.code == "") is (outcome is Outcome.PASSED)


def test_two_ledgers_share_nothing() -> None:
    one, other = Ledger(), Ledger()
    one.passed_through(KINDS[0], KINDS[-1])
    one.record(CheckKind.FORM, Outcome.FAILED, "Mine.")
    assert other.checks() == Ledger().checks()


@pytest.mark.parametrize("ledger", [Ledger(), green()], ids=["new", "green"])
def test_each_line_names_its_check_and_where_it_comes_from(ledger: Ledger) -> None:
    for kind, check in zip(KINDS, ledger.checks(), strict=True):
        assert (check.id, check.number) == (kind.public_id, kind)
        assert check.spec
        assert check.detail.endswith(".")
        assert msgspec.json.decode(msgspec.json.encode(check), type=Check) == check


def steps() -> st.SearchStrategy[tuple[str, Step]]:
    kinds, results = st.sampled_from(KINDS), st.sampled_from(Outcome)
    return st.one_of(
        kinds.map(lambda kind: (f"passed {kind}", lambda ledger: ledger.passed(kind))),
        st.tuples(kinds, results).map(
            lambda pair: (f"record {pair}", lambda ledger: ledger.record(pair[0], pair[1], "Words."))
        ),
        st.tuples(kinds, kinds).map(
            lambda pair: (f"through {sorted(pair)}", lambda ledger: ledger.passed_through(min(pair), max(pair)))
        ),
        st.just(("nothing further", lambda ledger: ledger.nothing_further())),
        st.sampled_from(FURTHER).map(lambda kind: (f"unless {kind}", lambda ledger: ledger.unless_reached(kind))),
    )


def is_green(check: Check) -> bool:
    if check.outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE):
        return True
    if check.detail == NOT_REACHED:
        return False
    return check.number == CheckKind.ENDORSEMENTS or (check.number in ADVISORY and check.outcome is Outcome.NOT_CHECKED)


@given(st.lists(steps(), max_size=30), st.booleans())
def test_green_is_what_the_lines_say_and_nothing_else(taken: list[tuple[str, Step]], begun_green: bool) -> None:
    ledger = green() if begun_green else Ledger()
    for _, step in taken:
        step(ledger)
    assert ledger.all_green() == all(is_green(check) for check in ledger.checks())
    assert list(outcomes(ledger)) == [kind.public_id for kind in KINDS]


@pytest.mark.parametrize(
    "kind",
    [CheckKind.OPEN_BADGES, CheckKind.VALID_FROM, CheckKind.VALID_UNTIL, CheckKind.REVOCATION, CheckKind.SUSPENSION],
    ids=lambda kind: kind.public_id,
)
def test_what_does_not_apply_says_so_in_a_sentence(kind: CheckKind) -> None:
    ledger = Ledger()
    ledger.tell(kind, Finding(Outcome.NOT_APPLICABLE))
    told = ledger.checks()[kind - 1]

    assert told.outcome is Outcome.NOT_APPLICABLE
    assert told.detail.endswith(".")
    assert told.detail != NOT_REACHED
