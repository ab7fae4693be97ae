"""Keys handed in with the call: those, and nobody else's, whatever an issuer publishes."""

import json

import pytest

from credentials.core.key_files import parse_key_file
from credentials.verifier.given_keys import only
from credentials.verifier.report import Report
from credentials.verifier.resolvers.static import StaticResolver
from credentials.verifier.states import State
from credentials.verifier.verify import verify
from tests.verifier.world import DAY, INDEX, NOW, Ed25519Key, Issuer, World, list_url


def under(data: bytes, key_file: bytes, published: dict[str, bytes] | None = None) -> Report:
    world = World()
    keys = only(parse_key_file(key_file), NOW)
    return verify(data, resolver=StaticResolver(published or {}), policy=world.policy, now=NOW, keys=keys)


def jwk(seed: int, **members: str) -> bytes:
    return json.dumps(Ed25519Key(seed).public.to_jwk() | members).encode()


def test_a_bare_key_stands_for_whatever_the_credential_names() -> None:
    assert under(World().token(), jwk(1)).check("signature").outcome == "passed"


def test_another_bare_key_does_not_fit() -> None:
    assert under(World().token(), jwk(2)).state is State.TAMPERED


@pytest.mark.parametrize(("kid", "state"), [("k1", None), ("did:web:acme.example#k1", None), ("k2", "NOT_THEIR_KEY")])
def test_a_named_key_must_be_the_one_that_is_named(kid: str, state: str | None) -> None:
    report = under(World().token(), jwk(1, kid=kid))
    assert report.state == state if state else report.state not in (State.NOT_THEIR_KEY, State.TAMPERED)


def test_the_issuers_own_document_holds() -> None:
    world = World()
    assert under(world.token(), world.issuer.document()).check("key-authorised").outcome == "passed"


def test_the_document_of_somebody_else_holds_nothing_even_if_it_lists_the_key() -> None:
    stranger = Issuer("did:web:stranger.example")
    token = World().token()
    assert under(token, stranger.document()).state in (State.NOT_THEIR_KEY, State.NO_KEY)
    borrowed = stranger.secure(json.dumps(World().document()).encode())
    assert under(borrowed, stranger.document()).state in (State.NOT_THEIR_KEY, State.NO_KEY)


def test_a_key_that_the_document_calls_stolen_holds_nothing() -> None:
    world = World()
    world.issuer.revoked["k1"] = NOW - DAY
    assert under(world.token(), world.issuer.document()).state is State.NOT_THEIR_KEY


def test_a_did_key_issuer_is_not_believed_by_its_own_word() -> None:
    issuer = Issuer("did:key:" + Ed25519Key().public.to_multikey())
    world = World(issuer)
    assert under(world.token(), jwk(2)).state is State.TAMPERED


def test_a_status_list_that_is_handed_over_counts() -> None:
    world = World()
    world.publish_list("revocation", [INDEX])
    lists = {list_url(purpose): world.published[list_url(purpose)] for purpose in ("revocation", "suspension")}
    assert under(world.token(), jwk(1), lists).state is State.REVOKED
