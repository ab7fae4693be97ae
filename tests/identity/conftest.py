"""A company that wants to prove its domain, with everything real but the internet."""

import socket
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from credentials.identity.name_server import NameServers, Server
from credentials.identity.resemblances import watch
from credentials.identity.service import IdentityService
from credentials.issuer.high_water import HighWaterMark
from credentials.issuer.service import IssuerService
from credentials.keyring.files import FileKeyring
from credentials.keyring.master import load_or_create_master_secret
from tests.identity.world import BASE, DOMAIN, Clock, Town, Web, Zone, name_server, refuse
from tests.verifier.outbound_world import Authority, Script, World


@pytest.fixture
def clock() -> Clock:
    """The present, as these tests have it."""
    return Clock()


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> FileKeyring:
    """Real keys."""
    directory = tmp_path_factory.mktemp("keys")
    return FileKeyring(directory, load_or_create_master_secret(directory, None))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the web server's certificate."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def issuing(engine: Engine, keyring: FileKeyring, tmp_path: Path, clock: Clock) -> IssuerService:
    """An issuing service with one issuer, `acme`."""
    made = IssuerService(engine, keyring, BASE, HighWaterMark(tmp_path / "published"), clock, watch=watch)
    made.create_issuer("acme", "Acme Analytics", "https://acme.example")
    return made


@pytest.fixture
def zone() -> Zone:
    """What the name server knows."""
    return Zone()


@pytest.fixture
def town(issuing: IssuerService, clock: Clock, zone: Zone, authority: Authority) -> Iterator[Town]:
    """The company, its name server and its web server."""
    scripts: dict[str, Script] = defaultdict(lambda: refuse)
    site = World(scripts)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    web = Web(port, authority)
    told: list[tuple[str, str]] = []
    with name_server(zone) as dns, site.listening(port, authority.server(DOMAIN, "other.example"), version=4):
        names = NameServers([Server("127.0.0.1", dns)], seconds=0.6)
        identity = IdentityService(issuing.means, web, names, lambda whom, what: told.append((whom, what)))
        yield Town(issuing, identity, issuing.issuer("acme"), clock, zone, web, site, told)
