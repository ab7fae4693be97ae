"""One order and one set of names for the blank nodes of a dataset."""

import json
import random
import time
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import PoisonGraph
from credentials.core.linked_data.dataset import Dataset
from credentials.core.linked_data.oxigraph import relabelled
from credentials.core.linked_data.rdfc import canonicalise, refuse_poison
from tests.core.linked_data.statements import dataset

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "rdfc10_published.json").read_text(encoding="utf-8"))
PUBLISHED = [*VECTORS["cases"], *VECTORS["forerunner"]["cases"]]
SECONDS = 5
"""A tenth of it is what the slowest of these take; without the caps it would be hours."""
P, Q = "<urn:p>", "<urn:q>"


def text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def clique(size: int, name: str = "b", predicate: str = P) -> list[str]:
    return [f"_:{name}{a} {predicate} _:{name}{b} ." for a, b in permutations(range(size), 2)]


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["name"])
def test_published(case: dict[str, Any]) -> None:
    if "code" in case:
        with pytest.raises(PoisonGraph) as caught:
            canonicalise(dataset(case["in"]))
        assert caught.value.code == case["code"]
    else:
        assert canonicalise(dataset(case["in"])) == text(case["out"])


@pytest.mark.parametrize("case", [case for case in PUBLISHED if "out" in case], ids=lambda case: case["name"])
def test_neither_the_order_of_the_lines_nor_the_names_matter(case: dict[str, Any]) -> None:
    shuffle = random.Random(1)  # noqa: S311
    for _ in range(5):
        lines = [line.replace("_:e", "_:other") for line in case["in"] * 2]
        shuffle.shuffle(lines)
        assert canonicalise(dataset(lines)) == text(case["out"])


def test_nothing_is_nothing() -> None:
    assert canonicalise(Dataset()) == ""


def test_graphs_with_and_without_a_name() -> None:
    lines = [f"<urn:a> {P} _:x .", f"<urn:a> {P} _:y <urn:g> .", f"_:y {P} <urn:b> <urn:g> .", f'_:z {P} "t" _:g .']

    assert canonicalise(dataset(lines)) == relabelled(text(lines))


def test_repeated_statements_count_once() -> None:
    """Or two nodes could be told apart by how often one thing is said of them."""
    lines = [f"_:a {P} _:b .", f"_:b {P} _:a ."]

    assert canonicalise(dataset([*lines, lines[0], lines[0]])) == canonicalise(dataset(lines))


def test_lines_are_ordered_by_code_point() -> None:
    lines = [f'<urn:{char}> {P} "x" .' for char in "\U00010000\uffee\u07ffaZ"]

    assert canonicalise(dataset(lines)) == text(sorted(lines))
    assert canonicalise(dataset(lines)).encode() == b"".join(sorted(f"{line}\n".encode() for line in lines))


NODES = st.sampled_from([f"_:n{number}" for number in range(5)] + ["<urn:a>", "<urn:b>"])
VALUES = NODES | st.sampled_from(['"x"', '"y"', '"x"@en', '"1"^^<urn:t>'])


def some_lines(graphs: list[str]) -> st.SearchStrategy[str]:
    """One statement about a few nodes, in one of the graphs."""
    parts = (NODES, st.sampled_from([P, Q]), VALUES, st.sampled_from(graphs))
    return st.builds(lambda s, p, o, g: f"{s} {p} {o} {g}.", *parts)


LINES = some_lines(["", "", "<urn:g> ", "_:n0 ", "_:g "])


@given(st.lists(some_lines(["", "<urn:g> "]), max_size=14))
def test_pyoxigraph_agrees(lines: list[str]) -> None:
    try:
        ours = canonicalise(dataset(lines))
    except PoisonGraph:
        return
    assert ours == relabelled(text(lines))


@given(st.lists(LINES, max_size=10), st.randoms())
def test_isomorphic_datasets_have_one_form(lines: list[str], chance: random.Random) -> None:
    names = [f"_:m{number}" for number in range(6)]
    chance.shuffle(names)
    renamed = [line.replace("_:g", names[5]) for line in lines]
    for number in range(5):
        renamed = [line.replace(f"_:n{number}", names[number]) for line in renamed]
    chance.shuffle(renamed)
    try:
        expected = canonicalise(dataset(lines))
    except PoisonGraph:
        with pytest.raises(PoisonGraph):
            canonicalise(dataset(renamed))
    else:
        assert canonicalise(dataset(renamed)) == expected


# Poison -------------------------------------------------------------------------------------------------------------


def linked(size: int, groups: int) -> list[str]:
    """Cliques of nodes, each group with a predicate of its own, all of them linked with all."""
    cliques = [line for group in range(groups) for line in clique(size, f"g{group}x", f"<urn:p{group}>")]
    pairs = [(a, b, f"<urn:{a}-{b}>") for a, b in combinations(range(groups), 2)]
    between = [f"_:g{a}x{m} {p} _:g{b}x{n} ." for a, b, p in pairs for m in range(size) for n in range(size)]
    return cliques + between


def with_leaves(size: int, leaves: int) -> list[str]:
    """A clique, each of whose nodes is linked to the same nodes that can be told apart."""
    return [
        *clique(size),
        *(f"_:b{node} {Q} _:leaf{leaf} ." for node in range(size) for leaf in range(leaves)),
        *(f'_:leaf{leaf} {Q} "{leaf}" .' for leaf in range(leaves)),
    ]


def hidden(size: int) -> list[str]:
    """A clique whose nodes differ only in how often something is said of them."""
    return clique(size) + [f'_:b{node} {Q} "x" .' for node in range(size) for _ in range(node + 1)]


HOSTILE = {
    "clique of 7": clique(7),
    "clique of 40": clique(40),
    "seven of a kind": [f"<urn:a> {P} _:b{n} ." for n in range(7)],
    "two cliques of 6, linked": linked(6, 2),
    "two cliques of 5, linked": linked(5, 2),
    "three cliques of 4, linked": linked(4, 3),
    "twelve pairs, linked": linked(2, 12),
    "six with many leaves": with_leaves(6, 400),
    "four with very many leaves": with_leaves(4, 2500),
    "clique of 10 behind repetitions": hidden(10),
    "chain of 1000": [f"_:b{n} {P} _:b{n + 1} ." for n in range(1000)],
    "ring of 1000": [f"_:b{n} {P} _:b{(n + 1) % 1000} ." for n in range(1000)],
    "1000 of a kind": [f"<urn:a> {P} _:b{n} ." for n in range(1000)],
    "1000 graphs of a kind": [f'<urn:a> {P} "x" _:b{n} .' for n in range(1000)],
    "cube": [f"_:b{n} {P} _:b{n ^ bit} ." for n in range(8) for bit in (1, 2, 4)],
}

HARMLESS = {
    "clique of 6": clique(6),
    "six of a kind": [f"<urn:a> {P} _:b{n} ." for n in range(6)],
    "eight pairs, linked": linked(2, 8),
    "two cliques of 3, linked": linked(3, 2),
    "six with leaves": with_leaves(6, 20),
    "clique of 6 behind repetitions": hidden(6),
    "clique of 6 in four ways": [line for n in range(4) for line in clique(6, predicate=f"<urn:p{n}>")],
    "many that can be told apart": [f'_:b{n} {P} "{n}" .' for n in range(5000)],
}


@pytest.mark.parametrize("lines", HOSTILE.values(), ids=HOSTILE)
def test_what_would_take_too_long_is_refused_at_once(lines: list[str]) -> None:
    poison = dataset(lines)
    begin = time.process_time()
    for refuse in (canonicalise, refuse_poison):
        with pytest.raises(PoisonGraph, match="look alike"):
            refuse(poison)

    assert time.process_time() - begin < SECONDS


@pytest.mark.parametrize("lines", HARMLESS.values(), ids=HARMLESS)
def test_what_is_below_the_caps_is_quick(lines: list[str]) -> None:
    harmless = dataset(lines)
    begin = time.process_time()
    refuse_poison(harmless)
    written = canonicalise(harmless)

    assert time.process_time() - begin < SECONDS
    assert written == relabelled(text(lines))
