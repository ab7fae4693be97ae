"""Presentations: the holder, the occasion, and each credential inside."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.credential import CONTEXT_V2
from credentials.verifier.checks import Outcome
from credentials.verifier.expectation import NOTHING_EXPECTED, Expectation
from credentials.verifier.presentation import PresentationReport, verify_presentation
from credentials.verifier.states import State
from tests.verifier.holders import Holder, seconds
from tests.verifier.world import DAY, NOW, World

OCCASION = Expectation("hr.example", "n-1")
ASKED = {"domain": "hr.example", "challenge": "n-1"}


def show(world: World, data: object, expects: Expectation = NOTHING_EXPECTED) -> PresentationReport:
    given = data if isinstance(data, bytes | str | dict) else strict_json.dump(data)
    return verify_presentation(given, resolver=world.resolver(), policy=world.policy, now=world.now, expects=expects)


def embedded(world: World, suite: str = "eddsa-jcs-2022") -> dict[str, Any]:
    document: dict[str, Any] = json.loads(world.secured(suite))
    return document


def enveloped(world: World) -> dict[str, Any]:
    address = f"data:application/vc+jwt,{world.token().decode()}"
    return {"@context": [CONTEXT_V2], "id": address, "type": "EnvelopedVerifiableCredential"}


@pytest.fixture
def holder() -> Holder:
    return Holder()


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_a_good_one(world: World, holder: Holder, suite: str) -> None:
    document = holder.proven(holder.unsigned(embedded(world, suite), enveloped(world)), suite, **ASKED)
    for data in (document, strict_json.dump(document), json.dumps(document, indent=1)):
        report = show(world, data, OCCASION)
        assert (report.outcome, report.holder, report.code) == (Outcome.PASSED, holder.did, ""), report.detail
        assert [inside.state for inside in report.credentials] == [State.GENUINE, State.GENUINE]
        assert [proof.outcome for proof in report.proofs] == [Outcome.PASSED]


@pytest.mark.parametrize("wrapped", ["vc", "vp"])
def test_a_token_is_the_presentation_itself(world: World, holder: Holder, wrapped: str) -> None:
    """VC-JOSE-COSE section 3.1.2: neither claim may be there."""
    token = holder.token(holder.unsigned(embedded(world)), **{wrapped: {}})
    assert show(world, token).code == "vc-claim"


def test_as_a_token_too(world: World, holder: Holder) -> None:
    token = holder.token(holder.unsigned(enveloped(world)), iss=holder.did, aud="hr.example", nonce="n-1")
    wrapped = {"type": "EnvelopedVerifiablePresentation", "id": f"data:application/vp+jwt,{token.decode()}"}
    for data in (token, token.decode(), wrapped):
        report = show(world, data, OCCASION)
        assert (report.outcome, report.holder) == (Outcome.PASSED, holder.did), report.detail
        assert [inside.state for inside in report.credentials] == [State.GENUINE]


def test_a_single_credential_needs_no_list(world: World, holder: Holder) -> None:
    report = show(world, holder.proven(holder.unsigned(verifiableCredential=embedded(world))))
    assert (report.outcome, len(report.credentials)) == (Outcome.PASSED, 1)


def test_without_a_name_the_signer_is_the_holder(world: World, holder: Holder) -> None:
    report = show(world, holder.proven(holder.unsigned(holder=None)))
    assert (report.outcome, report.holder, report.credentials) == (Outcome.PASSED, holder.did, ())


def test_unsigned_it_says_nothing_of_who_shows_it(world: World, holder: Holder) -> None:
    report = show(world, holder.unsigned(embedded(world)))
    assert (report.outcome, report.holder, report.proofs) == (Outcome.NOT_CHECKED, None, ())
    assert [inside.state for inside in report.credentials] == [State.GENUINE]
    assert show(world, holder.unsigned(embedded(world)), OCCASION).code == "proof-missing"


def test_a_bad_credential_is_told_by_itself(world: World, holder: Holder) -> None:
    spoilt = embedded(world) | {"name": "Something else"}
    report = show(world, holder.proven(holder.unsigned(spoilt, embedded(world), "a.b.c")))
    assert report.outcome is Outcome.PASSED
    assert [inside.state for inside in report.credentials] == [State.TAMPERED, State.GENUINE, State.UNREADABLE]


def test_a_credential_made_for_someone_is_not_covered_by_the_occasion(world: World, holder: Holder) -> None:
    """The domain and the challenge are the presentation's: a credential inside has none of its own."""
    report = show(world, holder.proven(holder.unsigned(embedded(world)), **ASKED), OCCASION)
    assert report.credentials[0].state is State.GENUINE


OTHER = Holder(22)
Made = Callable[[Holder], object]


def asked(holder: Holder) -> object:
    """A good answer to `OCCASION`."""
    return holder.proven(holder.unsigned(), **ASKED)


WRONG: dict[str, tuple[Made, Expectation, str]] = {
    "another occasion": (asked, Expectation("hr.example", "n-2"), "audience-mismatch"),
    "another domain": (asked, Expectation("x.example", "n-1"), "audience-mismatch"),
    "no occasion": (lambda h: h.proven(h.unsigned()), OCCASION, "audience-mismatch"),
    "for somebody else": (asked, NOTHING_EXPECTED, "audience-restricted"),
    "a token for somebody": (lambda h: h.token(h.unsigned(), aud="x"), NOTHING_EXPECTED, "audience-restricted"),
    "another holder": (lambda h: h.proven(h.unsigned(holder=OTHER.did)), NOTHING_EXPECTED, "holder-mismatch"),
    "another iss": (lambda h: h.token(h.unsigned(), iss=OTHER.did), NOTHING_EXPECTED, "malformed-presentation"),
    "another key": (
        lambda h: OTHER.proven(h.unsigned(), verificationMethod=h.method),
        NOTHING_EXPECTED,
        "signature-mismatch",
    ),
    "a token by another key": (
        lambda h: OTHER.token(h.unsigned(), header={"alg": "EdDSA", "typ": "vp+jwt", "kid": h.method}),
        NOTHING_EXPECTED,
        "signature-mismatch",
    ),
    "changed": (lambda h: h.proven(h.unsigned()) | {"id": "urn:x"}, NOTHING_EXPECTED, "signature-mismatch"),
    "a credential's purpose": (
        lambda h: h.proven(h.unsigned(), proofPurpose="assertionMethod"),
        NOTHING_EXPECTED,
        "unsupported-proof",
    ),
    "from the future": (
        lambda h: h.proven(h.unsigned(), created="2026-06-01T12:02:00Z"),
        NOTHING_EXPECTED,
        "proof-out-of-time",
    ),
    "expired": (
        lambda h: h.proven(h.unsigned(), expires="2026-06-01T11:58:00Z"),
        NOTHING_EXPECTED,
        "proof-out-of-time",
    ),
    "an expired token": (
        lambda h: h.token(h.unsigned(), exp=seconds(NOW - DAY)),
        NOTHING_EXPECTED,
        "proof-out-of-time",
    ),
    "a token to come": (
        lambda h: h.token(h.unsigned(), nbf=seconds(NOW + timedelta(minutes=2))),
        NOTHING_EXPECTED,
        "proof-out-of-time",
    ),
    "a date as text": (lambda h: h.token(h.unsigned(), exp="2030"), NOTHING_EXPECTED, "bad-instant"),
    "an endless date": (lambda h: h.token(h.unsigned(), exp=1e300), NOTHING_EXPECTED, "bad-instant"),
    "a token without kid": (
        lambda h: h.token(h.unsigned(), header={"alg": "EdDSA", "typ": "vp+jwt"}),
        NOTHING_EXPECTED,
        "kid-missing",
    ),
    "a nonce as number": (lambda h: h.token(h.unsigned(), nonce=1), NOTHING_EXPECTED, "malformed-presentation"),
    "an audience as number": (lambda h: h.token(h.unsigned(), aud=[1]), NOTHING_EXPECTED, "malformed-presentation"),
    "no type": (lambda h: h.unsigned(type=None), NOTHING_EXPECTED, "malformed-presentation"),
    "no context": (lambda h: h.unsigned(**{"@context": None}), NOTHING_EXPECTED, "wrong-context"),
    "an inline context": (
        lambda h: h.unsigned(**{"@context": ["https://www.w3.org/ns/credentials/v2", {"x": "urn:x"}]}),
        NOTHING_EXPECTED,
        "inline-context",
    ),
    "a holder that is a number": (lambda h: h.unsigned(holder=1), NOTHING_EXPECTED, "malformed-presentation"),
    "a holder without id": (lambda h: h.unsigned(holder={"name": "x"}), NOTHING_EXPECTED, "malformed-presentation"),
    "its id used twice": (
        lambda h: h.unsigned(id="urn:vp", holder=None, evidence={"id": "urn:vp", "holder": h.did}),
        NOTHING_EXPECTED,
        "malformed-presentation",
    ),
    "too many": (lambda h: h.unsigned(*[{}] * 17), NOTHING_EXPECTED, "malformed-presentation"),
    "a number": (lambda h: h.unsigned(1), NOTHING_EXPECTED, "malformed-presentation"),
}


@pytest.mark.parametrize(("made", "expects", "code"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_named(world: World, holder: Holder, made: Made, expects: Expectation, code: str) -> None:
    report = show(world, made(holder), expects)
    assert (report.outcome, report.code, report.holder) == (Outcome.FAILED, code, None)


ODD_ENVELOPE = {"type": "EnvelopedVerifiablePresentation", "id": "data:text/plain,x"}


def test_what_is_no_presentation_is_named(world: World) -> None:
    given: list[tuple[object, str]] = [
        (world.token(), "wrong-token-type"),
        (embedded(world), "unsupported-proof"),
        (ODD_ENVELOPE, "malformed-presentation"),
        (b"", "not-compact-jws"),
        (b'{"type":', "not-json"),
    ]
    for data, code in given:
        report = show(world, data)
        assert (report.outcome, report.code, report.credentials) == (Outcome.FAILED, code, ())


def test_a_key_for_credentials_shows_none(world: World, holder: Holder) -> None:
    """The issuer's own key signs credentials; its document does not list it for authentication."""
    issuer = world.issuer
    holder.did, holder.method, holder.key = issuer.did, issuer.method(), issuer.keys["k1"]  # type: ignore[assignment]
    assert show(world, holder.proven(holder.unsigned())).code == "key-not-authorised"


def test_every_proof_of_a_set_must_hold(world: World, holder: Holder) -> None:
    document = holder.unsigned(holder=None)
    good, bad = holder.proven(document)["proof"], OTHER.proven(document, verificationMethod=holder.method)["proof"]
    assert show(world, document | {"proof": [good, good | {"id": "urn:x"}]}).code == "signature-mismatch"
    report = show(world, document | {"proof": [good, bad]})
    assert [proof.outcome for proof in report.proofs] == [Outcome.PASSED, Outcome.FAILED]
    assert report.outcome is Outcome.FAILED


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert show(World(), data).outcome is Outcome.FAILED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["type", "holder", "verifiableCredential", "proof", "id", "@context"]), JSON)
def test_any_member_gets_an_answer(name: str, value: Any) -> None:
    holder = Holder()
    report = show(World(), holder.proven(holder.unsigned()) | {name: value})
    assert report.outcome is Outcome.FAILED or name == "verifiableCredential"
