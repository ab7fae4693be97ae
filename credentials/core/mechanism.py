"""The interface that every securing mechanism implements, and the types that go through it.

A mechanism turns an unsigned credential's exact bytes into a secured form, and a secured form into a
`VerifiedCredential`. At issuance three things are kept: the unsigned bytes, once for all forms; of each form the
template that `prepare` gave; and the result of `assemble`. So signing can be repeated after a crash from stored bytes
alone.

A *form* is what arrives (a token, a document with embedded proofs, an SD-JWT); it may hold several *proofs*, each with
a key of its own. Several mechanisms may write one form: each cryptosuite embeds its proof in the same kind of document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, Protocol

import msgspec

from credentials.core import strict_json
from credentials.core.credential import Credential, parse_credential
from credentials.core.errors import AudienceMismatch, AudienceRestricted
from credentials.core.exact import Exact, exact_credential
from credentials.core.keys import PublicKey
from credentials.core.strict_json import Said, members

MethodType = Literal["JsonWebKey", "Multikey"]
"""The two spellings of a key in a controlled identifier document (Controlled Identifiers 1.0 sections 2.2.2, 2.2.3)."""

MAX_UNSIGNED_BYTES: Final = 1024 * 1024
_SEAL: Final = object()


class Unsigned(msgspec.Struct, frozen=True):
    """A credential that may be secured: its exact bytes, and what they say. Parsed once for all its forms.

    `said` is the JSON as it stands; the `credential`'s own has the objects of one id merged.
    """

    data: bytes
    said: Said
    credential: Credential

    @property
    def document(self) -> Mapping[str, Any]:
        """The JSON, taken apart."""
        return members(self.said)

    @classmethod
    def parse(cls, data: bytes) -> Unsigned:
        """Raises the errors of `strict_json.parse_object` and `parse_credential`."""
        exact = exact_credential(data) if len(data) <= MAX_UNSIGNED_BYTES else None
        if exact is not None:
            return cls(data, exact.credential.said, exact.credential)
        document = strict_json.parse_object(data, max_bytes=MAX_UNSIGNED_BYTES)
        return cls(data, document, parse_credential(document, data))


class Prepared(msgspec.Struct, frozen=True):
    """What to sign, exactly, and what it takes to put the signature in its place.

    `template` is all that the `unsigned` bytes do not say: `signing_input` follows from the two by `restore`.
    """

    unsigned: bytes
    template: bytes
    signing_input: bytes


class Proof(msgspec.Struct, frozen=True, gc=False):
    """One proof of a secured credential, NOT verified: all of it is a claim by whoever sent it.

    `mechanism` names its kind (`vc+jwt`, `eddsa-rdfc-2022`, …) and `algorithm` is that kind's own name of one;
    `verification_method` is absolute and says whose key to fetch; `created` and `expires` are what the proof itself
    says, None where it does not; `domains` and `challenge` are whom it was made for. `own` is the mechanism's and of no
    use to others.
    """

    mechanism: str
    verification_method: str
    algorithm: str
    own: Any
    created: datetime | None = None
    expires: datetime | None = None
    domains: tuple[str, ...] = ()
    challenge: str = ""

    @property
    def controller(self) -> str:
        """The DID or address under which the key must be listed."""
        return self.verification_method.partition("#")[0]


class Presented(msgspec.Struct, frozen=True, gc=False):
    """A secured credential taken apart, NOT verified.

    `said` is the credential without the claims that only the form needs, which are in `claims`. `proofs` has at least
    one; the first is by the `issuer`. `unread` names the kinds of proof beside them that are not understood. `exact` is
    what a payload says that is spelled exactly as this project does it; no more believed than all the rest.
    """

    form: str
    issuer: str
    said: Said
    claims: Mapping[str, Any]
    payload: bytes
    proofs: tuple[Proof, ...]
    unread: tuple[str, ...] = ()
    exact: Exact | None = None

    @property
    def document(self) -> Mapping[str, Any]:
        """The credential without those claims, taken apart."""
        return members(self.said)

    @property
    def verification_method(self) -> str:
        """That of the first proof, the issuer's."""
        return self.proofs[0].verification_method

    @property
    def algorithm(self) -> str:
        """That of the first proof, the issuer's."""
        return self.proofs[0].algorithm


class HeldProof(msgspec.Struct, frozen=True, gc=False):
    """A proof that held under the key with this `thumbprint` (RFC 7638)."""

    mechanism: str
    verification_method: str
    algorithm: str
    thumbprint: str


class VerifiedCredential(msgspec.Struct, frozen=True, gc=False):
    """A credential whose proofs held and whose data model is sound.

    It does not say whose keys those were, nor that it is still valid: those are checks of the verifier. Only
    `verified` can make one, at the end of a mechanism's `verify`.
    """

    credential: Credential
    form: str
    proofs: tuple[HeldProof, ...]
    seal: object

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise TypeError("only a securing mechanism's verify makes a VerifiedCredential")

    @property
    def mechanism(self) -> str:
        """The kind of the issuer's proof."""
        return self.proofs[0].mechanism

    @property
    def verification_method(self) -> str:
        """The id of the issuer's key."""
        return self.proofs[0].verification_method

    @property
    def algorithm(self) -> str:
        """The algorithm of the issuer's proof."""
        return self.proofs[0].algorithm

    @property
    def thumbprint(self) -> str:
        """The RFC 7638 thumbprint of the issuer's key."""
        return self.proofs[0].thumbprint


class SecuringMechanism(Protocol):
    """One way to secure a credential. Implementations are stateless."""

    @property
    def name(self) -> str:
        """Its unique name, such as `vc+jwt` or `eddsa-rdfc-2022`."""
        ...

    @property
    def form(self) -> str:
        """The form it writes and reads; mechanisms with one form read all of it alike."""
        ...

    @property
    def method_type(self) -> MethodType:
        """How the verification method that it names spells the key."""
        ...

    @property
    def public(self) -> bool:
        """Whether its form says only what anyone may see; one that discloses selectively is its holder's."""
        ...

    @property
    def media_type(self) -> str:
        """What the secured form is served as."""
        ...

    @property
    def extension(self) -> str:
        """The ending of the secured form's address, without the dot."""
        ...

    def unsigned(self, data: bytes) -> Unsigned:
        """What it may secure, from the exact bytes. Raises as `read` would for what they say."""
        ...

    def prepare(
        self,
        unsigned: Unsigned,
        *,
        verification_method: str,
        algorithm: str,
        created: datetime,
        entropy: bytes = b"",
    ) -> Prepared:
        """What to sign for `unsigned`. `algorithm` is the key's (`Ed25519`, `P-256`). Raises as `read` would.

        `entropy` (at least 16 random bytes) is for mechanisms that salt; the same gives the same result.
        """

    def restore(self, unsigned: bytes, template: bytes) -> Prepared:
        """What `prepare` gave, from the two that were kept: puts bytes together and decides nothing."""

    def assemble(self, prepared: Prepared, signature: bytes) -> bytes:
        """The secured form: `prepared` with the raw signature (Ed25519 64 bytes, ES256 r‖s) in its place."""

    def recognises(self, data: bytes) -> bool:
        """Whether `data` looks like this mechanism's form. Cheap, and no promise that it can be read."""

    def read(self, secured: bytes) -> Presented:
        """Take a secured form apart without believing it. Raises Unreadable and NotAccepted kinds."""

    def check_signature(self, presented: Presented, proof: Proof, key: PublicKey) -> None:
        """Return if `key` made this one of its proofs. Raises SignatureInvalid, KeyAlgorithmMismatch."""

    def parse(self, presented: Presented) -> Credential:
        """The credential in it, to be believed only if the signature holds. Raises DataModelInvalid kinds."""

    def check_claims(self, presented: Presented, credential: Credential) -> None:
        """Return if the form's own claims agree with the credential. Raises NotAccepted kinds."""

    def check_badge(self, presented: Presented) -> None:
        """Return if the form keeps what Open Badges 3.0 asks of it beyond the credential. Raises ClaimsMissing."""

    def check_own(self, prepared: Prepared, secured: bytes, key: PublicKey) -> None:
        """Return if `secured`, just assembled, is `prepared` and nothing else, signed by `key`; for its issuer only.

        It passes the same front door as a stranger's, but is not parsed again: `prepare` parsed these bytes. Raises
        as `read` and `check_signature` do.
        """

    def stamped(self, proof: Proof, key: PublicKey) -> bytes:
        """The bytes that a timestamp of this proof is over: the signature, and all that it is over, in one piece.

        No other proof has the same ones, not even another by the same `key` over the same credential.
        """

    def verify(self, presented: Presented, *keys: PublicKey | None) -> VerifiedCredential:
        """Signatures, then data model, then claims; the first that fails raises.

        `keys` has one for each proof, in order: the first the issuer's own, the others None where nobody asked for
        the key of someone else.
        """


def check_audience(proof: Proof, domain: str | None, challenge: str | None) -> None:
    """Return if the proof was made for this `domain` and `challenge`; None means that none is expected.

    W3C VC Data Integrity 1.0 section 4.4; stricter where nothing is expected: what was made for somebody is for
    nobody else. Raises AudienceRestricted, AudienceMismatch.
    """
    if domain is None and proof.domains:
        raise AudienceRestricted("the proof names the domain it is for", where="/proof/domain")
    if challenge is None and proof.challenge:
        raise AudienceRestricted("the proof answers somebody's challenge", where="/proof/challenge")
    if domain is not None and domain not in proof.domains:
        raise AudienceMismatch(f"it was not made for {domain[:80]}", where="/proof/domain")
    if challenge is not None and challenge != proof.challenge:
        raise AudienceMismatch("it does not answer this challenge", where="/proof/challenge")


def check_signatures(mechanism: SecuringMechanism, presented: Presented, keys: Sequence[PublicKey | None]) -> None:
    """Check every proof that has a key; the issuer's must have one.

    Raises SignatureInvalid kinds and KeyAlgorithmMismatch, and ValueError unless there is one entry for each proof.
    """
    for place, (proof, key) in enumerate(zip(presented.proofs, keys, strict=True)):
        if key is not None:
            mechanism.check_signature(presented, proof, key)
        elif place == 0:
            raise ValueError("the issuer's own key is needed")


def verified(credential: Credential, presented: Presented, keys: Sequence[PublicKey | None]) -> VerifiedCredential:
    """For mechanisms only, at the end of their `verify`: the proof that all checks passed under these keys."""
    held: list[HeldProof] = []
    for proof, key in zip(presented.proofs, keys, strict=True):
        if key is not None:
            held.append(HeldProof(proof.mechanism, proof.verification_method, proof.algorithm, key.thumbprint()))
    return VerifiedCredential(credential, presented.form, tuple(held), seal=_SEAL)
