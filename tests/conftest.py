"""What every test may use, and what no test may do by accident."""

import os

import pytest
from hypothesis import settings

# How long an example takes says something of the machine, and nothing of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# The database fixtures (the same tests run on SQLite and on PostgreSQL) are shared beyond tests/store.
pytest_plugins = ["tests.databases"]


@pytest.fixture(autouse=True)
def _environment_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever runs the tests do not reach them."""
    for name in [name for name in os.environ if name.startswith("CREDENTIALS_")]:
        monkeypatch.delenv(name)
