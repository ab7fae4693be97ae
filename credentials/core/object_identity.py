"""Two objects with the same `id` are one object (JSON-LD 1.1 section 3.3; VC Data Model 2.0 section 4.4).

A signature over the meaning of a document does not fix where in the JSON a property stands. So before anything is
shown, what is said of one id in several places is put together, and a contradiction is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from credentials.core import strict_json
from credentials.core.errors import ConflictingObjects, TooDeep, TooLarge

MAX_OBJECTS: Final = 20_000
MAX_NESTING: Final = 128
"""Levels after unfolding: references may nest what the JSON itself does not."""

# Finds every id in compact JSON, cut at its first quotation mark: equal ids always look equal, others rarely do.
_ID: Final = re.compile(rb'"id":"([^"]*)')


def merge_by_id(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """`document` with every object that has an `id` replaced by all that is said of that id.

    The same document when no id is described twice. Raises ConflictingObjects for two values of one property,
    TooLarge when references would unfold into more than `MAX_OBJECTS` objects, and TooDeep when into more than
    `MAX_NESTING` levels. The input is not changed.
    """
    ids = _ID.findall(strict_json.dump(document))
    if len(ids) == len(set(ids)):
        return document
    described: dict[str, list[Mapping[str, Any]]] = {}
    for node in _objects(document):
        name = node.get("id")
        if isinstance(name, str):
            described.setdefault(name, []).append(node)
    repeated = {name: _union(name, nodes) for name, nodes in described.items() if len(nodes) > 1}
    if not repeated:
        return document
    merged = _Unfolding(repeated).unfold(document, frozenset(), 0)
    return merged if isinstance(merged, dict) else document


def _objects(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
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


def _union(name: str, nodes: list[Mapping[str, Any]]) -> dict[str, Any]:
    union: dict[str, Any] = {}
    for node in nodes:
        for key, value in node.items():
            union[key] = value if key not in union else _joined(union[key], value, f"{name[:80]} {key[:40]}")
    return union


def _joined(one: Any, other: Any, where: str) -> Any:
    """What two statements of one property say together."""
    if one == other:
        return one
    if isinstance(one, list) and isinstance(other, list):
        return one + [item for item in other if item not in one]
    if isinstance(one, dict) and isinstance(other, dict) and one.get("id") == other.get("id") is not None:
        return one  # The same object: its own union holds what both say.
    raise ConflictingObjects("one id has two different values", where=where)


class _Unfolding:
    """Puts each union in the place of its parts, stopping at an object inside itself and at the cap."""

    def __init__(self, unions: Mapping[str, dict[str, Any]]) -> None:
        self._unions = unions
        self._left = MAX_OBJECTS

    def unfold(self, value: Any, inside: frozenset[str], depth: int) -> Any:
        if not isinstance(value, dict | list):
            return value
        if depth == MAX_NESTING:
            raise TooDeep(f"references unfold into more than {MAX_NESTING} levels")
        if isinstance(value, list):
            return [self.unfold(item, inside, depth + 1) for item in value]
        self._left -= 1
        if self._left < 0:
            raise TooLarge(f"more than {MAX_OBJECTS} objects")
        name = value.get("id")
        if isinstance(name, str) and name in self._unions:
            if name in inside:
                return {"id": name}
            value, inside = self._unions[name], inside | {name}
        return {key: self.unfold(item, inside, depth + 1) for key, item in value.items()}
