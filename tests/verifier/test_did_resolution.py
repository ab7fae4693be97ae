"""What a DID stands for, told to others; and why it cannot be told."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.did import did_web_to_url
from credentials.core.errors import Unavailable
from credentials.verifier.did_resolution import DidResolution, Failure, resolve_did
from credentials.verifier.errors import (
    AddressRefused,
    AnswerTooLarge,
    HostUnknown,
    LocationRefused,
    NotHttps,
    TimedOut,
    TooBusy,
)
from credentials.verifier.resolvers.resolver import Fetched
from credentials.verifier.resolvers.static import StaticResolver
from tests.core.parties import vectors
from tests.verifier.world import Issuer

DID = "did:web:acme.example"
NOWHERE = StaticResolver({})


def published(body: bytes) -> StaticResolver:
    return StaticResolver({did_web_to_url(DID): body})


def test_a_did_web_is_what_stands_there() -> None:
    body = Issuer(DID).document()
    found = resolve_did(DID, published(body))
    assert (found.status, found.document) == (200, json.loads(body))
    assert found.to_json() == {
        "didDocument": json.loads(body),
        "didResolutionMetadata": {"contentType": "application/did"},
        "didDocumentMetadata": {},
    }


@pytest.mark.parametrize("case", vectors("did_jwk_published.json"), ids=lambda case: case["name"])
def test_a_did_jwk_is_what_its_specification_says(case: dict[str, Any]) -> None:
    assert resolve_did(case["did"], NOWHERE).document == case["document"]


@pytest.mark.parametrize("case", vectors("did_key_published.json"), ids=lambda case: case["name"])
def test_a_did_key_is_its_key(case: dict[str, str]) -> None:
    found = resolve_did(case["did"], NOWHERE)
    if "code" in case:
        assert found.failure is Failure.FEATURE_NOT_SUPPORTED
    else:
        assert found.document is not None
        assert found.document["verificationMethod"][0]["publicKeyMultibase"] in case["did"]


@pytest.mark.parametrize(
    ("did", "failure", "status"),
    [
        ("", Failure.INVALID_DID, 400),
        ("did:web:", Failure.INVALID_DID, 400),
        ("acme.example", Failure.INVALID_DID, 400),
        ("https://acme.example", Failure.INVALID_DID, 400),
        (f"{DID}#key-1", Failure.INVALID_DID, 400),
        (f"{DID}?versionId=1", Failure.INVALID_DID, 400),
        (f"{DID}/path", Failure.INVALID_DID, 400),
        ("did:web:a..b", Failure.INVALID_DID, 400),
        ("did:web:acme.example:%2e%2e", Failure.INVALID_DID, 400),
        ("did:key:zzz", Failure.FEATURE_NOT_SUPPORTED, 501),
        ("did:key:z0", Failure.INVALID_DID, 400),
        ("did:jwk:e30", Failure.INVALID_DID, 400),
        ("did:" + "x" * 4000 + ":a", Failure.INVALID_DID, 400),
        ("did:example:123", Failure.METHOD_NOT_SUPPORTED, 501),
        ("did:webs:acme.example", Failure.METHOD_NOT_SUPPORTED, 501),
        ("did:web:elsewhere.example", Failure.NOT_FOUND, 404),
    ],
)
def test_dids_that_are_not_resolved(did: str, failure: Failure, status: int) -> None:
    found = resolve_did(did, NOWHERE)
    assert (found.failure, found.status, found.document) == (failure, status, None)
    told = found.to_json()
    assert told["didDocument"] is None
    error = told["didResolutionMetadata"].pop("error")
    assert (error["type"], error["title"]) == (f"https://www.w3.org/ns/did#{failure.name}", str(failure))
    assert error["detail"]
    assert told["didResolutionMetadata"] == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"id":"did:web:evil.example"}', b'{"id":"did:web:acme.example","id":"x"}'],
)
def test_a_document_of_another_is_not_handed_on(body: bytes) -> None:
    found = resolve_did(DID, published(body))
    assert (found.failure, found.status) == (Failure.INVALID_DID_DOCUMENT, 500)


class Failing:
    """A resolver that cannot."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def fetch(self, url: str, *, accept: str, max_bytes: int, not_before: datetime | None = None) -> Fetched:
        raise self.error


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (HostUnknown(), Failure.NOT_FOUND),
        (NotHttps(), Failure.FEATURE_NOT_SUPPORTED),
        (AddressRefused(), Failure.FEATURE_NOT_SUPPORTED),
        (LocationRefused(), Failure.FEATURE_NOT_SUPPORTED),
        (AnswerTooLarge(), Failure.INTERNAL_ERROR),
        (TimedOut(), Failure.INTERNAL_ERROR),
        (TooBusy(), Failure.INTERNAL_ERROR),
        (Unavailable("the disk"), Failure.INTERNAL_ERROR),
    ],
)
def test_what_the_network_does_is_no_exception(error: Exception, failure: Failure) -> None:
    assert resolve_did(DID, Failing(error)).failure is failure


def test_every_failure_has_its_status() -> None:
    assert {failure.name: failure.status for failure in Failure} == {
        "INVALID_DID": 400,
        "NOT_FOUND": 404,
        "REPRESENTATION_NOT_SUPPORTED": 406,
        "INVALID_DID_DOCUMENT": 500,
        "METHOD_NOT_SUPPORTED": 501,
        "FEATURE_NOT_SUPPORTED": 501,
        "INTERNAL_ERROR": 500,
    }


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: "did:web:" + text))
def test_never_raises(did: str) -> None:
    assert isinstance(resolve_did(did, NOWHERE), DidResolution)
