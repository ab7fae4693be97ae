"""base58btc, as multibase uses it for keys (Controlled Identifiers 1.0 section 2.4). For short values only."""

from __future__ import annotations

from typing import Final

from credentials.core.errors import NotBase58

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES: Final = {char: value for value, char in enumerate(_ALPHABET)}
MAX_CHARS: Final = 1800
"""An ML-DSA-44 Multikey has 1,795 characters after its z; reading takes time with the square of the length."""


def encode(data: bytes) -> str:
    """`data` in base58btc, each leading zero byte as a leading `1`."""
    number = int.from_bytes(data, "big")
    digits: list[str] = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(digits))


def decode(text: str) -> bytes:
    """The bytes behind `text`. Raises NotBase58 for other characters or more than `MAX_CHARS` of them."""
    if len(text) > MAX_CHARS:
        raise NotBase58(f"more than {MAX_CHARS} characters")
    number = 0
    for char in text:
        if char not in _VALUES:
            raise NotBase58(f"{char!r} is not in the alphabet")
        number = number * 58 + _VALUES[char]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
