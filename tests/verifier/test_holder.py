"""Whether an SD-JWT was shown by its holder, for this occasion."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials.core.sd_jwt.key_binding import KeyBinding
from credentials.core.sd_jwt.presenting import present
from credentials.core.sd_jwt.serialised import parse_sd_jwt
from credentials.verifier.checks import Outcome
from credentials.verifier.expectation import NOTHING_EXPECTED, Expectation
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.states import State
from tests.core.parties import Party, ed25519_party
from tests.verifier.sd_world import HTTPS_ISSUER, SdWorld
from tests.verifier.world import ISSUED, NOW

HOLDER = ed25519_party(b"\x05" * 32)
ASKED = Expectation("https://hr.example", "n-1")


@pytest.fixture
def world() -> SdWorld:
    return SdWorld(policy=TrustPolicy(confirmed={HTTPS_ISSUER: Confirmation("acme.example", "operator", ISSUED)}))


def shown(world: SdWorld, signer: Party = HOLDER, **change: Any) -> bytes:
    """The SD-JWT VC with its holder's signature for `ASKED`, or with something else about it."""
    made: dict[str, Any] = {"audience": "https://hr.example", "nonce": "n-1", "now": NOW} | change
    whole = parse_sd_jwt(world.sd_jwt_vc(world.claims(holder=HOLDER.key)))
    return present(
        whole,
        keep=[],
        expected=KeyBinding(made["audience"], made["nonce"]),
        algorithm="Ed25519",
        sign=signer.sign,
        now=made["now"],
    )


def told(report: Report) -> tuple[State, Outcome, str]:
    check = report.check("holder-binding")
    return report.state, check.outcome, check.code


def test_made_for_us_just_now(world: SdWorld) -> None:
    assert told(world.verify(shown(world), expects=ASKED)) == (State.GENUINE, Outcome.PASSED, "")


def test_nobody_asked(world: SdWorld) -> None:
    """The credential counts by itself, and nothing is said of who sends it."""
    report = world.verify(shown(world))
    assert told(report) == (State.GENUINE, Outcome.NOT_APPLICABLE, "")
    assert "was not asked" in report.check("holder-binding").detail
    assert told(world.verify(world.sd_jwt_vc())) == (State.GENUINE, Outcome.NOT_APPLICABLE, "")


@pytest.mark.parametrize(
    ("change", "expects", "code"),
    [
        ({"audience": "https://other.example"}, ASKED, "key-binding-mismatch"),
        ({"nonce": "n-2"}, ASKED, "key-binding-mismatch"),
        ({"now": NOW - timedelta(minutes=7)}, ASKED, "key-binding-mismatch"),
        ({"now": NOW + timedelta(minutes=2)}, ASKED, "key-binding-mismatch"),
        ({}, Expectation("https://hr.example"), "key-binding-missing"),
        ({}, Expectation(challenge="n-1"), "key-binding-missing"),
        ({}, Expectation("https://hr.example/", "n-1"), "key-binding-mismatch"),
    ],
)
def test_made_for_another_occasion(world: SdWorld, change: dict[str, Any], expects: Expectation, code: str) -> None:
    report = world.verify(shown(world, **change), expects=expects)
    assert told(report) == (State.UNREADABLE, Outcome.FAILED, code)


@pytest.mark.parametrize("form", ["sd_jwt_vc", "vc_sd_jwt"])
def test_asked_and_not_answered(world: SdWorld, form: str) -> None:
    whole: bytes = getattr(world, form)()
    assert world.verify(whole).state is State.GENUINE
    assert told(world.verify(whole, expects=ASKED)) == (State.UNREADABLE, Outcome.FAILED, "key-binding-missing")


@pytest.mark.parametrize("expects", [NOTHING_EXPECTED, ASKED])
def test_somebody_else_shows_it(world: SdWorld, expects: Expectation) -> None:
    thief = ed25519_party(b"\x06" * 32)
    assert world.verify(shown(world, thief), expects=expects).state is State.TAMPERED
