"""What the outbound client posts in a hostile world. `test_outbound` runs this file in a network of its own."""

import contextlib
import time

import pytest

from credentials.verifier.errors import (
    AddressRefused,
    AnswerTooLarge,
    LocationRefused,
    NotHttps,
    TimedOut,
    TlsFailed,
    Unreachable,
)
from credentials.verifier.outbound import OutboundClient
from tests.verifier.hostile_addresses import HOSTILE
from tests.verifier.outbound_fixtures import PUBLIC, Make
from tests.verifier.outbound_fixtures import alone as alone
from tests.verifier.outbound_fixtures import authority as authority
from tests.verifier.outbound_fixtures import make as make
from tests.verifier.outbound_fixtures import world as world
from tests.verifier.outbound_scripts import HOST, SCRIPTS
from tests.verifier.outbound_world import Authority, NameServer, World


def post(client: OutboundClient, path: str = "/ok", body: bytes = b"{}") -> int:
    return client.post(
        f"https://{HOST}{path}", body, {"Content-Type": "application/json", "webhook-id": "msg_1"}
    ).status


def test_a_post_carries_its_headers_and_nothing_of_ours(world: World, make: Make) -> None:
    assert post(make(PUBLIC)) == 200
    [(reached, head)] = world.reached
    assert reached == PUBLIC
    assert head.startswith("POST /ok HTTP/1.1\r\n")
    assert {line.partition(":")[0].lower() for line in head.strip().split("\r\n")[1:]} == {
        *("accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"),
        "webhook-id",
    }


@pytest.mark.parametrize("code", [201, 204, 301, 302, 307, 308, 400, 401, 404, 407, 410, 429, 500, 503])
def test_a_post_gets_the_status_and_follows_nothing(world: World, make: Make, code: int) -> None:
    assert post(make(PUBLIC), f"/{code}") == code
    assert len(world.reached) == 1


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_never_posted_to(world: World, make: Make, address: str) -> None:
    for addresses in ((address,), (PUBLIC, address), (address, PUBLIC)):
        with pytest.raises(AddressRefused):
            post(make(*addresses))
    assert world.reached == []


@pytest.mark.parametrize("first", ["127.0.0.1", "169.254.169.254"])
def test_a_rebinding_name_server_gains_nothing_from_a_post(world: World, authority: Authority, first: str) -> None:
    client = OutboundClient(authorities=authority.path, timeout=5)
    with NameServer([PUBLIC, first]).answering():
        assert post(client) == 200
        with pytest.raises(AddressRefused):
            post(client)
    assert world.addresses() == [PUBLIC]


@pytest.mark.parametrize("url", ["http://issuer.example/ok", "https://issuer.example:80/", "https://127.0.0.1/"])
def test_other_addresses_are_neither_posted_to_nor_pass_the_check(world: World, make: Make, url: str) -> None:
    for call in (lambda: make(PUBLIC).post(url, b"", {}), lambda: make(PUBLIC).check(url)):
        with pytest.raises((NotHttps, LocationRefused, AddressRefused)):
            call()
    make(PUBLIC).check(f"https://{HOST}/ok")
    assert world.reached == []


@pytest.mark.parametrize("path", [path for path in SCRIPTS if path.startswith(("/large", "/many"))])
def test_nothing_without_end_is_read_after_a_post(world: World, make: Make, path: str) -> None:
    began = time.monotonic()
    with contextlib.suppress(AnswerTooLarge, Unreachable):
        assert post(make(PUBLIC, timeout=20), path) == 200
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("path", [path for path in SCRIPTS if path.startswith(("/slow", "/silence"))])
def test_one_deadline_for_a_post(world: World, make: Make, path: str) -> None:
    began = time.monotonic()
    with contextlib.suppress(TimedOut):
        assert post(make(PUBLIC, timeout=0.5), path) == 200
    assert time.monotonic() - began < 3


def test_a_certificate_for_another_name_gets_no_body(make: Make, authority: Authority) -> None:
    world = World(SCRIPTS)
    with world.listening(443, authority.server("other.example")), pytest.raises(TlsFailed):
        post(make(PUBLIC))
    assert world.reached[0][1] == ""
