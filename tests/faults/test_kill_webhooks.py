"""A short run of the long fault test: see `kill_webhooks`."""

import pytest

from tests.faults.kill_webhooks import run


@pytest.mark.faults
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_processes_killed_at_random_lose_no_message(database: str) -> None:
    killed, repeated = run(database, kills=20, events=120, workers=3, seed=20261126)
    assert killed >= 20
    assert repeated <= killed
