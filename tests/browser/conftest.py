"""A real browser on the real service: the demo's samples, and one credential in each further state."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from credentials.cli.demo import DEFAULT_PORT
from credentials.cli.demo_samples import DemoLinks, prepare
from credentials.cli.demo_story.routes import blueprint
from credentials.web.app import create_app
from credentials.web.composition import Service, open_service
from credentials.web.settings import Settings
from tests.portfolio.samples import every_state

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PHONE = {"width": 320, "height": 568}
DESK = {"width": 1100, "height": 900}


@dataclass(frozen=True, slots=True)
class Site:
    """The running service: its address, the demo's links, and state → the id of a credential in it."""

    address: str
    links: DemoLinks
    states: dict[str, str]
    service: Service
    data_dir: Path


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium where it is installed, else the one Playwright brought."""
    found = {"executable_path": CHROMIUM} if Path(CHROMIUM).exists() else {}
    return {**found, "args": FLAGS}


def free_port() -> int:
    """A free port; the demo's own where pictures are taken, since it stands in them."""
    if os.environ.get("UPDATE_SCREENSHOTS"):
        return DEFAULT_PORT
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data_dir = tmp_path_factory.mktemp("service")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = Settings(data_dir=data_dir, base_url=address, rate_verify_page="", rate_lookup="")
    service = open_service(settings)
    links = prepare(service)
    states = every_state(service)
    with (data_dir / "log").open("w", encoding="utf-8") as log:
        app = create_app(service, log_stream=log, more=blueprint)
        with served(app, port):
            yield Site(address, links, states, service, data_dir)


class served:  # noqa: N801 - reads as a phrase
    """Serve an application from a thread while the block runs."""

    def __init__(self, app: Flask, port: int) -> None:
        self._server = make_server("127.0.0.1", port, app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass(frozen=True, slots=True)
class Visit:
    """A page of one context, with every address it asked for."""

    page: Page
    context: BrowserContext
    asked: list[str]

    def foreign(self, address: str) -> list[str]:
        """Requests that went anywhere but to the service."""
        return [url for url in self.asked if not url.startswith(address) and not url.startswith("data:")]


class Visitor:
    """Opens contexts as a test wants them and closes them at its end."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: list[BrowserContext] = []

    def visit(self, address: str = "", **options: Any) -> Visit:
        """A new context (viewport 1100 wide unless told), at an address."""
        context = self._browser.new_context(**{"viewport": DESK, **options})
        self._open.append(context)
        context.set_default_timeout(10_000)
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        if address:
            page.goto(address)
        return Visit(page, context, asked)

    def close(self) -> None:
        """Close every context."""
        for context in self._open:
            context.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    made = Visitor(browser)
    yield made
    made.close()


@pytest.fixture(scope="session")
def screenshots() -> Path | None:
    """Where pictures for the documentation go, when UPDATE_SCREENSHOTS asks for them."""
    if not os.environ.get("UPDATE_SCREENSHOTS"):
        return None
    folder = Path(__file__).parents[2] / "site" / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
