"""A holder's choice by names and pointers."""

import json

import pytest

from credentials.core.disclosable import disclosable
from credentials.core.errors import NothingToHide
from credentials.core.holder_choice import kept, offers
from credentials.core.sd_jwt.concealing import conceal
from credentials.core.sd_jwt.presenting import opened, select
from credentials.core.sd_jwt.serialised import SdJwt, join_sd_jwt, parse_sd_jwt
from tests.core.parties import Party
from tests.core.sd_jwt.published import PUBLISHED

DOCUMENT = {
    "credentialSubject": {
        "identifier": [{"identityType": "name", "identityHash": "Zoë"}],
        "result": [{"resultDescription": "#1", "value": "EUR 400"}, {"resultDescription": "#2", "value": "4 of 5"}],
        "achievement": {"resultDescription": [{"id": "#1", "name": "Compensation"}, {"id": "#2", "name": "Fast SQL"}]},
    },
    "evidence": [{"genre": "Deliverable", "name": "Report"}, {"genre": "Deliverable", "name": "Rival's prices"}],
}


@pytest.fixture
def original(issuer: Party) -> SdJwt:
    hidden = conceal(DOCUMENT, disclosable(DOCUMENT), entropy=b"e" * 32)
    token = issuer.token(json.dumps({"alg": issuer.alg}).encode(), json.dumps(hidden.payload).encode())
    return parse_sd_jwt(join_sd_jwt(token.encode(), hidden.disclosures))


def test_plain_words(original: SdJwt) -> None:
    assert [(part.name, part.words) for part in offers(original)] == [
        ("name", "Name: Zoë"),
        ("pay", "Compensation: EUR 400"),
        ("fast-sql", "Fast SQL: 4 of 5"),
        ("deliverable", "Deliverable: Report"),
        ("deliverable-2", "Deliverable: Rival's prices"),
    ]


def test_a_narrowed_one_keeps_its_places(original: SdJwt) -> None:
    narrowed = parse_sd_jwt(select(original, keep=kept(offers(original), without=["deliverable", "pay"])))
    assert [(part.name, part.words) for part in offers(narrowed)][-1] == ("deliverable", "Deliverable: Rival's prices")
    again = parse_sd_jwt(select(narrowed, keep=kept(offers(narrowed), keep=["deliverable"])))
    assert opened(again).payload["evidence"] == [None, DOCUMENT["evidence"][1]]  # type: ignore[index]


def test_what_is_kept(original: SdJwt) -> None:
    offered = offers(original)
    everything = {pointer for part in offered for pointer in part.pointers}
    assert kept(offered) == everything
    pay = {"/credentialSubject/result/0", "/credentialSubject/achievement/resultDescription/0"}
    assert kept(offered, without=["pay"]) == everything - pay
    assert kept(offered, keep=["pay"]) == pay
    assert kept(offered, keep=["pay", "name"], without=["name"]) == pay
    assert kept(offered, without=["/evidence/1"]) == everything - {"/evidence/1"}


@pytest.mark.parametrize("name", ["nobody", "", "/evidence/9", "Pay", "/evidence"])
def test_what_is_not_there(original: SdJwt, name: str) -> None:
    for choice in ({"keep": [name]}, {"without": [name]}):
        with pytest.raises(NothingToHide):
            kept(offers(original), **choice)


def test_another_issuers_is_told_by_its_pointers() -> None:
    found = offers(parse_sd_jwt(PUBLISHED["cases"][0]["sd_jwt"].encode()))
    assert {part.name for part in found} >= {"/given_name", "/nationalities/0"}
    assert len(found) == 10
