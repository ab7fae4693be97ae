"""The values that the specifications publish: documents, keys, digests and signatures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from nacl.signing import SigningKey

from credentials.core import base58, strict_json
from credentials.core.data_integrity import DataIntegrity
from credentials.core.errors import SignatureMismatch
from credentials.core.keys import PublicKey
from credentials.core.securing import EDDSA_RDFC_2022, Unsigned
from tests.core.parties import vectors

CASES = vectors("data_integrity_published.json")
REPRODUCED = [case for case in CASES if "secret" in case]


def keys_of(case: dict[str, Any]) -> list[PublicKey]:
    return [PublicKey.from_multikey(text) for text in case["keys"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_proofs_hold(case: dict[str, Any]) -> None:
    presented = EDDSA_RDFC_2022.read(json.dumps(case["document"]).encode())
    verified = EDDSA_RDFC_2022.verify(presented, *keys_of(case))
    if "hashData" in case:
        says, canonical = presented.proofs[0].own.says, presented.proofs[0].own.canonical
        assert says.suite.hash_data(canonical, keys_of(case)[0].algorithm).hex() == case["hashData"]
    assert len(verified.proofs) == len(case["keys"])
    assert verified.credential.document == {k: v for k, v in case["document"].items() if k != "proof"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("place", ["name", "issuer", "id", "validFrom"])
def test_a_changed_document_does_not(case: dict[str, Any], place: str) -> None:
    other = case["document"][place].replace("5", "6").replace("A", "B").replace("23", "24")
    changed = case["document"] | {place: other}
    presented = EDDSA_RDFC_2022.read(json.dumps(changed).encode())
    for proof, key in zip(presented.proofs, keys_of(case), strict=True):
        with pytest.raises(SignatureMismatch):
            EDDSA_RDFC_2022.check_signature(presented, proof, key)


@pytest.mark.parametrize("case", REPRODUCED, ids=lambda case: case["name"])
def test_published_signatures_are_reproduced_to_the_byte(case: dict[str, Any]) -> None:
    proof = case["document"]["proof"]
    mechanism = DataIntegrity.named(proof["cryptosuite"])
    unsigned = {name: value for name, value in case["document"].items() if name != "proof"}
    prepared = mechanism.prepare(
        Unsigned.parse(strict_json.dump(unsigned)),
        verification_method=proof["verificationMethod"],
        algorithm="Ed25519",
        created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC),
    )
    assert prepared.signing_input.hex() == case.get("hashData", prepared.signing_input.hex())
    # A secret Multikey: two bytes of prefix, then the seed.
    secret = SigningKey(base58.decode(case["secret"][1:])[2:])
    secured = json.loads(mechanism.assemble(prepared, secret.sign(prepared.signing_input).signature))
    assert secured["proof"] == [proof]
