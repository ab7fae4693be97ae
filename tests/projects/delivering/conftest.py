"""One job on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.projects.at_work import Job, started


@pytest.fixture
def job(tmp_path: Path, database_url: str) -> Iterator[Job]:
    """Terms that wait for the candidate."""
    made = started(tmp_path / "data", database_url)
    yield made
    made.service.close()
