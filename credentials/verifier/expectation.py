"""What a verifier asked for before it was shown a proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Expectation:
    """The `domain` and the `challenge` that proofs must have been made for; None means that they may name none.

    W3C VC Data Integrity 1.0 section 2.1; in a key binding of an SD-JWT they are `aud` and `nonce` (RFC 9901
    section 4.3).
    """

    domain: str | None = None
    challenge: str | None = None


NOTHING_EXPECTED: Final = Expectation()
