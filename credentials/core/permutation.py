"""A keyed bijection on range(size): consecutive positions give random-looking, never repeating indexes.

A counter says how many status entries were allotted; the permutation says which. So allotting needs no search for a
free index and two counters that differ can never meet, while the order of issuing stays hidden (Bitstring Status
List 1.0 section 6.1: indexes are to be assigned at random).
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

ROUNDS: Final = 8


def permuted(seed: bytes, position: int, size: int) -> int:
    """The index at `position`; both in range(size). Raises ValueError outside, or for a seed not of 16 to 64 bytes.

    A balanced Feistel network on the next even number of bits, walked until it lands inside the range.
    """
    if not 0 <= position < size:
        raise ValueError(f"position {position} is outside 0..{size - 1}")
    if not 16 <= len(seed) <= 64:
        raise ValueError("the seed must have 16 to 64 bytes")
    half = max(1, ((size - 1).bit_length() + 1) // 2)
    index = _feistel(seed, position, half)
    while index >= size:
        index = _feistel(seed, index, half)
    return index


def _feistel(seed: bytes, value: int, half: int) -> int:
    mask = (1 << half) - 1
    left, right = value >> half, value & mask
    for turn in range(ROUNDS):
        digest = blake2b(right.to_bytes(8, "big") + bytes((turn, half)), key=seed, digest_size=8).digest()
        left, right = right, left ^ (int.from_bytes(digest, "big") & mask)
    return left << half | right
