"""Statements on their way to canonical N-Quads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

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


def blank_nodes(link: Link) -> set[int]:
    """The blank nodes that a link names."""
    subject, _, value, graph = link
    return {node for node in (subject, value, graph) if isinstance(node, int)}


def line_of(link: Link, label: Callable[[int], str]) -> str:
    """A link as a line of N-Quads, its blank nodes named by `label`."""
    subject, said, value, graph = link
    start = (label(subject) if isinstance(subject, int) else subject) + said
    if value is None:
        start = start.removesuffix(".\n")
    else:
        start = f"{start}{label(value) if isinstance(value, int) else value} "
    return f"{start}.\n" if graph is None else f"{start}{label(graph) if isinstance(graph, int) else graph} .\n"
