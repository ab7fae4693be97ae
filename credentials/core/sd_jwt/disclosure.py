"""One disclosure: a salt, a name where it is a member of an object, and a value (RFC 9901 section 4.2).

Its digest is over the characters that were sent, never over its values written again: many texts say the same JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256, sha384, sha512
from types import MappingProxyType
from typing import Any, Final

import msgspec

from credentials.core import base64url, strict_json
from credentials.core.errors import BadDisclosure, DisclosureNameReserved, HashRefused, NotJson

MAX_DISCLOSURE_BYTES: Final = 256 * 1024
DEFAULT_HASH: Final = "sha-256"
DIGESTS: Final = "_sd"
HASH_NAME: Final = "_sd_alg"
ELEMENT: Final = "..."
RESERVED: Final = frozenset({DIGESTS, HASH_NAME, ELEMENT})

_HASHES: Final[Mapping[str, Callable[[bytes], Any]]] = MappingProxyType(
    {DEFAULT_HASH: sha256, "sha-384": sha384, "sha-512": sha512}
)


class Disclosure(msgspec.Struct, frozen=True):
    """A disclosure taken apart. `encoded` is its text as sent; `name` is None for an element of an array.

    `plain`: there is certainly no digest and no reserved name inside its value, so it need not be searched.
    """

    encoded: bytes
    salt: str
    name: str | None
    value: Any
    plain: bool = False


def read_disclosures(encoded: Sequence[bytes]) -> tuple[Disclosure, ...]:
    """The disclosures in the parts between tildes (sections 4.2.1, 4.2.2).

    Raises NotBase64Url, BadDisclosure, DisclosureNameReserved (also for `_sd_alg`, which the RFC leaves open: inserted
    at the top it would change how the rest is read), and the errors of `strict_json`.
    """
    texts = [base64url.decode(one) for one in encoded]
    try:
        arrays = strict_json.parse_arrays(texts, max_bytes=MAX_DISCLOSURE_BYTES)
    except NotJson as err:
        raise BadDisclosure(err.detail) from None
    # Most are plain, and all together are looked through in less time than one after the other.
    if _is_plain(b"".join(texts)):
        return tuple([_disclosure(*one, True) for one in zip(encoded, arrays, strict=True)])
    plain = map(_is_plain, texts)
    return tuple([_disclosure(*one) for one in zip(encoded, arrays, plain, strict=True)])


def _is_plain(text: bytes) -> bool:
    """Whether there is certainly no digest and no reserved name in this JSON."""
    return b'"_sd' not in text and b'"..."' not in text and not strict_json.has_escapes(text)


def _disclosure(encoded: bytes, parts: list[Any], plain: bool) -> Disclosure:
    name = None
    if len(parts) == 3:
        name = parts[1]
        if type(name) is not str:
            raise BadDisclosure("the name is not a text")
        if name in RESERVED:
            raise DisclosureNameReserved(f"{name!r}")
    elif len(parts) != 2:
        raise BadDisclosure(f"an array of {len(parts)} elements, not two or three")
    if type(parts[0]) is not str:
        raise BadDisclosure("the salt is not a text")
    return Disclosure(encoded, parts[0], name, parts[-1], plain)


def write_disclosure(salt: str, value: object, name: str | None = None) -> Disclosure:
    """A disclosure of a member `name`, or of an element of an array."""
    parts = (salt, value) if name is None else (salt, name, value)
    return Disclosure(base64url.encode_bytes(strict_json.dump(parts)), salt, name, value)


def digest_of(encoded: bytes, algorithm: str = DEFAULT_HASH) -> str:
    """The digest of some ASCII text under an `_sd_alg` (section 4.2.3), in base64url. Raises HashRefused."""
    return base64url.encode(hash_named(algorithm)(encoded).digest())


def hash_named(algorithm: str) -> Callable[[bytes], Any]:
    """The hash of this name (section 4.1.1). Raises HashRefused."""
    hashing = _HASHES.get(algorithm)
    if hashing is None:
        raise HashRefused(f"{algorithm[:40]!r}", where=HASH_NAME)
    return hashing
