"""Which key counts for an issuer's signature, and that no other one does."""

import pytest

from credentials.core import base64url, strict_json
from credentials.core.achievement import to_bytes
from credentials.core.did import did_web_to_url
from credentials.core.did_document import PublishedKey, write_did_document
from credentials.verifier.checks import CheckKind, Outcome
from credentials.verifier.states import State
from tests.verifier.test_verify import SECOND, SKEW, outcome
from tests.verifier.world import NOW, Ed25519Key, Issuer, P256Key, World, achievement

# (3) issuer-key, (4) key-authorised, (5) signature ------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>not found</html>",
        b"{}",
        b'{"id":"did:web:other.example"}',
        b'{"id":"did:web:acme.example","id":"did:web:acme.example"}',
        b'{"id":"did:web:acme.example","verificationMethod":7}',
        b'{"a":' * 5000,
        b"\xff" * 100,
    ],
)
def test_a_key_document_that_is_none_leaves_the_question_open(world: World, body: bytes) -> None:
    token = world.token()
    world.published[did_web_to_url(world.issuer.did)] = body
    assert world.verify(token).state is State.NO_KEY


@pytest.mark.parametrize(
    "did", ["https://acme.example", "http://acme.example", "did:ion:abc", "did:jwk:abc", "did:key:zzz", "did:web:a..b"]
)
def test_issuers_that_cannot_be_looked_up_leave_the_question_open(world: World, did: str) -> None:
    document = {**world.document(), "issuer": did}
    header = {"alg": "EdDSA", "kid": "did:web:acme.example#k1"}
    token = world.issuer.sign_raw(header, strict_json.dump(document))
    assert world.verify(token).state is State.NO_KEY


def test_a_key_of_another_issuer_does_not_sign_for_this_one(world: World) -> None:
    other = Issuer("did:web:other.example", {"k1": Ed25519Key(5)})
    world.published[did_web_to_url(other.did)] = other.document()
    forged = other.secure(to_bytes(achievement(world.issuer.did)), method=other.method())
    report = world.verify(forged)
    assert report.state is State.NOT_THEIR_KEY
    assert outcome(report, CheckKind.KEY_AUTHORISED) == (Outcome.FAILED, "key-not-listed")


def test_a_key_that_is_listed_but_not_for_assertions_does_not_count(world: World) -> None:
    document = strict_json.parse_object(world.issuer.document(), max_bytes=1 << 20)
    document["assertionMethod"] = []
    world.published[did_web_to_url(world.issuer.did)] = strict_json.dump(document)
    report = world.verify(world.token())
    assert report.state is State.NOT_THEIR_KEY
    assert outcome(report, CheckKind.KEY_AUTHORISED) == (Outcome.FAILED, "key-not-authorised")


def test_a_retired_key_goes_on_verifying(world: World) -> None:
    token = world.token()
    world.issuer.keys["k2"] = Ed25519Key(2)
    world.publish_document()
    assert world.verify(token).state is State.GENUINE


def test_a_key_reported_stolen_is_stolen_for_every_signature_from_that_moment(world: World) -> None:
    token = world.token()
    world.issuer.revoked["k1"] = NOW + SKEW + SECOND
    world.publish_document()
    assert world.verify(token).state is State.GENUINE
    world.issuer.revoked["k1"] = NOW + SKEW
    world.publish_document()
    assert world.verify(token).state is State.NOT_THEIR_KEY


def test_an_expired_key_verifies_nothing(world: World) -> None:
    document = strict_json.parse_object(world.issuer.document(), max_bytes=1 << 20)
    for method in document["verificationMethod"]:
        method["expires"] = "2026-05-01T00:00:00Z"
    world.published[did_web_to_url(world.issuer.did)] = strict_json.dump(document)
    assert outcome(world.verify(world.token()), CheckKind.KEY_AUTHORISED) == (Outcome.FAILED, "key-expired")


def test_a_small_order_key_is_no_key(world: World) -> None:
    document = strict_json.parse_object(world.issuer.document(), max_bytes=1 << 20)
    for method in document["verificationMethod"][:1]:
        method["publicKeyJwk"]["x"] = base64url.encode(b"\x01" + bytes(31))
    world.published[did_web_to_url(world.issuer.did)] = strict_json.dump(document)
    report = world.verify(world.token())
    assert (report.state, outcome(report, CheckKind.ISSUER_KEY)) == (State.NO_KEY, (Outcome.FAILED, "key-unusable"))


def test_an_algorithm_that_is_not_the_keys_is_no_signature(world: World) -> None:
    token = world.token()
    published = [PublishedKey("k1", P256Key().public)]
    world.published[did_web_to_url(world.issuer.did)] = write_did_document(world.issuer.did, published)
    report = world.verify(token)
    assert report.state is State.TAMPERED
    assert outcome(report, CheckKind.SIGNATURE) == (Outcome.FAILED, "key-algorithm-mismatch")


def test_a_changed_document_is_seen_although_the_old_one_is_remembered(world: World) -> None:
    token = world.token()
    assert world.verify(token).state is State.GENUINE
    world.issuer.keys["k1"] = Ed25519Key(8)
    world.publish_document()
    assert world.verify(token).state is State.TAMPERED
