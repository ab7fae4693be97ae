"""A keyed bijection on range(size): consecutive positions give random-looking, never repeating indexes.

A counter says how many status entries were allotted; the permutation says which. So allotting needs no search for a
free index and two counters that differ can never meet, while the order of issuing stays hidden (Bitstring Status
List 1.0 section 6.1: indexes are to be assigned at random).
"""

from __future__ import annotations

import struct
from functools import lru_cache
from hashlib import shake_256
from typing import Final

ROUNDS: Final = 8
MAX_SIZE: Final = 2**26


def permuted(seed: bytes, position: int, size: int) -> int:
    """The index at `position`; both in range(size), size at most `MAX_SIZE`.

    A balanced Feistel network on the next even number of bits, walked until it lands inside the range. Raises
    ValueError for a position or size outside, or a seed not of 16 to 64 bytes.
    """
    if not 0 <= position < size <= MAX_SIZE:
        raise ValueError(f"position {position} is outside 0..{size - 1}, or the size beyond {MAX_SIZE}")
    if not 16 <= len(seed) <= 64:
        raise ValueError("the seed must have 16 to 64 bytes")
    half = max(1, ((size - 1).bit_length() + 1) // 2)
    tables = _round_tables(seed, half)
    index = _feistel(tables, position, half)
    while index >= size:
        index = _feistel(tables, index, half)
    return index


def _feistel(tables: tuple[tuple[int, ...], ...], value: int, half: int) -> int:
    left, right = value >> half, value & ((1 << half) - 1)
    for table in tables:
        left, right = right, left ^ table[right]
    return left << half | right


@lru_cache(maxsize=32)
def _round_tables(seed: bytes, half: int) -> tuple[tuple[int, ...], ...]:
    """For each round the value of its function at every half, drawn from the seed at once: half is a few bits only."""
    count = 1 << half
    stream = shake_256(bytes((half, len(seed))) + seed).digest(ROUNDS * count * 2)
    drawn = struct.unpack(f"<{ROUNDS * count}H", stream)
    return tuple(tuple(value & (count - 1) for value in drawn[turn * count :][:count]) for turn in range(ROUNDS))
