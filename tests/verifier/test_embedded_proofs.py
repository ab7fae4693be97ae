"""Credentials that carry their proofs: one, a set, a chain, and several forms of one credential at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from credentials.core import base64url, strict_json
from credentials.core.data_integrity.cryptosuites import CRYPTOSUITES, Canonical
from credentials.core.data_integrity.options import encode_value
from credentials.verifier.checks import Outcome
from credentials.verifier.expectation import Expectation
from credentials.verifier.report import Report
from credentials.verifier.states import State
from tests.verifier.world import DAY, ISSUED, NOW, Ed25519Key, Issuer, P256Key, World, list_url

SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
every_suite = pytest.mark.parametrize("suite", SUITES)


def outcomes(report: Report) -> list[tuple[str, Outcome]]:
    return [(proof.mechanism, proof.outcome) for proof in report.proofs]


def edit(secured: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(secured)
    change(document)
    return strict_json.dump(document)


@every_suite
def test_a_good_one_is_genuine(world: World, suite: str) -> None:
    secured = world.secured(suite)
    for given in (secured, secured.decode(), json.loads(secured), b"\n " + secured + b"\n"):
        report = world.verify(given)
        assert report.state is State.GENUINE, report.checks
        assert outcomes(report) == [(suite, Outcome.PASSED)]
        assert report.credential == world.document()


@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
def test_with_a_p256_key_too(suite: str) -> None:
    world = World(issuer=Issuer("did:web:acme.example", {"k1": P256Key()}))
    assert world.verify(world.secured(suite)).state is State.GENUINE


@every_suite
def test_a_changed_one_is_tampered_with_and_shows_nothing(world: World, suite: str) -> None:
    changed = edit(world.secured(suite), lambda d: d["credentialSubject"].update(role="Director"))
    report = world.verify(changed)
    assert (report.state, report.credential, report.issuer) == (State.TAMPERED, None, None)
    assert outcomes(report) == [(suite, Outcome.FAILED)]
    assert "Director" not in json.dumps(report.to_json())


@every_suite
def test_a_strangers_key_is_not_theirs(world: World, suite: str) -> None:
    stranger = Issuer("did:web:mallory.example", {"k1": Ed25519Key(9)})
    forged = stranger.secure(strict_json.dump(world.document()), mechanism=suite)
    assert world.verify(forged).state is State.NOT_THEIR_KEY
    borrowed = stranger.secure(strict_json.dump(world.document()), mechanism=suite, method=world.issuer.method())
    assert world.verify(borrowed).state is State.TAMPERED


@every_suite
def test_without_a_key_nothing_is_said(world: World, suite: str) -> None:
    secured = world.secured(suite)
    world.published.clear()
    assert world.verify(secured).state is State.NO_KEY


def test_a_stolen_key_counts_no_more(world: World) -> None:
    world.issuer.revoked["k1"] = ISSUED + DAY
    world.publish_document()
    assert world.verify(world.secured("eddsa-jcs-2022")).state is State.NOT_THEIR_KEY


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ({"created": NOW + timedelta(seconds=59)}, State.GENUINE),
        ({"created": NOW + timedelta(seconds=62)}, State.NOT_YET),
        ({"created": ISSUED - 1000 * DAY}, State.GENUINE),
    ],
)
def test_a_proof_from_the_future_has_not_started(world: World, options: dict[str, Any], state: State) -> None:
    document = world.document()
    proof = world.issuer.proof(document, **options)
    assert world.verify(document | {"proof": proof}).state is state


def signed_by_hand(world: World, document: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A document whose proof says more than ours do; over JCS, as its specification has it."""
    document = world.document() if document is None else document
    suite = CRYPTOSUITES["eddsa-jcs-2022"]
    options = world.issuer.proof(world.document(), suite.name) | members
    del options["proofValue"]
    canonical = Canonical(suite.canonicalise(options, b""), suite.canonicalise(document, b""))
    signature = world.issuer.keys["k1"].sign(suite.hash_data(canonical, "Ed25519"))
    return document | {"proof": options | {"proofValue": encode_value(signature)}}


@pytest.mark.parametrize(
    ("expires", "state"),
    [
        ("2026-06-01T12:00:00Z", State.GENUINE),
        ("2026-06-01T11:58:59Z", State.EXPIRED),
        ("2020-01-01T00:00:00Z", State.EXPIRED),
        ("2030-01-01T00:00:00Z", State.GENUINE),
    ],
)
def test_a_proof_that_expired_has_ended(world: World, expires: str, state: State) -> None:
    report = world.verify(signed_by_hand(world, expires=expires))
    assert report.state is state
    if state is State.EXPIRED:
        assert "Expired" in report.words


ADDRESSED = {"domain": "hr.example", "challenge": "n-1"}


@pytest.mark.parametrize(
    ("members", "expects", "code"),
    [
        ({}, Expectation(), ""),
        (ADDRESSED, Expectation("hr.example", "n-1"), ""),
        ({"domain": ["a.example", "hr.example"]}, Expectation("hr.example"), ""),
        (ADDRESSED, Expectation(), "audience-restricted"),
        ({"domain": "hr.example"}, Expectation(), "audience-restricted"),
        ({"challenge": "n-1"}, Expectation(), "audience-restricted"),
        ({}, Expectation("hr.example"), "audience-mismatch"),
        ({}, Expectation(challenge="n-1"), "audience-mismatch"),
        (ADDRESSED, Expectation("hr.example", "n-2"), "audience-mismatch"),
        (ADDRESSED, Expectation("other.example", "n-1"), "audience-mismatch"),
        (ADDRESSED, Expectation("hr.example"), "audience-restricted"),
        ({"challenge": ""}, Expectation(challenge="n-1"), "audience-mismatch"),
    ],
)
def test_what_was_made_for_somebody_is_for_them(
    world: World, members: dict[str, Any], expects: Expectation, code: str
) -> None:
    report = world.verify(signed_by_hand(world, **members), expects=expects)
    assert report.state is (State.UNREADABLE if code else State.GENUINE)
    assert report.check("registered-claims").code == code


def a_set(world: World, other: Issuer, **options: Any) -> dict[str, Any]:
    """Two proofs over one document: somebody else's first."""
    document = world.document()
    return document | {"proof": [other.proof(document, **options), world.issuer.proof(document, "eddsa-rdfc-2022")]}


def test_every_proof_of_a_set_is_checked(world: World) -> None:
    other = Issuer("did:key:" + Ed25519Key(7).public.to_multikey(), {"k1": Ed25519Key(7)})
    report = world.verify(a_set(world, other))
    assert report.state is State.GENUINE
    assert outcomes(report) == [("eddsa-rdfc-2022", Outcome.PASSED), ("eddsa-jcs-2022", Outcome.PASSED)]


def test_a_bad_proof_spoils_the_set(world: World) -> None:
    other = Issuer("did:key:" + Ed25519Key(7).public.to_multikey(), {"k1": Ed25519Key(8)})
    report = world.verify(a_set(world, other))
    assert report.state is State.TAMPERED
    assert outcomes(report) == [("eddsa-rdfc-2022", Outcome.PASSED), ("eddsa-jcs-2022", Outcome.FAILED)]


def test_somebody_elses_key_that_cannot_be_had_is_told(world: World) -> None:
    report = world.verify(a_set(world, Issuer("did:web:gone.example")))
    assert report.state is State.GENUINE
    assert outcomes(report) == [("eddsa-rdfc-2022", Outcome.PASSED), ("eddsa-jcs-2022", Outcome.NOT_CHECKED)]
    assert "could not be had" in report.proofs[1].detail


def test_a_kind_that_is_not_understood_is_told(world: World) -> None:
    secured = edit(world.secured("eddsa-jcs-2022"), lambda d: d["proof"].append({"type": "BbsBlsSignature2020"}))
    report = world.verify(secured)
    assert report.state is State.GENUINE
    assert outcomes(report) == [("eddsa-jcs-2022", Outcome.PASSED), ("BbsBlsSignature2020", Outcome.NOT_CHECKED)]
    alone = edit(secured, lambda d: d["proof"].pop(0))
    assert world.verify(alone).check("algorithm").code == "unsupported-proof"
    assert world.verify(alone).state is State.UNREADABLE


def test_a_set_without_the_issuer_is_not_theirs(world: World) -> None:
    other = Issuer("did:key:" + Ed25519Key(7).public.to_multikey(), {"k1": Ed25519Key(7)})
    document = world.document()
    assert world.verify(document | {"proof": [other.proof(document)]}).state is State.NOT_THEIR_KEY


def test_further_forms_of_it_must_hold_and_say_the_same(world: World) -> None:
    token, embedded = world.token(), world.secured("eddsa-rdfc-2022")
    report = world.verify(token, also=(embedded, world.secured("eddsa-jcs-2022")))
    assert report.state is State.GENUINE
    assert [name for name, _ in outcomes(report)] == ["vc+jwt", "eddsa-rdfc-2022", "eddsa-jcs-2022"]
    differing = world.secured("eddsa-jcs-2022", valid_until=NOW + DAY)
    spoilt = edit(embedded, lambda d: d.update(name="Another"))
    for other, code in ((differing, "forms-differ"), (spoilt, "signature-mismatch"), (b"{}", "unknown-form")):
        report = world.verify(token, also=(other,))
        assert (report.state, report.credential) == (State.TAMPERED, None)
        assert report.check("signature").code == code


def test_a_list_may_carry_its_proof_too(world: World) -> None:
    issuer = world.issuer
    for purpose, bits, state in (("suspension", (), State.GENUINE), ("revocation", (4711,), State.REVOKED)):
        token = issuer.status_list(purpose, bits).split(b".")[1]
        claims = {"iss", "jti", "nbf", "sub", "exp"}
        unsigned = {name: value for name, value in json.loads(base64url.decode(token)).items() if name not in claims}
        world.published[list_url(purpose)] = issuer.secure(strict_json.dump(unsigned), mechanism="eddsa-rdfc-2022")
        assert world.verify(world.secured("eddsa-jcs-2022")).state is state


def test_what_canonicalisation_cannot_see_changes_nothing_shown(world: World) -> None:
    """The order of a list and the wrapping of one value are not signed: what is shown does not hang on them."""
    secured = world.secured("eddsa-rdfc-2022")
    changes: list[Callable[[dict[str, Any]], object]] = [
        lambda d: d["credentialSubject"]["achievement"]["tag"].reverse(),
        lambda d: d["evidence"].reverse(),
        lambda d: d["credentialStatus"].reverse(),
    ]
    for change in changes:
        report = world.verify(edit(secured, change))
        assert report.state is State.GENUINE
