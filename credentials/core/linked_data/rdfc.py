"""RDFC-1.0: one order and one set of names for the blank nodes of a dataset (W3C RDF Dataset Canonicalization 1.0).

Nearly always the statements about each blank node tell it from all others, and one hash each is enough (section 4.6).
Where some look alike, the full algorithm compares all orders of them (section 4.8), which takes exponential time: what
would take too long is refused first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import factorial, prod
from operator import eq
from typing import Final

from credentials.core.errors import PoisonGraph
from credentials.core.linked_data.oxigraph import relabelled

MAX_ALIKE: Final = 6
"""How many blank nodes may look like one another."""
MAX_COMPARISONS: Final = 200_000
"""Orders of those that look alike × statements that link them: about 0.3 s at most."""

Node = int | str
"""A blank node by its number, or an IRI as `<iri>`."""
Link = tuple[Node, str, Node | None, Node | None]
"""Subject, ` <predicate> ` and more, object, graph. Without an object the second says all, and ends the line."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Statements as pieces of N-Quads.

    `ground` are whole lines without a blank node; `about[n]` what is said of blank node n without naming another,
    ` <predicate> object .` and a line feed; `links` all others.
    """

    ground: list[str] = field(default_factory=list)
    about: list[list[str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def blank(self) -> int:
        """A new blank node."""
        self.about.append([])
        return len(self.about) - 1


def canonicalise(dataset: Dataset) -> str:
    """The canonical N-Quads. Raises PoisonGraph."""
    hashes = _first_degree(dataset)
    if len(set(hashes)) < len(hashes):
        refuse_poison(dataset, hashes)
        return relabelled("".join(_lines(dataset, [f"_:b{node}" for node in range(len(hashes))])))
    labels = [""] * len(hashes)
    for place, node in enumerate(sorted(range(len(hashes)), key=hashes.__getitem__)):
        labels[node] = f"_:c14n{place}"
    return "".join(_in_order(_lines(dataset, labels)))


def refuse_poison(dataset: Dataset, hashes: Sequence[bytes] | None = None) -> None:
    """Raise PoisonGraph if the nodes that look alike are too many to be put in order."""
    hashes = _first_degree(dataset) if hashes is None else hashes
    alike = {seen: times for seen, times in Counter(hashes).items() if times > 1}
    linking = sum(1 for link in dataset.links for node in _blank_nodes(link) if hashes[node] in alike)
    largest = max(alike.values(), default=1)
    if largest > MAX_ALIKE or prod(map(factorial, alike.values())) * linking > MAX_COMPARISONS:
        raise PoisonGraph(f"{sum(alike.values())} of its objects look alike")


def _first_degree(dataset: Dataset) -> list[bytes]:
    """Section 4.6.3, for each blank node: the SHA-256 of what is said of it, itself named `_:a`, all others `_:z`."""
    said = [["_:a" + statement for statement in about] for about in dataset.about]
    for link in dataset.links:
        subject, predicate, value, graph = link
        # Most name one blank node only.
        if graph is None and type(subject) is str and type(value) is int:
            said[value].append(f"{subject}{predicate}_:a .\n")
        else:
            for node in _blank_nodes(link):
                said[node].append(_line(link, lambda other, node=node: "_:a" if other == node else "_:z"))
    return [sha256("".join(_in_order(lines)).encode()).digest() for lines in said]


def _blank_nodes(link: Link) -> set[int]:
    subject, _, value, graph = link
    return {node for node in (subject, value, graph) if type(node) is int}


def _lines(dataset: Dataset, labels: Sequence[str]) -> list[str]:
    """All statements, with these names for the blank nodes."""
    lines = list(dataset.ground)
    for label, about in zip(labels, dataset.about, strict=True):
        lines += [label + statement for statement in about]
    lines += [_line(link, labels.__getitem__) for link in dataset.links]
    return lines


def _in_order(lines: list[str]) -> list[str]:
    """The lines in the order of their code points, each once."""
    ordered = sorted(lines)
    # Neighbours are compared at a fraction of what a set costs.
    return sorted(set(ordered)) if any(map(eq, ordered, ordered[1:])) else ordered


def _line(link: Link, label: Callable[[int], str]) -> str:
    subject, said, value, graph = link
    start = (label(subject) if type(subject) is int else subject) + said
    if value is None:
        start = start.removesuffix(".\n")
    else:
        start = f"{start}{label(value) if type(value) is int else value} "
    return f"{start}.\n" if graph is None else f"{start}{label(graph) if type(graph) is int else graph} .\n"
