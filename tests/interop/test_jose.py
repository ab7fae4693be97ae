"""npm's jose reads what we sign, we read what it signs, and both refuse what was changed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from credentials.core.achievement import to_bytes
from credentials.core.did import did_web_to_url
from credentials.core.did_document import PublishedKey, write_did_document
from credentials.core.keys import PublicKey
from credentials.verifier.states import State, Verdict
from tests.core.parties import ml_dsa_party, vectors
from tests.interop.peer import Peer, PeerError
from tests.verifier.world import Ed25519Key, Issuer, Key, P256Key, World, achievement, claims_of, confirming

pytestmark = pytest.mark.interop

KEYS: dict[str, Key] = {"EdDSA": Ed25519Key(), "ES256": P256Key()}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def world_of(alg: str) -> World:
    return World(Issuer("did:web:acme.example", {"k1": KEYS[alg]}))


def published_jwk(world: World) -> Any:
    """The JWK that the kid of our tokens names, as it stands in our did.json."""
    document = json.loads(world.published[did_web_to_url(world.issuer.did)])
    return next(
        method["publicKeyJwk"] for method in document["verificationMethod"] if method["id"] == world.issuer.method()
    )


# (1) jose reads ours ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alg", list(KEYS))
def test_jose_verifies_our_token_with_the_key_from_our_did_json(jose: Peer, alg: str) -> None:
    world = world_of(alg)
    answer = jose.ask("verify", token=world.token().decode(), jwk=published_jwk(world), alg=alg)
    assert answer["header"] == {"alg": alg, "typ": "vc+jwt", "cty": "vc", "kid": world.issuer.method()}
    payload = json.loads(answer["payload"])
    assert {name: payload.pop(name) for name in ("iss", "jti", "nbf", "sub")}["iss"] == world.issuer.did
    assert payload == json.loads(to_bytes(achievement(world.issuer.did)))


@pytest.mark.parametrize("alg", list(KEYS))
def test_jose_verifies_our_status_list_and_story(jose: Peer, alg: str) -> None:
    world = world_of(alg)
    for token in (world.issuer.status_list(), world.issuer.story()):
        assert jose.ask("verify", token=token.decode(), jwk=published_jwk(world), alg=alg)


def test_jose_refuses_our_token_under_another_key(jose: Peer) -> None:
    with pytest.raises(PeerError, match="ERR_JWS_SIGNATURE_VERIFICATION_FAILED"):
        jose.ask("verify", token=world_of("EdDSA").token().decode(), jwk=Ed25519Key(9).public.to_jwk(), alg="EdDSA")


def ml_dsa_answer(jose: Peer, token: str, jwk: dict[str, str]) -> Any:
    """What jose says of an ML-DSA-44 token. Skips under a node whose WebCrypto has no such algorithm (before 24.7)."""
    try:
        return jose.ask("verify", token=token, jwk=jwk, alg="ML-DSA-44")
    except PeerError as refused:
        if "Unrecognized algorithm name" in str(refused) or "not supported" in str(refused):
            pytest.skip(f"this node cannot: {refused}")
        raise


def test_jose_verifies_the_published_ml_dsa_44_token(jose: Peer) -> None:
    (case,) = vectors("ml_dsa_44_rfc9964.json")
    assert ml_dsa_answer(jose, case["token"], case["jwk"])["payload"] == case["payload"]


def test_jose_verifies_our_ml_dsa_44_token_and_no_other(jose: Peer) -> None:
    party, document = ml_dsa_party(), world_of("EdDSA").document()
    header = json.dumps({"alg": "ML-DSA-44", "kid": party.method}).encode()
    token = party.token(header, json.dumps(document).encode())
    assert json.loads(ml_dsa_answer(jose, token, party.key.to_jwk())["payload"]) == document
    with pytest.raises(PeerError, match="ERR_JWS_SIGNATURE_VERIFICATION_FAILED"):
        jose.ask("verify", token=token, jwk=ml_dsa_party(b"\x02" * 32).key.to_jwk(), alg="ML-DSA-44")


# (2) we read jose's -------------------------------------------------------------------------------------------------


def jose_issuer(jose: Peer, alg: str, method: str) -> tuple[World, str, str]:
    """A world whose issuer's key is in jose's hands: the world, the kid, and the key's name over there."""
    name = f"{alg}-{method}"
    key = PublicKey.from_jwk(jose.ask("makeKey", name=name, alg=alg))
    world = World()
    if method == "did:key":
        world.issuer.did = key.to_did_key()
        world.policy = confirming(world.issuer.did)
        return world, f"{world.issuer.did}#{key.to_multikey()}", name
    published = [PublishedKey("k1", world.issuer.keys["k1"].public), PublishedKey("jose", key)]
    world.published[did_web_to_url(world.issuer.did)] = write_did_document(world.issuer.did, published)
    return world, world.issuer.method("jose"), name


def claims(world: World) -> dict[str, Any]:
    document = world.document(statuses=())
    return claims_of(document) | document


@pytest.mark.parametrize("method", ["did:key", "did:web"])
@pytest.mark.parametrize("alg", ["EdDSA", "Ed25519", "ES256"])
@pytest.mark.parametrize("typ", [{"typ": "vc+jwt", "cty": "vc"}, {"typ": "JWT"}, {}], ids=["vc+jwt", "JWT", "none"])
def test_we_verify_what_jose_signed(jose: Peer, alg: str, method: str, typ: dict[str, str]) -> None:
    world, kid, name = jose_issuer(jose, alg, method)
    payload = json.dumps(claims(world), indent=1, ensure_ascii=True)
    token = jose.ask("sign", name=name, header={"alg": alg, "kid": kid, **typ}, payload=payload)
    report = world.verify(token)
    assert report.state is State.GENUINE
    assert report.credential is not None
    assert report.credential["name"] == "Market report on cargo bikes"


@pytest.mark.parametrize(
    ("header", "state"),
    [
        ({"kid": "did:web:acme.example#k1"}, State.TAMPERED),
        ({"kid": "did:web:acme.example#nobody"}, State.NOT_THEIR_KEY),
        ({"kid": "did:web:other.example#jose"}, State.NOT_THEIR_KEY),
        ({"kid": "did:web:acme.example#jose", "typ": "at+jwt"}, State.UNREADABLE),
        ({"kid": "did:web:acme.example#jose", "cty": "vp"}, State.UNREADABLE),
        ({"kid": "did:web:acme.example#jose", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}}, State.UNREADABLE),
        ({"kid": "did:web:acme.example#jose", "x5u": "https://evil.example"}, State.UNREADABLE),
        ({}, State.UNREADABLE),
    ],
)
def test_jose_cannot_sign_its_way_past_the_header(jose: Peer, header: dict[str, Any], state: State) -> None:
    world, _, name = jose_issuer(jose, "EdDSA", "did:web")
    token = jose.ask("sign", name=name, header={"alg": "EdDSA", **header}, payload=json.dumps(claims(world)))
    assert world.verify(token).state is state


@pytest.mark.parametrize(
    "changed",
    [{"iss": "did:web:other.example"}, {"jti": "urn:x"}, {"sub": "urn:x"}, {"aud": "x"}, {"exp": 1}, {"vc": {}}],
)
def test_jose_cannot_sign_its_way_past_the_claims(jose: Peer, changed: dict[str, Any]) -> None:
    world, kid, name = jose_issuer(jose, "EdDSA", "did:web")
    payload = json.dumps({**claims(world), **changed})
    token = jose.ask("sign", name=name, header={"alg": "EdDSA", "kid": kid}, payload=payload)
    assert world.verify(token).verdict is not Verdict.VALID


def test_a_payload_with_a_member_named_twice_is_refused_although_jose_signed_it(jose: Peer) -> None:
    world, kid, name = jose_issuer(jose, "EdDSA", "did:web")
    payload = json.dumps(claims(world))[:-1] + ',"name":"Something else"}'
    token = jose.ask("sign", name=name, header={"alg": "EdDSA", "kid": kid}, payload=payload)
    assert world.verify(token).state is State.UNREADABLE


# (3) every bit of a token -------------------------------------------------------------------------------------------


def every_flip(token: bytes) -> list[bytes]:
    """The token with each of its bits turned, one at a time."""
    flips = []
    for place in range(len(token)):
        for bit in range(8):
            changed = bytearray(token)
            changed[place] ^= 1 << bit
            flips.append(bytes(changed))
    return flips


def spare_bit_spellings(token: str) -> set[str]:
    """Other spellings of the last character that decode to the same bytes: its spare bits turned."""
    spare = len(token.rpartition(".")[2]) * 6 % 8
    last = ALPHABET.index(token[-1])
    return {token[:-1] + ALPHABET[last ^ change] for change in range(1, 1 << spare)}


@pytest.mark.parametrize("alg", list(KEYS))
def test_a_flipped_bit_anywhere_is_refused(jose: Peer, alg: str) -> None:
    world = world_of(alg)
    token = world.token(statuses=())
    assert world.verify(token).state is State.GENUINE
    flips = every_flip(token)
    assert [flip for flip in flips if world.verify(flip).verdict is Verdict.VALID] == []
    # As text, too: what is not ASCII any more cannot even be said to jose.
    sayable = [flip.decode() for flip in flips if flip.isascii()]
    accepted = jose.ask("verifyMany", tokens=sayable, jwk=published_jwk(world), alg=alg)
    spared = {text for text, yes in zip(sayable, accepted, strict=True) if yes}
    assert spared == spare_bit_spellings(token.decode()) & set(sayable)


@pytest.mark.parametrize("alg", list(KEYS))
def test_the_spare_bits_of_the_last_character_are_all_that_jose_lets_pass(jose: Peer, alg: str) -> None:
    """64 bytes leave 4 spare bits in 86 characters: 15 other spellings, which jose takes and we refuse."""
    world = world_of(alg)
    token = world.token().decode()
    others = [token[:-1] + char for char in ALPHABET if char != token[-1]]
    accepted = jose.ask("verifyMany", tokens=others, jwk=published_jwk(world), alg=alg)
    spared = {text for text, yes in zip(others, accepted, strict=True) if yes}
    assert len(spared) == 15
    assert spared == spare_bit_spellings(token)
    assert {world.verify(text).state for text in others if text in spared} == {State.UNREADABLE}


# The lock file ------------------------------------------------------------------------------------------------------


def test_the_lock_names_one_exact_version_and_no_host() -> None:
    folder = Path(__file__).parent
    lock = json.loads((folder / "package-lock.json").read_text())
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+(-beta\.\d+)?", version)
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
        assert lock["packages"][f"node_modules/{name}"]["integrity"].startswith("sha512-")
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
