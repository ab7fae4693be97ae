"""A website for company staff in a real browser, at a name that passkeys can be bound to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from credentials.web.app import create_app
from credentials.web.composition import Service, open_service
from credentials.web.settings import load_settings
from tests.browser.conftest import free_port, served
from tests.browser.pressing import press

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Desk:
    """The running service. `clicks`: how many things were pressed so far, mails opened among them."""

    address: str
    service: Service
    clicks: int = 0

    def mail(self, address: str) -> str:
        """The link in the newest letter to an address."""
        newest = next(one for one in self.service.outbox.listed() if one.address == address and one.body)
        action = self.service.outbox.read(newest.id)[1].action
        assert action is not None
        return action.url

    def press(self, page: Page, selector: str) -> None:
        """Press something, and count it."""
        self.clicks += 1
        press(page, selector)

    def open_mail(self, page: Page, address: str) -> None:
        """Press the link of a letter."""
        self.clicks += 1
        page.goto(self.mail(address))


@contextmanager
def desk(folder: Path, **settings: object) -> Iterator[Desk]:
    """A fresh service without any company."""
    port = free_port()
    address = f"http://localhost:{port}"
    given: dict[str, object] = {"data_dir": folder, "base_url": address, "rate_sign_in": ""}
    service = open_service(load_settings(**(given | settings)))
    with (folder / "log").open("w", encoding="utf-8") as log, served(create_app(service, log_stream=log), port):
        yield Desk(address, service)
    service.close()


def with_authenticator(page: Page) -> None:
    """Give a page's browser an authenticator that says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
