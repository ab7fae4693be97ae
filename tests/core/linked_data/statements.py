"""Reads N-Quads lines into a Dataset, for vectors that start from statements."""

from __future__ import annotations

import re
from collections.abc import Iterable

from credentials.core.linked_data.dataset import Dataset, Node

TERM = re.compile(r'_:\w+|<[^>]*>|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[\w-]+)?')


def dataset(lines: Iterable[str]) -> Dataset:
    """The lines as the canonicaliser takes them; repeated lines stay repeated."""
    found = Dataset()
    numbers: dict[str, int] = {}

    def named(term: str) -> Node:
        if not term.startswith("_:"):
            return term
        if term not in numbers:
            numbers[term] = len(numbers)
            found.about.append([])
        return numbers[term]

    for line in lines:
        subject, predicate, value, *graph = TERM.findall(line)
        _state(found, named(subject), predicate, named(value), named(graph[0]) if graph else None)
    return found


def _state(found: Dataset, subject: Node, predicate: str, value: Node, graph: Node | None) -> None:
    said = f" {predicate} "
    if isinstance(value, int) or isinstance(graph, int) or (graph is not None and isinstance(subject, int)):
        whole = (f"{said}{value} .\n", None) if isinstance(value, str) else (said, value)
        found.links.append((subject, *whole, graph))
        return
    end = " .\n" if graph is None else f" {graph} .\n"
    if isinstance(subject, int):
        found.about[subject].append(f"{said}{value}{end}")
    else:
        found.ground.append(f"{subject}{said}{value}{end}")
