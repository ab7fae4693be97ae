"""The text with its tildes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core import strict_json
from credentials.core.errors import (
    BadDisclosure,
    CredentialError,
    NotBase64Url,
    NotCompactJws,
    NotSdJwt,
    SignatureMismatch,
    TooLarge,
)
from credentials.core.jws import verify_jws
from credentials.core.keys import PublicKey
from credentials.core.sd_jwt.serialised import MAX_DISCLOSURES, join_sd_jwt, parse_sd_jwt
from credentials.core.sd_jwt.unveiling import processed_payload
from tests.core.sd_jwt.published import PUBLISHED

ISSUER = PublicKey.from_jwk(PUBLISHED["issuer_jwk"])
ISSUED = PUBLISHED["cases"][0]["sd_jwt"].encode()


def accepted(data: bytes) -> dict[str, Any]:
    sd_jwt = parse_sd_jwt(data)
    verify_jws(sd_jwt.jws, ISSUER)
    payload = strict_json.parse_object(sd_jwt.jws.payload, max_bytes=100_000)
    return processed_payload(payload, sd_jwt.disclosures)


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["section"])
def test_the_examples_of_section_5_verify(case: dict[str, Any]) -> None:
    assert accepted(case["sd_jwt"].encode()) == case["processed"]


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["section"])
def test_there_and_back(case: dict[str, Any]) -> None:
    sd_jwt = parse_sd_jwt(case["sd_jwt"].encode())
    joined = join_sd_jwt(sd_jwt.issuer_jwt, sd_jwt.disclosures)
    assert joined == sd_jwt.bound
    assert case["sd_jwt"].encode().startswith(joined)
    assert (sd_jwt.key_binding is None) == (joined == case["sd_jwt"].encode())


def test_every_bit_counts() -> None:
    """Whatever bit is flipped, nothing is accepted that the issuer did not say."""
    for place in range(len(ISSUED) * 8):
        changed = bytearray(ISSUED)
        changed[place >> 3] ^= 1 << (place & 7)
        try:
            sd_jwt = parse_sd_jwt(bytes(changed))
            payload = strict_json.parse_object(sd_jwt.jws.payload, max_bytes=100_000)
            processed_payload(payload, sd_jwt.disclosures)
        except CredentialError:
            continue
        with pytest.raises(SignatureMismatch):
            verify_jws(sd_jwt.jws, ISSUER)


ISSUER_JWT = ISSUED.partition(b"~")[0]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NotSdJwt),
        (ISSUER_JWT, NotSdJwt),
        (b"~", NotCompactJws),
        (b"~" + ISSUER_JWT, NotCompactJws),
        (ISSUER_JWT + b"~~", NotSdJwt),
        (ISSUED.replace(b"~", b"~~", 1), NotSdJwt),
        (ISSUER_JWT + b"~bnVsbA~", BadDisclosure),
        (ISSUER_JWT + b"~WyJz=~", NotBase64Url),
        (ISSUER_JWT + b"~WyJz\xff~", NotBase64Url),
        (ISSUER_JWT + b"~WyJzIiwxXQ" * (MAX_DISCLOSURES + 1) + b"~", TooLarge),
        (ISSUED + b"x" * (1024 * 1024), TooLarge),
    ],
)
def test_what_is_no_sd_jwt(data: bytes, error: type[CredentialError]) -> None:
    with pytest.raises(error):
        parse_sd_jwt(data)


def test_without_disclosures_there_is_still_a_tilde() -> None:
    assert parse_sd_jwt(ISSUER_JWT + b"~").disclosures == ()
    assert "given_name" not in accepted(ISSUER_JWT + b"~")


@given(st.lists(st.sampled_from([b"~", b".", b"e30", b"WyJzIiwxXQ", b"", ISSUER_JWT, b"=", b"\x00"])).map(b"".join))
def test_it_is_read_or_refused(data: bytes) -> None:
    try:
        parse_sd_jwt(data)
    except CredentialError:
        return
    assert data.startswith(ISSUER_JWT)
