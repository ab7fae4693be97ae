"""A service on either database, with a company and a candidate."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from credentials.web.composition import open_service
from credentials.web.settings import load_settings
from tests.projects.stages import Stage, staged

BASE_URL = "https://credentials.example"


@pytest.fixture
def stage(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    """A stage of this test's own."""
    service = open_service(load_settings(data_dir=tmp_path / "data", base_url=BASE_URL, database_url=database_url))
    with staged(service) as made:
        yield made
    service.close()
