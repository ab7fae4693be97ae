"""What a proof says of itself, read strictly (W3C VC Data Integrity 1.0 section 2.1).

- A key is named by an absolute address with a fragment, never brought along.
- The value is base58btc of one exact length, so that a signature has one spelling.
- Dates have a zone. What a proof is for, and for whom, is for the caller to judge.
- A member spelled as an IRI or as a keyword is refused: it could say something that nobody looks for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from credentials.core import base58
from credentials.core.data_integrity.cryptosuites import CRYPTOSUITES, DATA_INTEGRITY_PROOF, Cryptosuite
from credentials.core.did import parse_did_url
from credentials.core.errors import BadDid, BadProof, NotATerm, NotBase58, WrongContext
from credentials.core.instants import parse_instant

MAX_PROOFS: Final = 8

_HTTPS_METHOD: Final = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\s#\\<>\"{}|^`]*)?#[A-Za-z0-9._~:/?-]+")
_MULTIBASE_BASE58: Final = "z"
_LONGEST_TEXT: Final = 2048
_LONGEST_VALUE: Final = 140
"""A P-384 signature has 132 characters; reading base58 takes time with the square of the length."""


class ProofOptions(msgspec.Struct, frozen=True):
    """One proof of a kind that is read. `options` is all it says but its signature, `signature` the raw bytes.

    `domains` and `challenge` are empty where it names none; `previous` are the ids of the proofs that it is over too.
    """

    suite: Cryptosuite
    id: str
    verification_method: str
    purpose: str
    created: datetime | None
    expires: datetime | None
    domains: tuple[str, ...]
    challenge: str
    previous: tuple[str, ...]
    options: dict[str, Any]
    signature: bytes


class _Shape(msgspec.Struct, frozen=True, rename="camel"):
    """The members that a reader acts on; what else a proof holds is covered by its signature and of no effect."""

    type: str
    verification_method: str
    proof_purpose: str
    proof_value: str
    cryptosuite: str = ""
    id: str = ""
    created: str | None = None
    expires: str | None = None
    domain: str | tuple[str, ...] = ()
    challenge: str = ""
    previous_proof: str | tuple[str, ...] = ()


def suite_of(proof: Mapping[str, Any]) -> Cryptosuite | None:
    """The suite that reads this proof, or None for a kind that is not understood. Raises BadProof for one of no kind.

    W3C VC Data Integrity 1.0 section 2.1: `type` is required, and one string.
    """
    kind = proof.get("type")
    if not isinstance(kind, str):
        raise BadProof("a proof without a type", where="/proof/type")
    name = proof.get("cryptosuite") if kind == DATA_INTEGRITY_PROOF else kind
    suite = CRYPTOSUITES.get(name) if isinstance(name, str) else None
    return suite if suite is not None and suite.type == kind else None


def kind_of(proof: Mapping[str, Any]) -> str:
    """How to call a proof that is not understood: its cryptosuite, or its type."""
    suite = proof.get("cryptosuite")
    return str(suite if isinstance(suite, str) else proof["type"])[:60]


def read_options(proof: Mapping[str, Any], suite: Cryptosuite, context: object) -> ProofOptions:
    """A proof of `suite`, in a document whose `@context` is `context`.

    Raises BadProof, BadInstant, NotATerm, NotBase58, and WrongContext for a proof that would be read by another
    `@context` than its document.
    """
    for name in proof:
        if ":" in name or (name.startswith("@") and name != "@context"):
            raise NotATerm(f"{name[:60]!r} is not a plain term", where="/proof")
    if "@context" in proof and proof["@context"] != context:
        raise WrongContext("the proof's @context is not the document's", where="/proof/@context")
    shape = _shape(proof)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    return ProofOptions(
        suite=suite,
        id=shape.id,
        verification_method=require_method(shape.verification_method),
        purpose=shape.proof_purpose,
        created=_instant(shape.created, "created"),
        expires=_instant(shape.expires, "expires"),
        domains=_texts(shape.domain),
        challenge=shape.challenge,
        previous=_texts(shape.previous_proof),
        options=options,
        signature=decode_value(shape.proof_value),
    )


def require_method(text: str) -> str:
    """`text`, if it names a key: a DID URL or https address with a fragment (Controlled Identifiers 1.0 section 2.2).

    Raises BadProof.
    """
    if _HTTPS_METHOD.fullmatch(text):
        return text
    try:
        parse_did_url(text)
    except BadDid as err:
        raise BadProof(err.detail, where="/proof/verificationMethod") from None
    return text


def encode_value(signature: bytes) -> str:
    """A signature as `proofValue`."""
    return _MULTIBASE_BASE58 + base58.encode(signature)


def decode_value(text: str) -> bytes:
    """The raw signature behind a `proofValue`. Raises BadProof for another multibase, NotBase58."""
    if not text.startswith(_MULTIBASE_BASE58) or len(text) > _LONGEST_VALUE:
        raise BadProof("proofValue is no signature in base58btc", where="/proof/proofValue")
    try:
        return base58.decode(text[1:])
    except NotBase58 as err:
        raise NotBase58(err.detail, where="/proof/proofValue") from None


def _shape(proof: Mapping[str, Any]) -> _Shape:
    try:
        shape = msgspec.convert(proof, _Shape)
    except msgspec.ValidationError as err:
        raise BadProof(str(err), where="/proof") from None
    if len(shape.verification_method) > _LONGEST_TEXT:
        raise BadProof("the name of the key is too long", where="/proof/verificationMethod")
    return shape


def _instant(text: str | None, name: str) -> datetime | None:
    return None if text is None else parse_instant(text, where=f"/proof/{name}")


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
