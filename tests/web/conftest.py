"""A real service over a data folder of its own, and its website."""

import io
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from credentials.accounts.api_keys import make_key
from credentials.issuer.draft import Deliverable, Draft
from credentials.issuer.service import Issued
from credentials.web.app import create_app
from credentials.web.composition import Service, open_service
from credentials.web.settings import Settings, load_settings
from tests.web.prepared import may_be_copied, prepared

BASE_URL = "https://credentials.example"
NO_LIMITS = {"rate_lookup": "", "rate_verify_page": "", "rate_verify_api": "", "rate_issue": ""}
# Most tests are about something else, and their people sign in by a link alone.
ONE_STEP = {"second_step": "nobody"}


def make_draft(**changes: object) -> Draft:
    """A draft that lint accepts."""
    values: dict[str, object] = {
        "recipient_name": "Ana Souza",
        "recipient_email": "ana@mail.example",
        "project_title": "Customer survey report",
        "summary": "Interviewed 20 customers and wrote a report with three proposals.",
        "deliverables": (Deliverable("Report", "public", "https://files.example/report"),),
        "skills": ("Survey design",),
        "started_on": date(2026, 2, 2),
        "ended_on": date(2026, 3, 6),
        "hours": Decimal(40),
        "supervisor_name": "Kim Larsen",
        "supervisor_words": "Careful and quick.",
        "evidence_url": None,
    }
    return Draft(**values | changes)  # type: ignore[arg-type]


ISSUE_BODY = {
    "recipientName": "Ana Souza",
    "recipientEmail": "ana@mail.example",
    "projectTitle": "Customer survey report",
    "summary": "Interviewed 20 customers and wrote a report with three proposals.",
    "deliverables": [{"name": "Report", "visibility": "public", "url": "https://files.example/report"}],
    "skills": ["Survey design"],
    "startedOn": "2026-02-02",
    "endedOn": "2026-03-06",
    "hours": 40,
    "supervisorName": "Kim Larsen",
}


@dataclass(frozen=True)
class Site:
    """A website under test: its service, its application, what it logged, an API key that may do everything."""

    service: Service
    app: Flask
    log: io.StringIO
    key: str
    issued: Issued

    @property
    def client(self) -> FlaskClient:
        """A new client, without cookies of an earlier one."""
        return self.app.test_client()

    @property
    def auth(self) -> dict[str, str]:
        """The header that carries the API key."""
        return {"Authorization": f"Bearer {self.key}"}

    @property
    def token(self) -> str:
        """The signed form of the issued credential."""
        return self.service.portfolio.signed(self.issued.id).body.decode()


OpenSite = Callable[..., Site]


@dataclass(frozen=True)
class Stocked:
    """What is in a new data folder: one confirmed issuer's first credential, and an API key that may do everything."""

    issued: Issued
    key: str


def stock(folder: Path, **settings: object) -> Stocked:
    """Make a data folder with one confirmed issuer and one issued credential."""
    service = open_service(_settings(folder, settings))
    service.issuer.create_issuer("acme", "Acme Ltd", "https://acme.example")
    service.issuer.confirm("acme", "acme.example", note="checked by telephone")
    issued = service.issuer.issue("acme", make_draft())
    made = make_key(service.engine, "acme", ["issue", "revoke", "read", "webhooks"], label="tests", now=service.clock())
    service.close()
    return Stocked(issued, made.secret)


def open_stocked(folder: Path, **settings: object) -> tuple[Service, Stocked]:
    """A service over a folder of `stock`, copied where these settings allow it."""
    stocked = prepared(stock).copied(folder) if may_be_copied(settings) else stock(folder, **settings)
    return open_service(_settings(folder, settings)), stocked


def open_site(folder: Path, **settings: object) -> Site:
    """A site with one confirmed issuer and one issued credential."""
    service, stocked = open_stocked(folder, **settings)
    log = io.StringIO()
    return Site(service, create_app(service, log_stream=log), log, stocked.key, stocked.issued)


def _settings(folder: Path, changes: Mapping[str, object]) -> Settings:
    return load_settings(**{"data_dir": folder, "base_url": BASE_URL, **NO_LIMITS, **ONE_STEP, **changes})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site of this test's own, without rate limits."""
    opened = open_site(tmp_path / "data")
    yield opened
    opened.service.close()


@pytest.fixture
def site_with(tmp_path: Path) -> Iterator[OpenSite]:
    """Opens a site of this test's own with other settings."""
    opened: list[Site] = []

    def make(**settings: object) -> Site:
        opened.append(open_site(tmp_path / f"data-{len(opened)}", **settings))
        return opened[-1]

    yield make
    for one in opened:
        one.service.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site shared by the tests of a module that change nothing in it."""
    opened = open_site(tmp_path_factory.mktemp("shared") / "data")
    yield opened
    opened.service.close()


@pytest.fixture
def port() -> int:
    """One that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
