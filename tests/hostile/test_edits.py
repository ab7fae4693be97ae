"""Edits as data do what they say, and to a copy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hostile.edits import edited, value_of

DOCUMENT: dict[str, Any] = {"a": {"b": 1, "c/d": 2}, "list": [1, {"x": 1}]}


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([["set", "/a/b", 5]], {"a": {"b": 5, "c/d": 2}, "list": [1, {"x": 1}]}),
        ([["set", "/a/c~1d", 5]], {"a": {"b": 1, "c/d": 5}, "list": [1, {"x": 1}]}),
        ([["set", "/list/-", 2]], {"a": {"b": 1, "c/d": 2}, "list": [1, {"x": 1}, 2]}),
        ([["drop", "/list/0"], ["drop", "/a"]], {"list": [{"x": 1}]}),
        ([["rename", "/a", "z"]], {"z": {"b": 1, "c/d": 2}, "list": [1, {"x": 1}]}),
        ([["copy", "/a/b", "/list/1"]], {"a": {"b": {"x": 1}, "c/d": 2}, "list": [1, {"x": 1}]}),
        ([["move", "/list/-", "/a"]], {"list": [1, {"x": 1}, {"b": 1, "c/d": 2}]}),
    ],
)
def test_edits(edits: list[Any], expected: Any) -> None:
    before = repr(DOCUMENT)
    assert edited(DOCUMENT, edits) == expected
    assert repr(DOCUMENT) == before


@pytest.mark.parametrize("edits", [[["set", "/x/y", 1]], [["drop", "/x"]], [["burn", "/a"]], [["drop", "/list/7"]]])
def test_an_edit_that_finds_nothing_is_no_case(edits: list[Any]) -> None:
    with pytest.raises((KeyError, IndexError)):
        edited(DOCUMENT, edits)


def test_values_that_are_made() -> None:
    assert value_of({"$repeat": ["ab", 3]}) == "ababab"
    assert value_of({"$nest": [3]}) == [[[]]]
    assert value_of({"$chain": ["n", 2]}) == {"n": {"n": 0}}
    assert value_of([{"x": {"$many": [{"id": "urn:#"}, 2]}}]) == [{"x": [{"id": "urn:0"}, {"id": "urn:1"}]}]
