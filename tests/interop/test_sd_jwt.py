"""npm's @sd-jwt/sd-jwt-vc reads what we make and we read what it makes; both refuse what was changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from credentials.core.keys import PublicKey
from credentials.core.sd_jwt.key_binding import KeyBinding, check_key_binding
from credentials.core.sd_jwt.presenting import opened, present
from credentials.core.sd_jwt.serialised import parse_sd_jwt
from credentials.core.securing import SD_JWT_VC
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.states import State
from tests.core.parties import Party, ed25519_party, p256_party
from tests.interop.peer import Peer, PeerError
from tests.verifier.sd_world import HTTPS_ISSUER, PRIVATE, TOKEN_LIST, SdWorld, without
from tests.verifier.world import INDEX, ISSUED, NOW, Ed25519Key, Issuer, Key, P256Key

pytestmark = pytest.mark.interop

KEYS: dict[str, Key] = {"EdDSA": Ed25519Key(), "ES256": P256Key()}
HOLDERS = {"EdDSA": ed25519_party(b"\x09" * 32), "ES256": p256_party()}
POLICY = TrustPolicy(confirmed={HTTPS_ISSUER: Confirmation("acme.example", "operator", ISSUED)})
SECONDS = int(NOW.timestamp())
ASKED = KeyBinding("https://verifier.example", "a nonce")
BOTH = pytest.mark.parametrize("alg", list(KEYS))


@pytest.fixture(scope="session")
def peer() -> Iterator[Peer]:
    """The other implementation."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    with Peer.started(Path(__file__).with_name("sd_jwt.mjs")) as started:
        yield started


def world_of(alg: str) -> SdWorld:
    return SdWorld(Issuer("did:web:acme.example", {"k1": KEYS[alg]}), policy=POLICY)


def asked(world: SdWorld, alg: str) -> dict[str, Any]:
    jwk = world.issuer.keys["k1"].public.to_jwk()
    return {"jwk": jwk, "alg": alg, "list": world.published[TOKEN_LIST].decode(), "now": SECONDS}


# (1) it reads ours -------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("names", [(), PRIVATE, ("name",)], ids=str)
def test_it_reads_what_is_left_of_ours(peer: Peer, alg: str, names: tuple[str, ...]) -> None:
    world = world_of(alg)
    token = without(world.sd_jwt_vc(), names)
    answer = peer.ask("verify", token=token.decode(), **asked(world, alg))
    assert answer["payload"] == SD_JWT_VC.read(token).document
    assert answer["header"] == {"alg": alg, "typ": "dc+sd-jwt", "kid": "k1"}


@BOTH
@pytest.mark.parametrize("status", [1, 2])
def test_it_reads_our_token_status_list(peer: Peer, alg: str, status: int) -> None:
    world = world_of(alg)
    world.publish_token_list({INDEX: status})
    with pytest.raises(PeerError, match="Status is not valid"):
        peer.ask("verify", token=world.sd_jwt_vc().decode(), **asked(world, alg))


@BOTH
def test_it_reads_our_key_binding(peer: Peer, alg: str) -> None:
    world, holder = world_of(alg), HOLDERS[alg]
    token = presented(world, holder)
    answer = peer.ask("verify", token=token.decode(), nonce=ASKED.nonce, **asked(world, alg))
    assert "EUR 400" not in str(answer["payload"])
    with pytest.raises(PeerError, match="Nonce"):
        peer.ask("verify", token=token.decode(), nonce="another", **asked(world, alg))


def presented(world: SdWorld, holder: Party) -> bytes:
    sd_jwt = parse_sd_jwt(world.sd_jwt_vc(world.claims(holder=holder.key)))
    keep = [place.pointer for place in opened(sd_jwt).places if "result" not in place.pointer]
    return present(sd_jwt, keep=keep, expected=ASKED, algorithm=holder.key.algorithm, sign=holder.sign, now=NOW)


@BOTH
def test_it_presents_a_part_of_ours(peer: Peer, alg: str) -> None:
    world = world_of(alg)
    frame = {"credentialSubject": {"identifier": {"0": True}}}
    token = peer.ask("present", token=world.sd_jwt_vc().decode(), frame=frame)
    report = world.verify(token)
    assert report.state is State.GENUINE
    assert "Ana Souza" in str(report.credential)
    assert "EUR 400" not in str(report.credential)


# (2) we read its ---------------------------------------------------------------------------------------------------


def its_token(peer: Peer, world: SdWorld, alg: str, **options: Any) -> str:
    """What it issues: nested members, elements of an array, decoys."""
    jwk = peer.ask("makeKey", name="issuer", alg=alg)
    world.issuer.keys["k1"] = _Foreign(PublicKey.from_jwk(jwk))  # type: ignore[assignment]
    world.publish_metadata()
    payload = {
        "iss": HTTPS_ISSUER,
        "iat": SECONDS - 60,
        "vct": "https://acme.example/type",
        "name": "Zoë",
        "pay": "EUR 400",
        "address": {"city": "Bergen", "street": "1 Main St"},
        "work": ["report", "notes"],
        **options,
    }
    frame = {"_sd": ["name", "pay"], "_sd_decoy": 3, "address": {"_sd": ["street"]}, "work": {"_sd": [1]}}
    return str(peer.ask("issue", name="issuer", alg=alg, payload=payload, frame=frame, header={"kid": "k1"}))


class _Foreign:
    """A key whose private half is in the other process."""

    def __init__(self, public: PublicKey) -> None:
        self.public = public


@BOTH
def test_we_read_what_it_issues(peer: Peer, alg: str) -> None:
    world = world_of(alg)
    report = world.verify(its_token(peer, world, alg))
    assert report.state is State.GENUINE
    assert report.credential is not None
    told = {name: report.credential[name] for name in ("name", "pay", "address", "work")}
    assert told == {
        "name": "Zoë",
        "pay": "EUR 400",
        "address": {"city": "Bergen", "street": "1 Main St"},
        "work": ["report", "notes"],
    }


@BOTH
def test_we_read_what_it_presents(peer: Peer, alg: str) -> None:
    world = world_of(alg)
    holder = peer.ask("makeKey", name="holder", alg=alg)
    token = its_token(peer, world, alg, cnf={"jwk": holder})
    kb = {"iat": SECONDS, "aud": ASKED.audience, "nonce": ASKED.nonce}
    shown = peer.ask("present", token=token, frame={"name": True}, name="holder", alg=alg, kb=kb)
    report = world.verify(shown)
    assert report.state is State.GENUINE
    assert report.credential is not None
    assert (report.credential["name"], "pay" in report.credential) == ("Zoë", False)
    check_key_binding(parse_sd_jwt(shown.encode()), ASKED, datetime.fromtimestamp(SECONDS, UTC))


# (3) both refuse what was changed ----------------------------------------------------------------------------------


def changes_of(token: str) -> list[str]:
    """The token with one character changed, at places in every part of it; none a spare bit or a separator."""
    found = []
    for place in range(5, len(token) - 5, 31):
        if token[place] in ".~" or token[place + 1] in ".~":
            continue
        found.append(token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :])
    return found


@BOTH
def test_both_refuse_what_was_changed_in_ours(peer: Peer, alg: str) -> None:
    world = world_of(alg)
    token = without(world.sd_jwt_vc(), ("pay",)).decode()
    tokens = [token, *changes_of(token)]
    theirs = peer.ask("verifyMany", tokens=tokens, **asked(world, alg))
    assert [world.verify(one).state is State.GENUINE for one in tokens] == [True] + [False] * (len(tokens) - 1)
    # It passes over a disclosure that belongs nowhere, which RFC 9901 section 7.1, step 5, refuses: so does ours.
    signed = token.partition("~")[0]
    for accepted, one in zip(theirs[1:], tokens[1:], strict=True):
        assert not accepted or one.startswith(f"{signed}~")
    assert theirs.count(True) < len(tokens) / 2


@BOTH
def test_we_refuse_what_was_changed_in_its(peer: Peer, alg: str) -> None:
    world = world_of(alg)
    token = its_token(peer, world, alg)
    assert [world.verify(one).state is State.GENUINE for one in [token, *changes_of(token)]] == [True] + [False] * len(
        changes_of(token)
    )
