"""From a name to its addresses."""

import socket
import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

import pytest

from credentials.verifier.errors import AddressRefused, HostUnknown, TimedOut
from credentials.verifier.locations import Location
from credentials.verifier.name_lookup import look_up, system_lookup

PLACE = Location("issuer.example", 443, "/")


def test_each_address_once_in_order() -> None:
    found = look_up(lambda _host, _port: ["8.8.8.8", "2001:4860::1", "8.8.8.8"], PLACE, 5)
    assert found == [IPv4Address("8.8.8.8"), IPv6Address("2001:4860::1")]


def test_it_asks_for_the_host_and_port() -> None:
    asked: list[tuple[str, int]] = []

    def lookup(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["8.8.8.8"]

    look_up(lookup, PLACE, 5)
    assert asked == [("issuer.example", 443)]


@pytest.mark.parametrize("error", [socket.gaierror("no"), TimeoutError(), OSError("down"), UnicodeError("odd")])
def test_no_answer_is_an_unknown_host(error: Exception) -> None:
    def lookup(_host: str, _port: int) -> Sequence[str]:
        raise error

    with pytest.raises(HostUnknown):
        look_up(lookup, PLACE, 5)


def test_no_addresses_is_an_unknown_host() -> None:
    with pytest.raises(HostUnknown):
        look_up(lambda _host, _port: [], PLACE, 5)


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "01.2.3.4", "8.8.8.8:443", "[::1]", "1.2.3.4/32"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused):
        look_up(lambda _host, _port: ["8.8.8.8", text], PLACE, 5)


def test_a_slow_lookup_is_left_behind() -> None:
    release, ended = threading.Event(), threading.Event()

    def lookup(_host: str, _port: int) -> Sequence[str]:
        release.wait(60)
        ended.set()
        return ["8.8.8.8"]

    with pytest.raises(TimedOut):
        look_up(lookup, PLACE, 0.1)
    assert not ended.is_set()
    release.set()


def test_the_system_knows_this_machine() -> None:
    assert set(system_lookup("localhost", 443)) <= {"127.0.0.1", "::1"}
