"""What every case of the outbound client starts from: a network of its own, its authority, a world and a client."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from credentials.verifier.outbound import OutboundClient
from tests.verifier.outbound_scripts import CAP, HOST, SCRIPTS
from tests.verifier.outbound_world import Authority, World, is_alone

PUBLIC, PUBLIC_V6 = "93.184.216.34", "2606:4700::1111"

Make = Callable[..., OutboundClient]


@pytest.fixture(scope="module", autouse=True)
def alone() -> None:
    if not is_alone():
        pytest.skip("runs in a network namespace of its own only: see test_outbound")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def world(authority: Authority) -> Iterator[World]:
    world = World(SCRIPTS)
    with world.listening(443, authority.server(HOST, "*.issuer.example")):
        yield world


@pytest.fixture
def make(authority: Authority) -> Make:
    def build(*addresses: str, **options: Any) -> OutboundClient:
        defaults = {"authorities": authority.path, "lookup": lambda _host, _port: addresses, "timeout": 3.0}
        return OutboundClient(**{**defaults, "max_bytes": CAP, **options})

    return build
