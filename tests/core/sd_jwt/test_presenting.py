"""The holder's choice: exactly what is chosen goes on, with what it stands inside."""

import json

import pytest

from credentials.core.errors import DisclosureUnreferenced, NotSdJwt
from credentials.core.sd_jwt.concealing import conceal
from credentials.core.sd_jwt.presenting import opened, select
from credentials.core.sd_jwt.serialised import SdJwt, join_sd_jwt, parse_sd_jwt
from tests.core.parties import Party
from tests.core.sd_jwt.published import PUBLISHED

PAYLOAD = {"name": "Zoë", "pay": "EUR 400", "address": {"street": "1 Main St", "city": "Bergen"}, "done": ["a", "b"]}
HIDDEN = ["/name", "/pay", "/address", "/address/street", "/done/0", "/done/1"]


@pytest.fixture
def original(issuer: Party) -> SdJwt:
    hidden = conceal(PAYLOAD, HIDDEN, entropy=b"e" * 32)
    token = issuer.token(json.dumps({"alg": issuer.alg}).encode(), json.dumps(hidden.payload).encode())
    return parse_sd_jwt(join_sd_jwt(token.encode(), hidden.disclosures))


def test_what_can_be_left_out(original: SdJwt) -> None:
    unveiled = opened(original)
    assert unveiled.payload == PAYLOAD
    assert {place.pointer for place in unveiled.places} == set(HIDDEN)


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        ([], {"done": [None, None]}),
        (["/name"], {"name": "Zoë", "done": [None, None]}),
        (["/done/1"], {"done": [None, "b"]}),
        (["/address"], {"address": {"city": "Bergen"}, "done": [None, None]}),
        (["/address/street"], {"address": {"street": "1 Main St", "city": "Bergen"}, "done": [None, None]}),
        (HIDDEN, PAYLOAD),
        (["/nobody"], {"done": [None, None]}),
    ],
)
def test_what_is_kept(original: SdJwt, keep: list[str], left: dict[str, object]) -> None:
    chosen = parse_sd_jwt(select(original, keep=keep))
    assert opened(chosen).payload == left
    assert chosen.issuer_jwt == original.issuer_jwt


def test_a_presentation_can_be_narrowed_again(original: SdJwt) -> None:
    once = parse_sd_jwt(select(original, keep=["/name", "/pay"]))
    twice = parse_sd_jwt(select(once, keep=["/name", "/address"]))
    assert opened(twice).payload == {"name": "Zoë", "done": [None, None]}


def test_what_was_left_out_is_gone(original: SdJwt) -> None:
    chosen = select(original, keep=["/name"])
    for one in original.disclosures:
        assert (one.encoded in chosen) == (one.name == "name")


def test_a_presentation_made_for_somebody_is_no_original() -> None:
    with pytest.raises(NotSdJwt):
        select(parse_sd_jwt(PUBLISHED["cases"][1]["sd_jwt"].encode()), keep=[])


def test_a_disclosure_of_another_credential_is_noticed(original: SdJwt) -> None:
    foreign = parse_sd_jwt(PUBLISHED["cases"][0]["sd_jwt"].encode()).disclosures[0]
    with pytest.raises(DisclosureUnreferenced):
        select(parse_sd_jwt(join_sd_jwt(original.issuer_jwt, (*original.disclosures, foreign))), keep=["/name"])
