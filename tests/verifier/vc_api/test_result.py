"""Reports in the words of VCALM, from really signed credentials in every state."""

from collections.abc import Callable
from typing import Any

import pytest

from credentials.core import strict_json
from credentials.verifier.policy import TrustPolicy
from credentials.verifier.report import Report
from credentials.verifier.states import State
from credentials.verifier.vc_api.problem_types import (
    CRYPTOGRAPHIC,
    MALFORMED,
    PARSING,
    RANGE,
    STATUS_LENGTH,
    STATUS_RETRIEVAL,
    STATUS_VERIFICATION,
    type_of_unknown_status,
)
from credentials.verifier.vc_api.result import results, tell
from tests.verifier.world import DAY, INDEX, NOW, Ed25519Key, Issuer, World, list_url

BASE = "https://credentials.example"
WITHDRAWN = f"{BASE}/errors/credential-withdrawn"
ON_HOLD = f"{BASE}/errors/credential-on-hold"
TEST = f"{BASE}/errors/only-a-test"


def genuine(world: World) -> bytes:
    return world.token()


def unconfirmed(world: World) -> bytes:
    world.issuer = Issuer("did:key:" + Ed25519Key().public.to_multikey())
    world.publish_list("revocation")
    world.publish_list("suspension")
    return world.token()


def revoked(world: World) -> bytes:
    world.publish_list("revocation", [INDEX])
    return world.token()


def on_hold(world: World) -> bytes:
    world.publish_list("suspension", [INDEX])
    return world.token()


def expired(world: World) -> bytes:
    return world.token(valid_until=NOW - DAY)


def not_yet(world: World) -> bytes:
    return world.token(valid_from=NOW + DAY)


def no_list(world: World) -> bytes:
    del world.published[list_url("revocation")]
    return world.token()


def forged_list(world: World) -> bytes:
    stranger = Issuer(world.issuer.did, {"k1": Ed25519Key(9)})
    world.published[list_url("revocation")] = stranger.status_list("revocation")
    return world.token()


def a_test(world: World) -> bytes:
    world.policy = TrustPolicy(sandbox=frozenset({world.issuer.did}))
    return world.token()


def tampered(world: World) -> bytes:
    token = world.token()
    return token[:-20] + (b"A" if token[-20:-19] != b"A" else b"B") + token[-19:]


def no_key(world: World) -> bytes:
    token = world.token()
    world.published.clear()
    return token


def another_key(world: World) -> bytes:
    return Issuer(world.issuer.did, {"k9": Ed25519Key(9)}).secure(strict_json.dump(world.document()), name="k9")


def broken_badge(world: World) -> bytes:
    document = world.document()
    del document["credentialSubject"]["achievement"]["criteria"]
    return world.sign_document(document)


def broken_schema(world: World) -> bytes:
    address = "https://schemas.example/s.json"
    world.published[address] = b'{"required": ["nothing of the kind"]}'
    return world.sign_document({**world.document(), "credentialSchema": {"id": address, "type": "JsonSchema"}})


def no_schema(world: World) -> bytes:
    reference = {"id": "https://schemas.example/gone.json", "type": "JsonSchema"}
    return world.sign_document({**world.document(), "credentialSchema": reference})


def report_of(made: Callable[[World], bytes]) -> Report:
    world = World()
    return world.verify(made(world))


@pytest.mark.parametrize("made", [genuine, unconfirmed])
def test_a_good_signature_of_anybody_is_verified_without_a_word(made: Callable[[World], bytes]) -> None:
    told = tell(report_of(made), BASE)
    assert (told.verified, told.errors, told.warnings) == (True, (), ())


@pytest.mark.parametrize(
    ("made", "types"),
    [
        (revoked, [WITHDRAWN]),
        (on_hold, [ON_HOLD]),
        (expired, [RANGE]),
        (not_yet, [RANGE]),
        (no_list, [STATUS_RETRIEVAL]),
        (forged_list, [STATUS_VERIFICATION]),
        (a_test, [TEST]),
        (no_schema, [f"{BASE}/errors/not-found-there"]),
    ],
)
def test_status_and_time_are_warnings(made: Callable[[World], bytes], types: list[str]) -> None:
    told = tell(report_of(made), BASE)
    assert (told.verified, told.errors, [one.type for one in told.warnings]) == (True, (), types)
    assert all(one.title and one.detail for one in told.warnings)


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (tampered, CRYPTOGRAPHIC),
        (no_key, CRYPTOGRAPHIC),
        (another_key, CRYPTOGRAPHIC),
        (broken_badge, MALFORMED),
        (broken_schema, f"{BASE}/errors/credential-schema-broken"),
        (lambda _world: b"nothing", PARSING),
    ],
)
def test_cryptography_and_data_model_are_errors(made: Callable[[World], bytes], problem: str) -> None:
    told = tell(report_of(made), BASE)
    assert (told.verified, [one.type for one in told.errors], told.warnings) == (False, [problem], ())


def test_verified_is_never_true_where_we_say_that_it_is_no_credential_of_theirs() -> None:
    for made in (tampered, no_key, another_key, broken_badge, broken_schema):
        report = report_of(made)
        assert report.state in (State.TAMPERED, State.NO_KEY, State.NOT_THEIR_KEY, State.UNREADABLE)
        assert not tell(report, BASE).verified


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("status-list-too-short", STATUS_LENGTH),
        ("status-index-out-of-range", RANGE),
        ("host-unreachable", STATUS_RETRIEVAL),
        ("bad-status-list", STATUS_VERIFICATION),
        ("unsupported-status", STATUS_VERIFICATION),
        ("", STATUS_VERIFICATION),
        ("no-such-code", STATUS_VERIFICATION),
    ],
)
def test_a_status_that_is_not_known_says_why(code: str, problem: str) -> None:
    assert type_of_unknown_status(code) == problem


def test_results_tell_each_part() -> None:
    found = results(report_of(revoked))
    verified: Any = {name: part["verified"] for name, part in found.items() if isinstance(part, dict)}
    assert verified == {"validFrom": True}
    assert [one["verified"] for one in found["credentialStatus"]] == [False, True]
    assert [one["verified"] for one in found["proof"]] == [True]


def test_results_show_nothing_that_was_not_signed() -> None:
    assert set(results(report_of(tampered))) == {"proof"}
