"""What every test may use, and what no test may do by accident."""

import gc
import os

import pytest
from flask import Flask
from hypothesis import settings

from tests.web.prepared import CompiledTemplates

# How long an example takes says something of the machine, and nothing of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Each test has an application of its own, over the same templates.
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}

# The database fixtures (the same tests run on SQLite and on PostgreSQL) are shared beyond tests/store.
pytest_plugins = ["tests.databases"]


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the collector of garbage need not look at it again in each test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _environment_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever runs the tests do not reach them."""
    for name in [name for name in os.environ if name.startswith("CREDENTIALS_")]:
        monkeypatch.delenv(name)
