"""Digests stated in documents: the forms that are read, and the many that are refused."""

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base58, base64url
from credentials.core.errors import CredentialError, MalformedRelatedResource, RelatedResourceDiffers
from credentials.core.related_resources import (
    MAX_RESOURCES,
    StatedResource,
    digests_of,
    fits,
    may_state_digests,
    not_at_hand,
    stated_resources,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "related_resources.json").read_text(encoding="utf-8"))
ADDRESS = "https://files.example/a"
CODES = {"sha256": b"\x12\x20", "sha384": b"\x20\x30", "sha512": b"\x13\x40"}


def sri(algorithm: str, data: bytes) -> str:
    return f"{algorithm}-{b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def one(**members: Any) -> StatedResource:
    (stated,) = stated_resources({"relatedResource": [{"id": ADDRESS, **members}]})
    return stated


@pytest.mark.parametrize("case", VECTORS["good"], ids=lambda case: case["name"])
def test_published_and_own_digests_are_read(case: dict[str, Any]) -> None:
    (stated,) = stated_resources(case["document"])
    (digest,) = stated.digests
    assert (stated.id, digest.algorithm) == (case["id"], case["algorithm"])
    assert {value.hex() for value in digest.values} == set(case["hex"])


@pytest.mark.parametrize("case", VECTORS["bad"], ids=lambda case: case["name"])
def test_what_is_no_digest_of_anything_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(CredentialError) as caught:
        stated_resources(case["document"])
    assert caught.value.code == case["code"]


@given(data=st.binary(max_size=64), algorithm=st.sampled_from(sorted(CODES)), spelled=st.sampled_from("uzs"))
def test_a_digest_fits_its_own_bytes_and_no_others(data: bytes, algorithm: str, spelled: str) -> None:
    digest = hashlib.new(algorithm, data).digest()
    multihash = CODES[algorithm] + digest
    forms = {
        "u": {"digestMultibase": "u" + base64url.encode(multihash)},
        "z": {"digestMultibase": "z" + base58.encode(multihash)},
        "s": {"digestSRI": sri(algorithm, data)},
    }
    stated = one(**forms[spelled])
    assert fits(stated, digests_of({ADDRESS: data}))
    with pytest.raises(RelatedResourceDiffers):
        fits(stated, digests_of({ADDRESS: data + b"."}))


@given(st.text(max_size=120))
def test_any_text_is_a_digest_or_refused(text: str) -> None:
    for member in ("digestSRI", "digestMultibase"):
        try:
            one(**{member: text})
        except MalformedRelatedResource:
            continue


NAMES = st.sampled_from(["id", "digestSRI", "digestMultibase", "relatedResource", "x"])
LEAVES = st.none() | st.integers() | st.text(max_size=5)


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=12))
def test_any_document_is_read_or_refused(value: Any) -> None:
    for document in ({"relatedResource": value}, {"x": value}):
        try:
            stated_resources(document)
        except MalformedRelatedResource:
            continue


def test_of_several_expressions_the_strongest_counts() -> None:
    weak_is_wrong = f"{sri('sha256', b'other')} {sri('sha512', b'data')}"
    assert fits(one(digestSRI=weak_is_wrong), digests_of({ADDRESS: b"data"}))
    strong_is_wrong = f"{sri('sha256', b'data')} {sri('sha512', b'other')}"
    with pytest.raises(RelatedResourceDiffers):
        fits(one(digestSRI=strong_is_wrong), digests_of({ADDRESS: b"data"}))


def test_any_of_one_strength_will_do() -> None:
    either = f"{sri('sha384', b'old')} {sri('sha384', b'new')}"
    assert fits(one(digestSRI=either), digests_of({ADDRESS: b"new"}))


def test_two_digests_of_one_resource_must_both_fit() -> None:
    multibase = "u" + base64url.encode(CODES["sha256"] + hashlib.sha256(b"other").digest())
    with pytest.raises(RelatedResourceDiffers):
        fits(one(digestSRI=sri("sha384", b"data"), digestMultibase=multibase), digests_of({ADDRESS: b"data"}))


def test_a_known_digest_of_another_algorithm_says_nothing() -> None:
    known = {"sha256": hashlib.sha256(b"data").digest()}
    assert not fits(one(digestSRI=sri("sha384", b"data")), lambda _name, algorithm: known.get(algorithm))


def test_what_is_not_at_hand_is_named_once() -> None:
    stated = stated_resources({"a": [{"id": ADDRESS, "digestSRI": sri("sha384", b"x")}] * 3})
    assert not_at_hand(stated, digests_of({})) == (ADDRESS,)


def test_objects_are_found_however_deep() -> None:
    document: Any = {"id": ADDRESS, "digestSRI": sri("sha256", b"x")}
    for _ in range(20):
        document = {"a": [document]}
    assert stated_resources(document)[0].id == ADDRESS


def test_the_number_of_resources_is_bounded() -> None:
    entries = [{"id": f"{ADDRESS}{n}", "digestSRI": sri("sha256", b"x")} for n in range(MAX_RESOURCES + 1)]
    assert len(stated_resources({"relatedResource": entries[:-1]})) == MAX_RESOURCES
    with pytest.raises(MalformedRelatedResource):
        stated_resources({"relatedResource": entries})


@pytest.mark.parametrize(
    ("document", "written", "answer"),
    [
        ({"a": 1}, b'{"a":1}', False),
        ({"a": {"digestSRI": ""}}, b'{"a":{"digestSRI":""}}', True),
        ({"a": {"digestSRI": ""}}, b'{"a":{"\\u0064igestSRI":""}}', True),
        ({"relatedResource": 7}, b"", True),
    ],
)
def test_a_glance_never_misses_one(document: dict[str, Any], written: bytes, answer: bool) -> None:
    assert may_state_digests(document, written) is answer
