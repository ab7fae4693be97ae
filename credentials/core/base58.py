"""base58btc, as multibase uses it for keys and proofs (Controlled Identifiers 1.0 section 2.4). For short values only.

A value is one number in base 58. Its digits are handled two at a time, for there are few pairs, and five pairs at a
time, for these fit a machine word.
"""

from __future__ import annotations

from typing import Final

from credentials.core.errors import NotBase58

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS: Final = tuple([first + second for first in _ALPHABET for second in _ALPHABET])
_NO_DIGIT: Final = b"\xff"
_DIGITS: Final = bytes([_ALPHABET.find(chr(code)) & 0xFF for code in range(256)])
"""By the code of a character: its value, or `_NO_DIGIT`."""

_PAIR: Final = 58**2
_WORD: Final = _PAIR**5
_WORD_DIGITS: Final = 10
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
    # Leading ones count for nothing in the number: they fill the first word.
    filled = "1" * (-len(text) % _WORD_DIGITS) + text
    digits = filled.encode("latin-1", "replace").translate(_DIGITS)
    if _NO_DIGIT in digits:
        raise NotBase58(f"{text[digits.index(_NO_DIGIT) - len(filled)]!r} is not in the alphabet")
    pairs = iter([first * 58 + second for first, second in zip(digits[::2], digits[1::2], strict=True)])
    number = 0
    for a, b, c, d, e in zip(pairs, pairs, pairs, pairs, pairs, strict=True):
        number = number * _WORD + (((a * _PAIR + b) * _PAIR + c) * _PAIR + d) * _PAIR + e
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
