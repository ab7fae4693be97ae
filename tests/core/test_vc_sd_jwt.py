"""A credential of the data model as an SD-JWT, alone: what must be open, which claims it may have, what is its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.errors import (
    AlgorithmRefused,
    AudienceRestricted,
    BadDid,
    ClaimMismatch,
    CredentialError,
    DisclosureUnreferenced,
    KeyAlgorithmMismatch,
    KidNotDidUrl,
    MalformedCredential,
    MustNotBeHidden,
    SignatureMismatch,
    VcClaim,
    WrongTokenType,
)
from credentials.core.mechanism import Prepared, Proof
from credentials.core.sd_jwt.concealing import conceal
from credentials.core.sd_jwt.serialised import join_sd_jwt
from credentials.core.securing import VC_SD_JWT
from credentials.core.vc_sd_jwt import looks_like_sd_jwt, shown_of
from tests.core.parties import Party, ed25519_party, p256_party

ENTROPY = bytes(range(32))
CREATED = datetime(2026, 3, 16, tzinfo=UTC)
DECIDES = (
    *("@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialStatus", "cnf"),
    *("iss", "jti", "sub", "nbf", "exp", "aud"),
)


def token(party: Party, payload: dict[str, Any], **header: Any) -> bytes:
    stated = {"alg": party.alg, "typ": "vc+sd-jwt", "kid": party.method} | header
    return party.token(json.dumps(stated).encode(), json.dumps(payload).encode()).encode()


def read_and_verify(party: Party, whole: bytes) -> None:
    VC_SD_JWT.verify(VC_SD_JWT.read(whole), party.key)


def prepared(party: Party, document: dict[str, Any], *, method: str = "", entropy: bytes = ENTROPY) -> Prepared:
    unsigned = VC_SD_JWT.unsigned(strict_json.dump(document))
    return VC_SD_JWT.prepare(
        unsigned,
        verification_method=method or party.method,
        algorithm="Ed25519",
        created=CREATED,
        entropy=entropy,
    )


@pytest.fixture
def named(plain: dict[str, Any]) -> dict[str, Any]:
    """A credential with two names to leave out."""
    people = [{"type": "IdentityObject", "identityHash": name} for name in ("Zoë", "Kim")]
    return plain | {"credentialSubject": {"id": "urn:uuid:person", "identifier": people}}


# Its form ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"e.b.c~", True),
        (b"eyJ.e30.c~d~e.f.g", True),
        (b"", False),
        (b"e", False),
        (b"e~", False),
        (b"e.~", False),
        (b"e.b~c.d", False),
        (b"e~b.c.d", False),
        (b"e.b.c", False),
        (b"E.b.c~", False),
        (b" e.b.c~", False),
        (b"\xef\xbb\xbfe.b.c~", False),
        (b"{e.b.c~", False),
        (b"~e.b.c~", False),
    ],
    ids=repr,
)
def test_what_looks_like_one(data: bytes, looks: bool) -> None:
    assert looks_like_sd_jwt(data) is looks
    assert VC_SD_JWT.recognises(data) is looks


@given(st.text("e.~", max_size=8))
def test_it_looks_like_one_when_its_first_tilde_follows_two_dots(text: str) -> None:
    before = text.partition("~")[0]
    assert looks_like_sd_jwt(text.encode()) is ("~" in text and text.startswith("e") and before.count(".") >= 2)


@pytest.mark.parametrize("cty", ["", "VC", "vc+ld+json", "json", "vp", "vc "])
def test_another_content_type_is_refused(issuer: Party, plain: dict[str, Any], cty: str) -> None:
    with pytest.raises(WrongTokenType):
        VC_SD_JWT.read(token(issuer, plain, cty=cty) + b"~")


@pytest.mark.parametrize("typ", ["", "VC+SD-JWT", "application/vc+sd-jwt", "vc+sd-jwt ", "vc", "kb+jwt"])
def test_another_type_is_refused(issuer: Party, plain: dict[str, Any], typ: str) -> None:
    with pytest.raises(WrongTokenType):
        VC_SD_JWT.read(token(issuer, plain, typ=typ) + b"~")


@pytest.mark.parametrize("member", ["vc", "vp"])
@pytest.mark.parametrize("value", [None, {}, [], "x"], ids=repr)
def test_a_credential_inside_a_claim_is_refused_whatever_it_is(
    issuer: Party, plain: dict[str, Any], member: str, value: Any
) -> None:
    with pytest.raises(VcClaim) as caught:
        VC_SD_JWT.read(token(issuer, plain | {member: value}) + b"~")
    assert caught.value.where == f"/{member}"


@pytest.mark.parametrize("stated", [None, "", 7, True, [], {}, {"id": None}, {"id": 7}, {"name": "Acme"}], ids=repr)
def test_without_an_issuer_there_is_nobody_to_ask(issuer: Party, plain: dict[str, Any], stated: Any) -> None:
    with pytest.raises(MalformedCredential):
        read_and_verify(issuer, token(issuer, plain | {"issuer": stated}) + b"~")


# Registered claims -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "value", "error"),
    [
        ("iss", "did:web:other.example", ClaimMismatch),
        ("jti", "urn:other", ClaimMismatch),
        ("sub", "urn:uuid:somebody", ClaimMismatch),
        ("nbf", 1, ClaimMismatch),
        ("nbf", "1773619200", ClaimMismatch),
        ("exp", 1773619200, ClaimMismatch),
        ("aud", "https://verifier.example", AudienceRestricted),
        ("aud", [], AudienceRestricted),
        ("aud", None, AudienceRestricted),
    ],
)
def test_a_claim_that_says_something_else_is_refused(
    issuer: Party, plain: dict[str, Any], claim: str, value: Any, error: type[CredentialError]
) -> None:
    with pytest.raises(error):
        read_and_verify(issuer, token(issuer, plain | {claim: value}) + b"~")


def test_claims_that_repeat_the_credential_are_no_part_of_it(issuer: Party, plain: dict[str, Any]) -> None:
    said = {"iss": issuer.did, "jti": plain["id"], "sub": "urn:uuid:person", "nbf": 1773619200, "cnf": {"jwk": {}}}
    presented = VC_SD_JWT.read(token(issuer, plain | said) + b"~")
    assert presented.document == plain
    assert presented.claims == {name: value for name, value in said.items() if name != "cnf"}
    VC_SD_JWT.verify(presented, issuer.key)


# The key -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["key-1", "", "https://a.example#k1", "did:web:a.example", "#key-1", "did:"])
def test_a_key_is_named_by_a_did_url(issuer: Party, plain: dict[str, Any], method: str) -> None:
    unsigned = VC_SD_JWT.unsigned(strict_json.dump(plain))
    with pytest.raises(BadDid):
        VC_SD_JWT.prepare(unsigned, verification_method=method, algorithm="Ed25519", created=CREATED, entropy=ENTROPY)


@pytest.mark.parametrize("kid", ["key-1", "https://a.example#k1", "DID:web:a.example#k1"])
def test_a_kid_that_is_no_did_url_is_refused(issuer: Party, plain: dict[str, Any], kid: str) -> None:
    with pytest.raises(KidNotDidUrl):
        VC_SD_JWT.read(token(issuer, plain, kid=kid) + b"~")


def test_the_signature_is_asked_before_what_is_said(issuer: Party, stranger: Party, plain: dict[str, Any]) -> None:
    for change in ({}, {"aud": "x"}, {"type": "x"}, {"validFrom": "never"}):
        with pytest.raises(SignatureMismatch):
            read_and_verify(stranger, token(issuer, plain | change) + b"~")


def test_a_key_of_another_kind_does_not_verify(issuer: Party, plain: dict[str, Any]) -> None:
    with pytest.raises(KeyAlgorithmMismatch):
        read_and_verify(p256_party(), token(issuer, plain) + b"~")


@pytest.mark.parametrize("algorithm", ["EdDSA ", "eddsa", "ES384", "HS256", "", "RSA"])
def test_what_does_not_sign_is_refused_before_anything_is_hidden(
    issuer: Party, plain: dict[str, Any], algorithm: str
) -> None:
    unsigned = VC_SD_JWT.unsigned(strict_json.dump(plain))
    with pytest.raises(AlgorithmRefused):
        VC_SD_JWT.prepare(
            unsigned, verification_method=issuer.method, algorithm=algorithm, created=CREATED, entropy=b""
        )


# What may be left out ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DECIDES)
def test_what_decides_must_be_open(issuer: Party, plain: dict[str, Any], name: str) -> None:
    hidden = conceal(plain | {name: "x"}, [f"/{name}"], entropy=ENTROPY)
    with pytest.raises(MustNotBeHidden):
        VC_SD_JWT.read(join_sd_jwt(token(issuer, hidden.payload), hidden.disclosures))


def test_an_issuer_that_was_left_out_is_missing(issuer: Party, plain: dict[str, Any]) -> None:
    hidden = conceal(plain, ["/issuer"], entropy=ENTROPY)
    with pytest.raises(MalformedCredential):
        VC_SD_JWT.read(token(issuer, hidden.payload) + b"~")


def test_a_subject_that_was_left_out_is_no_credential(issuer: Party, plain: dict[str, Any]) -> None:
    hidden = conceal(plain, ["/credentialSubject"], entropy=ENTROPY)
    signed = token(issuer, hidden.payload)
    read_and_verify(issuer, join_sd_jwt(signed, hidden.disclosures))
    with pytest.raises(MalformedCredential):
        read_and_verify(issuer, signed + b"~")


def test_each_may_be_left_out_and_what_is_stamped_stays(issuer: Party, named: dict[str, Any]) -> None:
    made = prepared(issuer, named)
    whole = VC_SD_JWT.assemble(made, issuer.sign(made.signing_input))
    signed, *disclosures = whole.split(b"~")[:-1]
    assert len(disclosures) == 2
    for kept in ([], disclosures[:1], disclosures[1:], disclosures, disclosures[::-1]):
        presented = VC_SD_JWT.read(b"~".join([signed, *kept, b""]))
        VC_SD_JWT.verify(presented, issuer.key)
        assert len(presented.document["credentialSubject"].get("identifier", [])) == len(kept)
        assert VC_SD_JWT.stamped(presented.proofs[0], issuer.key) == signed


def test_a_disclosure_of_another_credential_is_refused(issuer: Party, named: dict[str, Any]) -> None:
    mine, theirs = prepared(issuer, named), prepared(issuer, named, entropy=bytes(32))
    signed = VC_SD_JWT.assemble(mine, issuer.sign(mine.signing_input))
    foreign = theirs.template.split(b"~")[1]
    with pytest.raises(DisclosureUnreferenced):
        read_and_verify(issuer, signed + foreign + b"~")


def test_the_same_disclosure_twice_is_refused(issuer: Party, named: dict[str, Any]) -> None:
    made = prepared(issuer, named)
    signed = VC_SD_JWT.assemble(made, issuer.sign(made.signing_input))
    with pytest.raises(CredentialError):
        read_and_verify(issuer, signed + signed.split(b"~")[1] + b"~")


# The issuer's own --------------------------------------------------------------------------------------------------


def test_all_that_is_signed_is_in_the_template(issuer: Party, named: dict[str, Any]) -> None:
    made = prepared(issuer, named)
    restored = VC_SD_JWT.restore(made.unsigned, made.template)
    assert restored == made
    assert VC_SD_JWT.assemble(restored, b"x" * 64) == VC_SD_JWT.assemble(made, b"x" * 64)
    assert b"Zo" not in made.signing_input


def test_every_change_of_what_was_prepared_is_noticed(issuer: Party, named: dict[str, Any]) -> None:
    made = prepared(issuer, named)
    good = VC_SD_JWT.assemble(made, issuer.sign(made.signing_input))
    VC_SD_JWT.check_own(made, good, issuer.key)
    other = prepared(issuer, named, entropy=bytes(32))
    foreign = VC_SD_JWT.assemble(other, issuer.sign(other.signing_input))
    with pytest.raises(SignatureMismatch):
        VC_SD_JWT.check_own(made, foreign, issuer.key)  # good by itself, and not what was asked for
    for place in range(0, len(good), 7):
        wrong = bytearray(good)
        wrong[place] ^= 1
        with pytest.raises(CredentialError):
            VC_SD_JWT.check_own(made, bytes(wrong), issuer.key)
    for wrong_end in (good[:-1], good + b"~", good[: good.find(b"~")], b"", good + good):
        with pytest.raises(CredentialError):
            VC_SD_JWT.check_own(made, wrong_end, issuer.key)


def test_another_mechanisms_proof_is_a_mistake_of_ours(issuer: Party) -> None:
    with pytest.raises(TypeError, match="not a proof of an SD-JWT"):
        shown_of(Proof("vc+jwt", issuer.method, "EdDSA", None))


@given(st.binary(max_size=60))
def test_it_is_read_or_refused(payload: bytes) -> None:
    party = ed25519_party()
    header = json.dumps({"alg": "EdDSA", "typ": "vc+sd-jwt", "kid": party.method}).encode()
    try:
        VC_SD_JWT.read(party.token(header, payload).encode() + b"~")
    except CredentialError:
        return
    assert json.loads(payload)["issuer"]
