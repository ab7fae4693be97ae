"""A company's own sign-in, against a real provider over loopback, honest and hostile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text

from credentials.accounts import oidc, own_account, provider_settings
from credentials.accounts.acting import Member
from credentials.accounts.errors import (
    AddressUnusable,
    LinkUnusable,
    ProviderMissing,
    ProviderRefused,
    ProviderUnusable,
    RoleMissing,
)
from credentials.accounts.sessions import Begun
from credentials.accounts.signing_in import SecondStep
from credentials.core.errors import CredentialError
from credentials.store.engine import read
from tests.accounts.actors import CLIENT, World, with_secret
from tests.accounts.oidc_provider import KEYS, Loopback, Provider, served
from tests.accounts.test_passkeys import registered

ANA = "ana@acme.example"
ADDRESS = "https://id.acme.example"
PROVED = {"id-of-acme": {"acme.example"}, "id-of-other": {"other.example"}}


def proved(issuer_id: str) -> set[str]:
    return PROVED.get(issuer_id, set())


@dataclass
class Company:
    """A company with its own provider."""

    world: World
    owner: Member
    provider: Provider
    fetch: Loopback

    def set_up(self, **changes: str) -> None:
        """Tell the service of the provider."""
        given = {
            "address": self.provider.address,
            "client_id": self.provider.client_id,
            "client_secret": self.provider.client_secret,
            "domain": "acme.example",
        }
        provider_settings.set_up(self.world.means, proved, self.owner, **(given | changes))

    def start(self, address: str = ANA) -> oidc.Start:
        """A browser that is sent to the provider."""
        found = provider_settings.provider_for(self.world.means, proved, address)
        return oidc.begin(self.world.means, self.fetch, found)

    def finish(self, answer: dict[str, str], cookie: str) -> Begun | SecondStep:
        """A browser that comes back."""
        return oidc.finish(self.world.means, self.fetch, proved, answer, cookie, CLIENT)

    def signed_in(self) -> Begun | SecondStep:
        """The whole way."""
        start = self.start()
        return self.finish(self.provider.authorize(start.url), start.cookie)


@pytest.fixture
def company(world: World) -> Iterator[Company]:
    """Acme, whose provider is honest until told otherwise."""
    loopback = Loopback()
    with served(Provider(ADDRESS, world.clock), loopback) as provider:
        made = Company(world, world.owner(), provider, loopback)
        made.set_up()
        yield made


@pytest.mark.parametrize("alg", KEYS)
def test_people_sign_in_at_their_company(company: Company, alg: str) -> None:
    company.provider.alg, company.provider.key = alg, KEYS[alg]()
    begun = company.signed_in()

    assert isinstance(begun, Begun)
    visitor = company.world.visitor(begun)
    assert (visitor.name, begun.session.method, visitor.strong) == ("Ana Souza", "provider", False)
    again = company.signed_in()
    assert isinstance(again, Begun)
    assert again.session.person_id == visitor.person_id


def test_who_has_the_address_already_is_the_same_person(company: Company) -> None:
    ana = company.world.person(ANA)
    company.provider.claims["email"] = ANA.upper()
    begun = company.signed_in()

    assert isinstance(begun, Begun)
    assert begun.session.person_id == ana.person_id


def test_the_subject_names_the_person_when_the_address_changes(company: Company) -> None:
    first = company.signed_in()
    company.provider.claims["email"] = "ana.souza@acme.example"
    second = company.signed_in()
    company.provider.claims |= {"email": ANA, "sub": "subject-2"}
    third = company.signed_in()

    assert isinstance(first, Begun)
    assert isinstance(second, Begun)
    assert isinstance(third, Begun)
    assert first.session.person_id == second.session.person_id == third.session.person_id


def test_a_company_does_not_open_an_account_that_has_a_passkey(company: Company) -> None:
    registered(company.world, company.world.person(ANA))

    assert isinstance(company.signed_in(), SecondStep)
    assert isinstance(company.signed_in(), SecondStep)


def test_a_passkey_made_later_does_not_shut_out_who_was_vouched_for(company: Company) -> None:
    begun = company.signed_in()
    assert isinstance(begun, Begun)
    registered(company.world, company.world.visitor(begun))

    assert isinstance(company.signed_in(), Begun)


WRONG_METADATA: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://id.evil.example"},
    "no issuer": {"issuer": None},
    "keys over http": {"jwks_uri": "http://id.acme.example/keys"},
    "no keys": {"jwks_uri": None},
    "a token endpoint that is no text": {"token_endpoint": ["https://id.acme.example/token"]},
    "a script to go on to": {"authorization_endpoint": "javascript:alert(1)"},
}


@pytest.mark.parametrize("metadata", WRONG_METADATA.values(), ids=WRONG_METADATA.keys())
def test_a_wrong_description_is_refused(company: Company, metadata: dict[str, Any]) -> None:
    company.provider.metadata = metadata

    with pytest.raises(ProviderRefused):
        company.start()


def test_a_code_and_a_state_are_not_replayed(company: Company) -> None:
    start = company.start()
    answer = company.provider.authorize(start.url)
    company.finish(answer, start.cookie)

    with pytest.raises(LinkUnusable):
        company.finish(answer, start.cookie)
    other = company.start()
    fresh = company.provider.authorize(other.url)
    with pytest.raises(CredentialError):
        company.finish({**fresh, "code": answer["code"]}, other.cookie)
    assert company.provider.refused == ["code"]


def test_a_code_of_another_browser_is_refused(company: Company) -> None:
    """Somebody makes a victim's browser sign in as themselves: PKCE and the nonce belong to the cookie."""
    attacker, victim = company.start(), company.start()
    stolen = company.provider.authorize(attacker.url)
    own = company.provider.authorize(victim.url)

    with pytest.raises(LinkUnusable):
        company.finish(stolen, victim.cookie)
    with pytest.raises(CredentialError):
        company.finish({**own, "code": stolen["code"]}, victim.cookie)


@pytest.mark.parametrize("cookie", ["", "A" * 43, "x", "é" * 43])
def test_without_its_cookie_a_state_is_refused(company: Company, cookie: str) -> None:
    start = company.start()

    with pytest.raises(LinkUnusable):
        company.finish(company.provider.authorize(start.url), cookie)


def test_a_state_ends_after_ten_minutes(company: Company) -> None:
    start = company.start()
    answer = company.provider.authorize(start.url)
    company.world.clock.pass_(minutes=10)

    with pytest.raises(LinkUnusable):
        company.finish(answer, start.cookie)


@pytest.mark.parametrize("state", ["", "x", "A" * 120, "é"])
def test_a_state_that_is_not_ours_is_refused(company: Company, state: str) -> None:
    start = company.start()
    answer = company.provider.authorize(start.url)
    ours = company.world.means.tickets("second-step").make("id-of-acme x", company.world.clock.now)

    for wrong in (state, ours):
        with pytest.raises(LinkUnusable):
            company.finish({**answer, "state": wrong}, start.cookie)


def test_an_answer_of_another_provider_is_refused(company: Company) -> None:
    """The mix-up of RFC 9207: an honest provider's answer must not take its code to another one."""
    evil = Provider("https://id.evil.example", company.world.clock)
    for iss in ({"iss": evil.address}, {"iss": ""}):
        start = company.start()
        before = [one for one in company.fetch.asked if "/token" in one]
        with pytest.raises(ProviderRefused):
            company.finish({**company.provider.authorize(start.url), **iss}, start.cookie)
        assert [one for one in company.fetch.asked if "/token" in one] == before
    start = company.start()
    answer = company.provider.authorize(start.url)
    del answer["iss"]
    with pytest.raises(ProviderRefused):
        company.finish(answer, start.cookie)


@pytest.mark.parametrize("answer", [{"error": "access_denied"}, {"code": ""}, {"code": "x" * 5000}])
def test_a_provider_that_says_no_is_believed(company: Company, answer: dict[str, str]) -> None:
    start = company.start()
    given = company.provider.authorize(start.url)
    del given["code"]

    with pytest.raises(ProviderRefused):
        company.finish({**given, **answer}, start.cookie)


def test_a_lost_proof_ends_the_companys_sign_in(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    start = company.start()
    answer = company.provider.authorize(start.url)
    monkeypatch.setitem(PROVED, "id-of-acme", set())

    with pytest.raises(ProviderMissing):
        company.start()
    with pytest.raises(ProviderRefused):
        company.finish(answer, start.cookie)


UNUSABLE: dict[str, dict[str, str]] = {
    "http": {"address": "http://id.acme.example"},
    "no address": {"address": ""},
    "a query": {"address": "https://id.acme.example?x"},
    "a person in it": {"address": "https://a@id.acme.example"},
    "a line": {"address": "https://id.acme.example\n"[:-1] + "\x00"},
    "no client": {"client_id": " "},
    "no secret": {"client_secret": ""},
    "a long secret": {"client_secret": "x" * 513},
    "another's domain": {"domain": "other.example"},
    "a free-mail domain": {"domain": "gmail.com"},
    "a domain below": {"domain": "mail.acme.example"},
    "no domain": {"domain": ""},
}


@pytest.mark.parametrize("changes", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_settings_that_cannot_be_are_refused(company: Company, changes: dict[str, str]) -> None:
    with pytest.raises(ProviderUnusable):
        company.set_up(**changes)


def test_only_owners_set_up_and_take_down(company: Company) -> None:
    ana = replace(company, owner=company.world.invited(company.owner, ANA, "author", "reviewer", "signer"))

    with pytest.raises(RoleMissing):
        ana.set_up()
    with pytest.raises(RoleMissing):
        provider_settings.take_down(company.world.means, ana.owner)
    with pytest.raises(RoleMissing):
        provider_settings.provider_of(company.world.means, ana.owner)


def test_the_secret_lies_sealed(company: Company) -> None:
    found = provider_settings.provider_of(company.world.means, company.owner)
    assert found is not None

    assert company.provider.client_secret.encode() not in found.client_secret
    assert provider_settings.opened(company.world.means, found) == company.provider.client_secret
    assert "client_secret" not in repr(found)
    with pytest.raises(ProviderRefused):
        provider_settings.opened(with_secret(company.world, bytes(32)), found)
    with pytest.raises(ProviderRefused):
        provider_settings.opened(company.world.means, replace(found, issuer_id="id-of-other"))


def test_another_provider_vouches_anew(company: Company) -> None:
    company.signed_in()
    company.set_up(client_id="our-client")
    with read(company.world.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM oidc_identity")).scalar_one() == 0


def test_a_company_without_a_provider_has_no_sign_in(company: Company) -> None:
    provider_settings.take_down(company.world.means, company.owner)

    with pytest.raises(ProviderMissing):
        company.start()
    with pytest.raises(ProviderMissing):
        provider_settings.take_down(company.world.means, company.owner)


@pytest.mark.parametrize("address", ["ana@other.example", "ana@mail.acme.example", "ana@nowhere.example"])
def test_other_addresses_have_no_company_sign_in(company: Company, address: str) -> None:
    with pytest.raises(ProviderMissing):
        company.start(address)
    with pytest.raises(AddressUnusable):
        company.start("ana")


def test_what_is_sent_to_the_provider_holds_no_secret(company: Company) -> None:
    start = company.start()

    assert start.host == "id.acme.example"
    assert company.provider.client_secret not in start.url
    assert start.cookie not in start.url
    assert start.cookie not in repr(start)
    assert "ana@" not in start.url


def test_the_provider_is_asked_to_have_proved_it_just_now(company: Company) -> None:
    assert "&max_age=900" in company.start().url


def test_a_company_does_not_open_an_account_that_has_codes(company: Company) -> None:
    own_account.new_codes(company.world.means, company.world.person(ANA))

    assert isinstance(company.signed_in(), SecondStep)
