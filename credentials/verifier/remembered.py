"""What follows from the bytes of a credential and its keys alone, and so need not be worked out again.

A credential that was taken apart, whose proofs held under these very keys, and which keeps to its data model and
profile, does so whenever the same bytes come with the same keys. Nothing else is kept: who the keys belong to, whether
they may still sign, the time, the occasion, the status and the trust are asked anew at every verification. Only what
held is kept, so nobody's rubbish takes a place.
"""

from __future__ import annotations

from typing import Final

import msgspec

from credentials.core.keys import PublicKey
from credentials.core.securing import Presented, VerifiedCredential
from credentials.verifier.cache import BoundedCache
from credentials.verifier.proofs import ProofView

MAX_ENTRIES: Final = 4096
MAX_WEIGHT: Final = 64 << 20

_FOLD: Final = 8
"""How much more than its own bytes a credential takes once it is taken apart, near enough."""


class Held(msgspec.Struct, frozen=True):
    """A credential that held under `keys`. `is_badge`: it claims the Open Badges profile, and keeps it."""

    presented: Presented
    keys: tuple[PublicKey | None, ...]
    verified: VerifiedCredential
    proofs: tuple[ProofView, ...]
    is_badge: bool


_HELD: Final[BoundedCache[bytes, Held]] = BoundedCache(max_entries=MAX_ENTRIES, max_weight=MAX_WEIGHT)


def recall(secured: bytes) -> Held | None:
    """What is known of exactly these bytes."""
    return _HELD.get(secured)


def remember(secured: bytes, held: Held) -> None:
    """Keep what held, for as long as there is room."""
    _HELD.put(secured, held, weight=_FOLD * len(secured))
