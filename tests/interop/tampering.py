"""What somebody in the middle may do to a document with an embedded proof. Everyone must refuse each of these."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

Document = dict[str, Any]
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def proof_of(document: Document) -> Document:
    """The one proof, alone or in an array."""
    proof = document["proof"]
    found: Document = proof[0] if isinstance(proof, list) else proof
    return found


def _another_value(document: Document) -> None:
    proof = proof_of(document)
    value = proof["proofValue"]
    place = len(value) // 2
    proof["proofValue"] = value[:place] + ALPHABET[(ALPHABET.index(value[place]) + 1) % 58] + value[place + 1 :]


def _subject_of_another(document: Document) -> None:
    document["credentialSubject"]["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"


CHANGES: Mapping[str, Callable[[Document], object]] = {
    "its name": lambda d: d.update(name="Director of everything"),
    "its id": lambda d: d.update(id="https://elsewhere.example/c/1"),
    "its subject": _subject_of_another,
    "what was achieved": lambda d: d["credentialSubject"].update(role="Director"),
    "its issuer's name": lambda d: d["issuer"].update(name="Another company"),
    "one type less": lambda d: d.update(type=["VerifiableCredential"]),
    "a description": lambda d: d.update(description="Added by somebody."),
    "an undefined term": lambda d: d.update(gradePointAverage="4.0"),
    "an undefined term below": lambda d: d["credentialSubject"].update(gradePointAverage="4.0"),
    "the name taken out": lambda d: d.pop("name"),
    "another end": lambda d: d.update(validUntil="2099-01-01T00:00:00Z"),
    "the time of the proof": lambda d: proof_of(d).update(created="2026-02-01T00:00:00Z"),
    "the key of the proof": lambda d: proof_of(d).update(verificationMethod="did:web:elsewhere.example#key"),
    "the purpose of the proof": lambda d: proof_of(d).update(proofPurpose="authentication"),
    "a member of the proof": lambda d: proof_of(d).update(expires="2099-01-01T00:00:00Z"),
    "the value of the proof": _another_value,
    "the value cut short": lambda d: proof_of(d).update(proofValue=proof_of(d)["proofValue"][:-1]),
    "no value": lambda d: proof_of(d).pop("proofValue"),
    "no proof": lambda d: d.pop("proof"),
    "an empty proof": lambda d: d.update(proof=[]),
}


def changed(document: Mapping[str, Any], how: str) -> Document:
    """A copy of `document`, changed in one way."""
    copied = copy.deepcopy(dict(document))
    CHANGES[how](copied)
    return copied
