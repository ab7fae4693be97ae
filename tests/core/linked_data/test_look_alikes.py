"""The order of blank nodes of which one hash each does not tell enough."""

from hashlib import sha256
from itertools import permutations

import pytest

from credentials.core.linked_data.dataset import Dataset
from credentials.core.linked_data.look_alikes import LookAlikes
from credentials.core.linked_data.oxigraph import relabelled
from credentials.core.linked_data.rdfc import canonicalise
from tests.core.linked_data.statements import dataset

P, Q = "<urn:p>", "<urn:q>"

# Graphs in graphs, of which npm's rdf-canonize 5.0.0 makes what we make, and pyoxigraph 0.5.13 something else.
GRAPHS_IN_GRAPHS = [
    '_:b10 <urn:domain> "0" _:b9 .',
    f"_:b8 {P} _:b9 _:b7 .",
    "_:b8 <urn:type> <urn:VP> _:b7 .",
    f"_:b6 {Q} _:b7 _:b5 .",
    f"_:b4 {Q} _:b5 _:b3 .",
    f"_:b2 {P} _:b3 _:b1 .",
    "_:b2 <urn:type> <urn:VP> _:b1 .",
]


def text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def labels(lines: list[str], hashes: str) -> list[str]:
    """The labels of the nodes in the order in which the lines name them, from made-up first hashes."""
    return LookAlikes(dataset(lines), [sha256(char.encode()).digest() for char in hashes]).labels()


def test_nodes_that_differ_come_in_the_order_of_their_hashes() -> None:
    order = sorted("abc", key=lambda char: sha256(char.encode()).digest())

    assert labels([f"_:x {P} _:y .", f"_:y {P} _:z ."], "abc") == [f"_:c14n{order.index(char)}" for char in "abc"]


def test_nodes_that_differ_come_before_those_that_do_not() -> None:
    assert labels([f"_:x {P} _:y .", f"_:y {P} _:x .", f"_:x {Q} _:z ."], "aab")[2] == "_:c14n0"


def test_every_node_gets_a_label_of_its_own() -> None:
    for size in range(1, 6):
        lines = [f"_:{a} {P} _:{b} ." for a, b in permutations(range(size + 1), 2)]
        assert sorted(labels(lines, "a" * (size + 1))) == [f"_:c14n{number}" for number in range(size + 1)]


def test_no_nodes_have_no_labels() -> None:
    assert LookAlikes(Dataset(), []).labels() == []


@pytest.mark.parametrize(
    "lines",
    [
        [f"_:a {P} _:a .", f"_:b {P} _:b ."],
        [f"_:a {P} _:b .", f"_:b {P} _:c .", f"_:c {P} _:a ."],
        [f"_:a {P} _:b .", f"_:b {P} _:a .", f"_:c {P} _:d .", f"_:d {P} _:c ."],
        [
            f"<urn:s> {P} _:a .",
            f"<urn:s> {P} _:b .",
            f"_:a {Q} _:c .",
            f"_:b {Q} _:d .",
            f'_:c {P} "x" .',
            f'_:d {P} "y" .',
        ],
        [f"_:a {P} _:b <urn:g> .", f"_:a {P} _:b <urn:h> .", f"_:b {P} _:a <urn:g> .", f"_:b {P} _:a <urn:h> ."],
        [f"_:a {P} _:b .", f"_:a {Q} _:c .", f"_:b {Q} _:a .", f"_:c {P} _:a .", f"_:c {P} _:b .", f"_:b {P} _:c ."],
    ],
)
def test_pyoxigraph_agrees(lines: list[str]) -> None:
    assert canonicalise(dataset(lines)) == relabelled(text(lines))


@pytest.mark.parametrize("turn", range(len(GRAPHS_IN_GRAPHS)))
def test_graphs_in_graphs_have_one_form(turn: int) -> None:
    turned = GRAPHS_IN_GRAPHS[turn:] + GRAPHS_IN_GRAPHS[:turn]
    renamed = [line.replace("_:b", "_:other") for line in reversed(turned)]

    assert canonicalise(dataset(turned)) == canonicalise(dataset(renamed)) == canonicalise(dataset(GRAPHS_IN_GRAPHS))
