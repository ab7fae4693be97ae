"""From digests to values: what RFC 9901 shows comes out as printed there, and each rule of section 7.1 refuses."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base64url
from credentials.core.errors import BadDigest, CredentialError, TooDeep
from credentials.core.sd_jwt.disclosure import digest_of, read_disclosures, write_disclosure
from credentials.core.sd_jwt.unveiling import MAX_DIGESTS, processed_payload, unveil
from credentials.core.strict_json import DEFAULT_DEPTH
from tests.core.parties import vectors
from tests.core.sd_jwt.published import PUBLISHED


@pytest.mark.parametrize("case", PUBLISHED["payloads"], ids=lambda case: f"{case['section']} {case['what']}")
def test_the_structures_of_section_6(case: dict[str, Any]) -> None:
    disclosures = [read_disclosures([text.encode()])[0] for text in case["disclosures"]]
    unveiled = unveil(case["payload"], disclosures)
    assert unveiled.payload == case["processed"]
    assert sorted(place.pointer for place in unveiled.places) == case["pointers"]
    assert unveiled.strangers == ()


def filled(value: Any, texts: list[bytes]) -> Any:
    """`value` with `${n}` replaced by the digest of the n-th text."""
    if isinstance(value, dict):
        return {name: filled(member, texts) for name, member in value.items()}
    if isinstance(value, list):
        return [filled(element, texts) for element in value]
    found = re.fullmatch(r"\$\{(\d)(?::(.*))?\}", value) if isinstance(value, str) else None
    return digest_of(texts[int(found[1])], found[2] or "sha-256") if found else value


def encoded(case: dict[str, Any]) -> list[bytes]:
    """The disclosures of a case; a later one may hold the digest of an earlier one."""
    texts: list[bytes] = []
    for raw in case.get("disclosures", []):
        inner = re.sub(r"\$\{(\d)\}", lambda found: digest_of(texts[int(found[1])]), raw)
        texts.append(base64url.encode_bytes(inner.encode()))
    return texts + [raw.encode() for raw in case.get("raw", [])]


@pytest.mark.parametrize("case", vectors("sd_jwt_hostile.json"), ids=lambda case: case["name"])
def test_every_rejection(case: dict[str, Any]) -> None:
    texts = encoded(case)
    with pytest.raises(CredentialError) as caught:
        processed_payload(filled(case["payload"], texts), [read_disclosures([text])[0] for text in texts])
    assert caught.value.code == case["code"]


@pytest.mark.parametrize("algorithm", ["sha-256", "sha-384", "sha-512", None])
def test_the_hashes_that_are_understood(algorithm: str | None) -> None:
    one = write_disclosure("salt", 1, "pay")
    named = {} if algorithm is None else {"_sd_alg": algorithm}
    payload = {"_sd": [digest_of(one.encoded, algorithm or "sha-256")], **named}
    assert processed_payload(payload, [one]) == {"pay": 1}


def test_a_digest_without_a_disclosure_leaves_no_trace() -> None:
    payload = {"a": 1, "_sd": ["decoy"], "b": [{"...": "left out"}, 2], "c": {"_sd": ["left out, too"]}}
    assert processed_payload(payload, []) == {"a": 1, "b": [2], "c": {}}


def test_the_input_is_not_changed() -> None:
    one, two = write_disclosure("s", {"x": 1}, "a"), write_disclosure("s", 7)
    payload = {"_sd": [digest_of(one.encoded)], "list": [{"...": digest_of(two.encoded)}], "_sd_alg": "sha-256"}
    before = repr(payload)
    assert processed_payload(payload, [one, two]) == {"a": {"x": 1}, "list": [7]}
    assert repr(payload) == before


def test_elements_are_counted_as_the_issuer_counted_them() -> None:
    last = write_disclosure("s", "third")
    payload = {"list": ["first", {"...": "left out"}, {"...": digest_of(last.encoded)}]}
    unveiled = unveil(payload, [last])
    assert unveiled.payload == {"list": ["first", "third"]}
    assert [place.pointer for place in unveiled.places] == ["/list/2"]


def test_a_pointer_is_escaped() -> None:
    one = write_disclosure("s", 1, "a/b~c")
    assert unveil({"_sd": [digest_of(one.encoded)]}, [one]).places[0].pointer == "/a~1b~0c"


def test_a_chain_of_disclosures_is_no_way_round_the_cap_on_depth() -> None:
    chain = [write_disclosure("s", 0, "n")]
    for _ in range(40):
        chain.append(write_disclosure("s", {"_sd": [digest_of(chain[-1].encoded)]}, "n"))
    with pytest.raises(TooDeep):
        unveil({"_sd": [digest_of(chain[-1].encoded)]}, chain)


@pytest.mark.parametrize(("levels", "allowed"), [(DEFAULT_DEPTH - 1, True), (DEFAULT_DEPTH, False), (900, False)])
def test_nor_is_one_of_arrays(levels: int, allowed: bool) -> None:
    chain = [write_disclosure("s", 0)]
    for _ in range(levels - 1):
        chain.append(write_disclosure("s", [{"...": digest_of(chain[-1].encoded)}]))
    payload = {"list": [{"...": digest_of(chain[-1].encoded)}]}
    if allowed:
        assert len(unveil(payload, chain).places) == levels
    else:
        with pytest.raises(TooDeep):
            unveil(payload, chain)


def test_digests_are_capped() -> None:
    with pytest.raises(BadDigest):
        unveil({"_sd": [str(number) for number in range(MAX_DIGESTS + 1)]}, [])


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "_sd", "...", "_sd_alg"]), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "_sd", "...", "_sd_alg"]), values), st.lists(values, max_size=3))
def test_whatever_is_sent_there_is_an_answer_or_an_error_of_ours(payload: dict[str, Any], hidden: list[Any]) -> None:
    disclosures = [write_disclosure(str(number), value, "n") for number, value in enumerate(hidden)]
    try:
        unveiled = unveil(payload, disclosures)
    except CredentialError:
        return
    assert '"_sd"' not in repr(unveiled.payload).replace("'", '"')


@given(st.binary(max_size=60))
def test_a_disclosure_is_read_or_refused(data: bytes) -> None:
    try:
        one = read_disclosures([data])[0]
    except CredentialError:
        return
    assert one.encoded == data
