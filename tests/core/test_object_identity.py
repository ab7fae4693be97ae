"""Two objects with one id are one object."""

import contextlib
import json
import tracemalloc
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.errors import ConflictingObjects, CredentialError, TooDeep, TooLarge
from credentials.core.object_identity import MAX_GROWTH, ROOM, merge_by_id
from tests.growth import times_as_long


def test_nothing_to_merge_is_nothing_done() -> None:
    document = {"id": "a", "x": {"id": "b"}, "y": [{"id": "c"}, {"name": "no id"}, {"id": 7}, {"id": 7}]}
    assert merge_by_id(document) is document


def test_what_is_said_elsewhere_is_shown_in_both_places() -> None:
    document = {"x": {"id": "a", "name": "n"}, "y": [{"id": "a", "url": "u"}]}
    whole = {"id": "a", "name": "n", "url": "u"}
    before = deepcopy(document)
    assert merge_by_id(document) == {"x": whole, "y": [whole]}
    assert document == before


def test_a_contradiction_is_refused() -> None:
    with pytest.raises(ConflictingObjects):
        merge_by_id({"x": {"id": "a", "name": "one"}, "y": {"id": "a", "name": "two"}})


@pytest.mark.parametrize("other", [1, None, True, [], {}, {"id": "b"}, ["one"], {"id": None}])
def test_values_of_another_kind_contradict(other: Any) -> None:
    with pytest.raises(ConflictingObjects):
        merge_by_id({"x": {"id": "a", "name": "one"}, "y": {"id": "a", "name": other}})


def test_lists_are_joined() -> None:
    merged = merge_by_id({"x": {"id": "a", "type": ["P", "Q"]}, "y": {"id": "a", "type": ["Q", "R"]}})
    assert merged["x"]["type"] == merged["y"]["type"] == ["P", "Q", "R"]


def test_an_object_inside_itself_stops_there() -> None:
    merged = merge_by_id({"id": "a", "x": {"id": "a", "y": {"id": "a", "name": "n"}}})
    assert merged["name"] == "n"
    assert merged["x"] == {"id": "a"}


def test_the_document_itself_can_be_described_further_down() -> None:
    merged = merge_by_id({"id": "a", "credentialSubject": {"id": "s", "x": {"id": "a", "validUntil": "2020"}}})
    assert merged["validUntil"] == "2020"


def test_parts_that_are_described_twice_are_merged_too() -> None:
    document = {"x": {"id": "a", "p": {"id": "b", "name": "n"}}, "y": {"id": "a", "p": {"id": "b", "url": "u"}}}
    assert merge_by_id(document)["x"]["p"] == {"id": "b", "name": "n", "url": "u"}


def test_a_name_cut_at_a_quotation_mark_is_still_told_apart() -> None:
    document = {"x": {"id": 'a"1', "name": "one"}, "y": {"id": 'a"2', "name": "two"}}
    assert merge_by_id(document) is document or merge_by_id(document) == document


def test_references_that_double_at_every_step_are_stopped() -> None:
    pairs = [{"id": f"n{step}", "left": {"id": f"n{step + 1}"}, "right": {"id": f"n{step + 1}"}} for step in range(60)]
    with pytest.raises(TooLarge):
        merge_by_id({"all": pairs})


def test_a_long_chain_of_references_is_stopped() -> None:
    chain = [{"id": f"n{step}", "next": {"id": f"n{step + 1}"}} for step in range(5_000)]
    with pytest.raises(TooDeep):
        merge_by_id({"chain": chain})


def widened(size: int) -> dict[str, Any]:
    """One long text, and as many mentions of it as the same number of bytes holds."""
    return {"all": [{"id": "a", "s": "x" * size}, *([{"id": "a"}] * (size // 11))]}


def listed(size: int) -> dict[str, Any]:
    """One long list and many mentions of it."""
    return {"all": [{"id": "a", "l": [1] * size}, *([{"id": "a"}] * (size // 11))]}


def keyed(size: int) -> dict[str, Any]:
    """The length is in the names."""
    return {"all": [{"id": "a", "k" * size: 1}, *([{"id": "a"}] * (size // 11))]}


def escaped(size: int) -> dict[str, Any]:
    """Six bytes of JSON in each character."""
    return {"all": [{"id": "a", "s": "\x01" * (size // 6)}, *([{"id": "a"}] * (size // 11))]}


def emptied(size: int) -> dict[str, Any]:
    """Nothing but brackets."""
    return {"all": [{"id": "a", "l": [[] for _ in range(size // 3)]}, *([{"id": "a"}] * (size // 11))]}


@pytest.mark.parametrize("bomb", [widened, listed, keyed, escaped, emptied])
def test_many_mentions_of_one_long_thing_are_stopped(bomb: Callable[[int], dict[str, Any]]) -> None:
    with pytest.raises(TooLarge):
        merge_by_id(bomb(10_000))


@pytest.mark.parametrize("bomb", [widened, listed, keyed, escaped, emptied])
def test_what_unfolds_to_four_times_its_size_is_let_through(bomb: Callable[[int], dict[str, Any]]) -> None:
    start = bomb(20_000)["all"]
    document = {"all": start[:4]}
    assert len(strict_json.dump(merge_by_id(document))) > 3.5 * len(strict_json.dump(document))
    with pytest.raises(TooLarge):
        merge_by_id({"all": start[:6]})


def joined_lists(size: int) -> dict[str, Any]:
    """Two lists that share nothing."""
    return {"a": {"id": "a", "l": list(range(size // 12))}, "b": {"id": "a", "l": list(range(size, size + size // 12))}}


def added_one_by_one(size: int) -> dict[str, Any]:
    """A list that grows by an item with every mention; what they make is said once only."""
    said = [{"id": "a", "l": [[number]]} for number in range(size // 26)]
    return {"all": said}


def compared_again(size: int) -> dict[str, Any]:
    """One long value, and many that differ from it only as objects do that are written in another order."""
    return {"all": [{"id": "a", "o": {"y": "y" * size, "x": 1}}, *({"id": "a", "o": {"id": "b"}},) * 2]}


@pytest.mark.parametrize(
    "heavy", [widened, listed, keyed, escaped, emptied, joined_lists, added_one_by_one, compared_again]
)
def test_the_work_grows_with_the_document_and_so_does_the_memory(heavy: Callable[[int], dict[str, Any]]) -> None:
    document = heavy(80_000)
    assert len(strict_json.dump(document)) < 256 * 1024
    # Four times the size: what compares each with each would take sixteen times as long.
    assert times_as_long(_merge_or_refuse, heavy(20_000), document) < 9
    tracemalloc.start()
    _merge_or_refuse(document)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100 << 20


def _merge_or_refuse(document: dict[str, Any]) -> None:
    with contextlib.suppress(TooLarge, ConflictingObjects):
        merge_by_id(document)


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0, False), ([1], [True]), ({"p": 1}, {"p": True})])
def test_what_only_python_takes_for_equal_is_not(one: Any, other: Any) -> None:
    pair = {"x": {"id": "a", "v": one}, "y": {"id": "a", "v": other}}
    try:
        assert len(merge_by_id(pair)["x"]["v"]) == 2
    except ConflictingObjects:
        assert not isinstance(one, list)


def test_the_order_of_members_is_no_contradiction() -> None:
    merged = merge_by_id({"x": {"id": "a", "v": {"p": 1, "q": 2}}, "y": {"id": "a", "v": {"q": 2, "p": 1}}})
    assert merged["y"]["v"] == {"p": 1, "q": 2}


def test_objects_with_an_id_that_is_no_text_are_not_one() -> None:
    with pytest.raises(ConflictingObjects):
        merge_by_id({"x": {"id": "a", "v": {"id": 7, "n": 1}}, "y": {"id": "a", "v": {"id": 7, "n": 2}}})


VALUES = st.recursive(
    st.text(max_size=2) | st.integers(0, 2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "p", "q"]), inner, max_size=3),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(["id", "x", "y"]), VALUES))
def test_merging_changes_no_input_and_raises_only_ours(document: dict[str, Any]) -> None:
    before = deepcopy(document)
    with contextlib.suppress(CredentialError):
        merge_by_id(document)
    assert document == before


@given(st.dictionaries(st.sampled_from(["id", "x", "y"]), VALUES))
def test_what_is_merged_is_bounded_and_stays_as_it_is(document: dict[str, Any]) -> None:
    with contextlib.suppress(CredentialError):
        merged = merge_by_id(document)
        assert len(strict_json.dump(merged)) <= MAX_GROWTH * len(strict_json.dump(document)) + ROOM
        assert strict_json.canonical(merge_by_id(merged)) == strict_json.canonical(merged)


@given(st.dictionaries(st.sampled_from(["id", "x", "y"]), VALUES), st.sampled_from([None, 1]), st.booleans())
def test_the_text_at_hand_changes_nothing(document: dict[str, Any], indent: int | None, ascii_only: bool) -> None:
    written = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode()
    try:
        expected = merge_by_id(document)
    except CredentialError as err:
        with pytest.raises(type(err)):
            merge_by_id(document, written)
    else:
        assert merge_by_id(document, written) == expected


@pytest.mark.parametrize(
    "written",
    [
        rb'{"x":{"\u0069d":"a","name":"one"},"y":{"id":"a","name":"two"}}',
        b'{"x":{"id" :\n"a","name":"one"},"y":{"id":\t"a","name":"two"}}',
        rb'{"x":{"id":"\u0061","name":"one"},"y":{"id":"a","name":"two"}}',
    ],
)
def test_an_id_is_found_however_it_is_written(written: bytes) -> None:
    with pytest.raises(ConflictingObjects):
        merge_by_id(json.loads(written), written)
