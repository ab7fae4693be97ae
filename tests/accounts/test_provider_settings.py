"""What can be the address of a company's sign-in provider, and what its fields take, at the cap and beyond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from credentials.accounts import provider_settings
from credentials.accounts.acting import Member
from credentials.accounts.audit import trail
from credentials.accounts.errors import AddressUnusable, ProviderMissing, ProviderRefused, ProviderUnusable
from credentials.accounts.provider_settings import LONGEST
from credentials.store.engine import open_engine
from tests.accounts.actors import World
from tests.accounts.actors import world as make_world
from tests.accounts.conftest import NOW, add_issuer

GIVEN = {
    "address": "https://id.acme.example",
    "client_id": "ours",
    "client_secret": "a secret of ours",
    "domain": "acme.example",
}
PROVED = {"id-of-acme": {"acme.example", "shared.example"}, "id-of-other": {"other.example", "shared.example"}}


def proved(issuer_id: str) -> set[str]:
    return PROVED[issuer_id]


@pytest.fixture
def company(sqlite_url: str) -> Iterator[World]:
    """Accounts on one database: nothing here depends on which."""
    engine = open_engine(sqlite_url)
    add_issuer(engine, "acme")
    add_issuer(engine, "other")
    yield make_world(engine, NOW)
    engine.dispose()


def set_up(company: World, owner: Member, **changes: str) -> None:
    provider_settings.set_up(company.means, proved, owner, **(GIVEN | changes))


USABLE = ["https://a.example", "HTTPS://A.example", "https://a.example:8443/tenant/", "https://[2001:db8::1]/x"]
UNUSABLE = [
    "   ",
    "javascript:alert(1)",
    "//a.example",
    "a.example",
    "https://",
    "https:///path",
    "https://[::1",
    "https://user:word@a.example",
    "https://:word@a.example",
    "https://@a.example",
    "https://a.example?",
    "https://a.example#",
    "https://a.example/#part",
    "https://a.example:port",
    "https://a.example:65536",
    "https://a.example:0",
    "https://a b.example",
    "https://a.example/a path",
    "https://a.exam\nple",
    "https://a.example/" + "x" * LONGEST,
]


@pytest.mark.parametrize("address", UNUSABLE, ids=range(len(UNUSABLE)))
def test_what_is_no_address_of_a_provider(company: World, address: str) -> None:
    owner = company.owner()
    with pytest.raises(ProviderUnusable) as caught:
        set_up(company, owner, address=address)
    assert caught.value.where == "address"
    assert provider_settings.provider_of(company.means, owner) is None


def test_addresses_that_are_usable_are_kept_as_typed(company: World) -> None:
    owner = company.owner()
    for address in USABLE:
        set_up(company, owner, address=f" {address} ")
        found = provider_settings.provider_of(company.means, owner)
        assert found is not None
        assert found.address == address


@pytest.mark.parametrize("field", ["client_id", "client_secret"])
@pytest.mark.parametrize(
    "text",
    [" \t", "a\nb", "a\x7fb", "a\u202eb", "x" * (LONGEST + 1)],
    ids=["blank", "lines", "control", "turned", "long"],
)
def test_what_a_field_does_not_take(company: World, field: str, text: str) -> None:
    with pytest.raises(ProviderUnusable):
        set_up(company, company.owner(), **{field: text})


def test_a_secret_of_the_longest_comes_back_whole(company: World) -> None:
    owner, secret = company.owner(), "ü" * LONGEST
    set_up(company, owner, client_secret=secret)
    found = provider_settings.provider_of(company.means, owner)
    assert found is not None
    assert provider_settings.opened(company.means, found) == secret


@pytest.mark.parametrize("domain", ["example", "acme.example.", "*", "acme.example,other.example"])
def test_a_domain_that_is_not_proved(company: World, domain: str) -> None:
    with pytest.raises(ProviderUnusable) as caught:
        set_up(company, company.owner(), domain=domain)
    assert caught.value.where == "domain"


def test_a_domain_that_another_company_has_stays_with_it(company: World) -> None:
    first, second = company.owner(), company.owner("owner@other.example", "other")
    set_up(company, first, domain=" Shared.Example ")
    with pytest.raises(ProviderUnusable, match="another company has this domain"):
        set_up(company, second, domain="shared.example")
    assert provider_settings.provider_for(company.means, proved, "x@SHARED.example").issuer_id == "id-of-acme"


def test_a_provider_ends_with_the_proof_of_its_domain(company: World) -> None:
    set_up(company, company.owner())
    with pytest.raises(ProviderMissing):
        provider_settings.provider_for(company.means, lambda _: (), "ana@acme.example")
    with pytest.raises(AddressUnusable):
        provider_settings.provider_for(company.means, proved, "@acme.example")


@pytest.mark.parametrize("length", [0, 1, 11, 12, 27])
def test_a_sealed_secret_that_was_cut_is_refused(company: World, length: int) -> None:
    owner = company.owner()
    set_up(company, owner)
    found = provider_settings.provider_of(company.means, owner)
    assert found is not None
    with pytest.raises(ProviderRefused):
        provider_settings.opened(company.means, replace(found, client_secret=found.client_secret[:length]))


def test_one_secret_is_sealed_in_another_way_each_time(company: World) -> None:
    sealed = {provider_settings.seal(company.means, "id-of-acme", "same") for _ in range(3)}
    assert len(sealed) == 3


def test_the_trail_names_the_domain_and_no_secret(company: World) -> None:
    owner = company.owner()
    set_up(company, owner)
    provider_settings.take_down(company.means, owner)
    told = [one for one in trail(company.engine, "id-of-acme", limit=9) if one.action.startswith("provider.")]
    assert sorted(one.action for one in told) == ["provider.removed", "provider.set"]
    assert "acme.example" in str(told)
    assert "a secret of ours" not in str(told)
