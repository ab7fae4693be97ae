"""People who use a website under test: they sign in by the link of the letter that was sent to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from credentials.mail.message import Letter
from credentials.web.app import create_app
from credentials.web.composition import Service

PAGE = {"Accept": "text/html"}


@dataclass
class Letters:
    """A place where a service's letters end, the newest last."""

    sent: list[tuple[str, Letter]] = field(default_factory=list)

    def __call__(self, connection: Connection, letter: Letter, address: str) -> None:
        """Take one."""
        self.sent.append((address, letter))

    def path(self, address: str) -> str:
        """The path of the newest link that was sent to an address."""
        letter = next(letter for to, letter in reversed(self.sent) if to == address and letter.action)
        assert letter.action is not None
        return "/" + letter.action.url.split("/", 3)[3]

    def kinds(self, address: str) -> list[str]:
        """The kinds of what was sent to an address, the newest last."""
        return [letter.kind for to, letter in self.sent if to == address]


def with_letters(service: Service) -> tuple[Service, Letters]:
    """The same service, whose letters can be read."""
    letters = Letters()
    return replace(service, accounts=replace(service.accounts, send=letters)), letters


@dataclass
class Browser:
    """A person's browser: follows forms with their CSRF token."""

    client: FlaskClient
    base_url: str

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, headers=PAGE, base_url=self.base_url)

    def post(self, path: str, page: str | None = None, **form: object) -> TestResponse:
        """Send a form, with the token of a page that has one."""
        token = self.token(page or "/report/issuers/acme")
        headers = {**PAGE, "Referer": f"{self.base_url}{path}"}
        return self.client.post(path, data={"csrf_token": token, **form}, headers=headers, base_url=self.base_url)

    def token(self, page: str) -> str:
        """The CSRF token of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found is not None, page
        return found[1]


def browser(app: Flask, service: Service) -> Browser:
    """A browser of nobody in particular."""
    return Browser(app.test_client(), service.base_url)


def signed_in(app: Flask, service: Service, letters: Letters, address: str, name: str = "Kim Larsen") -> Browser:
    """A browser of the person with an address, who has signed in."""
    found = browser(app, service)
    assert found.post("/sign-in", "/sign-in", address=address).status_code == 200
    path = letters.path(address)
    answer = found.post(path, path, name=name)
    assert answer.status_code == 303, answer.text
    return found


__all__ = ["Browser", "Letters", "browser", "create_app", "signed_in", "with_letters"]
