"""A credential with parts left out is withdrawn or on hold as its status list says, and as nobody else does."""

from datetime import timedelta
from typing import Any

import pytest

from credentials.core import strict_json
from credentials.core.did import did_web_to_url
from credentials.core.status_story import StatusEvent
from credentials.verifier.checks import Outcome
from credentials.verifier.states import State
from tests.verifier.sd_world import PRIVATE, TOKEN_LIST, SdWorld, without
from tests.verifier.test_selective import CONFIRMED
from tests.verifier.test_selective import world as world
from tests.verifier.world import CREDENTIAL_ID, DAY, INDEX, ISSUED, NOW, Ed25519Key, Issuer


@pytest.mark.parametrize(
    ("status", "state", "outcomes"),
    [
        (0, State.GENUINE, (Outcome.PASSED, Outcome.PASSED)),
        (1, State.REVOKED, (Outcome.FAILED, Outcome.PASSED)),
        (2, State.SUSPENDED, (Outcome.PASSED, Outcome.FAILED)),
        (3, State.CANT_CHECK, (Outcome.NOT_CHECKED, Outcome.NOT_CHECKED)),
    ],
)
def test_one_number_says_both(world: SdWorld, status: int, state: State, outcomes: tuple[Outcome, Outcome]) -> None:
    world.publish_token_list({INDEX: status})
    report = world.verify(without(world.sd_jwt_vc(), PRIVATE))
    assert report.state is state
    assert (report.check("revocation").outcome, report.check("suspension").outcome) == outcomes


@pytest.mark.parametrize(("status", "kind"), [(1, "revoked"), (2, "suspended")])
def test_the_did_at_the_issuers_address_tells_when_and_why(status: int, kind: Any) -> None:
    world = hosted()
    world.publish_token_list({INDEX: status})
    world.publish_story(StatusEvent(kind, ISSUED + DAY, "Issued in error."))
    note = world.verify(world.sd_jwt_vc()).status
    assert note is not None
    assert (note.kind, note.at, note.reason) == (kind, ISSUED + DAY, "Issued in error.")


def hosted() -> SdWorld:
    """An issuer whose DID and https address are two names of one place."""
    return SdWorld(issuer=Issuer("did:web:acme.example:issuers:acme"), policy=CONFIRMED)


def test_nobody_else_tells_the_story() -> None:
    """Neither another issuer on the same host, nor the same name with a key that it does not list."""
    world = hosted()
    world.publish_token_list({INDEX: 1})
    other = Issuer("did:web:acme.example:issuers:other", {"k1": Ed25519Key(9)})
    world.published[did_web_to_url(other.did)] = other.document()
    forged = Issuer(world.issuer.did, {"k1": Ed25519Key(9)})
    for teller in (other, forged, Issuer("did:key:" + Ed25519Key(9).public.to_multikey(), {"k1": Ed25519Key(9)})):
        world.published[f"{CREDENTIAL_ID}/status"] = teller.story(StatusEvent("revoked", ISSUED, "Lies."))
        report = world.verify(world.sd_jwt_vc())
        assert (report.state, report.status) == (State.REVOKED, None)


@pytest.mark.parametrize("index", [INDEX - 1, INDEX + 1, INDEX * 2, INDEX // 2])
def test_the_neighbours_do_not_count(world: SdWorld, index: int) -> None:
    world.publish_token_list({index: 1})
    assert world.verify(world.sd_jwt_vc()).state is State.GENUINE


def test_the_other_form_asks_its_bitstring_list(world: SdWorld) -> None:
    world.publish_list("revocation", [INDEX])
    world.publish_story(StatusEvent("revoked", ISSUED + DAY, "Issued in error."))
    report = world.verify(without(world.vc_sd_jwt(), PRIVATE))
    assert report.state is State.REVOKED
    assert report.status is not None
    assert report.status.reason == "Issued in error."


@pytest.mark.parametrize(
    "options",
    [
        {"url": "https://credentials.example/status/2/token"},
        {"issuer": "https://other.example"},
        {"issuer": "did:web:acme.example"},
        {"name": "k2"},
        {"key_name": "k2"},
        {"key_name": "nobody"},
        {"key_name": "did:web:acme.example#k1"},
        {"key_name": "https://other.example#k1"},
        {"built": NOW - timedelta(hours=3)},
        {"built": NOW + timedelta(hours=3)},
        {"ttl": timedelta(seconds=1), "built": NOW - timedelta(hours=2)},
    ],
    ids=str,
)
def test_a_list_that_says_nothing(options: dict[str, Any]) -> None:
    issuer = Issuer("did:web:acme.example", {"k1": Ed25519Key(1), "k2": Ed25519Key(2)})
    world = SdWorld(issuer, policy=CONFIRMED)
    for status in (0, 1):
        world.publish_token_list({INDEX: status}, **options)
        report = world.verify(world.sd_jwt_vc())
        assert report.state is State.CANT_CHECK
        assert report.check("revocation").outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize("body", [b"", b"{}", b"not a list", b"e30.e30.e30"])
def test_what_is_no_list(world: SdWorld, body: bytes) -> None:
    world.published[TOKEN_LIST] = body
    assert world.verify(world.sd_jwt_vc()).state is State.CANT_CHECK


def test_no_list_at_all(world: SdWorld) -> None:
    del world.published[TOKEN_LIST]
    assert world.verify(world.sd_jwt_vc()).state is State.CANT_CHECK


def test_one_kind_of_list_does_not_answer_for_the_other(world: SdWorld) -> None:
    world.published[TOKEN_LIST] = world.issuer.status_list(url=TOKEN_LIST)
    assert world.verify(world.sd_jwt_vc()).state is State.CANT_CHECK


def test_another_mechanism_of_status_is_not_guessed_at(world: SdWorld) -> None:
    claims = strict_json.parse_object(world.claims(), max_bytes=1 << 20)
    beside = claims["status"] | {"identifier_list": {"id": "x", "uri": "y"}}
    others: tuple[dict[str, Any], ...] = ({"status_assertion": {}}, beside)
    for status in others:
        report = world.verify(world.sd_jwt_vc(strict_json.dump(claims | {"status": status})))
        assert report.state is State.CANT_CHECK
