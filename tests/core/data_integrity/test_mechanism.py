"""Embedded proofs: what is written, what is read, and all that is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.credential import CONTEXT_V1
from credentials.core.data_integrity import DataIntegrity
from credentials.core.data_integrity.options import MAX_PROOFS, encode_value
from credentials.core.errors import (
    AlgorithmRefused,
    BadProof,
    CredentialError,
    KeyAlgorithmMismatch,
    MalformedCredential,
    SignatureMismatch,
)
from credentials.core.securing import EDDSA_RDFC_2022, FORMS, MECHANISMS, Unsigned
from tests.core.parties import Party, ed25519_party, p256_party

CREATED = datetime(2026, 3, 16, tzinfo=UTC)
ED25519_SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
P256_SUITES = ("ecdsa-rdfc-2019", "ecdsa-jcs-2019")
SUITES = [*((name, ed25519_party()) for name in ED25519_SUITES), *((name, p256_party()) for name in P256_SUITES)]
every_suite = pytest.mark.parametrize(("suite", "party"), SUITES, ids=[name for name, _ in SUITES])


def unsigned(party: Party, **more: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://credentials.example/c/1",
        "type": ["VerifiableCredential"],
        "issuer": party.did,
        "validFrom": "2026-03-16T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:5a5a5a5a-0000-4000-8000-000000000001", "name": "Zoë Okonkwo"},
        **more,
    }


def secure(suite: str, party: Party, document: dict[str, Any] | None = None) -> bytes:
    mechanism = MECHANISMS[suite]
    data = Unsigned.parse(strict_json.dump(unsigned(party) if document is None else document))
    prepared = mechanism.prepare(data, verification_method=party.method, algorithm=party.key.algorithm, created=CREATED)
    secured = mechanism.assemble(prepared, party.sign(prepared.signing_input))
    mechanism.check_own(prepared, secured, party.key)
    return secured


def accept(secured: bytes, party: Party) -> None:
    form = FORMS["data-integrity"]
    form.verify(form.read(secured), party.key)


def edited(secured: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(secured)
    change(document)
    return strict_json.dump(document)


@every_suite
def test_what_was_signed_is_kept_and_holds(suite: str, party: Party) -> None:
    document = unsigned(party)
    secured = secure(suite, party)
    assert secured.startswith(strict_json.dump(document)[:-1] + b',"proof":[{')
    presented = EDDSA_RDFC_2022.read(secured)
    verified = EDDSA_RDFC_2022.verify(presented, party.key)
    assert (presented.form, presented.issuer) == ("data-integrity", party.did)
    assert presented.verification_method == party.method
    assert presented.document == document
    assert (verified.mechanism, verified.thumbprint) == (suite, party.key.thumbprint())
    assert presented.proofs[0].created == CREATED


def test_each_suite_is_named_and_served() -> None:
    for name in (*ED25519_SUITES, *P256_SUITES):
        mechanism = MECHANISMS[name]
        assert mechanism.form == "data-integrity"
        assert (mechanism.media_type, mechanism.extension) == ("application/vc", "json")
    assert "Ed25519Signature2020" not in MECHANISMS


@every_suite
def test_another_key_did_not_sign_it(suite: str, party: Party) -> None:
    stranger = ed25519_party(b"\x07" * 32)
    secured = secure(suite, party)
    error = SignatureMismatch if party.key.algorithm == "Ed25519" else KeyAlgorithmMismatch
    with pytest.raises(error):
        accept(secured, stranger)


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a name": lambda d: d["credentialSubject"].update(name="Zoe Okonkwo"),
    "an end": lambda d: d.update(validUntil="2027-01-01T00:00:00Z"),
    "no beginning": lambda d: d.pop("validFrom"),
    "another issuer": lambda d: d.update(issuer="did:web:acme.example"),
    "another type": lambda d: d["type"].append("VerifiablePresentation"),
    "another id": lambda d: d.update(id="https://credentials.example/c/2"),
    "another date of signing": lambda d: d["proof"][0].update(created="2026-03-17T00:00:00Z"),
    "no date of signing": lambda d: d["proof"][0].pop("created"),
    "an end of the proof": lambda d: d["proof"][0].update(expires="2027-03-17T00:00:00Z"),
    "a domain": lambda d: d["proof"][0].update(domain="acme.example"),
    "a challenge": lambda d: d["proof"][0].update(challenge="1"),
    "an id of the proof": lambda d: d["proof"][0].update(id="urn:uuid:5a5a5a5a-0000-4000-8000-000000000009"),
    "a nonce": lambda d: d["proof"][0].update(nonce="AAAA"),
}


@every_suite
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_no_change_is_overlooked(suite: str, party: Party, change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(SignatureMismatch):
        accept(edited(secure(suite, party), change), party)


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no proof": (lambda d: d.pop("proof"), "proof-missing"),
    "no proofs": (lambda d: d.update(proof=[]), "proof-missing"),
    "null": (lambda d: d.update(proof=None), "proof-missing"),
    "a text": (lambda d: d.update(proof="x"), "bad-proof"),
    "a text among them": (lambda d: d["proof"].append("x"), "bad-proof"),
    "too many": (lambda d: d.update(proof=d["proof"] * (MAX_PROOFS + 1)), "bad-proof"),
    "an unknown suite": (lambda d: d["proof"][0].update(cryptosuite="bbs-2023"), "unsupported-proof"),
    "an unknown type": (lambda d: d["proof"][0].update(type="RsaSignature2018"), "unsupported-proof"),
    "a suite as type": (lambda d: d["proof"][0].update(type="eddsa-rdfc-2022"), "unsupported-proof"),
    "types": (lambda d: d["proof"][0].update(type=["DataIntegrityProof"]), "bad-proof"),
    "no type": (lambda d: d["proof"][0].pop("type"), "bad-proof"),
    "another purpose": (lambda d: d["proof"][0].update(proofPurpose="authentication"), "unsupported-proof"),
    "no purpose": (lambda d: d["proof"][0].pop("proofPurpose"), "bad-proof"),
    "no value": (lambda d: d["proof"][0].pop("proofValue"), "bad-proof"),
    "a number as value": (lambda d: d["proof"][0].update(proofValue=1), "bad-proof"),
    "base64url": (lambda d: d["proof"][0].update(proofValue="uAAAA"), "bad-proof"),
    "an empty value": (lambda d: d["proof"][0].update(proofValue=""), "bad-proof"),
    "not base58": (lambda d: d["proof"][0].update(proofValue="z0OIl"), "not-base58"),
    "a long value": (lambda d: d["proof"][0].update(proofValue="z" + "1" * 400), "bad-proof"),
    "a short value": (lambda d: d["proof"][0].update(proofValue="z1"), "signature-mismatch"),
    "no method": (lambda d: d["proof"][0].pop("verificationMethod"), "bad-proof"),
    "a key in place of its name": (lambda d: d["proof"][0].update(verificationMethod={"id": "x"}), "bad-proof"),
    "a relative method": (lambda d: d["proof"][0].update(verificationMethod="#key-1"), "bad-proof"),
    "http": (lambda d: d["proof"][0].update(verificationMethod="http://a.example#k"), "bad-proof"),
    "a method without fragment": (lambda d: d["proof"][0].update(verificationMethod="did:web:a.example"), "bad-proof"),
    "a long method": (lambda d: d["proof"][0].update(verificationMethod="did:web:" + "a" * 4000 + "#k"), "bad-proof"),
    "a day as date": (lambda d: d["proof"][0].update(created="2026-03-16"), "bad-instant"),
    "a number as date": (lambda d: d["proof"][0].update(created=1), "bad-proof"),
    "a date without zone": (lambda d: d["proof"][0].update(expires="2026-03-16T00:00:00"), "bad-instant"),
    "a keyword": (lambda d: d["proof"][0].update({"@type": "DataIntegrityProof"}), "not-a-term"),
    "an IRI": (lambda d: d["proof"][0].update({"https://w3id.org/security#expiration": "x"}), "not-a-term"),
    "its own context": (lambda d: d["proof"][0].update({"@context": "https://a.example"}), "wrong-context"),
    "a proof before it": (lambda d: d["proof"][0].update(previousProof="urn:x"), "previous-proof-missing"),
    "itself before it": (lambda d: d["proof"][0].update(id="urn:x", previousProof="urn:x"), "previous-proof-missing"),
    "no issuer": (lambda d: d.pop("issuer"), "malformed-credential"),
}


@pytest.mark.parametrize("suite", ED25519_SUITES)
@pytest.mark.parametrize(("change", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_proof_is_refused(
    suite: str, change: Callable[[dict[str, Any]], object], code: str, issuer: Party
) -> None:
    with pytest.raises(CredentialError) as caught:
        accept(edited(secure(suite, issuer), change), issuer)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("suite", "context", "code"),
    [
        ("eddsa-rdfc-2022", CONTEXT_V1, "undefined-term"),
        ("eddsa-rdfc-2022", "https://a.example", "unknown-context"),
        ("eddsa-jcs-2022", CONTEXT_V1, "wrong-context"),  # its proof says what the context was
        ("eddsa-jcs-2022", "https://a.example", "wrong-context"),
    ],
)
def test_another_context_after_signing_is_refused(suite: str, context: str, code: str, issuer: Party) -> None:
    with pytest.raises(CredentialError) as caught:
        accept(edited(secure(suite, issuer), lambda d: d.update({"@context": [context]})), issuer)
    assert caught.value.code == code


def test_two_proofs_with_one_id_are_no_chain(issuer: Party) -> None:
    def chain(document: dict[str, Any]) -> None:
        first = document["proof"][0] | {"id": "urn:x"}
        document["proof"] = [first, first, first | {"id": "urn:y", "previousProof": "urn:x"}]

    with pytest.raises(CredentialError, match="one id"):
        EDDSA_RDFC_2022.read(edited(secure("eddsa-jcs-2022", issuer), chain))


def test_a_set_is_read_with_the_issuers_own_first(issuer: Party, stranger: Party) -> None:
    """Whoever else signed, in whatever order it stands; and a kind that nobody knows is named."""
    document = unsigned(issuer)
    ours = json.loads(secure("eddsa-jcs-2022", issuer, document))["proof"][0]
    theirs = json.loads(secure("eddsa-rdfc-2022", stranger, document))["proof"][0]
    unknown = ours | {"cryptosuite": "bbs-2023"}
    presented = EDDSA_RDFC_2022.read(strict_json.dump(document | {"proof": [unknown, theirs, ours]}))
    assert [proof.controller for proof in presented.proofs] == [issuer.did, stranger.did]
    assert presented.unread == ("bbs-2023",)
    assert len(EDDSA_RDFC_2022.verify(presented, issuer.key, stranger.key).proofs) == 2
    assert len(EDDSA_RDFC_2022.verify(presented, issuer.key, None).proofs) == 1
    with pytest.raises(SignatureMismatch):
        EDDSA_RDFC_2022.verify(presented, issuer.key, issuer.key)
    with pytest.raises(ValueError, match="issuer's own key"):
        EDDSA_RDFC_2022.verify(presented, None, stranger.key)
    with pytest.raises(ValueError, match="zip"):
        EDDSA_RDFC_2022.verify(presented, issuer.key)


@pytest.mark.parametrize("suite", ED25519_SUITES)
def test_a_link_of_a_chain_cannot_be_exchanged(suite: str, issuer: Party, stranger: Party) -> None:
    """The second proof is over the first one too."""
    document = unsigned(issuer)
    first = json.loads(secure("eddsa-jcs-2022", stranger, document))["proof"][0]
    other = json.loads(secure("eddsa-jcs-2022", ed25519_party(b"\x09" * 32), document))["proof"][0]
    first, other = first | {"id": "urn:uuid:5a5a5a5a-0000-4000-8000-000000000003"}, other
    mechanism = DataIntegrity.named(suite)
    second = _second_link(mechanism, issuer, document, first)
    presented = mechanism.read(strict_json.dump(document | {"proof": [first, second]}))
    mechanism.check_signature(presented, presented.proofs[0], issuer.key)
    exchanged = mechanism.read(strict_json.dump(document | {"proof": [other | {"id": first["id"]}, second]}))
    with pytest.raises(SignatureMismatch):
        mechanism.check_signature(exchanged, exchanged.proofs[0], issuer.key)
    with pytest.raises(CredentialError, match="not among the proofs"):
        mechanism.read(strict_json.dump(document | {"proof": [second]}))


def _second_link(
    mechanism: DataIntegrity, party: Party, document: dict[str, Any], first: dict[str, Any]
) -> dict[str, Any]:
    """A proof over the document with `first` in it, made by hand as the specification says."""
    suite = mechanism.suite
    context = {"@context": document["@context"]}
    options = {
        **(context if suite.keeps_context else {}),
        "type": "DataIntegrityProof",
        "cryptosuite": suite.name,
        "verificationMethod": party.method,
        "proofPurpose": "assertionMethod",
        "previousProof": first["id"],
    }
    empty = options | {"proofValue": "z" + "1" * 64}
    presented = mechanism.read(strict_json.dump(document | {"proof": [first, empty]}))
    canonical = presented.proofs[0].own.canonical
    signature = party.sign(suite.hash_data(canonical, "Ed25519"))
    return options | {"proofValue": encode_value(signature)}


@every_suite
def test_only_what_can_be_signed_is_prepared(suite: str, party: Party) -> None:
    mechanism, other = MECHANISMS[suite], "P-256" if party.key.algorithm == "Ed25519" else "Ed25519"
    good = Unsigned.parse(strict_json.dump(unsigned(party)))
    with pytest.raises(KeyAlgorithmMismatch):
        mechanism.prepare(good, verification_method=party.method, algorithm=other, created=CREATED)
    with pytest.raises(BadProof):
        mechanism.prepare(good, verification_method="key-1", algorithm=party.key.algorithm, created=CREATED)
    proven = Unsigned.parse(strict_json.dump(unsigned(party, proof=[])))
    with pytest.raises(MalformedCredential, match="no proof"):
        mechanism.prepare(proven, verification_method=party.method, algorithm=party.key.algorithm, created=CREATED)


def test_an_older_suite_is_not_written(issuer: Party) -> None:
    mechanism = DataIntegrity.named("Ed25519Signature2020")
    with pytest.raises(AlgorithmRefused):
        mechanism.prepare(
            Unsigned.parse(strict_json.dump(unsigned(issuer))),
            verification_method=issuer.method,
            algorithm="Ed25519",
            created=CREATED,
        )


@every_suite
def test_its_own_form_is_looked_at_again(suite: str, party: Party, stranger: Party) -> None:
    mechanism = MECHANISMS[suite]
    prepared = mechanism.prepare(
        Unsigned.parse(strict_json.dump(unsigned(party))),
        verification_method=party.method,
        algorithm=party.key.algorithm,
        created=CREATED,
    )
    secured = mechanism.assemble(prepared, party.sign(prepared.signing_input))
    for spoilt in (secured[:-1], b" " + secured, secured.replace(b"Zo", b"So"), secured[:-10] + secured[-9:]):
        with pytest.raises(CredentialError):
            mechanism.check_own(prepared, spoilt, party.key)
    with pytest.raises(SignatureMismatch):
        mechanism.check_own(prepared, secured, stranger.key)


@pytest.mark.parametrize("suite", ED25519_SUITES)
def test_order_and_space_are_of_no_effect(suite: str, issuer: Party) -> None:
    document = json.loads(secure(suite, issuer))
    backwards = dict(reversed(document.items()))
    accept(json.dumps(backwards, indent=3).encode(), issuer)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(CredentialError):
        EDDSA_RDFC_2022.read(data)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["type", "cryptosuite", "verificationMethod", "proofValue", "proofPurpose", "created"]), VALUES)
def test_any_member_is_read_or_refused(name: str, value: Any) -> None:
    party = ed25519_party()
    secured = edited(secure("eddsa-jcs-2022", party), lambda d: d["proof"][0].update({name: value}))
    if json.loads(secured) != json.loads(secure("eddsa-jcs-2022", party)):
        with pytest.raises(CredentialError):
            accept(secured, party)
