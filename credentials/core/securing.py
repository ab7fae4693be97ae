"""The securing mechanisms we have, by name. A new format is one module and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from credentials.core.errors import UnknownForm
from credentials.core.mechanism import Prepared, Presented, SecuringMechanism, VerifiedCredential
from credentials.core.vc_jwt import VcJwt

__all__ = [
    "MECHANISMS",
    "VC_JWT",
    "Prepared",
    "Presented",
    "SecuringMechanism",
    "VerifiedCredential",
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
