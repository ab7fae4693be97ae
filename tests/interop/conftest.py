"""Other people's software, each behind one long-lived node process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.peer import Peer

HERE = Path(__file__).parent


def _peer(module: str) -> Iterator[Peer]:
    """What `module` wraps; installed from the lock file first if it is not there yet."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    with Peer.started(HERE / module) as peer:
        yield peer


@pytest.fixture(scope="session")
def jose() -> Iterator[Peer]:
    """npm's jose."""
    yield from _peer("jose.mjs")


@pytest.fixture(scope="module")
def digitalbazaar() -> Iterator[Peer]:
    """@digitalbazaar/vc with its cryptosuites."""
    yield from _peer("digitalbazaar.mjs")


@pytest.fixture(scope="module")
def dcc() -> Iterator[Peer]:
    """@digitalcredentials/verifier-core."""
    yield from _peer("verifier_core.mjs")
