"""A short run of the long fault test: see `kill_bulk`."""

import pytest

from tests.faults.kill_bulk import run


@pytest.mark.faults
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_workers_killed_at_random_lose_and_double_nothing(database: str) -> None:
    killed, _files, total = run(database, kills=10, rows=2_000, workers=3, seed=20261123)
    assert killed >= 10
    assert total >= 2_000
