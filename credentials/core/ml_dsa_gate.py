"""Which ML-DSA-44 public keys are good for anything (FIPS 204).

Every 1,312 bytes decode to a key, also those whose t is next to nothing: then c·t vanishes in the verification of FIPS
204 algorithm 8 (line 9), so anyone can sign any message by answering z = 0. OpenSSL verifies such signatures. An
honest t is spread over all of Z_q: of its 1,024 coefficients about one in sixteen is as close to 0 as is counted here,
and that half of them are has no chance at all.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from credentials.core.errors import BadKey, WeakKey

KEY_BYTES: Final = 1312
_SEED_BYTES: Final = 32
_COEFFICIENTS: Final = 1024
_BITS: Final = 10
_NEAR: Final = 32
"""t1 counts steps of 2^13 around a ring of 1,023: 0 and 1,023 are both next to nothing modulo q = 8,380,417."""


@lru_cache(maxsize=256)
def require_sound_key(raw: bytes) -> bytes:
    """`raw` itself. Raises BadKey unless it has 1,312 bytes; WeakKey if anyone could sign with it."""
    if len(raw) != KEY_BYTES:
        raise BadKey(f"an ML-DSA-44 key has {KEY_BYTES} bytes, not {len(raw)}")
    packed = int.from_bytes(raw[_SEED_BYTES:], "little")
    near = sum(_is_near_nothing(packed >> place & 1023) for place in range(0, _BITS * _COEFFICIENTS, _BITS))
    if near > _COEFFICIENTS // 2:
        raise WeakKey("the ML-DSA-44 key is next to nothing: anyone could sign with it")
    return raw


def _is_near_nothing(coefficient: int) -> bool:
    return coefficient < _NEAR or coefficient > 1023 - _NEAR
