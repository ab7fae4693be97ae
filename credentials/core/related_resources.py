"""Digests that a credential states of other resources (VC Data Model 2.0 section 5.3).

A digest stands in a `relatedResource`, or in any other object that has an `id`. It is compared with what is at hand;
what is not at hand is named, never fetched: a resource's server would learn where and when a credential is verified.

Accepted: `digestSRI` as in Subresource Integrity (section 3.5: of several expressions the strongest algorithm counts),
`digestMultibase` as a multihash in base64url (`u`) or base58btc (`z`); SHA-256, SHA-384 and SHA-512.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from credentials.core import base58, base64url
from credentials.core.errors import CredentialError, MalformedRelatedResource, RelatedResourceDiffers
from credentials.core.object_identity import every_object
from credentials.core.strict_json import Said, Written, has_escapes, may_have

MAX_RESOURCES: Final = 64
"""Objects with a digest in one credential."""
MAX_EXPRESSION: Final = 1024
"""Characters of one digestSRI or digestMultibase."""

DigestOf = Callable[[str, str], bytes | None]
"""From a resource's id and an algorithm (`sha256`, `sha384`, `sha512`) to its digest; None if it is not at hand."""

_LENGTHS: Final[Mapping[str, int]] = {"sha256": 32, "sha384": 48, "sha512": 64}
# Multicodec codes of the hash functions; each is below 128, so its varint is one byte.
_MULTIHASHES: Final[Mapping[int, str]] = {0x12: "sha256", 0x20: "sha384", 0x13: "sha512"}
_SRI: Final = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]{43,86}={0,2})(?:\?[\x21-\x7e]*)?")
_MEMBERS: Final = ("digestSRI", "digestMultibase")


class StatedDigest(msgspec.Struct, frozen=True):
    """One of these digests, all of one algorithm, must be the resource's."""

    algorithm: str
    values: frozenset[bytes]


class StatedResource(msgspec.Struct, frozen=True):
    """A resource by its address; each of `digests` must fit it."""

    id: str
    digests: tuple[StatedDigest, ...]


def may_state_digests(said: Said, written: bytes) -> bool:
    """Whether looking closer is worth it. `written` is JSON that has all of what is `said` in it.

    A name without escapes is found in the bytes; a document that may have names with escapes is looked through.
    """
    if b'"digest' in written or may_have(said, "relatedResource"):
        return True
    return not isinstance(said, Written) and has_escapes(written)


def stated_resources(document: Mapping[str, Any]) -> tuple[StatedResource, ...]:
    """Every resource that the document states a digest of, in the order in which they stand.

    Raises MalformedRelatedResource for a `relatedResource` without id or digest or with an id that stands there twice,
    a digest without an id beside it, a digest of another algorithm or form, and for more than `MAX_RESOURCES`.
    """
    related = _related(document)
    found = [_stated(node) for node in every_object(document) if id(node) in related or _has_digest(node)]
    if len(found) > MAX_RESOURCES:
        raise MalformedRelatedResource(f"more than {MAX_RESOURCES} resources", where="/relatedResource")
    return tuple(found)


def not_at_hand(stated: tuple[StatedResource, ...], digest_of: DigestOf) -> tuple[str, ...]:
    """The ids of those that cannot be compared, once each. Raises RelatedResourceDiffers for the first that differs."""
    return tuple(dict.fromkeys(one.id for one in stated if not fits(one, digest_of)))


def fits(stated: StatedResource, digest_of: DigestOf) -> bool:
    """Whether the resource is at hand and all its digests fit. Raises RelatedResourceDiffers if one does not."""
    complete = True
    for digest in stated.digests:
        value = digest_of(stated.id, digest.algorithm)
        if value is not None and value not in digest.values:
            raise RelatedResourceDiffers(f"the {digest.algorithm} digest is another", where=stated.id[:200])
        complete = complete and value is not None
    return complete


def digests_of(at_hand: Mapping[str, bytes]) -> DigestOf:
    """Digests of what is handed in: bytes by their address."""

    def digest_of(name: str, algorithm: str) -> bytes | None:
        return hashlib.new(algorithm, at_hand[name]).digest() if name in at_hand else None

    return digest_of


def _related(document: Mapping[str, Any]) -> set[int]:
    """Which objects are related resources, by identity."""
    if "relatedResource" not in document:
        return set()
    entries = document["relatedResource"]
    listed = entries if isinstance(entries, list) else [entries]
    names = [entry.get("id") for entry in listed if isinstance(entry, dict)]
    if not listed or len(names) != len(listed):
        raise MalformedRelatedResource("not one or more objects", where="/relatedResource")
    if len({name for name in names if isinstance(name, str)}) != len(names):
        raise MalformedRelatedResource("an id is missing or stands there twice", where="/relatedResource")
    return {id(entry) for entry in listed}


def _has_digest(node: Mapping[str, Any]) -> bool:
    return "digestSRI" in node or "digestMultibase" in node


def _stated(node: Mapping[str, Any]) -> StatedResource:
    name = node.get("id")
    if not isinstance(name, str) or ":" not in name:
        raise MalformedRelatedResource("a digest of something without an address", where="/relatedResource")
    readers = {"digestSRI": _sri, "digestMultibase": _multihash}
    digests = tuple(readers[member](_text(node, member)) for member in _MEMBERS if member in node)
    if not digests:
        raise MalformedRelatedResource("neither digestSRI nor digestMultibase", where=name[:200])
    return StatedResource(name, digests)


def _text(node: Mapping[str, Any], member: str) -> str:
    value = node[member]
    if not isinstance(value, str) or len(value) > MAX_EXPRESSION:
        raise MalformedRelatedResource("not a text, or a very long one", where=member)
    return value


def _sri(text: str) -> StatedDigest:
    """Subresource Integrity section 3.3.4: the strongest algorithm counts, and any of its digests will do."""
    expressions = [_SRI.fullmatch(part) for part in text.split()]
    pairs = [(match[1], match[2]) for match in expressions if match is not None]
    if not pairs or len(pairs) != len(expressions):
        raise MalformedRelatedResource("not sha256-, sha384- or sha512- and a digest in base64", where="digestSRI")
    strongest = max((name for name, _ in pairs), key=_LENGTHS.__getitem__)
    return StatedDigest(strongest, frozenset(_base64(value, strongest) for name, value in pairs if name == strongest))


def _base64(text: str, algorithm: str) -> bytes:
    try:
        value = b64decode(text, validate=True)
    except NotBase64:
        raise MalformedRelatedResource("not base64", where="digestSRI") from None
    return _sized(value, algorithm, "digestSRI")


def _multihash(text: str) -> StatedDigest:
    """Controlled Identifiers 1.0 sections 2.4 and 2.5: code, length, digest."""
    decoders = {"u": base64url.decode, "z": base58.decode}
    if text[:1] not in decoders:
        raise MalformedRelatedResource("a multibase value here starts with u or z", where="digestMultibase")
    try:
        data = decoders[text[0]](text[1:])
    except CredentialError as err:
        raise MalformedRelatedResource(err.detail, where="digestMultibase") from None
    algorithm = _MULTIHASHES.get(data[0] if data else 0)
    if algorithm is None or data[1:2] != bytes((_LENGTHS[algorithm],)):
        raise MalformedRelatedResource("not a multihash of SHA-256, SHA-384 or SHA-512", where="digestMultibase")
    return StatedDigest(algorithm, frozenset((_sized(data[2:], algorithm, "digestMultibase"),)))


def _sized(value: bytes, algorithm: str, member: str) -> bytes:
    if len(value) != _LENGTHS[algorithm]:
        raise MalformedRelatedResource(f"a {algorithm} digest has {_LENGTHS[algorithm]} bytes", where=member)
    return value
