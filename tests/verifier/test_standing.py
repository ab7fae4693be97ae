"""Whether a credential counts now: moments at the edge of the clock's skew, two lists that disagree, and the policy."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from credentials.core.credential import Credential, parse_credential
from credentials.core.mechanism import Proof
from credentials.core.status_story import StatusEvent
from credentials.verifier.checks import CheckKind, Ledger, Outcome
from credentials.verifier.keys import CLOCK_SKEW
from credentials.verifier.policy import Confirmation, Suspension, TrustPolicy
from credentials.verifier.standing import check_period, check_trust
from credentials.verifier.states import Facts, State
from tests.verifier.world import DAY, INDEX, World, list_url

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DID = "did:web:acme.example"
KEY = f"{DID}#k1"
FAR_WEST = timezone(timedelta(hours=-12))


def stated(first: datetime | None = None, last: datetime | None = None, issuer: str = DID) -> Credential:
    """A credential that says these moments, and no more than it must."""
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": {"id": issuer, "name": "Acme"},
        "credentialSubject": {"id": "urn:uuid:person", "name": "Zoë"},
    }
    moments = {"validFrom": first, "validUntil": last}
    return parse_credential(document | {name: at.isoformat() for name, at in moments.items() if at is not None})


def proof(created: datetime | None = None, expires: datetime | None = None) -> Proof:
    return Proof("eddsa-jcs-2022", KEY, "Ed25519", None, created, expires)


PERIODS = [
    # Why; the first and last moment said; the proofs' own; what is said of valid-from and valid-until.
    ("nothing at all", None, None, (), "not_applicable", "not_applicable"),
    ("begun and not ended", NOW - DAY, NOW + DAY, (), "passed", "passed"),
    ("this very second", NOW, NOW, (), "passed", "passed"),
    ("begins within the skew", NOW + CLOCK_SKEW, None, (), "passed", "not_applicable"),
    ("begins a second beyond it", NOW + CLOCK_SKEW + SECOND, None, (), "failed", "not_applicable"),
    ("ended within the skew", None, NOW - CLOCK_SKEW, (), "not_applicable", "passed"),
    ("ended a second beyond it", None, NOW - CLOCK_SKEW - SECOND, (), "not_applicable", "failed"),
    ("another zone, begun", (NOW - SECOND).astimezone(FAR_WEST), None, (), "passed", "not_applicable"),
    ("another zone, not begun", (NOW + DAY).astimezone(FAR_WEST), None, (), "failed", "not_applicable"),
    ("the end of time", None, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), (), "not_applicable", "passed"),
    ("begins at the end of time", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), None, (), "failed", "not_applicable"),
    ("ended at the beginning of time", None, datetime(1, 1, 1, tzinfo=UTC), (), "not_applicable", "failed"),
    ("a proof from the future", NOW - DAY, None, [(NOW + DAY, None)], "failed", "not_applicable"),
    ("a proof from the future alone", None, None, [(NOW + DAY, None)], "failed", "not_applicable"),
    ("a proof that expired", None, NOW + DAY, [(None, NOW - DAY)], "not_applicable", "failed"),
    ("a proof that expired alone", None, None, [(None, NOW - DAY)], "not_applicable", "failed"),
    ("an old proof makes nothing begin earlier", NOW + DAY, None, [(NOW - DAY, None)], "failed", "not_applicable"),
    ("a lasting proof makes nothing last", None, NOW - DAY, [(None, NOW + DAY)], "not_applicable", "failed"),
    ("the second proof counts too", None, None, [(NOW - DAY, None), (NOW + DAY, None)], "failed", "not_applicable"),
    ("its order is of no effect", None, None, [(NOW + DAY, None), (NOW - DAY, None)], "failed", "not_applicable"),
    ("one that expired among two", None, None, [(None, NOW - DAY), (None, NOW + DAY)], "not_applicable", "failed"),
    ("a proof within the skew", None, None, [(NOW + CLOCK_SKEW, NOW - CLOCK_SKEW)], "passed", "passed"),
]


@pytest.mark.parametrize(("first", "last", "proofs", "begun", "ended"), [row[1:] for row in PERIODS],
                         ids=[row[0] for row in PERIODS])  # fmt: skip
def test_the_latest_beginning_and_the_earliest_end_count(
    first: datetime | None,
    last: datetime | None,
    proofs: list[tuple[datetime | None, datetime | None]],
    begun: str,
    ended: str,
) -> None:
    ledger, facts = Ledger(), Facts()
    check_period(ledger, facts, stated(first, last), [proof(*one) for one in proofs], NOW)
    assert (ledger.outcome(CheckKind.VALID_FROM), ledger.outcome(CheckKind.VALID_UNTIL)) == (begun, ended)


def test_the_words_have_the_moment_that_decided() -> None:
    ledger, facts = Ledger(), Facts()
    proofs = [proof(NOW + 2 * DAY, NOW - 2 * DAY), proof()]
    check_period(ledger, facts, stated(NOW + DAY, NOW + 3 * DAY), proofs, NOW)
    assert (facts.valid_from, facts.valid_until) == (NOW + 2 * DAY, NOW - 2 * DAY)
    said = {check.number: check.detail for check in ledger.checks()}
    assert said[CheckKind.VALID_FROM] == "It starts on 18 Mar 2026."
    assert said[CheckKind.VALID_UNTIL] == "It ended on 14 Mar 2026."


SUSPENSION = Suspension(NOW, "No answer to our letters")
CONFIRMED = {DID: Confirmation("acme.example", "operator", NOW)}
TRUST: list[tuple[str, str, TrustPolicy, str, str, str | None]] = [
    # Why; the issuer; the policy; what is said of issuer-confirmed, of not-a-test; the domain that is shown.
    ("its own domain", DID, TrustPolicy(), "passed", "passed", "acme.example"),
    ("only a key", "did:key:z6Mk", TrustPolicy(), "not_checked", "passed", None),
    ("a path on somebody's domain", f"{DID}:a", TrustPolicy(), "not_checked", "passed", None),
    ("a path that the policy knows", f"{DID}:a",
     TrustPolicy({f"{DID}:a": Confirmation("a.example", "operator", NOW)}), "passed", "passed", "a.example"),
    ("a name that differs in case", DID.upper(), TrustPolicy(CONFIRMED), "not_checked", "passed", None),
    ("suspended", DID, TrustPolicy(suspended={DID: SUSPENSION}), "failed", "passed", "acme.example"),
    ("suspended, as a pair", DID, TrustPolicy(suspended={DID: (NOW, "x")}), "failed", "passed", "acme.example"),
    ("suspended outweighs confirmed", DID, TrustPolicy(CONFIRMED, {DID: SUSPENSION}), "failed", "passed",
     "acme.example"),
    ("suspended, never confirmed", "did:key:z6Mk", TrustPolicy(suspended={"did:key:z6Mk": SUSPENSION}), "failed",
     "passed", None),
    ("somebody else is suspended", DID, TrustPolicy(suspended={f"{DID}:a": SUSPENSION}), "passed", "passed",
     "acme.example"),
    ("of tests", DID, TrustPolicy(sandbox=frozenset({DID})), "passed", "failed", "acme.example"),
    ("of tests and suspended", DID, TrustPolicy({}, {DID: SUSPENSION}, frozenset({DID})), "failed", "failed",
     "acme.example"),
    ("somebody else is of tests", DID, TrustPolicy(sandbox=frozenset({"did:web:other.example"})), "passed", "passed",
     "acme.example"),
]  # fmt: skip


@pytest.mark.parametrize(("issuer", "policy", "confirmed", "no_test", "domain"), [row[1:] for row in TRUST],
                         ids=[row[0] for row in TRUST])  # fmt: skip
def test_the_policy_and_nobody_else_says_who_the_issuer_is(
    issuer: str, policy: TrustPolicy, confirmed: str, no_test: str, domain: str | None
) -> None:
    ledger, facts = Ledger(), Facts()
    view = check_trust(ledger, facts, policy, stated(issuer=issuer), f"{issuer}#k1")
    assert ledger.outcome(CheckKind.ISSUER_CONFIRMED) == confirmed
    assert ledger.outcome(CheckKind.NOT_A_TEST) == no_test
    assert (view.id, view.name, view.domain, facts.domain) == (issuer, "Acme", domain, domain)
    assert view.confirmed is (domain is not None)


@pytest.mark.parametrize("entry", [SUSPENSION, (SUSPENSION.since, SUSPENSION.reason)], ids=["named", "pair"])
def test_since_when_and_why_nobody_vouches_is_kept(entry: Suspension | tuple[datetime, str]) -> None:
    facts = Facts()
    check_trust(Ledger(), facts, TrustPolicy(suspended={DID: entry}), stated(), KEY)
    assert (facts.vouched_until, facts.vouching_reason) == (SUSPENSION.since, SUSPENSION.reason)


@pytest.mark.parametrize(
    ("method", "domain"),
    [
        ("https://acme.example#k1", "acme.example"),
        ("https://acme.example/keys#k1", None),
        ("https://acme.example.other.example#k1", None),
        ("https://other.example#k1", None),
        ("https://acme.example", None),
        ("", None),
    ],
)
def test_an_address_is_confirmed_by_a_key_of_its_own_document_alone(method: str, domain: str | None) -> None:
    view = check_trust(Ledger(), Facts(), TrustPolicy(), stated(issuer="https://acme.example"), method)
    assert view.domain == domain


def event(kind: str, at: datetime, reason: str) -> StatusEvent:
    return StatusEvent(kind, at, reason)  # type: ignore[arg-type]


Sets = Mapping[str, tuple[int, ...]]
BOTH: Sets = {"revocation": (INDEX,), "suspension": (INDEX,)}
STORIES: list[tuple[str, Sets, list[tuple[str, str]], State, tuple[str, str] | None]] = [
    # Why; the bits that are set; what the story tells; the state; what the note says.
    ("nothing set, whatever is told", {}, [("revoked", "r")], State.GENUINE, None),
    ("withdrawn and told", {"revocation": (INDEX,)}, [("revoked", "r")], State.REVOKED, ("revoked", "r")),
    ("withdrawn, nothing told", {"revocation": (INDEX,)}, [], State.REVOKED, None),
    ("withdrawn, only a hold told", {"revocation": (INDEX,)}, [("suspended", "s")], State.REVOKED, None),
    ("held and told", {"suspension": (INDEX,)}, [("suspended", "s")], State.SUSPENDED, ("suspended", "s")),
    ("held, its end told", {"suspension": (INDEX,)}, [("suspended", "s"), ("lifted", "l")], State.SUSPENDED, None),
    ("held again", {"suspension": (INDEX,)}, [("suspended", "s"), ("lifted", "l"), ("suspended", "t")],
     State.SUSPENDED, ("suspended", "t")),
    ("both, the withdrawal counts", BOTH, [("suspended", "s"), ("revoked", "r")], State.REVOKED, ("revoked", "r")),
    ("both, its order is of no effect", BOTH, [("revoked", "r"), ("suspended", "s")], State.REVOKED, ("revoked", "r")),
    ("both, only the hold told", BOTH, [("suspended", "s")], State.REVOKED, None),
    ("the neighbour's bit", {"revocation": (INDEX - 1, INDEX + 1)}, [("revoked", "r")], State.GENUINE, None),
]  # fmt: skip


@pytest.mark.parametrize(("bits", "told", "state", "note"), [row[1:] for row in STORIES],
                         ids=[row[0] for row in STORIES])  # fmt: skip
def test_the_bit_decides_and_the_story_only_explains(
    bits: Sets, told: list[tuple[str, str]], state: State, note: tuple[str, str] | None
) -> None:
    world = World()
    for purpose, indexes in bits.items():
        world.publish_list(purpose, indexes)
    world.publish_story(*(event(kind, world.now - DAY + number * SECOND, why) for number, (kind, why) in
                          enumerate(told)))  # fmt: skip
    report = world.verify(world.token())
    assert report.state is state
    assert (None if report.status is None else (report.status.kind, report.status.reason)) == note


def test_two_lists_gone_stale_were_last_confirmed_by_the_older() -> None:
    world = World()
    token = world.token()
    world.publish_list("revocation", built=world.now - 3 * DAY)
    world.publish_list("suspension", built=world.now - 2 * DAY)
    report = world.verify(token)
    assert report.state is State.CANT_CHECK
    assert "29 May 2026" in report.words
    assert report.check(CheckKind.SUSPENSION.public_id).outcome is Outcome.NOT_CHECKED


def test_a_list_that_cannot_be_had_says_nothing_of_when() -> None:
    world = World()
    token = world.token()
    del world.published[list_url("revocation")]
    report = world.verify(token)
    assert report.check(CheckKind.REVOCATION.public_id).outcome is Outcome.NOT_CHECKED
    assert report.check(CheckKind.SUSPENSION.public_id).outcome is Outcome.PASSED
    assert report.status is None
