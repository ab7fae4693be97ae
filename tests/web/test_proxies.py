"""Nobody is believed about who is asking, except the proxies that an operator named."""

from ipaddress import ip_network
from typing import Any

import pytest

from credentials.web.proxies import Proxies, came_through_proxy, client_group, is_this_machine

TRUSTED = Proxies([ip_network("10.0.0.0/8"), ip_network("2001:db8::/64")])
ID = "0123456789abcdef"


def environ(peer: str, **headers: str) -> dict[str, Any]:
    return {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http"} | headers


def test_by_default_no_header_is_believed() -> None:
    seen = environ("127.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6", HTTP_X_FORWARDED_PROTO="https", HTTP_X_REQUEST_ID=ID)
    before = dict(seen)
    assert Proxies([]).believe(seen) is None
    assert seen == before


def test_a_stranger_is_not_believed() -> None:
    seen = environ("192.0.2.1", HTTP_X_FORWARDED_FOR="10.1.1.1", HTTP_X_REQUEST_ID=ID)
    assert TRUSTED.believe(seen) is None
    assert seen["REMOTE_ADDR"] == "192.0.2.1"


def test_a_trusted_proxy_says_client_scheme_and_request_id() -> None:
    seen = environ("10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.7", HTTP_X_FORWARDED_PROTO="https", HTTP_X_REQUEST_ID=ID)
    assert TRUSTED.believe(seen) == ID
    assert seen["REMOTE_ADDR"] == "192.0.2.7"
    assert seen["wsgi.url_scheme"] == "https"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("6.6.6.6, 192.0.2.7", "192.0.2.7"),  # what the client wrote itself stands left
        ("6.6.6.6, 192.0.2.7, 10.0.0.9", "192.0.2.7"),
        ("192.0.2.7, ::ffff:10.0.0.9", "192.0.2.7"),
        ("192.0.2.7, garbage", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("10.0.0.2, 10.0.0.3", "10.0.0.1"),
        ("192.0.2.7:4711", "10.0.0.1"),
    ],
)
def test_the_rightmost_address_that_is_no_proxy_is_the_client(forwarded: str, client: str) -> None:
    seen = environ("10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    TRUSTED.believe(seen)
    assert seen["REMOTE_ADDR"] == client


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "has space in it", "new\nline-abcdef", "ümläut-abcdef", "-" * 20]
)
def test_a_malformed_request_id_is_not_taken_over(given: str) -> None:
    assert TRUSTED.believe(environ("10.0.0.1", HTTP_X_REQUEST_ID=given)) is None


@pytest.mark.parametrize("scheme", ["ftp", "HTTPS ", "", "javascript"])
def test_a_scheme_that_is_none_is_not_taken_over(scheme: str) -> None:
    seen = environ("10.0.0.1", HTTP_X_FORWARDED_PROTO=scheme)
    TRUSTED.believe(seen)
    assert seen["wsgi.url_scheme"] == "http"


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_limits_count_by_address_or_ipv6_network(address: str, group: str) -> None:
    assert client_group(address) == group


@pytest.mark.parametrize(("address", "own"), [("127.0.0.1", True), ("::1", True), ("192.0.2.1", False), ("", False)])
def test_this_machine(address: str, own: bool) -> None:
    assert is_this_machine(address) is own


@pytest.mark.parametrize("header", ["HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_VIA", "HTTP_X_REAL_IP"])
def test_any_proxy_header_shows_a_proxy(header: str) -> None:
    assert came_through_proxy({header: "x"})
    assert not came_through_proxy({"HTTP_ACCEPT": "x"})
