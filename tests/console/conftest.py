"""A website with the company acme, its owner, and an operator."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from credentials.accounts.organisations import invite_owner, make_operator
from credentials.mail.message import Letter
from credentials.web.app import create_app
from credentials.web.composition import Service
from tests.web.conftest import open_stocked
from tests.web.staff import Browser, Letters, browser, signed_in, with_letters

OWNER = "owner@acme.example"


@dataclass(frozen=True)
class Desk:
    """The website, its letters, and who uses it."""

    service: Service
    app: Flask
    letters: Letters
    issued_id: str
    owner: Browser

    def person(self, address: str) -> Browser:
        """Somebody who signed in."""
        return signed_in(self.app, self.service, self.letters, address)

    def nobody(self) -> Browser:
        """Somebody who did not."""
        return browser(self.app, self.service)

    def invited(self, address: str, *roles: str) -> Browser:
        """A member of acme with these roles."""
        sent = self.owner.post("/console/acme/people/invitations", address=address, roles=list(roles))
        assert sent.status_code == 303
        return self.opened(address)

    def operator(self) -> Browser:
        """Whoever runs the service."""
        assert make_operator(self.service.accounts, "op@service.example")
        return self.opened("op@service.example")

    def sent(self) -> list[tuple[str, Letter]]:
        """Every letter, those that wait in the outbox too, the newest last."""
        kept = [self.service.outbox.read(one.id) for one in self.service.outbox.listed() if one.body]
        return [*self.letters.sent, *((mail.address, letter) for mail, letter in reversed(kept))]

    def letters_path(self, address: str) -> str:
        """The path of the claim page that the newest letter to an address leads to."""
        action = next(letter.action for to, letter in reversed(self.sent()) if to == address)
        assert action is not None
        return "/" + action.url.split("/", 3)[3].replace("link/", "claim/")

    def opened(self, address: str) -> Browser:
        """The browser of somebody who opened the link that was last sent to them."""
        found, path = self.nobody(), self.letters.path(address)
        assert found.post(path, path, name="Some Body").status_code == 303
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A website of this test's own."""
    opened, stocked = open_stocked(tmp_path / "data", rate_sign_in="")
    service, letters = with_letters(opened)
    app = create_app(service, log_stream=io.StringIO())
    invite_owner(service.accounts, service.issuer.issuer("acme"), OWNER)
    found, path = browser(app, service), letters.path(OWNER)
    assert found.post(path, path, name="Olga Owner").status_code == 303
    yield Desk(service, app, letters, stocked.issued.id, found)
    service.close()
