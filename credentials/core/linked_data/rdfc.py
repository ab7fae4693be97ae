"""RDFC-1.0: one order and one set of names for the blank nodes of a dataset (W3C RDF Dataset Canonicalization 1.0).

Nearly always the statements about each blank node tell it from all others, and one hash each is enough (section 4.6).
Where some look alike, `look_alikes` compares all orders of them (section 4.8); what would take too long is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from math import factorial, prod
from operator import eq
from typing import Final

from credentials.core.errors import PoisonGraph
from credentials.core.linked_data.dataset import Dataset, blank_nodes, line_of
from credentials.core.linked_data.look_alikes import LookAlikes

MAX_ALIKE: Final = 6
"""How many blank nodes may look like one another."""
MAX_COMPARISONS: Final = 200_000
"""Orders of those that look alike × statements that link them: less than a second."""


def canonicalise(dataset: Dataset) -> str:
    """The canonical N-Quads. Raises PoisonGraph."""
    hashes = _first_degree(dataset)
    if len(set(hashes)) == len(hashes):
        lines = _labelled(dataset, hashes)
        # Only what is said twice leaves two equal lines, and only then were the hashes of too much.
        if not any(map(eq, lines, lines[1:])):
            return "".join(lines)
    return _canonicalise_with_care(dataset.once())


def refuse_poison(dataset: Dataset) -> None:
    """Raise PoisonGraph if the blank nodes that look alike are too many to be put in order."""
    dataset = dataset.once()
    _refuse_poison(dataset, _first_degree(dataset))


def _canonicalise_with_care(dataset: Dataset) -> str:
    hashes = _first_degree(dataset)
    if len(set(hashes)) == len(hashes):
        return "".join(_labelled(dataset, hashes))
    _refuse_poison(dataset, hashes)
    return "".join(sorted(_lines(dataset, LookAlikes(dataset, hashes).labels())))


def _refuse_poison(dataset: Dataset, hashes: Sequence[bytes]) -> None:
    alike = {seen: times for seen, times in Counter(hashes).items() if times > 1}
    linking = sum(1 for link in dataset.links for node in blank_nodes(link) if hashes[node] in alike)
    largest = max(alike.values(), default=1)
    if largest > MAX_ALIKE or prod(map(factorial, alike.values())) * linking > MAX_COMPARISONS:
        raise PoisonGraph(f"{sum(alike.values())} of its objects look alike")


def _first_degree(dataset: Dataset) -> list[bytes]:
    """Section 4.6.3, for each blank node: the SHA-256 of what is said of it, itself named `_:a`, all others `_:z`."""
    if len(dataset.about) == 1:
        # There is none that it could be taken for.
        return [b""]
    said = [["_:a" + statement for statement in about] for about in dataset.about]
    for link in dataset.links:
        subject, predicate, value, graph = link
        # Most name one blank node only.
        if graph is None and type(subject) is str and type(value) is int:
            said[value].append(f"{subject}{predicate}_:a .\n")
        else:
            for node in blank_nodes(link):
                said[node].append(line_of(link, partial(_seen_from, node)))
    return [sha256("".join(sorted(lines)).encode()).digest() for lines in said]


def _seen_from(node: int, other: int) -> str:
    return "_:a" if other == node else "_:z"


def _labelled(dataset: Dataset, hashes: Sequence[bytes]) -> list[str]:
    """All lines by their code points, the blank nodes numbered in the order of their hashes (section 4.4.3)."""
    labels = [""] * len(hashes)
    for place, node in enumerate(sorted(range(len(hashes)), key=hashes.__getitem__)):
        labels[node] = f"_:c14n{place}"
    return sorted(_lines(dataset, labels))


def _lines(dataset: Dataset, labels: Sequence[str]) -> list[str]:
    """All statements, with these names for the blank nodes."""
    lines = list(dataset.ground)
    for label, about in zip(labels, dataset.about, strict=True):
        lines += [label + statement for statement in about]
    for link in dataset.links:
        subject, said, value, graph = link
        if graph is None and type(subject) is str and type(value) is int:
            lines.append(f"{subject}{said}{labels[value]} .\n")
        else:
            lines.append(line_of(link, labels.__getitem__))
    return lines
