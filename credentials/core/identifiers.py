"""Identifiers that people read, type and scan, in Crockford's base 32 (no I, L, O, U)."""

from __future__ import annotations

import re
from typing import Final

from credentials.core.errors import BadIdentifier

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CREDENTIAL_ID_CHARS: Final = 26
CREDENTIAL_ID_BYTES: Final = 16
SHORT_CODE_CHARS: Final = 10
SHORT_CODE_BYTES: Final = 7

_READ_AS: Final = (
    {char: char for char in ALPHABET}
    | {char.lower(): char for char in ALPHABET}
    | dict(zip("IiLlOo", "111100", strict=True))
)
_PAIRS: Final = tuple(first + second for first in ALPHABET for second in ALPHABET)
_ROW_ID: Final = re.compile("[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}")
_SHORT_CODE_BITS: Final = SHORT_CODE_CHARS * 5


def credential_id(entropy: bytes) -> str:
    """The 26 upper-case characters for 16 random bytes. Raises ValueError for another length."""
    if len(entropy) != CREDENTIAL_ID_BYTES:
        raise ValueError(f"{CREDENTIAL_ID_BYTES} bytes are needed, not {len(entropy)}")
    return _spell(int.from_bytes(entropy, "big"), CREDENTIAL_ID_CHARS)


def parse_credential_id(text: str) -> str:
    """The canonical spelling of a credential's id: case-blind, I and L read as 1, O as 0. Raises BadIdentifier."""
    canonical = _read(text, CREDENTIAL_ID_CHARS)
    if canonical[0] > "7":
        raise BadIdentifier("the first character is too high for 128 bits")
    return canonical


def wanted_id(text: str) -> str:
    """The id of the row that somebody asks for, in capitals; empty, which is no row's, for text that cannot be one.

    Text that cannot be one never reaches a database: some of it (NUL, half of a surrogate pair) a driver cannot carry.
    """
    return text.upper() if _ROW_ID.fullmatch(text) else ""


def short_code(entropy: bytes) -> str:
    """The 10 characters (50 bits) for at least 7 random bytes, of which the first 50 bits count."""
    if len(entropy) < SHORT_CODE_BYTES:
        raise ValueError(f"{SHORT_CODE_BYTES} bytes are needed, not {len(entropy)}")
    number = int.from_bytes(entropy[:SHORT_CODE_BYTES], "big")
    return _spell(number >> (SHORT_CODE_BYTES * 8 - _SHORT_CODE_BITS), SHORT_CODE_CHARS)


def parse_short_code(text: str) -> str:
    """The canonical spelling of a code as someone typed it; spaces and hyphens are skipped. Raises BadIdentifier."""
    if len(text) > 4 * SHORT_CODE_CHARS:
        raise BadIdentifier("too long for a code")
    return _read(text.replace("-", "").replace(" ", ""), SHORT_CODE_CHARS)


def display_code(code: str) -> str:
    """A code in groups, as it is printed: `7KQ2-M9XV-4T`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _spell(number: int, chars: int) -> str:
    """Two characters at a time; `chars` is even."""
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(5 * (chars - 2), -1, -10)])


def _read(text: str, chars: int) -> str:
    if len(text) != chars:
        raise BadIdentifier(f"{chars} characters are needed, not {len(text)}")
    try:
        return "".join([_READ_AS[char] for char in text])
    except KeyError:
        raise BadIdentifier("a character that is not used in identifiers") from None
