"""(17) holder-binding: whether whoever shows an SD-JWT proved, for this occasion, to hold it (RFC 9901 section 7.3).

A holder's signature at the end was checked with the issuer's: one that does not hold spoils the whole. What is asked
here is whether it was made for us. Nobody who asked for nothing is told more than that it is there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from credentials.core.errors import KeyBindingMissing
from credentials.core.sd_jwt.key_binding import KeyBinding, check_key_binding
from credentials.core.sd_jwt.serialised import SdJwt
from credentials.core.securing import SD_JWT_VC, VC_SD_JWT, Presented
from credentials.core.vc_sd_jwt import shown_of
from credentials.verifier.checks import Finding, Outcome
from credentials.verifier.expectation import NOTHING_EXPECTED, Expectation

SELECTIVE_FORMS: Final = frozenset({VC_SD_JWT.form, SD_JWT_VC.form})

_NOT_ASKED: Final = "Signed by its holder too; for whom and when was not asked."


def holder_binding(presented: Presented, expects: Expectation, now: datetime) -> Finding | None:
    """What became of the holder's proof; None where there is none and none was asked for.

    Raises KeyBindingMissing, also for a question that has only half of what a holder signs, and KeyBindingMismatch.
    """
    sd_jwt: SdJwt = shown_of(presented.proofs[0]).sd_jwt
    if expects == NOTHING_EXPECTED:
        return None if sd_jwt.key_binding is None else Finding(Outcome.NOT_APPLICABLE, _NOT_ASKED)
    if expects.domain is None or expects.challenge is None:
        raise KeyBindingMissing("a holder signs for a domain and a challenge; only one of them was asked for")
    check_key_binding(sd_jwt, KeyBinding(expects.domain, expects.challenge), now)
    return Finding(Outcome.PASSED)
