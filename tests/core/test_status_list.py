"""Bitstring Status List: bits, caps, purposes and times."""

import gzip
import json
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.core import base64url
from credentials.core.errors import (
    BadInstant,
    BadStatusList,
    CredentialError,
    NotBase64Url,
    StatusIndexOutOfRange,
    StatusListStale,
    StatusListTooLarge,
    StatusListTooShort,
    StatusPurposeMismatch,
    StatusUnavailable,
)
from credentials.core.status_list import (
    MIN_ENTRIES,
    StatusList,
    decode,
    encode,
    parse_status_list_credential,
    status_list_credential,
)
from tests.core.parties import vectors

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
URL = "https://a.example/status/1"


def packed(data: bytes) -> str:
    return "u" + base64url.encode(gzip.compress(data, mtime=0))


@pytest.mark.parametrize("case", vectors("status_list_published.json"), ids=lambda case: case["name"])
def test_published(case: dict[str, Any]) -> None:
    read = decode(case["encodedList"])
    assert len(read) == case["entries"]
    assert [index for index in range(len(read)) if read.is_set(index)] == case["set"]


def test_the_first_bit_is_the_most_significant() -> None:
    """Section 4.3: index 0 is the left-most bit of the first byte."""
    assert decode(encode([0])).bits[:2] == b"\x80\x00"
    assert decode(encode([7])).bits[:2] == b"\x01\x00"
    assert decode(encode([8])).bits[:2] == b"\x00\x80"
    assert decode(encode([MIN_ENTRIES - 1])).bits[-1:] == b"\x01"


@given(st.sets(st.integers(0, MIN_ENTRIES - 1), max_size=40))
@settings(max_examples=40)
def test_exactly_the_bits_that_were_set(indexes: set[int]) -> None:
    read = decode(encode(sorted(indexes)))
    ones = {place * 8 + bit for place, byte in enumerate(read.bits) if byte for bit in range(8) if byte & (0x80 >> bit)}
    assert ones == indexes
    assert all(read.is_set(index) for index in indexes)
    near = {index + step for index in indexes for step in (-8, -1, 1, 8)} - indexes
    assert not any(read.is_set(index) for index in near if 0 <= index < MIN_ENTRIES)


def test_the_same_bits_have_the_same_text() -> None:
    assert encode([5, 9, 5]) == encode(iter([9, 5]))


@pytest.mark.parametrize("index", [-1, MIN_ENTRIES, 2**40])
def test_an_index_outside_the_list(index: int) -> None:
    with pytest.raises(StatusIndexOutOfRange):
        decode(encode([])).is_set(index)
    with pytest.raises(StatusIndexOutOfRange):
        encode([index])


@pytest.mark.parametrize("size", [0, -8, 1, 131_073])
def test_sizes_that_are_no_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="multiple of 8"):
        encode([], size=size)


GOOD = encode([5])


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "u",
        GOOD[1:],
        "z" + GOOD[1:],
        "U" + GOOD[1:],
        "m" + GOOD[1:],
        GOOD + "=",
        GOOD + " ",
        GOOD[:-1],
        GOOD[:40],
        GOOD[:1] + GOOD[5:],
        "u" + base64url.encode(b"not gzip"),
        "u" + base64url.encode(zlib.compress(bytes(16384))),
        "u" + base64url.encode(bytes(16384)),
        "u" + base64url.encode(gzip.compress(bytes(16384), mtime=0) + b"x"),
        "u" + base64url.encode(gzip.compress(bytes(8192), mtime=0) * 2),
        "u" + base64url.encode(gzip.compress(bytes(16384), mtime=0)[:-1]),
        "u" + base64url.encode(gzip.compress(bytes(16384), mtime=0)[:-8] + bytes(8)),
        "u%%%",
        "ué",
    ],
)
def test_what_is_no_list(encoded: str) -> None:
    with pytest.raises(BadStatusList):
        decode(encoded)


@pytest.mark.parametrize("length", [0, 1, 16383])
def test_a_list_too_short_to_hide_in(length: int) -> None:
    with pytest.raises(StatusListTooShort):
        decode(packed(bytes(length)))


def test_the_least_may_be_lowered_on_purpose() -> None:
    assert len(decode(packed(bytes(1)), min_entries=8)) == 8


def test_a_bomb_is_defused_in_small_memory() -> None:
    """64 MiB of zeros in 64 KB: unpacking stops at the cap."""
    packer = zlib.compressobj(9, wbits=31)
    data = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    bomb = "u" + base64url.encode(data)
    tracemalloc.start()
    try:
        with pytest.raises(StatusListTooLarge):
            decode(bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


def test_the_cap_is_exact() -> None:
    assert len(decode(packed(bytes(20_000)), max_bytes=20_000)) == 160_000
    with pytest.raises(StatusListTooLarge):
        decode(packed(bytes(20_001)), max_bytes=20_000)
    with pytest.raises(StatusListTooLarge):
        decode("u" + "A" * 50_000, max_bytes=20_000)


@pytest.fixture
def document() -> dict[str, Any]:
    data = status_list_credential(
        list_url=URL,
        issuer="did:web:a.example",
        purpose="revocation",
        set_indexes=[5],
        size=MIN_ENTRIES,
        valid_from=NOW,
        valid_until=NOW + timedelta(hours=1),
        ttl=timedelta(seconds=60),
    )
    written: dict[str, Any] = json.loads(data)
    return written


def test_a_list_as_a_credential(document: dict[str, Any]) -> None:
    assert document["id"] == URL
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert document["credentialSubject"]["id"] == f"{URL}#list"
    assert document["credentialSubject"]["ttl"] == 60_000
    read = parse_status_list_credential(document, purpose="revocation", now=NOW, fetched_at=NOW)
    assert (read.is_set(5), read.is_set(6)) == (True, False)
    assert read.ttl == timedelta(seconds=60)
    assert read.valid_until == NOW + timedelta(hours=1)


def test_a_list_for_several_purposes(document: dict[str, Any]) -> None:
    document["credentialSubject"]["statusPurpose"] = ["revocation", "suspension"]
    for purpose in ("revocation", "suspension"):
        assert parse_status_list_credential(document, purpose=purpose, now=NOW).is_set(5)


@pytest.mark.parametrize("stated", ["suspension", "Revocation", "", None, [], ["suspension"], {}, 7, "delete"])
def test_a_list_for_another_purpose(stated: Any, document: dict[str, Any]) -> None:
    document["credentialSubject"]["statusPurpose"] = stated
    with pytest.raises(StatusPurposeMismatch):
        parse_status_list_credential(document, purpose="revocation", now=NOW)


@pytest.mark.parametrize(
    ("moment", "fetched"),
    [
        (NOW - timedelta(seconds=61), None),
        (NOW + timedelta(hours=1, seconds=61), None),
        (NOW + timedelta(days=300), None),
        (NOW + timedelta(seconds=200), NOW + timedelta(seconds=139)),
    ],
)
def test_a_list_out_of_date(moment: datetime, fetched: datetime | None, document: dict[str, Any]) -> None:
    with pytest.raises(StatusListStale):
        parse_status_list_credential(document, purpose="revocation", now=moment, fetched_at=fetched)


@pytest.mark.parametrize(
    ("moment", "fetched"),
    [
        (NOW - timedelta(seconds=60), None),
        (NOW + timedelta(hours=1, seconds=60), None),
        (NOW + timedelta(seconds=200), NOW + timedelta(seconds=140)),
        (NOW + timedelta(seconds=200), NOW + timedelta(seconds=300)),
    ],
)
def test_the_issuers_clock_may_differ_by_a_minute(
    moment: datetime, fetched: datetime | None, document: dict[str, Any]
) -> None:
    assert parse_status_list_credential(document, purpose="revocation", now=moment, fetched_at=fetched).is_set(5)


def test_a_list_that_does_not_say_how_long(document: dict[str, Any]) -> None:
    del document["credentialSubject"]["ttl"], document["validUntil"]
    read = parse_status_list_credential(document, purpose="revocation", now=NOW + timedelta(days=1), fetched_at=NOW)
    assert (read.ttl, read.valid_until) == (None, None)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"type": ["VerifiableCredential"]}, BadStatusList),
        ({"type": ["VerifiableCredential", "StatusList2021Credential"]}, BadStatusList),
        ({"credentialSubject": [{"type": "BitstringStatusList"}]}, BadStatusList),
        ({"validUntil": "2026-03-16"}, BadInstant),
    ],
)
def test_other_credentials_are_no_lists(
    change: dict[str, Any], error: type[CredentialError], document: dict[str, Any]
) -> None:
    with pytest.raises(error):
        parse_status_list_credential(document | change, purpose="revocation", now=NOW)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "StatusList2021"),
        ("type", None),
        ("type", ["BitstringStatusList", "X"]),
        ("encodedList", None),
        ("encodedList", 7),
        ("encodedList", [GOOD]),
        ("encodedList", "uAAAA"),
        ("ttl", 0),
        ("ttl", -1),
        ("ttl", 1.5),
        ("ttl", "60000"),
        ("ttl", True),
        ("ttl", 2**60),
        ("ttl", []),
    ],
)
def test_a_broken_list(name: str, value: Any, document: dict[str, Any]) -> None:
    document["credentialSubject"][name] = value
    with pytest.raises(BadStatusList):
        parse_status_list_credential(document, purpose="revocation", now=NOW)


def test_a_failure_is_never_read_as_not_revoked() -> None:
    for kind in (
        BadStatusList,
        StatusListStale,
        StatusListTooLarge,
        StatusListTooShort,
        StatusIndexOutOfRange,
        StatusPurposeMismatch,
    ):
        assert issubclass(kind, StatusUnavailable)


@given(st.text(max_size=60) | st.binary(max_size=80).map(lambda data: "u" + base64url.encode(data)))
def test_garbage_gives_only_our_error(encoded: str) -> None:
    with pytest.raises(StatusUnavailable):
        decode(encoded)


@given(st.integers(0, len(GOOD) - 1), st.characters(max_codepoint=127))
def test_a_changed_character_is_noticed_or_changes_nothing(place: int, char: str) -> None:
    changed = GOOD[:place] + char + GOOD[place + 1 :]
    try:
        read = decode(changed)
    except (StatusUnavailable, NotBase64Url):
        return
    assert read == StatusList(decode(GOOD).bits)
