"""Token Status List: the draft's own examples, and everything that is no list."""

import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import base64url
from credentials.core.errors import (
    AlgorithmRefused,
    BadStatusList,
    CredentialError,
    KidMissing,
    SignatureMismatch,
    StatusIndexOutOfRange,
    StatusListTooLarge,
    WrongTokenType,
)
from credentials.core.token_status_list import (
    assemble_status_list_token,
    decode,
    encode,
    parse_status_list_token,
    status_list_claims,
    status_list_signing_input,
    verify_status_list_token,
)
from tests.core.parties import Party, vectors

NOW = datetime(2026, 6, 1, tzinfo=UTC)
URL = "https://credentials.example/status/1/token"
PUBLISHED = vectors("token_status_list_published.json")
GOOD: dict[str, Any] = {
    "sub": URL,
    "iat": int(NOW.timestamp()),
    "status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ"},
}


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["what"])
def test_published_lists(case: dict[str, Any]) -> None:
    listed = decode(case["lst"], case["bits"])
    statuses = {int(index): status for index, status in case["statuses"].items()}
    assert len(listed) == case["size"]
    assert {index: listed.status(index) for index in statuses} == statuses
    assert sum(listed.status(index) != 0 for index in range(len(listed))) == sum(map(bool, statuses.values()))
    assert encode(statuses, size=case["size"], bits=case["bits"]) == case["lst"]


@given(st.sampled_from([1, 2, 4, 8]), st.data())
def test_there_and_back(bits: Any, data: st.DataObject) -> None:
    statuses = data.draw(st.dictionaries(st.integers(0, 63), st.integers(0, (1 << bits) - 1)))
    listed = decode(encode(statuses, size=64, bits=bits), bits)
    assert [listed.status(index) for index in range(64)] == [statuses.get(index, 0) for index in range(64)]


def test_the_least_significant_bits_come_first() -> None:
    """The other way round than in a Bitstring Status List: whoever mixes them up withdraws another credential."""
    assert decode(encode({0: 1}, size=16, bits=1), 1).data == b"\x01\x00"
    assert decode(encode({1: 2}, size=8, bits=2), 2).data == b"\x08\x00"


@pytest.mark.parametrize("index", [-1, 16, 10**9])
def test_an_index_outside(index: int) -> None:
    with pytest.raises(StatusIndexOutOfRange):
        decode("eNrbuRgAAhcBXQ", 1).status(index)
    with pytest.raises(StatusIndexOutOfRange):
        encode({index: 1}, size=16, bits=1)


@pytest.mark.parametrize(("status", "size", "bits"), [(2, 16, 1), (-1, 16, 2), (4, 16, 2), (1, 0, 1), (1, 3, 2)])
def test_what_cannot_be_written(status: int, size: int, bits: Any) -> None:
    with pytest.raises(ValueError, match=r"size|fit"):
        encode({0: status}, size=size, bits=bits)


def packed(data: bytes) -> str:
    return base64url.encode(zlib.compress(data))


@pytest.mark.parametrize("bits", [0, 3, 5, 16, -1])
def test_other_widths(bits: int) -> None:
    with pytest.raises(BadStatusList):
        decode("eNrbuRgAAhcBXQ", bits)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "eNrbuRgAAhcBXQ=",
        "eNrbuRgAAhcBX",
        "eNrbuRgAAhcBXg",
        packed(b""),
        packed(b"x")[:-2],
        base64url.encode(zlib.compress(b"x") + b"more"),
        base64url.encode(zlib.compress(b"x", wbits=-15)),
        base64url.encode(zlib.compress(b"x", wbits=31)),
    ],
)
def test_what_is_no_list(text: str) -> None:
    with pytest.raises(BadStatusList):
        decode(text, 1)


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(StatusListTooLarge):
        decode(packed(bytes(64 * 1024 * 1024)), 1)
    with pytest.raises(StatusListTooLarge):
        decode(packed(bytes(2000)), 1, max_bytes=1999)
    with pytest.raises(StatusListTooLarge):
        decode("A" * 5000, 1, max_bytes=1000)


def token(party: Party, claims: dict[str, Any] | bytes, header: dict[str, Any] | None = None) -> bytes:
    stated = {"alg": party.alg, "typ": "statuslist+jwt", "kid": "k1"} | (header or {})
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    stated = {name: value for name, value in stated.items() if value is not None}
    return party.token(json.dumps(stated).encode(), payload).encode()


def test_a_signed_list(any_party: Party, stranger: Party) -> None:
    if any_party.alg == "RS256":
        return
    claims = status_list_claims(
        list_url=URL,
        issuer="https://acme.example",
        statuses={5: 1, 6: 2},
        size=131_072,
        issued_at=NOW,
        expires=NOW + timedelta(hours=1),
        ttl=timedelta(minutes=1),
    )
    data = status_list_signing_input(claims, key_name="k1", algorithm=any_party.key.algorithm)
    listed = parse_status_list_token(assemble_status_list_token(data, any_party.sign(data)))
    verify_status_list_token(listed, any_party.key)
    assert [listed.statuses.status(index) for index in (4, 5, 6, 7)] == [0, 1, 2, 0]
    assert (listed.subject, listed.key_name, listed.issuer) == (URL, "k1", "https://acme.example")
    assert (listed.issued_at, listed.expires, listed.ttl) == (NOW, NOW + timedelta(hours=1), timedelta(minutes=1))
    if any_party.alg == "EdDSA":
        with pytest.raises(SignatureMismatch):
            verify_status_list_token(listed, stranger.key)


def test_what_is_needed_and_no_more(issuer: Party) -> None:
    listed = parse_status_list_token(token(issuer, GOOD))
    assert (listed.expires, listed.ttl, listed.issuer) == (None, None, None)


@pytest.mark.parametrize(
    "change",
    [
        {"sub": None},
        {"sub": 7},
        {"iat": None},
        {"iat": "now"},
        {"iat": -1},
        {"iat": 10**15},
        {"exp": "soon"},
        {"exp": -1},
        {"ttl": 0},
        {"ttl": -5},
        {"ttl": 1.5},
        {"ttl": "60"},
        {"ttl": True},
        {"iss": 7},
        {"status_list": None},
        {"status_list": "eNrbuRgAAhcBXQ"},
        {"status_list": {"lst": "eNrbuRgAAhcBXQ"}},
        {"status_list": {"bits": 1}},
        {"status_list": {"bits": "1", "lst": "eNrbuRgAAhcBXQ"}},
        {"status_list": {"bits": 3, "lst": "eNrbuRgAAhcBXQ"}},
        {"status_list": {"bits": 1, "lst": 7}},
    ],
    ids=str,
)
def test_claims_that_are_no_list(issuer: Party, change: dict[str, Any]) -> None:
    claims = {name: value for name, value in (GOOD | change).items() if value is not None}
    with pytest.raises(BadStatusList):
        parse_status_list_token(token(issuer, claims))


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ({"typ": None}, WrongTokenType),
        ({"typ": "JWT"}, WrongTokenType),
        ({"typ": "vc+jwt"}, WrongTokenType),
        ({"typ": "status-story+jwt"}, WrongTokenType),
        ({"kid": None}, KidMissing),
        ({"kid": ""}, KidMissing),
        ({"alg": "none"}, AlgorithmRefused),
    ],
)
def test_headers_of_something_else(issuer: Party, header: dict[str, Any], error: type[CredentialError]) -> None:
    with pytest.raises(error):
        parse_status_list_token(token(issuer, GOOD, header))


def test_only_some_algorithms_sign() -> None:
    with pytest.raises(AlgorithmRefused):
        status_list_signing_input(b"{}", key_name="k", algorithm="RSA")


@given(st.binary(max_size=80))
def test_it_is_a_list_or_refused(data: bytes) -> None:
    for read in (lambda: parse_status_list_token(data), lambda: decode(data.decode("latin-1"), 2)):
        try:
            read()
        except CredentialError:
            continue
