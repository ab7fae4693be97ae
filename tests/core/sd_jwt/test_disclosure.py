"""One disclosure: the texts and digests that RFC 9901 prints, and what is no disclosure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base64url
from credentials.core.errors import BadDisclosure, HashRefused, NotBase64Url, TooLarge
from credentials.core.sd_jwt.disclosure import (
    MAX_DISCLOSURE_BYTES,
    RESERVED,
    digest_of,
    read_disclosures,
    write_disclosure,
)
from tests.core.sd_jwt.published import PUBLISHED


@pytest.mark.parametrize("case", PUBLISHED["disclosures"], ids=lambda case: case["digest"])
def test_published_disclosures_and_digests(case: dict[str, Any]) -> None:
    one = read_disclosures([case["disclosure"].encode()])[0]
    named = [] if one.name is None else [one.name]
    assert [one.salt, *named, one.value] == case["contents"]
    assert digest_of(case["disclosure"].encode()) == case["digest"]


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, st.none() | texts.filter(lambda name: name not in RESERVED), st.none() | st.integers(-9, 9) | texts)
def test_what_is_written_is_read(salt: str, name: str | None, value: Any) -> None:
    one = write_disclosure(salt, value, name)
    read = read_disclosures([one.encoded])[0]
    assert (read.encoded, read.salt, read.name, read.value) == (one.encoded, salt, name, value)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (b'["s","a",{"b":["c"]}]', True),
        (b'["s","a",{"_sd":[]}]', False),
        (b'["s","a",{"\\u005fsd":[]}]', False),
        (b'["s","a",[{"...":"x"}]]', False),
        (b'["s","a",{"_sd_alg":"x"}]', False),
    ],
)
def test_what_may_hold_more_digests_is_searched(text: bytes, plain: bool) -> None:
    assert read_disclosures([base64url.encode_bytes(text)])[0].plain is plain


def test_the_digest_is_over_the_text_that_was_sent() -> None:
    spaced = next(one for one in PUBLISHED["disclosures"] if one["contents"][1] == "given_name")
    again = write_disclosure(*[spaced["contents"][0], spaced["contents"][2], spaced["contents"][1]])
    assert read_disclosures([again.encoded])[0].value == read_disclosures([spaced["disclosure"].encode()])[0].value
    assert digest_of(again.encoded) != spaced["digest"]


@pytest.mark.parametrize("text", [b"", b"e30", b"WzFd", b"bnVsbA"])
def test_what_is_no_disclosure(text: bytes) -> None:
    with pytest.raises(BadDisclosure):
        read_disclosures([text])[0]


def test_a_disclosure_is_capped() -> None:
    big = write_disclosure("s", "x" * MAX_DISCLOSURE_BYTES, "n")
    with pytest.raises(TooLarge):
        read_disclosures([big.encoded])[0]


@pytest.mark.parametrize("text", [b"WyJzIl0=", b"WyJzIl1", b"W yJzIl0", b"WyJz+l0"])
def test_one_text_for_one_value(text: bytes) -> None:
    with pytest.raises(NotBase64Url):
        read_disclosures([text])[0]


@pytest.mark.parametrize("name", ["sha-1", "sha3-256", "", "md5", "sha-256 "])
def test_other_hashes_are_refused(name: str) -> None:
    with pytest.raises(HashRefused):
        digest_of(b"", name)
