"""Credentials with embedded proofs (W3C VC Data Integrity 1.0; Open Badges 3.0 section 8.3), one mechanism a suite.

Written: the unsigned credential byte for byte, and behind it `proof`, an array of one. Read: any proof set or chain of
the suites we know. A document is made canonical as it is read, so what a signature would not cover is refused there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, cast

from credentials.core import base64url, strict_json
from credentials.core.credential import Credential, issuer_of, parse_credential
from credentials.core.data_integrity.canonical_options import canonical_options
from credentials.core.data_integrity.cryptosuites import CRYPTOSUITES, Canonical, Cryptosuite
from credentials.core.data_integrity.documents import EmbeddedProof, take_apart
from credentials.core.data_integrity.options import decode_value, encode_value, require_method
from credentials.core.data_integrity.signatures import check_hash, check_signature
from credentials.core.errors import AlgorithmRefused, MalformedCredential, SignatureMismatch
from credentials.core.instants import format_instant
from credentials.core.jws import MAX_TOKEN_BYTES
from credentials.core.keys import KeyAlgorithm, PublicKey
from credentials.core.mechanism import (
    MethodType,
    Prepared,
    Presented,
    Proof,
    Unsigned,
    VerifiedCredential,
    check_signatures,
    verified,
)

FORM: Final = "data-integrity"
ASSERTION: Final = "assertionMethod"
MAX_DOCUMENT_BYTES: Final = MAX_TOKEN_BYTES

_VALUE: Final = b'"proofValue":"'
_END: Final = b'"}]}'


@dataclass(frozen=True, slots=True)
class DataIntegrity:
    """The mechanism of one cryptosuite; see `mechanism.SecuringMechanism`. All of them read alike."""

    suite: Cryptosuite
    name: str = field(init=False)
    form: str = FORM
    method_type: MethodType = "Multikey"
    public: bool = True
    media_type: str = "application/vc"
    extension: str = "json"

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.suite.name)

    @classmethod
    def named(cls, cryptosuite: str) -> DataIntegrity:
        """The mechanism of the suite with this name. Raises KeyError."""
        return cls(CRYPTOSUITES[cryptosuite])

    def unsigned(self, data: bytes) -> Unsigned:
        """A credential of the VC Data Model. Raises as `Unsigned.parse`."""
        return Unsigned.parse(data)

    def prepare(
        self, unsigned: Unsigned, *, verification_method: str, algorithm: str, created: datetime, entropy: bytes = b""
    ) -> Prepared:
        """The digests to sign; the template is these and the proof up to its value.

        `entropy` has no place here. Raises MalformedCredential for a document that has a proof already,
        AlgorithmRefused, KeyAlgorithmMismatch, BadProof, and the errors of the canonicaliser.
        """
        del entropy
        kind = self._kind(algorithm)
        document = unsigned.document
        if "proof" in document:
            raise MalformedCredential("an unsigned credential has no proof", where="/proof")
        options, canonical = _options(self.suite, verification_method, created, _hashable(document.get("@context")))
        digests = self.suite.hash_data(Canonical(canonical, self.suite.canonicalise(document, unsigned.data)), kind)
        return self.restore(unsigned.data, base64url.encode_bytes(digests) + b"." + options)

    def restore(self, unsigned: bytes, template: bytes) -> Prepared:
        """The digests are kept as they were made; nothing is made canonical again."""
        return Prepared(unsigned, template, base64url.decode(template.partition(b".")[0]))

    def assemble(self, prepared: Prepared, signature: bytes) -> bytes:
        """The document with its proof."""
        return _opening(prepared) + encode_value(signature).encode("ascii") + _END

    def recognises(self, data: bytes) -> bool:
        """Whether `data` starts as a JSON object does and speaks of a proof."""
        return data.startswith(b"{") and b'"proof"' in data

    def read(self, secured: bytes) -> Presented:
        """Take a document apart; nothing in the result is proved. The issuer's own proofs come first.

        Raises the errors of `strict_json` and of `take_apart`, and MalformedCredential without an issuer.
        """
        apart = take_apart(strict_json.parse_object(secured, max_bytes=MAX_DOCUMENT_BYTES), ASSERTION, secured)
        issuer = issuer_of(apart.unsecured)
        proofs = [presented_proof(proof) for proof in apart.proofs]
        proofs.sort(key=lambda proof: proof.controller != issuer)
        return Presented(FORM, issuer, apart.unsecured, {}, secured, tuple(proofs), apart.unread)

    def check_signature(self, presented: Presented, proof: Proof, key: PublicKey) -> None:
        """Return if `key` made this proof. Raises KeyAlgorithmMismatch, SignatureMismatch."""
        del presented
        check_embedded(proof, key)

    def parse(self, presented: Presented) -> Credential:
        """The document as a credential. Raises as `parse_credential`."""
        return parse_credential(presented.document, presented.payload)

    def check_claims(self, presented: Presented, credential: Credential) -> None:
        """This form claims nothing beside the credential."""

    def check_badge(self, presented: Presented) -> None:
        """Open Badges 3.0 asks nothing more of this form."""

    def check_own(self, prepared: Prepared, secured: bytes, key: PublicKey) -> None:
        """Return if the document is what was prepared, signed by `key`. Raises SignatureMismatch, NotBase58."""
        opening = _opening(prepared)
        value = secured[len(opening) : -len(_END)]
        if secured != opening + value + _END:
            raise SignatureMismatch("it is not what was prepared")
        check_hash(prepared.signing_input, decode_value(value.decode("ascii", "replace")), key)

    def stamped(self, proof: Proof, key: PublicKey) -> bytes:
        """The digests that are signed, of the proof's options and of the document, and the signature behind them.

        Not the JSON: whoever holds the document may write the same with other spaces.
        """
        if not isinstance(proof.own, EmbeddedProof):
            raise TypeError(f"{proof.mechanism} is not an embedded proof")
        says = proof.own.says
        return says.suite.hash_data(proof.own.canonical, key.algorithm) + says.signature

    def verify(self, presented: Presented, *keys: PublicKey | None) -> VerifiedCredential:
        """Every proof that has a key, then the data model; the first key must be the issuer's own.

        Raises SignatureInvalid kinds and KeyAlgorithmMismatch; DataModelInvalid kinds and BadInstant.
        """
        check_signatures(self, presented, keys)
        return verified(self.parse(presented), presented, keys)

    def _kind(self, algorithm: str) -> KeyAlgorithm:
        kind = {"EdDSA": "Ed25519", "ES256": "P-256"}.get(algorithm, algorithm)
        if not self.suite.writes:
            raise AlgorithmRefused(f"{self.name} is read and no longer written")
        return self.suite.require(cast("KeyAlgorithm", kind))


def _hashable(context: Any) -> str | tuple[str, ...] | None:
    """A document's `@context`, which holds addresses only, or it would not have been parsed."""
    return tuple(context) if isinstance(context, list) else context


@lru_cache(maxsize=256)
def _options(
    suite: Cryptosuite, verification_method: str, created: datetime, context: str | tuple[str, ...] | None
) -> tuple[bytes, bytes]:
    """What a proof says of itself, as JSON and in canonical form: the same for all that is signed at one moment.

    Raises BadProof.
    """
    require_method(verification_method)
    surrounding = {} if context is None else {"@context": list(context) if isinstance(context, tuple) else context}
    options = {
        **(surrounding if suite.keeps_context else {}),
        "type": suite.type,
        "cryptosuite": suite.name,
        "created": format_instant(created),
        "verificationMethod": verification_method,
        "proofPurpose": ASSERTION,
    }
    return strict_json.dump(options), canonical_options(suite, options, surrounding)


def _opening(prepared: Prepared) -> bytes:
    """The secured document up to the signature: the unsigned bytes, and the proof as their last member."""
    options = prepared.template.partition(b".")[2]
    return prepared.unsigned.rstrip()[:-1] + b',"proof":[' + options[:-1] + b"," + _VALUE


def presented_proof(embedded: EmbeddedProof) -> Proof:
    """An embedded proof as its document presents it."""
    says = embedded.says
    return Proof(
        mechanism=says.suite.name,
        verification_method=says.verification_method,
        algorithm=says.suite.name,
        own=embedded,
        created=says.created,
        expires=says.expires,
        domains=says.domains,
        challenge=says.challenge,
    )


def check_embedded(proof: Proof, key: PublicKey) -> None:
    """Return if `key` made this embedded proof. Raises KeyAlgorithmMismatch, SignatureMismatch."""
    if not isinstance(proof.own, EmbeddedProof):
        raise TypeError(f"{proof.mechanism} is not an embedded proof")
    says = proof.own.says
    check_signature(says.suite, proof.own.canonical, says.signature, key)
