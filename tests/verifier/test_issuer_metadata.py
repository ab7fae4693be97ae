"""Fetching the keys of an issuer that is an https address: from its own place, or its own origin, and nowhere else."""

import json
from datetime import datetime, timedelta

import pytest

from credentials.core.errors import BadIssuerMetadata, CredentialError
from credentials.core.issuer_metadata import metadata_url
from credentials.verifier.errors import NotFoundThere
from credentials.verifier.issuer_metadata import metadata_document
from credentials.verifier.keys import IssuerKeys
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.resolvers.resolver import Fetched
from credentials.verifier.states import State
from tests.verifier.sd_world import HTTPS_ISSUER, SdWorld
from tests.verifier.world import ISSUED, NOW, Ed25519Key

KEYS = "https://acme.example/keys.json"


def pointing_to(world: SdWorld, address: str) -> SdWorld:
    world.published[metadata_url(HTTPS_ISSUER)] = json.dumps({"issuer": HTTPS_ISSUER, "jwks_uri": address}).encode()
    jwk = {**world.issuer.keys["k1"].public.to_jwk(), "kid": "k1"}
    world.published[address] = json.dumps({"keys": [jwk]}).encode()
    return world


def test_keys_in_the_metadata() -> None:
    world = SdWorld()
    document, read_at = metadata_document(HTTPS_ISSUER, world.resolver())
    assert document.assertion_key(f"{HTTPS_ISSUER}#k1").key == world.issuer.keys["k1"].public
    assert read_at == NOW
    assert metadata_document(HTTPS_ISSUER, world.resolver())[0] is document


def test_keys_beside_it() -> None:
    world = pointing_to(SdWorld(policy=TrustPolicy({HTTPS_ISSUER: Confirmation("acme.example", "x", ISSUED)})), KEYS)
    assert world.verify(world.sd_jwt_vc()).state is State.GENUINE


@pytest.mark.parametrize("address", ["https://keys.example/x", "http://acme.example/x", "https://acme.example.net/x"])
def test_keys_elsewhere_are_nobodys(address: str) -> None:
    world = pointing_to(SdWorld(), address)
    with pytest.raises(BadIssuerMetadata):
        metadata_document(HTTPS_ISSUER, world.resolver())
    assert world.verify(world.sd_jwt_vc()).state is State.NO_KEY


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"issuer":"x"}', b"\xff"])
def test_what_is_no_metadata(body: bytes) -> None:
    world = SdWorld()
    world.published[metadata_url(HTTPS_ISSUER)] = body
    with pytest.raises(CredentialError):
        metadata_document(HTTPS_ISSUER, world.resolver())
    assert world.verify(world.sd_jwt_vc()).state is State.NO_KEY


def test_no_metadata() -> None:
    with pytest.raises(NotFoundThere):
        metadata_document("https://nobody.example", SdWorld().resolver())


def test_a_key_made_since_is_looked_for_once_more() -> None:
    world = SdWorld()

    class Live:
        """What is published at the moment of each call."""

        def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
            """See `Resolver.fetch`."""
            return world.resolver().fetch(url, accept=accept, max_bytes=max_bytes, not_before=not_before)

    keys = IssuerKeys(HTTPS_ISSUER, f"{HTTPS_ISSUER}#k1", Live(), NOW + timedelta(minutes=1), "dc+sd-jwt")
    world.issuer.keys["k2"] = Ed25519Key(2)
    world.publish_metadata()
    assert keys.authorised(f"{HTTPS_ISSUER}#k2").key == world.issuer.keys["k2"].public


def test_other_forms_do_not_ask_metadata() -> None:
    with pytest.raises(CredentialError):
        IssuerKeys(HTTPS_ISSUER, f"{HTTPS_ISSUER}#k1", SdWorld().resolver(), NOW, "vc+jwt")
