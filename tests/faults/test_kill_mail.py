"""A short run of the long fault test: see `kill_mail`."""

import pytest

from tests.faults.kill_mail import run


@pytest.mark.faults
@pytest.mark.parametrize("queue", ["embedded", "redis"])
def test_workers_killed_at_random_lose_no_letter(queue: str) -> None:
    killed, repeated = run(queue, kills=6, letters=60, workers=2, seed=20261126)
    assert killed >= 6
    assert repeated <= killed
