"""The securing mechanisms we have, by name. A new format is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from credentials.core.data_integrity import DataIntegrity
from credentials.core.errors import UnknownForm
from credentials.core.keys import PublicKey
from credentials.core.mechanism import (
    HeldProof,
    Prepared,
    Presented,
    Proof,
    SecuringMechanism,
    Unsigned,
    VerifiedCredential,
)
from credentials.core.sd_jwt_vc import SdJwtVc
from credentials.core.vc_jwt import VcJwt
from credentials.core.vc_sd_jwt import VcSdJwt

__all__ = [
    "ECDSA_RDFC_2019",
    "EDDSA_RDFC_2022",
    "FORMS",
    "MECHANISMS",
    "SD_JWT_VC",
    "VC_JWT",
    "VC_JWT_PQ",
    "VC_SD_JWT",
    "HeldProof",
    "Prepared",
    "Presented",
    "Proof",
    "SecuringMechanism",
    "Unsigned",
    "VerifiedCredential",
    "issue",
    "recognise",
]

VC_JWT: Final = VcJwt()
VC_JWT_PQ: Final = VcJwt.post_quantum()
EDDSA_RDFC_2022: Final = DataIntegrity.named("eddsa-rdfc-2022")
ECDSA_RDFC_2019: Final = DataIntegrity.named("ecdsa-rdfc-2019")
VC_SD_JWT: Final = VcSdJwt()
SD_JWT_VC: Final = SdJwtVc()

# In the order in which they are tried on what arrives.
_READERS: Final[tuple[SecuringMechanism, ...]] = (VC_JWT, EDDSA_RDFC_2022, SD_JWT_VC, VC_SD_JWT)
_WRITERS: Final[tuple[SecuringMechanism, ...]] = (
    VC_JWT,
    VC_JWT_PQ,
    EDDSA_RDFC_2022,
    ECDSA_RDFC_2019,
    DataIntegrity.named("eddsa-jcs-2022"),
    DataIntegrity.named("ecdsa-jcs-2019"),
    VC_SD_JWT,
    SD_JWT_VC,
)

FORMS: Final[Mapping[str, SecuringMechanism]] = MappingProxyType({reader.form: reader for reader in _READERS})
"""Who reads what, by the name of the form."""
MECHANISMS: Final[Mapping[str, SecuringMechanism]] = MappingProxyType({writer.name: writer for writer in _WRITERS})
"""Every way to sign, by its own name."""


def recognise(data: bytes) -> SecuringMechanism:
    """The mechanism that reads the form of `data`. Raises UnknownForm."""
    for mechanism in _READERS:
        if mechanism.recognises(data):
            return mechanism
    raise UnknownForm("not a credential in a form we know")


def issue(
    unsigned: bytes,
    *,
    sign: Callable[[bytes], bytes],
    key: PublicKey,
    verification_method: str,
    created: datetime,
    mechanism: str = VC_JWT.name,
    entropy: bytes = b"",
) -> bytes:
    """A secured form of the unsigned credential in `unsigned`, read back and verified before it is handed over.

    `sign` gives the raw signature (Ed25519 64 bytes, ES256 r‖s) over the exact bytes it gets; `key` is its public key,
    which verifiers find under `verification_method`. `entropy` (at least 16 random bytes) is needed by mechanisms that
    salt. Nothing is recorded: the issuing service keeps intents, status entries and keys around this. Raises what
    `SecuringMechanism.unsigned`, `prepare` and `verify` raise, and KeyError for a mechanism that is not in
    `MECHANISMS`.
    """
    chosen = MECHANISMS[mechanism]
    prepared = chosen.prepare(
        chosen.unsigned(unsigned),
        verification_method=verification_method,
        algorithm=key.algorithm,
        created=created,
        entropy=entropy,
    )
    secured = chosen.assemble(prepared, sign(prepared.signing_input))
    chosen.verify(chosen.read(secured), key)
    return secured
