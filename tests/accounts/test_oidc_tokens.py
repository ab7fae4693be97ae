"""What a provider's ID token says: one that is wrong or forged is refused, and no proof counts as more than it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from credentials.accounts import sessions
from credentials.accounts.errors import ProofWanted, ProviderRefused
from credentials.accounts.sessions import Begun
from credentials.store.engine import read
from tests.accounts.oidc_provider import Provider, under_another_key, unsigned, with_public_key_as_secret
from tests.accounts.test_oidc import ADDRESS, Company, company

__all__ = ["company"]

NOW = 1773651600  # 2026-03-16 09:00 UTC
HOSTILE: dict[str, dict[str, Any]] = {
    "no issuer": {"iss": None},
    "another issuer": {"iss": "https://id.evil.example"},
    "the issuer with a slash": {"iss": f"{ADDRESS}/"},
    "another audience": {"aud": "another-client"},
    "no audience": {"aud": None},
    "several audiences without azp": {"aud": ["our-client", "another-client"]},
    "several audiences, another azp": {"aud": ["our-client", "another-client"], "azp": "another-client"},
    "another azp": {"azp": "another-client"},
    "expired": {"exp": NOW - 60},
    "no expiry": {"exp": None},
    "an expiry in words": {"exp": "never"},
    "an expiry that is true": {"exp": True},
    "made tomorrow": {"iat": NOW + 86_400},
    "made long ago": {"iat": NOW - 601},
    "no time of making": {"iat": None},
    "not yet good": {"nbf": NOW + 61},
    "no nonce": {"nonce": None},
    "another nonce": {"nonce": "x" * 43},
    "a nonce that is no text": {"nonce": ["x"]},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a long subject": {"sub": "x" * 256},
    "a subject that is no text": {"sub": 1},
    "no address": {"email": None},
    "no real address": {"email": "ana"},
    "an address not verified": {"email_verified": False},
    "nothing said of the address": {"email_verified": None},
    "verified in words": {"email_verified": "true"},
    "another domain": {"email": "ana@evil.example"},
    "a domain below": {"email": "ana@mail.acme.example"},
    "a domain that ends alike": {"email": "ana@notacme.example"},
    "two addresses": {"email": "ana@evil.example,ana@acme.example"},
}


@pytest.mark.parametrize("claims", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_wrong_id_token_is_refused(company: Company, claims: dict[str, Any]) -> None:
    company.provider.claims = claims

    with pytest.raises(ProviderRefused) as caught:
        company.signed_in()
    assert "x" * 43 not in str(caught.value)
    with read(company.world.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM session")).scalar_one() == 1


@pytest.mark.parametrize(
    "forge", [unsigned, with_public_key_as_secret, under_another_key, lambda *_: "x", lambda *_: ""]
)
def test_a_forged_id_token_is_refused(company: Company, forge: Callable[[Provider, dict[str, Any]], str]) -> None:
    company.provider.forge = forge

    with pytest.raises(ProviderRefused):
        company.signed_in()


@pytest.mark.parametrize(
    ("amr", "strong"),
    [
        (["mfa"], True),
        (["pwd", "otp", "mfa"], True),
        (["pwd"], False),
        (["hwk"], False),
        ([], False),
        (None, False),
        ("mfa", False),
        ({"mfa": 1}, False),
        ([["mfa"]], False),
        (["MFA"], False),
    ],
)
def test_a_provider_counts_as_one_step_unless_it_says_two(company: Company, amr: object, strong: bool) -> None:
    company.provider.claims = {"amr": amr}
    begun = company.signed_in()
    assert isinstance(begun, Begun)

    assert company.world.visitor(begun).strong is strong


@pytest.mark.parametrize(
    ("ago", "recent"), [(0, True), (-30, True), (899, True), (900, False), (864_000, False), (None, False)]
)
def test_a_proof_is_as_old_as_the_provider_says(company: Company, ago: int | None, recent: bool) -> None:
    now = int(company.world.clock.now.timestamp())
    company.provider.claims = {} if ago is None else {"auth_time": now - ago}
    begun = company.signed_in()
    assert isinstance(begun, Begun)
    visitor = company.world.visitor(begun)

    assert visitor.proved_at <= company.world.clock.now
    if recent:
        sessions.require_recent(visitor, company.world.clock.now)
    else:
        with pytest.raises(ProofWanted):
            sessions.require_recent(visitor, company.world.clock.now)


@pytest.mark.parametrize("said", ["now", True, 1e300, [], {"at": 1}, "1773651600", 9_999_999_999])
def test_a_time_that_cannot_be_is_refused(company: Company, said: object) -> None:
    company.provider.claims = {"auth_time": said}

    with pytest.raises(ProviderRefused):
        company.signed_in()
