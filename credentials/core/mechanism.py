"""The interface that every securing mechanism implements, and the types that go through it.

A mechanism turns an unsigned credential's exact bytes into a secured form, and a secured form into a
`VerifiedCredential`. At issuance three things are kept: the unsigned bytes, what `prepare` gave, and the result of
`assemble`; so signing can be repeated after a crash from stored bytes alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import msgspec

from credentials.core.credential import Credential
from credentials.core.keys import PublicKey

_SEAL: Final = object()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What to sign, exactly, and what the mechanism needs to put the signature in its place."""

    signing_input: bytes
    template: bytes


class Presented(msgspec.Struct, frozen=True):
    """A secured credential taken apart, NOT verified: all of it is a claim by whoever sent it.

    `issuer` and `verification_method` say whose key to fetch (the latter absolute); `algorithm` is the mechanism's own
    name; `document` is the credential without the claims that only the mechanism needs, which are in `claims`.
    `proof` is the mechanism's own and of no use to others.
    """

    mechanism: str
    issuer: str
    verification_method: str
    algorithm: str
    document: dict[str, Any]
    claims: Mapping[str, Any]
    payload: bytes
    proof: Any


@dataclass(frozen=True, slots=True)
class VerifiedCredential:
    """A credential whose signature held under `thumbprint` (RFC 7638) and whose data model is sound.

    It does not say whose key that was, nor that it is still valid: those are checks of the verifier. Only a
    mechanism's `verify` can make one.
    """

    credential: Credential
    mechanism: str
    verification_method: str
    algorithm: str
    thumbprint: str
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only a securing mechanism's verify makes a VerifiedCredential")


class SecuringMechanism(Protocol):
    """One way to secure a credential. Implementations are stateless."""

    @property
    def name(self) -> str:
        """Its unique name, such as `vc+jwt`."""
        ...

    @property
    def media_type(self) -> str:
        """What the secured form is served as."""
        ...

    @property
    def extension(self) -> str:
        """The ending of the secured form's address, without the dot."""
        ...

    def prepare(self, unsigned: bytes, *, verification_method: str, algorithm: str, created: datetime) -> Prepared:
        """What to sign for `unsigned`. `algorithm` is the key's (`Ed25519`, `P-256`). Raises as `read` would."""

    def assemble(self, prepared: Prepared, signature: bytes) -> bytes:
        """The secured form: `prepared` with the raw signature (Ed25519 64 bytes, ES256 r‖s) in its place."""

    def recognises(self, data: bytes) -> bool:
        """Whether `data` looks like this mechanism's form. Cheap, and no promise that it can be read."""

    def read(self, secured: bytes) -> Presented:
        """Take a secured form apart without believing it. Raises Unreadable and NotAccepted kinds."""

    def check_signature(self, presented: Presented, key: PublicKey) -> None:
        """Return if `key` made the signature. Raises SignatureInvalid, KeyAlgorithmMismatch."""

    def check_claims(self, presented: Presented, credential: Credential) -> None:
        """Return if the mechanism's own claims agree with the credential. Raises NotAccepted kinds."""

    def check_badge(self, presented: Presented) -> None:
        """Return if the form keeps what Open Badges 3.0 asks of it beyond the credential. Raises ClaimsMissing."""

    def check_own(self, prepared: Prepared, secured: bytes, key: PublicKey) -> None:
        """Return if `secured`, just assembled, is `prepared` and nothing else, signed by `key`; for its issuer only.

        It passes the same front door as a stranger's, but is not parsed again: `prepare` parsed these bytes. Raises
        as `read` and `check_signature` do.
        """

    def verify(self, presented: Presented, key: PublicKey) -> VerifiedCredential:
        """Signature, then data model, then claims; the first that fails raises. `key` must be the issuer's."""


def verified(credential: Credential, presented: Presented, key: PublicKey) -> VerifiedCredential:
    """For mechanisms only, at the end of their `verify`: the proof that all three checks passed."""
    return VerifiedCredential(
        credential,
        presented.mechanism,
        presented.verification_method,
        presented.algorithm,
        key.thumbprint(),
        seal=_SEAL,
    )
