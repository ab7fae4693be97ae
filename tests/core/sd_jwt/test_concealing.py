"""Hiding: what is hidden comes back whole, nothing of it is in what is signed, and the same entropy hides the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.errors import NothingToHide
from credentials.core.sd_jwt.concealing import conceal
from credentials.core.sd_jwt.unveiling import processed_payload, unveil

ENTROPY = bytes(range(32))
PAYLOAD = {
    "iss": "https://issuer.example",
    "name": "Zoë",
    "address": {"street": "1 Main St", "city": "Bergen"},
    "done": ["report", {"title": "notes", "pages": 12}, "data"],
}


def test_members_elements_and_what_is_inside_them() -> None:
    pointers = ["/name", "/address", "/address/street", "/done/1", "/done/1/pages", "/done/2"]
    hidden = conceal(PAYLOAD, pointers, entropy=ENTROPY)
    assert hidden.payload.keys() == {"iss", "done", "_sd", "_sd_alg"}
    assert [type(one) for one in hidden.payload["done"]] == [str, dict, dict]
    signed = json.dumps(hidden.payload)
    assert not any(word in signed for word in ("Zoë", "Main", "Bergen", "notes", "data", "12"))
    unveiled = unveil(hidden.payload, hidden.disclosures)
    assert unveiled.payload == PAYLOAD
    assert sorted(place.pointer for place in unveiled.places) == sorted(pointers)


def test_what_stands_inside_needs_what_it_stands_in() -> None:
    hidden = conceal(PAYLOAD, ["/address", "/address/street"], entropy=ENTROPY)
    street, address = hidden.disclosures
    assert (street.name, address.name) == ("street", "address")
    assert processed_payload(hidden.payload, [address])["address"] == {"city": "Bergen"}
    assert unveil(hidden.payload, [street]).strangers == (street,)


def test_the_same_entropy_gives_the_same_bytes() -> None:
    one, two = (conceal(PAYLOAD, ["/name", "/done/0"], entropy=ENTROPY, decoys=3) for _ in range(2))
    assert one == two
    assert one != conceal(PAYLOAD, ["/name", "/done/0"], entropy=ENTROPY[::-1], decoys=3)


def test_salts_have_128_bits_and_are_never_used_twice() -> None:
    many = {"list": [0] * 300}
    hidden = conceal(many, [f"/list/{number}" for number in range(300)], entropy=ENTROPY)
    salts = {one.salt for one in hidden.disclosures}
    assert len(salts) == 300
    assert {len(salt) for salt in salts} == {22}


def test_decoys_look_like_digests_and_stand_among_them() -> None:
    hidden = conceal(PAYLOAD, ["/name"], entropy=ENTROPY, decoys=4)
    digests = hidden.payload["_sd"]
    assert len(set(digests)) == 5
    assert digests == sorted(digests)
    assert {len(one) for one in digests} == {43}
    assert processed_payload(hidden.payload, hidden.disclosures) == PAYLOAD


def test_the_order_of_digests_is_not_that_of_the_members() -> None:
    """Section 4.2.4.1: or the first digest would be known to be the first member's."""
    members = {f"m{number:02}": number for number in range(20)}
    hidden = conceal(members, [f"/{name}" for name in members], entropy=ENTROPY)
    places = {place.disclosure.name: place for place in unveil(hidden.payload, hidden.disclosures).places}
    assert list(places) != list(members)
    assert hidden.payload["_sd"] == sorted(hidden.payload["_sd"])


@pytest.mark.parametrize(
    "pointers",
    [
        ["/nobody"],
        ["/done/3"],
        ["/done/-1"],
        ["/done/01"],
        ["/done/-"],
        ["/name/first"],
        ["/address/street/number"],
        ["name"],
        [""],
        ["/name", "/name"],
        ["/address/zip"],
    ],
)
def test_places_that_are_not_there(pointers: list[str]) -> None:
    with pytest.raises(NothingToHide):
        conceal(PAYLOAD, pointers, entropy=ENTROPY)


@pytest.mark.parametrize("name", ["_sd", "_sd_alg", "..."])
def test_a_document_with_reserved_names_is_not_hidden_in(name: str) -> None:
    with pytest.raises(NothingToHide):
        conceal({"a": 1, name: []}, ["/a"], entropy=ENTROPY)
    with pytest.raises(NothingToHide):
        conceal({"a": 1, "b": [{name: "x"}]}, ["/a"], entropy=ENTROPY)


def test_too_little_entropy_is_refused() -> None:
    with pytest.raises(ValueError, match="random"):
        conceal(PAYLOAD, ["/name"], entropy=b"short")


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
documents = st.dictionaries(
    names,
    st.recursive(
        st.none() | st.integers(-9, 9) | names,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


def places_of(value: Any, at: str = "") -> list[str]:
    """The pointer of every member and element in a document."""
    if isinstance(value, dict):
        below = [(name.replace("~", "~0").replace("/", "~1"), member) for name, member in value.items()]
    elif isinstance(value, list):
        below = [(str(number), element) for number, element in enumerate(value)]
    else:
        below = []
    return [found for name, member in below for found in (f"{at}/{name}", *places_of(member, f"{at}/{name}"))]


@given(documents, st.randoms(use_true_random=False), st.integers(0, 3))
def test_any_document_any_places(document: dict[str, Any], random: Any, decoys: int) -> None:
    if any(name in repr(document) for name in ("_sd", "...")):
        return
    chosen = [pointer for pointer in places_of(document) if random.random() < 0.5]
    hidden = conceal(document, chosen, entropy=ENTROPY, decoys=decoys)
    assert processed_payload(hidden.payload, hidden.disclosures) == document
    assert len(hidden.disclosures) == len(chosen)
