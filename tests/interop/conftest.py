"""npm's jose behind one long-lived node process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.peer import Peer

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def jose() -> Iterator[Peer]:
    """The other implementation; installed from the lock file first if it is not there yet."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    with Peer.started(HERE) as peer:
        yield peer
