"""base58btc, as multibase uses it for keys and proofs (Controlled Identifiers 1.0 section 2.4). For short values only.

A value is one number in base 58. It is written five pairs of digits at a time, for these fit a machine word, and read
by joining neighbours, all of them at once: digits to pairs, pairs to fours, until one number is left.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from credentials.core.errors import NotBase58

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS: Final = tuple([first + second for first in _ALPHABET for second in _ALPHABET])
_NO_DIGIT: Final = b"\xff"
_DIGITS: Final = bytes([_ALPHABET.find(chr(code)) & 0xFF for code in range(256)])
"""By the code of a character: its value, or `_NO_DIGIT`."""

_PAIR: Final = 58**2
_WORD: Final = _PAIR**5
MAX_CHARS: Final = 1800
"""An ML-DSA-44 Multikey has 1,795 characters after its z; reading takes time with the square of the length."""


def encode(data: bytes) -> str:
    """`data` in base58btc, each leading zero byte as a leading `1`."""
    number = int.from_bytes(data, "big")
    text = ""
    while number:
        number, word = divmod(number, _WORD)
        word, e = divmod(word, _PAIR)
        word, d = divmod(word, _PAIR)
        word, c = divmod(word, _PAIR)
        a, b = divmod(word, _PAIR)
        text = f"{_PAIRS[a]}{_PAIRS[b]}{_PAIRS[c]}{_PAIRS[d]}{_PAIRS[e]}{text}"
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + text.lstrip("1")


def decode(text: str) -> bytes:
    """The bytes behind `text`. Raises NotBase58 for other characters or more than `MAX_CHARS` of them."""
    if len(text) > MAX_CHARS:
        raise NotBase58(f"more than {MAX_CHARS} characters")
    digits = text.encode("latin-1", "replace").translate(_DIGITS)
    if _NO_DIGIT in digits:
        raise NotBase58(f"{text[digits.index(_NO_DIGIT)]!r} is not in the alphabet")
    number = int.from_bytes(digits, "big")
    for width, lower, weight in _joins(max(len(text) - 1, 0).bit_length()):
        number = (number >> width & lower) * weight + (number & lower)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


@cache
def _joins(times: int) -> tuple[tuple[int, int, int], ...]:
    """How 2**`times` digits, a byte each, become one number: bits in a field, a mask of every second, what one counts.

    A field is wide enough for what is joined in it: 58**n is less than 256**n.
    """
    return tuple([_join(1 << join, (1 << times) // (2 << join)) for join in range(times)])


def _join(digits: int, pairs: int) -> tuple[int, int, int]:
    width = 8 * digits
    lower = sum((1 << width) - 1 << 2 * width * pair for pair in range(pairs))
    return width, lower, 58**digits
