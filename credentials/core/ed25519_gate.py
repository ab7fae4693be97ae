"""Which Ed25519 public keys are good for anything (the strict set of "Taming the many EdDSAs", 2020, section 3).

With a key of small order one constant signature verifies every message; a key that is not canonical has a second
spelling. Both are refused here, where a key enters; libsodium refuses the same for each signature's R and S.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from nacl.bindings import crypto_core_ed25519_add

from credentials.core.errors import BadKey, WeakKey

KEY_BYTES: Final = 32
_PRIME: Final = 2**255 - 19
_Y_MASK: Final = 2**255 - 1
# The y of every point whose order divides 8: 1, -1, 0 and the two of order 8. The sign bit does not matter.
_ORDER_EIGHT_Y: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER_Y: Final = frozenset({0, 1, _PRIME - 1, _ORDER_EIGHT_Y, _PRIME - _ORDER_EIGHT_Y})
_BASE_POINT: Final = bytes([0x58]) + bytes([0x66]) * 31


@lru_cache(maxsize=1024)
def require_strict_key(raw: bytes) -> bytes:
    """`raw` itself. Raises BadKey unless 32 bytes; WeakKey if of small order, not canonical or off the curve."""
    if len(raw) != KEY_BYTES:
        raise BadKey(f"an Ed25519 key has {KEY_BYTES} bytes, not {len(raw)}")
    y = int.from_bytes(raw, "little") & _Y_MASK
    if y >= _PRIME:
        raise WeakKey("the Ed25519 key is not in canonical form")
    if y in _SMALL_ORDER_Y:
        raise WeakKey("the Ed25519 key has small order: anyone could sign with it")
    try:
        crypto_core_ed25519_add(raw, _BASE_POINT)
    except RuntimeError:
        raise WeakKey("the Ed25519 key is not a point of the curve") from None
    return raw
