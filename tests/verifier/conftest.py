"""A fresh world of real issuers for each test."""

import pytest

from tests.verifier.world import World


@pytest.fixture
def world() -> World:
    return World()
