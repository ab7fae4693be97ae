"""JSON in its one canonical form."""

import json
import math
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.canonical_json import canonicalise
from credentials.core.errors import InexactNumber, NotJson, NotUtf8, TooDeep
from credentials.core.strict_json import parse_object

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "jcs_published.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["documents"], ids=lambda case: case["name"])
def test_published_documents(case: dict[str, str]) -> None:
    assert canonicalise(json.loads(case["in"])) == case["out"].encode()


@pytest.mark.parametrize(("bits", "written"), VECTORS["numbers"])
def test_published_numbers(bits: str, written: str | None) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    if written is None:
        with pytest.raises(InexactNumber):
            canonicalise(number)
    else:
        assert canonicalise(number) == written.encode()


@pytest.mark.parametrize("number", [2**53 - 1, 1 - 2**53, 0, -1])
def test_integers_that_everybody_holds(number: int) -> None:
    assert canonicalise([number]) == f"[{number}]".encode()


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**63, 10**400, math.nan, math.inf, -math.inf])
def test_numbers_that_somebody_rounds_are_refused(number: float) -> None:
    with pytest.raises(InexactNumber):
        canonicalise({"a": [number]})


def test_an_integer_that_python_does_not_spell_is_refused() -> None:
    with pytest.raises(InexactNumber):
        canonicalise(10**5000)


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, ["\udc00x"], {"a": {"b": "\ud83c"}}])
def test_half_a_character_is_refused(value: Any) -> None:
    with pytest.raises(NotUtf8):
        canonicalise(value)


@pytest.mark.parametrize("value", [b"x", {1: 2}, {"a": {3}}, object(), {None: 1}])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises(NotJson):
        canonicalise(value)


def test_nesting_without_end_is_refused() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]

    with pytest.raises(TooDeep):
        canonicalise(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e15, 1e15) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_it_means_the_same_and_is_its_own_canonical_form(value: dict[str, Any]) -> None:
    written = canonicalise(value)
    again = parse_object(written, max_bytes=1_000_000)

    assert again == value
    assert canonicalise(again) == written


@given(st.dictionaries(st.text(), st.integers(0, 9), min_size=2))
def test_the_order_of_members_does_not_matter(value: dict[str, int]) -> None:
    assert canonicalise(dict(reversed(value.items()))) == canonicalise(value)
