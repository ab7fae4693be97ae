"""A service with one credential in every state."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from credentials.web.composition import Service, open_service
from credentials.web.settings import Settings
from tests.portfolio.samples import every_state

BASE_URL = "http://127.0.0.1:8123"


@dataclass(frozen=True, slots=True)
class Shown:
    """The service, and state → credential id."""

    service: Service
    states: dict[str, str]


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Made once: the tests only look."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("shown"), base_url=BASE_URL)
    service = open_service(settings)
    return Shown(service, every_state(service))


@pytest.fixture
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """An empty service of one test's own."""
    return open_service(Settings(data_dir=tmp_path_factory.mktemp("service"), base_url=BASE_URL))
