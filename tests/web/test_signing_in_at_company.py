"""A company's own sign-in over HTTP: set up by its owner, a link to the provider, and back with a cookie."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask

from credentials.accounts.organisations import invite_owner
from credentials.web.app import create_app
from credentials.web.composition import Service
from tests.accounts.oidc_provider import Loopback, Provider, served
from tests.web.conftest import open_site
from tests.web.staff import Browser, browser, with_letters

SETTINGS, BIND = "/console/acme/sign-in", "__Host-company-sign-in"
ANA = "ana@acme.example"


@dataclass(frozen=True)
class Office:
    """The website, the provider of acme, and acme's owner."""

    service: Service
    app: Flask
    provider: Provider
    owner: Browser
    log: list[str]

    def nobody(self) -> Browser:
        """A browser of nobody."""
        return browser(self.app, self.service)

    def set_up(self, **changes: str) -> int:
        """Fill in the owner's form; the status of the answer."""
        form = {
            "address": self.provider.address,
            "client_id": self.provider.client_id,
            "client_secret": self.provider.client_secret,
            "domain": "acme.example",
        }
        return self.owner.post(SETTINGS, SETTINGS, **(form | changes)).status_code

    def sent(self, found: Browser) -> str:
        """Ask to sign in at the company; the address of the link to the provider."""
        page = found.post("/sign-in/company", "/sign-in/company", address=ANA)
        assert page.status_code == 200
        link = re.search(r'href="(https://id\.acme\.example[^"]+)"', page.text)
        assert link is not None
        return html.unescape(link[1])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A website whose company acme has a provider."""
    site, loopback = open_site(tmp_path / "data", rate_sign_in=""), Loopback()
    service, letters = with_letters(site.service)
    service = replace(service, fetch=loopback)
    app = create_app(service, log_stream=site.log)
    invite_owner(service.accounts, service.issuer.issuer("acme"), "owner@acme.example")
    owner, path = browser(app, service), letters.path("owner@acme.example")
    assert owner.post(path, path, name="Olga Owner").status_code == 303
    with served(Provider("https://id.acme.example", service.clock), loopback) as provider:
        yield Office(service, app, provider, owner, loopback.asked)
    service.close()


def back(found: Browser, answer: dict[str, str]) -> tuple[int, str]:
    """Come back from the provider: the status, and where it leads."""
    told = found.client.get("/sign-in/company/back", query_string=answer, base_url=found.base_url)
    return told.status_code, told.headers.get("Location", "")


def test_the_whole_way(office: Office) -> None:
    assert office.set_up() == 303
    found = office.nobody()
    answer = office.provider.authorize(office.sent(found))

    assert back(found, answer) == (303, "/account")
    assert "Ana Souza" in found.get("/account").text
    assert found.client.get_cookie(BIND, domain="credentials.example") is None


def test_an_answer_in_another_browser_signs_nobody_in(office: Office) -> None:
    office.set_up()
    answer = office.provider.authorize(office.sent(office.nobody()))
    victim = office.nobody()
    office.sent(victim)

    assert back(office.nobody(), answer)[0] == 403
    assert back(victim, answer)[0] == 403
    assert victim.get("/account").status_code == 303


@pytest.mark.parametrize("answer", [{}, {"state": "x"}, {"state": "x", "code": "y"}, {"error": "access_denied"}])
def test_an_answer_that_is_none_is_refused(office: Office, answer: dict[str, str]) -> None:
    office.set_up()
    found = office.nobody()
    office.sent(found)

    assert back(found, answer)[0] == 403


def test_the_secret_is_never_shown(office: Office) -> None:
    office.set_up()
    refused = office.owner.post(SETTINGS, SETTINGS, address="http://x.example", client_secret="typed-secret-canary")

    assert refused.status_code == 422
    assert "typed-secret-canary" not in refused.text
    assert html.escape(office.provider.client_secret) not in office.owner.get(SETTINGS).text


@pytest.mark.parametrize("domain", ["other.example", "gmail.com", "", "acme.example.evil.example"])
def test_a_domain_that_is_not_proved_is_refused(office: Office, domain: str) -> None:
    assert office.set_up(domain=domain) == 422


def test_other_addresses_are_told_so(office: Office) -> None:
    office.set_up()
    for address in ("ana@other.example", "ana", ""):
        assert office.nobody().post("/sign-in/company", "/sign-in/company", address=address).status_code == 422


def test_after_taking_it_down_nobody_comes_that_way(office: Office) -> None:
    office.set_up()
    found = office.nobody()
    answer = office.provider.authorize(office.sent(found))
    assert office.owner.post(f"{SETTINGS}/remove", SETTINGS).status_code == 303

    assert back(found, answer)[0] == 404
    assert office.nobody().post("/sign-in/company", "/sign-in/company", address=ANA).status_code == 422
