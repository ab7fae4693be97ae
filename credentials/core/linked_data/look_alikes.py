"""The order of blank nodes of which one hash each does not tell enough (RDFC-1.0 sections 4.4.3, 4.7 and 4.8).

Each order of those that look alike is tried, and the one whose path through the graph comes first is chosen. The time
grows as the factorial of their number: whoever calls this has counted them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from itertools import permutations

from credentials.core.linked_data.dataset import Dataset, Link, blank_nodes

Labels = dict[int, str]
"""Identifiers in the order in which they were issued."""


class LookAlikes:
    """The blank nodes of one dataset, each statement once, with their first-degree hashes."""

    def __init__(self, dataset: Dataset, hashes: Sequence[bytes]) -> None:
        self._hashes = [value.hex() for value in hashes]
        self._canonical: Labels = {}
        self._links: dict[int, list[Link]] = defaultdict(list)
        for link in dataset.links:
            for node in blank_nodes(link):
                self._links[node].append(link)

    def labels(self) -> list[str]:
        """The canonical label of each blank node."""
        groups: dict[str, list[int]] = defaultdict(list)
        for node, value in enumerate(self._hashes):
            groups[value].append(node)
        ordered = [groups[value] for value in sorted(groups)]
        self._issue([node for group in ordered if len(group) == 1 for node in group])
        for group in ordered:
            if len(group) > 1:
                self._put_in_order(group)
        return [self._canonical[node] for node in range(len(self._hashes))]

    def _issue(self, nodes: Sequence[int]) -> None:
        for node in nodes:
            self._canonical.setdefault(node, f"_:c14n{len(self._canonical)}")

    def _put_in_order(self, group: Sequence[int]) -> None:
        """Section 4.4.3, step 5."""
        paths = [self._n_degree(node, {node: "_:b0"}) for node in group if node not in self._canonical]
        for _, issued in sorted(paths, key=lambda path: path[0]):
            self._issue(list(issued))

    def _n_degree(self, node: int, issued: Labels) -> tuple[str, Labels]:
        """Section 4.8.3: the hash of all that `node` is linked to, and the labels issued on the way."""
        related: dict[str, list[int]] = defaultdict(list)
        for link in self._links[node]:
            for position, other in zip("sog", (link[0], link[2], link[3]), strict=True):
                if isinstance(other, int) and other != node:
                    related[self._related(position, other, link, issued)].append(other)
        data = ""
        for value, nodes in sorted(related.items()):
            path, issued = self._first_path(nodes, issued)
            data += value + path
        return sha256(data.encode()).hexdigest(), issued

    def _related(self, position: str, other: int, link: Link, issued: Labels) -> str:
        """Section 4.7.3."""
        predicate = "" if position == "g" else link[1].split(" ", 2)[1]
        label = self._canonical.get(other) or issued.get(other) or self._hashes[other]
        return sha256(f"{position}{predicate}{label}".encode()).hexdigest()

    def _first_path(self, nodes: Sequence[int], issued: Labels) -> tuple[str, Labels]:
        """Section 4.8.3, step 5.4: of all orders of `nodes` the path that comes first."""
        chosen, labels = "", issued
        for order in permutations(nodes):
            path, found = self._path(order, dict(issued), chosen)
            if not chosen or (path and path < chosen):
                chosen, labels = path, found
        return chosen, labels

    def _path(self, order: Sequence[int], issued: Labels, chosen: str) -> tuple[str, Labels]:
        """The path through `order`; empty as soon as it cannot come before the chosen one."""
        path, entered = "", []
        for node in order:
            if node not in self._canonical and node not in issued:
                entered.append(node)
                issued[node] = f"_:b{len(issued)}"
            path += self._canonical.get(node) or issued[node]
            if chosen and len(path) >= len(chosen) and path > chosen:
                return "", issued
        for node in entered:
            value, deeper = self._n_degree(node, issued)
            path += f"{issued[node]}<{value}>"
            issued = deeper
            if chosen and len(path) >= len(chosen) and path > chosen:
                return "", issued
        return path, issued
