"""Two objects with the same `id` are one object (JSON-LD 1.1 section 3.3; VC Data Model 2.0 section 4.4).

A signature over the meaning of a document does not fix where in the JSON a property stands. So before anything is
decided or shown, what is said of one id in several places is put together, and a contradiction is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from credentials.core import strict_json
from credentials.core.errors import ConflictingObjects, TooDeep, TooLarge

MAX_GROWTH: Final = 4
"""How often its own size a document may have once its references are unfolded, give or take `ROOM` bytes."""
ROOM: Final = 4096
MAX_NESTING: Final = 128
"""Levels after unfolding: references may nest what the JSON itself does not."""

# Finds every id in JSON without escapes, cut at its first quotation mark: equal ids always look equal.
_ID: Final = re.compile(rb'"id"\s*:\s*"([^"]*)')


def merge_by_id(document: Mapping[str, Any], written: bytes = b"") -> Mapping[str, Any]:
    """`document` with every object that has an `id` replaced by all that is said of that id.

    The same document when no id is described twice. Raises ConflictingObjects for two values of one property,
    TooLarge when references would unfold into more than `MAX_GROWTH` times the document's bytes, and TooDeep when into
    more than `MAX_NESTING` levels. The input is not changed. `written`, if it is at hand, is JSON that has all of
    `document` in it; it only saves time.
    """
    if not names_twice(written if written and not strict_json.has_escapes(written) else strict_json.dump(document)):
        return document
    described: dict[str, list[Mapping[str, Any]]] = {}
    for node in every_object(document):
        name = node.get("id")
        if isinstance(name, str):
            described.setdefault(name, []).append(node)
    repeated = {name: _Union(name, nodes).members() for name, nodes in described.items() if len(nodes) > 1}
    if not repeated:
        return document
    budget = MAX_GROWTH * len(strict_json.dump(document)) + ROOM
    merged = _Unfolding(repeated, budget).unfold(document, frozenset(), 0)
    return merged if isinstance(merged, dict) else document


def names_twice(written: bytes) -> bool:
    """Whether an id may stand twice in `written`, JSON as this project writes it, or without escapes."""
    ids = _ID.findall(written)
    return len(ids) != len(set(ids))


def every_object(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The document and every object in it, however deep, level by level."""
    level: list[Any] = [document]
    while level:
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                yield node
                below += node.values()
            elif type(node) is list:
                below += node
        level = below


class _Union:
    """All that is said of one id. Each statement is spelled once, so the work grows with the document, not faster."""

    def __init__(self, name: str, nodes: list[Mapping[str, Any]]) -> None:
        self._name = name
        self._members: dict[str, Any] = {}
        self._spelled: dict[str, bytes] = {}
        self._items: dict[str, dict[bytes, Any]] = {}
        for node in nodes:
            for key, value in node.items():
                self._state(key, value)

    def members(self) -> dict[str, Any]:
        """The members of the one object; raised before, if two statements contradict each other."""
        return self._members | {key: list(items.values()) for key, items in self._items.items()}

    def _state(self, key: str, value: Any) -> None:
        # Spelled out, for Python takes 1, 1.0 and true for equal: what is shown would depend on which stands first.
        spelled = strict_json.canonical(value)
        if key not in self._members:
            self._members[key], self._spelled[key] = value, spelled
        elif spelled != self._spelled[key]:
            self._join(key, value)

    def _join(self, key: str, value: Any) -> None:
        """Add a second, different statement of one property. Raises ConflictingObjects."""
        one = self._members[key]
        if isinstance(one, list) and isinstance(value, list):
            if key not in self._items:
                self._items[key] = {strict_json.canonical(item): item for item in one}
            for item in value:
                self._items[key].setdefault(strict_json.canonical(item), item)
        elif not _are_one_object(one, value):
            raise ConflictingObjects("one id has two different values", where=f"{self._name[:80]} {key[:40]}")


def _are_one_object(one: Any, other: Any) -> bool:
    """Whether both are parts of the same object, whose own union holds what both say."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return False
    return isinstance(one.get("id"), str) and one["id"] == other.get("id")


class _Unfolding:
    """Puts each union in the place of its parts, stopping at an object inside itself and when `left` bytes are used."""

    def __init__(self, unions: Mapping[str, dict[str, Any]], left: int) -> None:
        self._unions = unions
        self._left = left

    def unfold(self, value: Any, inside: frozenset[str], depth: int) -> Any:
        if not isinstance(value, dict | list):
            self._spend(len(strict_json.dump(value)))
            return value
        if depth == MAX_NESTING:
            raise TooDeep(f"references unfold into more than {MAX_NESTING} levels")
        self._spend(2)
        if isinstance(value, list):
            return [self.unfold(item, inside, depth + 1) for item in value]
        name = value.get("id")
        if isinstance(name, str) and name in self._unions:
            if name in inside:
                value = {"id": name}
            else:
                value, inside = self._unions[name], inside | {name}
        return {self._key(key): self.unfold(item, inside, depth + 1) for key, item in value.items()}

    def _key(self, key: str) -> str:
        self._spend(len(strict_json.dump(key)))
        return key

    def _spend(self, size: int) -> None:
        """Count bytes of JSON and the comma, colon or bracket after them."""
        self._left -= size + 1
        if self._left < 0:
            raise TooLarge(f"its references unfold into more than {MAX_GROWTH} times its size")
