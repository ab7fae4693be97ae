"""Everybody who may call a route: people with each role, a stranger, and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from credentials.accounts import organisations, sessions
from credentials.accounts.acting import ROLES, Member, Visitor
from credentials.accounts.api_keys import SCOPES, make_key
from credentials.accounts.sessions import Client
from credentials.accounts.tokens import new_id
from credentials.store import organisations as organisation_rows
from credentials.store import people
from credentials.store.engine import write
from credentials.store.organisations import Membership
from credentials.store.people import Address, Person
from credentials.web.app import create_app
from credentials.web.people import cookie_name
from tests.web.conftest import Site
from tests.web.staff import with_letters

CLIENT = Client("127.0.0.1", "a browser of the tests")
EVERY_SCOPE = list(SCOPES)


@dataclass(frozen=True)
class Cast:
    """A website with two companies, acme and other, and one person for each role in acme."""

    site: Site
    app: Flask
    csrf: tuple[str, str]
    ids: dict[str, str]

    def visitor(self, name: str) -> Visitor:
        """A person by name, in a session that began just now."""
        return self.visitor_of(self.cookie(name))

    def visitor_of(self, cookie: str) -> Visitor:
        """Whose cookie this is."""
        found = sessions.visitor(self.site.service.engine, cookie, CLIENT, self.site.service.clock())
        assert found is not None
        return found

    def cookie(self, name: str) -> str:
        """The cookie of a new session of somebody."""
        engine, now = self.site.service.engine, self.site.service.clock()
        with write(engine) as connection:
            return sessions.begin(connection, self.ids[name], "passkey", CLIENT, now).cookie

    def person(self, name: str) -> str:
        """A person who was not there before; returns their id."""
        engine, now = self.site.service.engine, self.site.service.clock()
        made = Person(id=new_id(), name=name.title(), handle=new_id().encode(), created_at=now)
        address = f"{name}-{made.id.lower()}@mail.example"
        with write(engine) as connection:
            people.add(connection, made)
            proved = Address(canonical=address, person_id=made.id, address=address, first=True, proved_at=now)
            people.add_address(connection, proved)
        return made.id

    def member(self, name: str, slug: str) -> Member:
        """Somebody in their company."""
        found = organisations.member(self.site.service.accounts, self.visitor(name), slug)
        assert found is not None
        return found

    def place(self, person_id: str, slug: str, *roles: str) -> None:
        """Give somebody a place in a company."""
        service = self.site.service
        issuer = service.issuer.issuer(slug)
        place = Membership(issuer_id=issuer.id, person_id=person_id, roles=" ".join(roles), created_at=service.clock())
        with write(service.engine) as connection:
            organisation_rows.put_member(connection, place)

    def ask(
        self,
        method: str,
        path: str,
        cookie: str = "",
        key: str = "",
        accept: str = "*/*",
        form: dict[str, Any] | None = None,
    ) -> TestResponse:
        """Call a route: as the person with a cookie, or as a program with a key; always with a good CSRF token."""
        service = self.site.service
        session, token = self.csrf
        headers = {"Accept": accept, "Referer": f"{service.base_url}/"}
        if key:
            headers["X-CSRFToken"] = token
            headers["Authorization"] = f"Bearer {key}"
        client = self.app.test_client(use_cookies=False)
        headers["Cookie"] = f"{session}; {cookie_name(service.accounts)}={cookie}" if cookie else session
        if method in ("GET", "HEAD"):
            return client.open(path, method=method, headers=headers, base_url=service.base_url)
        body: dict[str, Any] = {"json": form or {}} if key else {"data": {"csrf_token": token, **(form or {})}}
        return client.open(path, method=method, headers=headers, base_url=service.base_url, **body)


def _csrf(app: Flask, base_url: str) -> tuple[str, str]:
    """A form's session cookie, and the token that belongs to it."""
    client = app.test_client()
    page = client.get("/sign-in", base_url=base_url).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    host = base_url.partition("://")[2]
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name, domain=host)
    assert cookie is not None
    return f"{name}={cookie.value}", token


def assemble(site: Site) -> Cast:
    """Found the companies and let everybody in."""
    service, _letters = with_letters(site.service)
    app = create_app(service, log_stream=site.log)
    site = Site(service, app, site.log, site.key, site.issued)
    service.issuer.create_issuer("other", "Other Ltd", "https://other.example")
    cast = Cast(site, app, _csrf(app, service.base_url), {})
    for name in ("stranger", "operator", "outsider", "founder", *ROLES):
        cast.ids[name] = cast.person(name)
    for slug, name in (("acme", "founder"), ("other", "outsider")):
        visitor, issuer = cast.visitor(name), service.issuer.issuer(slug)
        with write(service.engine) as connection:
            organisations.found(service.accounts, connection, visitor, issuer)
    for role in ROLES:
        cast.place(cast.ids[role], "acme", role)
    with write(service.engine) as connection:
        people.add_operator(connection, cast.ids["operator"], service.clock())
    return cast


def program(cast: Cast, slug: str) -> str:
    """A new key of a company that may do everything, and for which its owner answers."""
    service, person_id = cast.site.service, cast.ids["founder" if slug == "acme" else "outsider"]
    made = make_key(service.engine, slug, EVERY_SCOPE, label="", now=service.clock(), person_id=person_id)
    return made.secret
