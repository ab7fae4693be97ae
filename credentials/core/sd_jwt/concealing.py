"""From a payload and the places that may be left out to what is signed and what goes beside it (RFC 9901 section 4.2).

Salts and decoys follow from `entropy` alone, so that whoever resumes after a crash makes the same bytes again. Each
salt has 128 bits of its own (section 9.3); a digest says nothing without it. Digests stand in the order of their text,
never in that of the members they stand for (section 4.2.4.1).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from credentials.core import base64url
from credentials.core.errors import NothingToHide
from credentials.core.sd_jwt.disclosure import (
    DEFAULT_HASH,
    DIGESTS,
    ELEMENT,
    HASH_NAME,
    RESERVED,
    Disclosure,
    digest_of,
    write_disclosure,
)

MIN_ENTROPY_BYTES: Final = 16
_SALT_BYTES: Final = 16


class Concealed(msgspec.Struct, frozen=True):
    """What is signed, and the disclosures of all that it hides; those inside others stand before them."""

    payload: dict[str, Any]
    disclosures: tuple[Disclosure, ...]


def conceal(payload: Mapping[str, Any], pointers: Iterable[str], *, entropy: bytes, decoys: int = 0) -> Concealed:
    """`payload` with digests in the place of what the JSON `pointers` name: members of objects, elements of arrays.

    A pointer below another makes a disclosure inside a disclosure. `decoys` digests of nothing are added to every
    object that has digests, so that their number tells less. `entropy`: at least 16 random bytes, used once. Raises
    NothingToHide for a pointer without a place or one named twice, and for members with reserved names; ValueError for
    too little entropy.
    """
    if len(entropy) < MIN_ENTROPY_BYTES:
        raise ValueError(f"at least {MIN_ENTROPY_BYTES} random bytes are needed")
    concealing = _Concealing(_tree(pointers), entropy, decoys)
    hidden = concealing.value(dict(payload), concealing.tree, "")
    return Concealed(hidden | {HASH_NAME: DEFAULT_HASH}, tuple(concealing.disclosures))


class _Node:
    """A place on the way to what shall be hidden; `hide` if it is such a place itself."""

    __slots__ = ("below", "hide")

    def __init__(self) -> None:
        self.below: dict[str, _Node] = {}
        self.hide = False


def _tree(pointers: Iterable[str]) -> _Node:
    root = _Node()
    for pointer in pointers:
        if not pointer.startswith("/"):
            raise NothingToHide("not a JSON pointer to a part", where=pointer[:80])
        node = root
        for step in pointer[1:].split("/"):
            node = node.below.setdefault(step.replace("~1", "/").replace("~0", "~"), _Node())
        if node.hide:
            raise NothingToHide("it is named twice", where=pointer[:80])
        node.hide = True
    return root


class _Concealing:
    """One walk, from the innermost places outwards."""

    def __init__(self, tree: _Node, entropy: bytes, decoys: int) -> None:
        self.tree = tree
        self.disclosures: list[Disclosure] = []
        self._entropy, self._decoys = entropy, decoys
        self._drawn = 0

    def value(self, value: Any, node: _Node, at: str) -> Any:
        if type(value) is dict:
            return self._members(value, node, at)
        if type(value) in (list, tuple):
            return self._elements(list(value), node, at)
        if node.below:
            raise NothingToHide("there is nothing below it", where=at[:80])
        return value

    def _members(self, value: dict[str, Any], node: _Node, at: str) -> dict[str, Any]:
        if not RESERVED.isdisjoint(value):
            raise NothingToHide("a member has a name with a meaning of its own in SD-JWT", where=at[:80])
        _require(node.below.keys() <= value.keys(), at)
        shown: dict[str, Any] = {}
        digests = []
        for name, member in value.items():
            below = node.below.get(name)
            inner = self.value(member, below or _Node(), f"{at}/{name}")
            if below is not None and below.hide:
                digests.append(self._disclose(inner, name))
            else:
                shown[name] = inner
        if digests:
            digests += [digest_of(self._draw(b"decoy")) for _ in range(self._decoys)]
            shown = {DIGESTS: sorted(digests)} | shown
        return shown

    def _elements(self, value: list[Any], node: _Node, at: str) -> list[Any]:
        numbers = {str(number) for number in range(len(value))}
        _require(node.below.keys() <= numbers, at)
        found: list[Any] = []
        for number, element in enumerate(value):
            below = node.below.get(str(number))
            inner = self.value(element, below or _Node(), f"{at}/{number}")
            found.append({ELEMENT: self._disclose(inner)} if below is not None and below.hide else inner)
        return found

    def _disclose(self, value: Any, name: str | None = None) -> str:
        one = write_disclosure(base64url.encode(self._draw(b"salt")[:_SALT_BYTES]), value, name)
        self.disclosures.append(one)
        return digest_of(one.encoded)

    def _draw(self, purpose: bytes) -> bytes:
        """32 bytes that nobody without the entropy can tell from random ones; others each time."""
        self._drawn += 1
        return hmac.digest(self._entropy, purpose + self._drawn.to_bytes(4, "big"), "sha256")


def _require(known: bool, at: str) -> None:
    if not known:
        raise NothingToHide("what shall be hidden below it is not there", where=at[:80])
