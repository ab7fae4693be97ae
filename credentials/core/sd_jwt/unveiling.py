"""From what the issuer signed and what the holder sent to the processed payload (RFC 9901 section 7.1, step 3).

- Each digest stands in one place, and each disclosure is sent once.
- A digest without a disclosure is a decoy or was left out: it leaves no trace.
- A disclosure takes the place of its digest, never that of anything said in the open, and is searched in its turn.
- A disclosure without a place is told apart, for the caller to refuse: it was not signed.
- `_sd`, `_sd_alg` and `...` have no other meaning anywhere: where they are written otherwise, nothing is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from credentials.core import base64url
from credentials.core.errors import (
    BadDigest,
    BadDisclosure,
    DigestRepeated,
    DisclosureCollision,
    DisclosureUnreferenced,
    TooDeep,
)
from credentials.core.sd_jwt.disclosure import DEFAULT_HASH, DIGESTS, ELEMENT, HASH_NAME, Disclosure, hash_named
from credentials.core.strict_json import DEFAULT_DEPTH

MAX_DIGESTS: Final = 5000

Path = tuple[str, ...]


class Place(msgspec.Struct, frozen=True):
    """Where a disclosure belongs: the members on the way, numbers as the issuer counted an array's elements.

    `inside` is the disclosure that holds its digest, None where what was signed holds it.
    """

    disclosure: Disclosure
    path: Path
    inside: Disclosure | None = None

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer (RFC 6901)."""
        return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in self.path)


class Unveiled(msgspec.Struct, frozen=True):
    """The processed payload, where each disclosure belonged, and those that belonged nowhere."""

    payload: dict[str, Any]
    places: tuple[Place, ...]
    strangers: tuple[Disclosure, ...] = ()


def unveil(payload: Mapping[str, Any], disclosures: Iterable[Disclosure], *, sparse: bool = False) -> Unveiled:
    """Put the disclosures of an issuer's `payload` in their places. The input is not changed.

    `sparse` leaves null where an element of an array was left out, so that the numbers stay the issuer's. Disclosures
    without a place are in `strangers`. Raises HashRefused, BadDigest, BadDisclosure (one of the wrong kind for its
    place), DigestRepeated, DisclosureCollision, TooDeep.
    """
    algorithm = payload.get(HASH_NAME, DEFAULT_HASH)
    if type(algorithm) is not str:
        raise BadDigest("the name of the hash is not a text", where=f"/{HASH_NAME}")
    hashing = hash_named(algorithm)
    by_digest: dict[str, Disclosure] = {}
    for one in disclosures:
        digest = base64url.encode(hashing(one.encoded).digest())
        if digest in by_digest:
            raise DigestRepeated("one disclosure is sent twice")
        by_digest[digest] = one
    unveiling = _Unveiling(by_digest, sparse)
    rest = {name: value for name, value in payload.items() if name != HASH_NAME}
    processed = unveiling.members(rest, (), None)
    return Unveiled(processed, tuple(unveiling.places), tuple(by_digest.values()))


def processed_payload(payload: Mapping[str, Any], disclosures: Iterable[Disclosure]) -> dict[str, Any]:
    """The processed payload. Raises as `unveil`, and DisclosureUnreferenced."""
    unveiled = unveil(payload, disclosures)
    require_no_strangers(unveiled)
    return unveiled.payload


def require_no_strangers(unveiled: Unveiled) -> None:
    """Return if every disclosure had a place (step 5). Raises DisclosureUnreferenced."""
    if unveiled.strangers:
        name = unveiled.strangers[0].name
        raise DisclosureUnreferenced("its digest is not in what was signed", where="" if name is None else name[:80])


class _Unveiling:
    """One walk; `by_digest` loses each disclosure that finds its place."""

    __slots__ = ("_by_digest", "_seen", "_sparse", "places")

    def __init__(self, by_digest: dict[str, Disclosure], sparse: bool) -> None:
        self._by_digest, self._sparse = by_digest, sparse
        self._seen: set[str] = set()
        self.places: list[Place] = []

    def members(self, node: Mapping[str, Any], path: Path, inside: Disclosure | None) -> dict[str, Any]:
        """The object without digests, with what they stood for."""
        if ELEMENT in node or HASH_NAME in node:
            raise BadDigest("a reserved name stands where it has no meaning", where=_at(path))
        if len(path) >= DEFAULT_DEPTH:
            raise _too_deep()
        found: dict[str, Any] = {}
        for name, value in node.items():
            if type(value) is dict:
                found[name] = self.members(value, (*path, name), inside)
            elif type(value) is not list:
                found[name] = value
            elif name != DIGESTS:
                found[name] = self._elements(value, (*path, name), inside)
        if DIGESTS in node:
            for digest in _digests(node[DIGESTS], path):
                self._add_member(found, digest, path, inside)
        return found

    def _disclosed(self, one: Disclosure, path: Path) -> Any:
        """The value of a disclosure that is not plain, with its own digests replaced."""
        if type(one.value) is dict:
            return self.members(one.value, path, one)
        return self._elements(one.value, path, one) if type(one.value) is list else one.value

    def _add_member(self, found: dict[str, Any], digest: str, path: Path, inside: Disclosure | None) -> None:
        one = self._take(digest, path)
        if one is None:
            return
        if one.name is None:
            raise BadDisclosure("an element of an array in the place of a member", where=_at(path))
        if one.name in found:
            raise DisclosureCollision(f"{one.name[:80]!r} is there already", where=_at(path))
        at = (*path, one.name)
        self.places.append(Place(one, at, inside))
        found[one.name] = one.value if one.plain else self._disclosed(one, at)

    def _elements(self, nodes: list[Any], path: Path, inside: Disclosure | None) -> list[Any]:
        if len(path) >= DEFAULT_DEPTH:
            raise _too_deep()
        found: list[Any] = []
        for number, node in enumerate(nodes):
            if type(node) not in _CONTAINERS:
                found.append(node)
                continue
            at = (*path, str(number))
            if type(node) is list:
                found.append(self._elements(node, at, inside))
                continue
            if ELEMENT not in node:
                found.append(self.members(node, at, inside))
                continue
            if len(node) != 1 or type(node[ELEMENT]) is not str:
                raise BadDigest("an element's digest is not one text", where=_at(at))
            one = self._take(node[ELEMENT], at)
            if one is None:
                if self._sparse:
                    found.append(None)
                continue
            if one.name is not None:
                raise BadDisclosure("a member in the place of an element of an array", where=_at(at))
            self.places.append(Place(one, at, inside))
            found.append(one.value if one.plain else self._disclosed(one, at))
        return found

    def _take(self, digest: str, path: Path) -> Disclosure | None:
        """The disclosure of a digest, met for the first time; None for a decoy or what was left out."""
        if digest in self._seen:
            raise DigestRepeated("one digest stands in two places", where=_at(path))
        if len(self._seen) >= MAX_DIGESTS:
            raise BadDigest(f"more than {MAX_DIGESTS} digests", where=_at(path))
        self._seen.add(digest)
        return self._by_digest.pop(digest, None)


_CONTAINERS: Final = (dict, list)


def _too_deep() -> TooDeep:
    return TooDeep(f"more than {DEFAULT_DEPTH} levels with its disclosures in place")


def _digests(listed: object, path: Path) -> list[str]:
    if type(listed) is not list or [one for one in listed if type(one) is not str]:
        raise BadDigest("not a list of texts", where=f"{_at(path)}/{DIGESTS}")
    return listed


def _at(path: Path) -> str:
    return "".join(f"/{step[:40]}" for step in path)[:200]
