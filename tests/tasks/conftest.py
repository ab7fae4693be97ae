"""The backends that tasks run on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tasks.redis_server import redis_server


@pytest.fixture(params=["embedded", "redis"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of each backend."""
    if request.param == "embedded":
        yield ""
        return
    with redis_server(tmp_path) as address:
        yield address
