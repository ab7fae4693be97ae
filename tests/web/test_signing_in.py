"""Signing in over HTTP: cookies, redirects, prefetching, markup and passkeys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from credentials.accounts import passkeys, recovery
from credentials.accounts.passkeys import Ceremony
from credentials.store import people
from credentials.store.engine import read
from credentials.web.app import create_app
from credentials.web.composition import Service
from credentials.web.people import local_path
from tests.accounts.authenticator import Authenticator
from tests.web.conftest import Site, open_site
from tests.web.staff import Browser, Letters, browser, signed_in, with_letters

ANA = "ana@school.example"
COOKIE = "__Host-signed-in"
FORM_COOKIE = "__Host-form"


@dataclass(frozen=True)
class Door:
    """A website, its letters, and who comes to its door."""

    site: Site
    service: Service
    app: Flask
    letters: Letters

    def nobody(self) -> Browser:
        """A browser of nobody."""
        return browser(self.app, self.service)

    def person(self, address: str = ANA, name: str = "Ana Souza") -> Browser:
        """Somebody who signed in."""
        return signed_in(self.app, self.service, self.letters, address, name)

    def asked(self, address: str = ANA, **form: object) -> Browser:
        """Somebody who asked for a link."""
        found = self.nobody()
        assert found.post("/sign-in", "/sign-in", address=address, **form).status_code == 200
        return found


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """A website of this test's own."""
    site = open_site(tmp_path / "data", rate_sign_in="")
    service, letters = with_letters(site.service)
    yield Door(site, service, create_app(service, log_stream=site.log), letters)
    service.close()


def cookie_of(found: Browser, name: str = COOKIE) -> str:
    """The value of a cookie that a browser holds; empty when it has none."""
    kept = found.client.get_cookie(name, domain="credentials.example")
    return kept.value if kept else ""


def set_cookies(answer: TestResponse) -> dict[str, str]:
    """Name → the whole header, of every cookie that an answer sets."""
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def taken(found: Browser, path: str, **form: object) -> TestResponse:
    """Open a link: look, then press the button."""
    return found.post(path, path, name="Ana", **form)


def test_cookies_are_for_this_host_https_and_no_script(door: Door) -> None:
    found = door.asked()
    answer = taken(found, door.letters.path(ANA))
    page = door.nobody().get("/sign-in")

    for name, line in {**set_cookies(answer), **set_cookies(page)}.items():
        assert name.startswith("__Host-"), line
        for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert flag in line
        assert "Domain" not in line
    assert COOKIE in set_cookies(answer)
    assert FORM_COOKIE in set_cookies(page)


def test_a_page_for_everybody_sets_no_cookie(door: Door) -> None:
    for path in ("/", "/verify", "/issuers/acme", f"/c/{door.site.issued.id}"):
        assert set_cookies(door.nobody().get(path)) == {}


def test_a_cookie_that_was_there_before_signing_in_is_worthless(door: Door) -> None:
    planted = "A" * 43
    found = door.nobody()
    found.client.set_cookie(COOKIE, planted, domain="credentials.example", secure=True)
    found.post("/sign-in", "/sign-in", address=ANA)
    taken(found, door.letters.path(ANA))
    thief = door.nobody()
    thief.client.set_cookie(COOKIE, planted, domain="credentials.example", secure=True)

    assert cookie_of(found) not in ("", planted)
    assert found.get("/account").status_code == 200
    assert thief.get("/account").status_code == 303


def test_the_form_cookie_of_before_is_dropped_at_sign_in(door: Door) -> None:
    found = door.asked()
    before = cookie_of(found, FORM_COOKIE)
    taken(found, door.letters.path(ANA))

    assert before
    assert cookie_of(found, FORM_COOKIE) != before


def test_every_sign_in_has_another_cookie(door: Door) -> None:
    assert len({cookie_of(door.person()) for _ in range(3)}) == 3


def test_a_stolen_cookie_ends_with_its_session(door: Door) -> None:
    found, thief = door.person(), door.nobody()
    thief.client.set_cookie(COOKIE, cookie_of(found), domain="credentials.example", secure=True)
    assert thief.get("/account").status_code == 200

    answer = found.post("/sign-out", "/account")
    assert answer.status_code == 303
    assert "Max-Age=0" in set_cookies(answer)[COOKIE]
    assert thief.get("/account").status_code == 303


def test_looking_at_a_link_any_number_of_times_takes_nothing(door: Door) -> None:
    found = door.asked()
    path = door.letters.path(ANA)
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert door.app.test_client().open(path, method=method, base_url=door.service.base_url).status_code < 400
    with read(door.service.engine) as connection:
        assert people.by_address(connection, ANA) is None

    assert taken(found, path).status_code == 303
    assert door.nobody().get(path).status_code == 403


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "https:evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "\\\\evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "/account\r\nLocation: https://evil.example",
    "evil.example",
    "@evil.example",
    "?next=//evil.example",
    "",
    "/" + "a" * 10_000,
]


@pytest.mark.parametrize("there", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_no_link_leads_to_another_site(door: Door, there: str) -> None:
    assert local_path(there) == "/account"
    assert (
        'name="next" value="/account"'
        in door.nobody().client.get("/sign-in", query_string={"next": there}, base_url=door.service.base_url).text
    )

    found = door.asked(next=there)
    answer = taken(found, door.letters.path(ANA))
    assert answer.headers["Location"] == "/welcome"
    assert 'href="/account">Not now' in found.get("/welcome").text


@pytest.mark.parametrize(
    "there", ["/account", "/companies/new", "/console/acme/people?a=b&c=%20d", "/a%0d%0ab", "/?x=//y"]
)
def test_a_page_of_this_site_is_gone_on_to(door: Door, there: str) -> None:
    assert local_path(there) == there
    found = door.asked(next=there)
    taken(found, door.letters.path(ANA))
    page = found.get("/welcome").text

    assert f'href="{there.replace("&", "&amp;")}">Not now' in page


MARKUP = "<b onmouseover=alert(1)>\"'&{{7*7}}</b><script>alert(1)</script>"


def test_markup_in_a_field_is_text_wherever_it_is_shown(door: Door) -> None:
    found = door.person(name=MARKUP)
    found.post("/account/name", "/account", name=MARKUP + "2")
    shown = [found.get(path) for path in ("/account", "/welcome", "/account/passkeys")]
    shown += [
        found.post("/sign-in", "/sign-in", address=MARKUP),
        found.post("/account/addresses", "/account", address=MARKUP),
        found.post("/account/name", "/account", name=MARKUP * 5),
        found.post("/companies/new", "/companies/new", name=MARKUP, website=MARKUP),
        found.get(f"/sign-in?next=/{MARKUP}"),
        found.post("/sign-in/code", "/account", ticket=MARKUP, code=MARKUP),
        found.post("/sign-in/passkey", "/account", ticket=MARKUP, answer=MARKUP),
    ]

    assert "&lt;script&gt;" in shown[0].text
    for answer in shown:
        assert "<script>" not in answer.text
        assert "<b onmouseover" not in answer.text
        assert ">49<" not in answer.text
        assert answer.status_code < 500


def test_a_browser_that_calls_itself_markup_is_shown_as_text(door: Door) -> None:
    found = door.asked()
    path = door.letters.path(ANA)
    headers = {"User-Agent": MARKUP, "Referer": f"{door.service.base_url}{path}"}
    form = {"csrf_token": found.token(path), "name": "Ana"}
    found.client.post(path, data=form, headers=headers, base_url=door.service.base_url)

    page = found.client.get("/account", headers={"User-Agent": MARKUP}, base_url=door.service.base_url).text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def registered(door: Door, found: Browser) -> tuple[Authenticator, list[str]]:
    """Make a passkey on the welcome page: the authenticator, and the recovery codes that were shown."""
    made = Authenticator()
    ceremony = ceremony_of(found.get("/welcome").text)
    page = found.post("/account/passkeys", "/welcome", ticket=ceremony.ticket, answer=made.create(ceremony)).text
    return made, re.findall(r'<li class="mono">([^<]+)</li>', page)


def ceremony_of(page: str) -> Ceremony:
    """What a page hands to a browser's passkeys."""
    options = re.search(r'data-options="([^"]+)"', page)
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert options is not None
    assert ticket is not None
    return Ceremony(options[1].replace("&#34;", '"').replace("&quot;", '"'), ticket[1])


def test_the_whole_way_with_a_passkey(door: Door) -> None:
    found = door.person()
    made, codes = registered(door, found)
    assert len(codes) == recovery.CODES
    found.post("/sign-out", "/account")

    again = door.nobody()
    ceremony = ceremony_of(again.get("/sign-in").text)
    answer = again.post("/sign-in/passkey", "/sign-in", ticket=ceremony.ticket, answer=made.get(ceremony))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert again.get("/account").status_code == 200


def test_a_link_then_wants_the_passkey_or_a_code(door: Door) -> None:
    _made, codes = registered(door, door.person())
    found = door.asked()
    page = taken(found, door.letters.path(ANA))
    assert "One more step" in page.text
    assert cookie_of(found) == ""
    assert found.get("/account").status_code == 303

    ticket = re.findall(r'name="ticket" value="([^"]+)"', page.text)[-1]
    answer = found.post("/sign-in/code", "/sign-in", ticket=ticket, code=codes[4])
    assert answer.status_code == 303
    assert found.get("/account").status_code == 200


def test_proving_again_changes_the_cookie(door: Door) -> None:
    found = door.person()
    made, _codes = registered(door, found)
    before = cookie_of(found)
    ceremony = ceremony_of(found.get("/sign-in/again?next=//evil.example").text)
    form = {"ticket": ceremony.ticket, "answer": made.get(ceremony), "next": "//evil.example"}
    answer = found.post("/sign-in/again", "/account", **form)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert cookie_of(found) != before
    thief = door.nobody()
    thief.client.set_cookie(COOKIE, before, domain="credentials.example", secure=True)
    assert thief.get("/account").status_code == 303


def test_an_answer_without_a_passkey_proves_nothing(door: Door) -> None:
    found = door.person()
    before = cookie_of(found)

    assert found.post("/sign-in/again", "/account").status_code == 403
    assert cookie_of(found) == before


def test_where_there_is_no_name_no_passkey_is_offered(tmp_path: Path) -> None:
    site = open_site(tmp_path / "data", base_url="http://127.0.0.1:8000", rate_sign_in="")
    service, letters = with_letters(site.service)
    app = create_app(service, log_stream=site.log)
    found = signed_in(app, service, letters, ANA)

    assert "data-passkey" not in found.get("/sign-in").text
    assert found.get("/welcome").status_code == 303
    assert not passkeys.possible(service.accounts)
    service.close()


def test_the_cookies_names_follow_the_address(tmp_path: Path) -> None:
    site = open_site(tmp_path / "data", base_url="http://127.0.0.1:8000", rate_sign_in="")
    service, letters = with_letters(site.service)
    found = signed_in(create_app(service, log_stream=site.log), service, letters, ANA)

    assert found.client.get_cookie("signed-in", domain="127.0.0.1") is not None
    service.close()
