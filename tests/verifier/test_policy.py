"""Trust is an argument: what confirms a domain, and what does not."""

from datetime import UTC, datetime

import pytest

from credentials.verifier.policy import Confirmation, Suspension, TrustPolicy, own_address, own_domain

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
HOSTED = "did:web:credentials.example:issuers:acme"


def test_a_did_web_without_a_path_confirms_its_own_domain() -> None:
    assert TrustPolicy().confirmation("did:web:acme.example") == Confirmation("acme.example", "did:web", None)


def test_an_entry_of_the_policy_confirms_a_hosted_issuer() -> None:
    entry = Confirmation("acme.example", "operator", SINCE)
    assert TrustPolicy(confirmed={HOSTED: entry}).confirmation(HOSTED) == entry


@pytest.mark.parametrize(
    "did",
    [
        HOSTED,
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        "did:web:localhost",
        "did:web:127.0.0.1",
        "did:web:acme.example%3A8443",
        "did:web:acme.example:",
        "did:web:acme.example\n",
        "did:web:ACME.example",
        "did:web:аcme.example",
        "did:web:-acme.example",
        "did:web:acme..example",
        "did:web:.example",
        "did:web:acme.example.",
        "did:web:",
        "did:webs:acme.example",
        "https://acme.example",
        "",
    ],
)
def test_nothing_else_confirms_itself(did: str) -> None:
    assert own_domain(did) is None
    assert TrustPolicy().confirmation(did) is None


@pytest.mark.parametrize("issuer", ["https://acme.example", "https://acme.example/"])
def test_an_https_issuer_at_the_root_confirms_its_own_domain(issuer: str) -> None:
    assert TrustPolicy().confirmation(issuer, f"{issuer}#key-1") == Confirmation("acme.example", "https", None)


@pytest.mark.parametrize(
    ("issuer", "method"),
    [
        ("https://acme.example/", ""),
        ("https://acme.example/", "https://acme.example/"),
        ("https://acme.example/", "https://acme.example#key-1"),
        ("https://acme.example/", "https://acme.example/uploads/key.jwk"),
        ("https://acme.example/", "https://acme.example/keys#key-1"),
        ("https://acme.example/", "https://evil.example/#key-1"),
        ("https://acme.example/issuers/1", "https://acme.example/issuers/1#key-1"),
        ("https://acme.example//", "https://acme.example//#key-1"),
        ("https://acme.example?x", "https://acme.example?x#key-1"),
        ("https://acme.example:8443/", "https://acme.example:8443/#key-1"),
        ("https://ACME.example/", "https://ACME.example/#key-1"),
        ("https://localhost/", "https://localhost/#key-1"),
        ("https://127.0.0.1/", "https://127.0.0.1/#key-1"),
        ("https://user@acme.example/", "https://user@acme.example/#key-1"),
        ("https:acme.example", "https:acme.example#key-1"),
        ("http://acme.example/", "http://acme.example/#key-1"),
        ("https://", "https://#key-1"),
    ],
)
def test_no_other_address_or_key_confirms_a_domain(issuer: str, method: str) -> None:
    assert own_address(issuer, method) is None
    assert TrustPolicy().confirmation(issuer, method) is None


def test_an_entry_confirms_an_https_issuer_whatever_its_key() -> None:
    entry = Confirmation("acme.example", "operator", SINCE)
    policy = TrustPolicy(confirmed={"https://acme.example/issuers/1": entry})
    assert policy.confirmation("https://acme.example/issuers/1", "https://acme.example/keys/1") == entry


def test_an_entry_counts_for_exactly_its_did() -> None:
    policy = TrustPolicy(confirmed={HOSTED: Confirmation("acme.example", "operator", SINCE)})
    assert policy.confirmation(HOSTED + ":x") is None
    assert policy.confirmation(HOSTED.upper()) is None


def test_a_suspension_is_told_with_date_and_reason_in_either_spelling() -> None:
    told = Suspension(SINCE, "domain lapsed")
    assert TrustPolicy(suspended={HOSTED: told}).suspension(HOSTED) == told
    assert TrustPolicy(suspended={HOSTED: (SINCE, "domain lapsed")}).suspension(HOSTED) == told
    assert TrustPolicy(suspended={HOSTED: told}).suspension("did:web:acme.example") is None


def test_the_policy_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        TrustPolicy().sandbox = frozenset({HOSTED})  # type: ignore[misc]
    with pytest.raises(TypeError):
        TrustPolicy().confirmed[HOSTED] = Confirmation("x.example", "operator")  # type: ignore[index]
