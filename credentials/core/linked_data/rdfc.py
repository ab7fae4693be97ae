"""RDFC-1.0: one order and one set of names for the blank nodes of a dataset (W3C RDF Dataset Canonicalization 1.0).

Nearly always the statements about each blank node tell it from all others, and one hash each is enough (section 4.6).
Where some look alike, the full algorithm compares all orders of them (section 4.8), which takes exponential time: what
would take too long is refused first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
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

    def once(self) -> Dataset:
        """The same, each statement once."""
        about = [list(dict.fromkeys(statements)) for statements in self.about]
        return Dataset(list(dict.fromkeys(self.ground)), about, list(dict.fromkeys(self.links)))


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
    return relabelled("".join(_lines(dataset, [f"_:b{node}" for node in range(len(hashes))])))


def _refuse_poison(dataset: Dataset, hashes: Sequence[bytes]) -> None:
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
                said[node].append(_line(link, partial(_seen_from, node)))
    return [sha256("".join(sorted(lines)).encode()).digest() for lines in said]


def _seen_from(node: int, other: int) -> str:
    return "_:a" if other == node else "_:z"


def _blank_nodes(link: Link) -> set[int]:
    subject, _, value, graph = link
    return {node for node in (subject, value, graph) if isinstance(node, int)}


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
            lines.append(_line(link, labels.__getitem__))
    return lines


def _line(link: Link, label: Callable[[int], str]) -> str:
    subject, said, value, graph = link
    start = (label(subject) if isinstance(subject, int) else subject) + said
    if value is None:
        start = start.removesuffix(".\n")
    else:
        start = f"{start}{label(value) if isinstance(value, int) else value} "
    return f"{start}.\n" if graph is None else f"{start}{label(graph) if isinstance(graph, int) else graph} .\n"
