"""The securing mechanisms we have, by name. A new format is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from credentials.core.errors import UnknownForm
from credentials.core.keys import PublicKey
from credentials.core.mechanism import Prepared, Presented, SecuringMechanism, VerifiedCredential
from credentials.core.vc_jwt import VcJwt

__all__ = [
    "MECHANISMS",
    "VC_JWT",
    "Prepared",
    "Presented",
    "SecuringMechanism",
    "VerifiedCredential",
    "issue",
    "recognise",
]

VC_JWT: Final = VcJwt()
MECHANISMS: Final[Mapping[str, SecuringMechanism]] = MappingProxyType({VC_JWT.name: VC_JWT})


def recognise(data: bytes) -> SecuringMechanism:
    """The mechanism whose form `data` has. Raises UnknownForm."""
    for mechanism in MECHANISMS.values():
        if mechanism.recognises(data):
            return mechanism
    raise UnknownForm("not a signed token")


def issue(
    unsigned: bytes,
    *,
    sign: Callable[[bytes], bytes],
    key: PublicKey,
    verification_method: str,
    created: datetime,
    mechanism: str = VC_JWT.name,
) -> bytes:
    """A secured form of the unsigned credential in `unsigned`, read back and verified before it is handed over.

    `sign` gives the raw signature (Ed25519 64 bytes, ES256 r‖s) over the exact bytes it gets; `key` is its public key,
    which verifiers find under `verification_method`. Nothing is recorded: the issuing service keeps intents, status
    entries and keys around this. Raises what `SecuringMechanism.prepare` and `verify` raise, and KeyError for a
    mechanism that is not in `MECHANISMS`.
    """
    chosen = MECHANISMS[mechanism]
    prepared = chosen.prepare(
        unsigned, verification_method=verification_method, algorithm=key.algorithm, created=created
    )
    secured = chosen.assemble(prepared, sign(prepared.signing_input))
    chosen.verify(chosen.read(secured), key)
    return secured
