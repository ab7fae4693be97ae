"""What is said of something that cannot be taken apart, and what is known of something that can."""

from __future__ import annotations

import pytest

from credentials.core.errors import AlgorithmRefused, CredentialError, NotJson, UnknownForm
from credentials.verifier.arrival import find, take_apart, unreadable
from credentials.verifier.basis import Watching
from credentials.verifier.checks import NOT_REACHED, Outcome
from credentials.verifier.states import State
from tests.verifier.precedents import both
from tests.verifier.world import NOW, World


@pytest.mark.parametrize(
    ("error", "form", "algorithm"),
    [
        (NotJson("broken"), Outcome.FAILED, Outcome.NOT_CHECKED),
        (UnknownForm("odd"), Outcome.FAILED, Outcome.NOT_CHECKED),
        (AlgorithmRefused("'none'"), Outcome.PASSED, Outcome.FAILED),
    ],
)
def test_one_check_fails_and_those_after_it_are_not_reached(
    error: CredentialError, form: Outcome, algorithm: Outcome
) -> None:
    report = unreadable(error, NOW)
    assert report.state is State.UNREADABLE
    assert (report.check("form").outcome, report.check("algorithm").outcome) == (form, algorithm)
    failed = next(check for check in report.checks if check.outcome is Outcome.FAILED)
    assert (failed.code, failed.detail) == (error.code, str(error))
    assert {check.detail for check in report.checks[2:]} == {NOT_REACHED}
    assert (report.verified, report.issuer, report.proofs) == (None, None, ())


def test_what_verify_says_of_a_refused_algorithm_is_the_same(world: World) -> None:
    secured = world.issuer.sign_raw({"alg": "EdDSA", "typ": "JWT", "kid": world.issuer.method()}, b"{}")
    refused = secured.replace(secured.partition(b".")[0], b"eyJhbGciOiJub25lIn0")
    with pytest.raises(AlgorithmRefused) as caught:
        take_apart(refused)
    assert world.verify(refused) == unreadable(caught.value, world.now)


def test_of_a_first_credential_nothing_is_known_and_of_a_kept_one_the_copy(world: World) -> None:
    secured = world.secured("eddsa-jcs-2022", statuses=both())
    arrival = take_apart(secured)
    assert arrival.known is None
    assert find(arrival, Watching(world.resolver()), world.policy, world.now) is None
    for _ in range(2):
        world.verify(secured)
    again = take_apart(secured)
    assert again.known is not None
    assert again.presented is again.known.presented
    assert find(again, Watching(world.resolver()), world.policy, world.now) == world.verify(secured)


@pytest.mark.parametrize("data", [b"", b"rubbish", b"{", "\ud800", {"a": object()}])
def test_rubbish_is_refused(data: bytes | str | dict[str, object]) -> None:
    with pytest.raises(CredentialError):
        take_apart(data)
