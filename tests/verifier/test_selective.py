"""A candidate leaves out what is nobody's business, and the rest verifies as before, withdrawals included."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from credentials.core import base64url, strict_json
from credentials.core.disclosable import parts
from credentials.core.sd_jwt.concealing import conceal
from credentials.core.sd_jwt.key_binding import KeyBinding
from credentials.core.sd_jwt.presenting import opened, present
from credentials.core.sd_jwt.serialised import join_sd_jwt, parse_sd_jwt
from credentials.verifier.checks import Outcome
from credentials.verifier.policy import Confirmation, TrustPolicy
from credentials.verifier.states import State
from tests.core.parties import Party, ed25519_party
from tests.verifier.sd_world import HTTPS_ISSUER, PRIVATE, VCT, SdWorld, full, without
from tests.verifier.world import DAY, ISSUED, NOW, Ed25519Key, Issuer, P256Key

CONFIRMED = TrustPolicy(confirmed={HTTPS_ISSUER: Confirmation("acme.example", "operator", ISSUED)})
REFUSED = (State.TAMPERED, State.UNREADABLE, State.NO_KEY, State.NOT_THEIR_KEY)
SECRETS = ("EUR 400", "4 of 5", "Price list of a rival")


@pytest.fixture
def world() -> SdWorld:
    return SdWorld(policy=CONFIRMED)


WRITERS: dict[str, Callable[[SdWorld], bytes]] = {"vc+sd-jwt": SdWorld.vc_sd_jwt, "dc+sd-jwt": SdWorld.sd_jwt_vc}
both = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


@both
def test_the_whole_is_genuine(world: SdWorld, write: Callable[[SdWorld], bytes]) -> None:
    report = world.verify(write(world))
    assert (report.state, [check.detail for check in report.checks if check.outcome is Outcome.FAILED]) == (
        State.GENUINE,
        [],
    )
    assert all(secret in json.dumps(report.to_json()) for secret in SECRETS)


@both
def test_a_candidate_leaves_out_pay_a_rating_and_a_confidential_deliverable(
    world: SdWorld, write: Callable[[SdWorld], bytes]
) -> None:
    report = world.verify(without(write(world), PRIVATE))
    assert report.state is State.GENUINE
    said = json.dumps(report.to_json())
    assert not any(secret in said for secret in SECRETS)
    assert "Compensation" not in said
    assert "Ana Souza" in said
    assert "20 pages, public." in said


@both
@pytest.mark.parametrize("name", ["name", "pay", "market-research", "deliverable", "deliverable-2"])
def test_each_part_alone_can_be_left_out(world: SdWorld, write: Callable[[SdWorld], bytes], name: str) -> None:
    whole = write(world)
    assert name in {part.name for part in parts(opened(parse_sd_jwt(whole)).payload)}
    assert world.verify(without(whole, [name])).state is State.GENUINE


@both
def test_nothing_private_at_all(world: SdWorld, write: Callable[[SdWorld], bytes]) -> None:
    head = write(world).partition(b"~")[0]
    report = world.verify(head + b"~")
    assert report.state is State.GENUINE
    assert "Ana Souza" not in json.dumps(report.to_json())


def test_nothing_private_stands_in_what_is_signed(world: SdWorld) -> None:
    for whole in (world.vc_sd_jwt(), world.sd_jwt_vc()):
        payload = base64url.decode(whole.split(b".")[1]).decode()
        assert not any(secret in payload for secret in (*SECRETS, "Ana Souza", "Compensation"))


# Keys --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [Ed25519Key(3), P256Key(3)], ids=["Ed25519", "P-256"])
def test_both_kinds_of_key(key: Any) -> None:
    world = SdWorld(Issuer("did:web:acme.example", {"k1": key}), policy=CONFIRMED)
    assert world.verify(world.sd_jwt_vc()).state is State.GENUINE
    assert world.verify(world.vc_sd_jwt()).state is State.GENUINE


def test_an_issuer_that_is_a_did(world: SdWorld) -> None:
    did = world.issuer.did
    world.publish_token_list(issuer=did, key_name=f"{did}#k1")
    token = world.sd_jwt_vc(world.claims(issuer=did), method=f"{did}#k1")
    assert world.verify(token).state is State.GENUINE


def test_a_retired_key_still_counts_and_a_stolen_one_does_not() -> None:
    issuer = Issuer("did:web:acme.example", {"k1": Ed25519Key(1), "k2": Ed25519Key(2)})
    world = SdWorld(issuer, policy=CONFIRMED)
    token = world.sd_jwt_vc()
    world.publish_token_list(name="k2", key_name="k2")
    assert world.verify(token).state is State.GENUINE
    issuer.revoked["k1"] = ISSUED
    world.publish_metadata()
    assert world.verify(token).state is State.NOT_THEIR_KEY


def test_without_metadata_nothing_can_be_said(world: SdWorld) -> None:
    world.published = {url: body for url, body in world.published.items() if "jwt-vc-issuer" not in url}
    assert world.verify(world.sd_jwt_vc()).state is State.NO_KEY


def test_somebody_elses_metadata_is_not_the_issuers(world: SdWorld) -> None:
    world.publish_metadata("https://acme.example/issuers/other")
    claims = world.claims(issuer="https://acme.example/issuers/nobody")
    token = world.sd_jwt_vc(claims, method="https://acme.example/issuers/nobody#k1")
    assert world.verify(token).state is State.NO_KEY


def test_an_issuer_nobody_confirmed_is_amber(world: SdWorld) -> None:
    world.policy = TrustPolicy()
    assert world.verify(world.sd_jwt_vc()).state is State.UNCONFIRMED_ISSUER


def test_a_did_is_not_confirmed_by_its_address_nor_the_address_by_the_did(world: SdWorld) -> None:
    world.policy = replace(CONFIRMED, confirmed={"did:web:other.example": CONFIRMED.confirmed[HTTPS_ISSUER]})
    assert world.verify(world.sd_jwt_vc()).state is State.UNCONFIRMED_ISSUER


# Tampering ---------------------------------------------------------------------------------------------------------


@both
def test_a_changed_disclosure_is_called_changed(world: SdWorld, write: Callable[[SdWorld], bytes]) -> None:
    whole = parse_sd_jwt(write(world))
    for place, one in enumerate(whole.disclosures):
        text = base64url.encode_bytes(base64url.decode(one.encoded).replace(b"e", b"f", 1))
        assert text != one.encoded
        parts_ = [
            whole.issuer_jwt,
            *(text if number == place else other.encoded for number, other in enumerate(whole.disclosures)),
            b"",
        ]
        report = world.verify(b"~".join(parts_))
        assert report.state in (State.TAMPERED, State.UNREADABLE)
        assert report.credential is None


@both
def test_a_disclosure_of_another_credential(world: SdWorld, write: Callable[[SdWorld], bytes]) -> None:
    hidden = conceal({"pay": "EUR 9,000"}, ["/pay"], entropy=b"z" * 32)
    whole = parse_sd_jwt(write(world))
    report = world.verify(join_sd_jwt(whole.issuer_jwt, (*whole.disclosures, *hidden.disclosures)))
    assert report.state is State.TAMPERED
    assert report.credential is None


@both
def test_no_bit_can_be_flipped(world: SdWorld, write: Callable[[SdWorld], bytes]) -> None:
    """Every character once, one bit each: no change is accepted, and none breaks the verifier."""
    whole = without(write(world), PRIVATE)
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 7
        assert world.verify(bytes(changed)).state in (
            State.TAMPERED,
            State.UNREADABLE,
            State.NO_KEY,
            State.NOT_THEIR_KEY,
        )


def test_what_must_be_open_may_not_come_from_a_disclosure(world: SdWorld) -> None:
    document = strict_json.parse_object(full(world.issuer.did), max_bytes=1 << 20)
    for name in ("credentialStatus", "validFrom", "issuer", "type", "id"):
        hidden = conceal(document, [f"/{name}"], entropy=b"e" * 32)
        header = {"alg": "EdDSA", "typ": "vc+sd-jwt", "kid": world.issuer.method()}
        token = world.issuer.sign_raw(header, strict_json.dump(hidden.payload))
        report = world.verify(join_sd_jwt(token, hidden.disclosures))
        assert report.state is State.UNREADABLE
        assert report.check("algorithm").code == "must-not-be-hidden"


@pytest.mark.parametrize("name", ["iss", "nbf", "vct", "status", "jti"])
def test_what_must_be_open_in_an_sd_jwt_vc(world: SdWorld, name: str) -> None:
    claims = strict_json.parse_object(world.claims(), max_bytes=1 << 20)
    hidden = conceal(claims, [f"/{name}"], entropy=b"e" * 32)
    token = world.issuer.sign_raw({"alg": "EdDSA", "typ": "dc+sd-jwt", "kid": "k1"}, strict_json.dump(hidden.payload))
    assert world.verify(join_sd_jwt(token, hidden.disclosures)).check("algorithm").code == "must-not-be-hidden"


def test_an_expired_one_and_one_from_the_future(world: SdWorld) -> None:
    assert world.verify(world.sd_jwt_vc(world.claims(valid_until=NOW - DAY))).state is State.EXPIRED
    claims = strict_json.parse_object(world.claims(), max_bytes=1 << 20)
    later = int((NOW + DAY).timestamp())
    for change in ({"nbf": later}, {"iat": later}):
        assert world.verify(world.sd_jwt_vc(strict_json.dump(claims | change))).state is State.NOT_YET


def test_a_holders_signature_at_its_end_must_hold(world: SdWorld) -> None:
    holder, thief = ed25519_party(b"\x05" * 32), ed25519_party(b"\x06" * 32)
    whole = parse_sd_jwt(world.sd_jwt_vc(world.claims(holder=holder.key)))

    def shown(signer: Party) -> bytes:
        asked = KeyBinding("https://anyone.example", "n")
        return present(whole, keep=[], expected=asked, algorithm="Ed25519", sign=signer.sign, now=NOW)

    assert world.verify(shown(holder)).state is State.GENUINE
    assert world.verify(shown(thief)).state is State.TAMPERED
    own = shown(holder)
    cut = own.rindex(b"~") + 1
    more = join_sd_jwt(whole.issuer_jwt, whole.disclosures) + own[cut:]
    assert world.verify(more).state in REFUSED
    unnamed = parse_sd_jwt(world.sd_jwt_vc()).bound + own[cut:]
    assert world.verify(unnamed).state in REFUSED


def test_envelopes_of_these_forms(world: SdWorld) -> None:
    for kind, token in (("vc+sd-jwt", world.vc_sd_jwt()), ("dc+sd-jwt", world.sd_jwt_vc())):
        envelope = {
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "EnvelopedVerifiableCredential",
            "id": f"data:application/{kind},{token.decode()}",
        }
        assert world.verify(envelope).state is State.GENUINE


def test_the_report_names_the_type_and_no_contexts(world: SdWorld) -> None:
    report = world.verify(world.sd_jwt_vc())
    assert report.verified is not None
    assert report.verified.credential.types == (VCT,)
    assert report.check("open-badges").outcome is Outcome.NOT_APPLICABLE
    assert report.issuer is not None
    assert (report.issuer.id, report.issuer.name) == (HTTPS_ISSUER, "Acme Cargo GmbH")
