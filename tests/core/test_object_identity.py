"""Two objects with one id are one object."""

import contextlib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import ConflictingObjects, CredentialError, TooDeep, TooLarge
from credentials.core.object_identity import merge_by_id


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
