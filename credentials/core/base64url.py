"""base64url without padding, in its one canonical form (RFC 4648 sections 3.5 and 5; RFC 7515 section 2)."""

from __future__ import annotations

from typing import Final

import pybase64

from credentials.core.errors import NotBase64Url

_ALPHABET: Final = b"-_"
"""The characters in the place of `+` and `/`."""
_PLUS, _SLASH = b"+/"
# The last character of a group carries 4 or 2 bits that must be zero; these are the characters where they are.
# One character alone carries no byte.
_LAST: Final = (frozenset[int](), frozenset[int](), frozenset(b"AQgw"), frozenset(b"AEIMQUYcgkosw048"))
# An equals sign anywhere but at the end is refused by the decoder itself.
_PADDING: Final = (b"", b"", b"==", b"=")


def encode(data: bytes) -> str:
    """`data` in base64url without padding."""
    return pybase64.b64encode_as_string(data, _ALPHABET).rstrip("=")


def encode_bytes(data: bytes) -> bytes:
    """`data` in base64url without padding, as ASCII bytes."""
    return pybase64.b64encode(data, _ALPHABET).rstrip(b"=")


def decode(text: str | bytes) -> bytes:
    """The bytes behind `text`.

    Raises NotBase64Url for padding, white space, characters of another alphabet, an impossible length, and spare bits
    that are not zero: each value has exactly one text.
    """
    if isinstance(text, str):
        if not text.isascii():
            raise NotBase64Url("a character outside the alphabet")
        text = text.encode("ascii")
    left = len(text) % 4
    if left and text[-1] not in _LAST[left]:
        raise NotBase64Url("the last character carries bits of no byte")
    # Asked for as numbers they are found in an eighth of the time.
    if _PLUS in text or _SLASH in text or (not left and text.endswith(b"=")):
        raise NotBase64Url("a character outside the alphabet")
    try:
        return pybase64.b64decode(text + _PADDING[left], _ALPHABET, True)
    except ValueError:
        raise NotBase64Url("a character outside the alphabet") from None
