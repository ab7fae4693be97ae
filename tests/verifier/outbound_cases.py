"""What the outbound client gets in a hostile world. `test_outbound` runs this file in a network of its own."""

import contextlib
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from credentials.verifier.errors import (
    AddressRefused,
    AnswerTooLarge,
    HostUnknown,
    LocationRefused,
    NotFoundThere,
    NotHttps,
    RedirectRefused,
    ResolutionFailed,
    TimedOut,
    TlsFailed,
    TooBusy,
    UnexpectedAnswer,
    Unreachable,
)
from credentials.verifier.outbound import OutboundClient
from credentials.verifier.resolvers.web import WebResolver
from tests.verifier.hostile_addresses import HOSTILE
from tests.verifier.outbound_fixtures import PUBLIC, PUBLIC_V6, Make
from tests.verifier.outbound_fixtures import alone as alone
from tests.verifier.outbound_fixtures import authority as authority
from tests.verifier.outbound_fixtures import make as make
from tests.verifier.outbound_fixtures import world as world
from tests.verifier.outbound_scripts import CAP, HOST, SCRIPTS
from tests.verifier.outbound_world import Authority, NameServer, World


def get(client: OutboundClient, path: str = "/ok", host: str = HOST) -> bytes:
    return client.get(f"https://{host}{path}", accept="application/did+json").body


# What works ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_V6])
def test_fetches_from_a_public_address(world: World, make: Make, address: str) -> None:
    answer = make(address).get(f"https://{HOST}/ok", accept="application/did+json, application/json;q=0.9")
    assert (answer.body, answer.media_type) == (b"hello", "application/did+json")
    [(reached, head)] = world.reached
    assert reached == address
    lines = sorted(line.lower() for line in head.strip().split("\r\n")[1:])
    assert lines == [
        "accept-encoding: identity",
        "accept: application/did+json, application/json;q=0.9",
        "connection: close",
        f"host: {HOST}",
        "user-agent: credentials-verifier",
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *(("/ok?a=b&c=%20", b"query"), ("/bare", b"bare"), ("/closed", b"until the end"), ("/chunked", b"one two")),
        *(("/exact", b"x" * CAP), ("/continue", b"ok")),
    ],
)
def test_honest_answers_of_every_framing(world: World, make: Make, path: str, body: bytes) -> None:
    assert get(make(PUBLIC), path) == body


def test_a_caller_may_ask_for_less_but_not_for_more(world: World, make: Make) -> None:
    client = make(PUBLIC, max_bytes=CAP)
    with pytest.raises(AnswerTooLarge):
        client.get(f"https://{HOST}/exact", accept="*/*", max_bytes=CAP - 1)
    with pytest.raises(AnswerTooLarge):
        client.get(f"https://{HOST}/large-body", accept="*/*", max_bytes=1 << 40)


def test_the_next_address_is_asked_when_one_does_not_answer(world: World, authority: Authority, make: Make) -> None:
    with world.listening(8443, authority.server(HOST), version=4):
        client = make(PUBLIC_V6, PUBLIC, allowed_ports=(8443,))
        assert get(client, host=f"{HOST}:8443") == b"hello"
    assert world.addresses() == [PUBLIC]
    assert f"Host: {HOST}:8443\r\n" in world.reached[0][1]


def test_the_next_address_has_time_left_when_one_hangs(world: World, make: Make) -> None:
    world.silent_at = PUBLIC_V6
    assert get(make(PUBLIC_V6, PUBLIC, timeout=1.5)) == b"hello"
    assert world.addresses() == [PUBLIC_V6, PUBLIC]


def test_a_host_of_an_intranet_by_choice_only(world: World, make: Make) -> None:
    assert get(make("10.0.0.1", allowed_private_hosts=["Issuer.example"])) == b"hello"
    with pytest.raises(AddressRefused):
        get(make("10.0.0.1", allowed_private_hosts=["other.example"]))
    assert world.addresses() == ["10.0.0.1"]


def test_the_resolver_over_it(world: World, make: Make) -> None:
    fetched = WebResolver(make(PUBLIC)).fetch(f"https://{HOST}/ok", accept="*/*", max_bytes=5)
    assert (fetched.body, fetched.media_type) == (b"hello", "application/did+json")
    with pytest.raises(AnswerTooLarge):
        WebResolver(make(PUBLIC)).fetch(f"https://{HOST}/ok", accept="*/*", max_bytes=4)


# Where it does not go ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_never_reached(world: World, make: Make, address: str) -> None:
    for addresses in ((address,), (PUBLIC, address), (address, PUBLIC), (PUBLIC, PUBLIC_V6, PUBLIC, address)):
        with pytest.raises(AddressRefused):
            get(make(*addresses))
    assert world.reached == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "0177.0.0.1", PUBLIC, f"[{PUBLIC_V6}]"])
def test_an_address_as_host_is_never_reached(world: World, make: Make, host: str) -> None:
    with pytest.raises(AddressRefused):
        get(make(PUBLIC), host=host)
    assert world.reached == []


@pytest.mark.parametrize("url", ["http://issuer.example/ok", "https://issuer.example:80/", "https://a@issuer.example/"])
def test_other_addresses_are_not_even_looked_up(world: World, make: Make, url: str) -> None:
    asked: list[str] = []

    def lookup(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC]

    with pytest.raises((NotHttps, LocationRefused)) as caught:
        make(lookup=lookup).get(url, accept="*/*")
    assert caught.value.where == url
    assert (asked, world.reached) == ([], [])


@pytest.mark.parametrize("first", ["127.0.0.1", "169.254.169.254", "192.168.1.1"])
def test_a_rebinding_name_server_gains_nothing(world: World, authority: Authority, first: str) -> None:
    """The system's own resolver asks a name server that says public first and private from then on."""
    client = OutboundClient(authorities=authority.path, timeout=5)
    with NameServer([PUBLIC, first]).answering() as names:
        assert get(client) == b"hello"
        assert names.asked == 1
        with pytest.raises(AddressRefused):
            get(client)
    assert world.addresses() == [PUBLIC]


def test_a_lookup_that_changes_is_made_once_per_request(world: World, make: Make) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    client = make(lookup=lambda _host, _port: next(answers))
    assert get(client) == b"hello"
    with pytest.raises(AddressRefused):
        get(client)
    assert world.addresses() == [PUBLIC]


def test_the_environment_has_no_say(world: World, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text(f"machine {HOST} login me password secret\n")
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://10.9.9.9:3128")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", os.devnull)
    assert get(make(PUBLIC)) == b"hello"
    assert world.addresses() == [PUBLIC]
    assert "authorization" not in world.reached[0][1].lower()


def test_no_cookie_comes_back(world: World, make: Make) -> None:
    client = make(PUBLIC)
    get(client, "/cookie")
    get(client, "/cookie")
    assert not any("cookie:" in head.lower() for _, head in world.reached)


# What it does not believe --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "error"),
    [
        *((code, RedirectRefused) for code in (300, 301, 302, 303, 307, 308)),
        *((code, NotFoundThere) for code in (404, 410)),
        *((code, UnexpectedAnswer) for code in (201, 203, 204, 206, 400, 401, 403, 407, 418, 429, 500, 503)),
    ],
)
def test_only_200_is_an_answer(world: World, make: Make, code: int, error: type[ResolutionFailed]) -> None:
    with pytest.raises(error) as caught:
        get(make(PUBLIC), f"/{code}")
    assert caught.value.where == f"https://{HOST}/{code}"
    assert len(world.reached) == 1


@pytest.mark.parametrize("path", [path for path in SCRIPTS if path.startswith(("/large", "/many"))])
def test_nothing_without_end_is_read(world: World, make: Make, path: str) -> None:
    began = time.monotonic()
    with pytest.raises((AnswerTooLarge, Unreachable)):
        get(make(PUBLIC, timeout=20), path)
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("path", ["/gzip", "/br"])
def test_nothing_is_unpacked(world: World, make: Make, path: str) -> None:
    with pytest.raises(UnexpectedAnswer):
        get(make(PUBLIC), path)


@pytest.mark.parametrize("path", ["/short", "/short-chunk", "/bad-chunk", "/garbage", "/nothing"])
def test_half_an_answer_is_none(world: World, make: Make, path: str) -> None:
    with pytest.raises((Unreachable, UnexpectedAnswer)):
        get(make(PUBLIC), path)


@pytest.mark.parametrize("path", [path for path in SCRIPTS if path.startswith(("/slow", "/silence"))])
def test_one_deadline_for_everything(world: World, make: Make, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut):
        get(make(PUBLIC, timeout=0.5), path)
    assert time.monotonic() - began < 3


def test_a_handshake_that_never_ends(make: Make, authority: Authority) -> None:
    hanging = World({}, instead_of_tls=lambda _connection: time.sleep(6))
    began = time.monotonic()
    with hanging.listening(443, None), pytest.raises(TimedOut):
        get(make(PUBLIC, PUBLIC_V6, timeout=0.5))
    assert time.monotonic() - began < 3


def test_a_lookup_that_never_ends(make: Make) -> None:
    def lookup(_host: str, _port: int) -> Sequence[str]:
        time.sleep(6)
        return [PUBLIC]

    began = time.monotonic()
    with pytest.raises(TimedOut):
        get(make(lookup=lookup, timeout=0.3))
    assert time.monotonic() - began < 3


def test_one_too_many_is_refused_at_once(world: World, make: Make) -> None:
    client = make(PUBLIC, timeout=2.0, concurrency=1)

    def occupy() -> None:
        with contextlib.suppress(TimedOut):
            get(client, "/silence")

    busy = threading.Thread(target=occupy)
    busy.start()
    time.sleep(0.2)
    began = time.monotonic()
    with pytest.raises(TooBusy):
        client.get(f"https://{HOST}/silence", accept="*/*")
    assert time.monotonic() - began < 0.5
    busy.join()
    assert get(client) == b"hello"


@pytest.mark.parametrize("found", [[], ["not an address"], ["1.2.3"], ["127.0.0.1\0"]])
def test_lookups_without_a_usable_address(make: Make, found: list[str]) -> None:
    with pytest.raises((HostUnknown, AddressRefused)):
        get(make(*found))


def test_a_name_nobody_knows(authority: Authority) -> None:
    with pytest.raises((HostUnknown, TimedOut)):
        get(OutboundClient(authorities=authority.path, timeout=2))


def test_nobody_listens(make: Make) -> None:
    with pytest.raises(Unreachable):
        get(make(PUBLIC, PUBLIC_V6))


# Who it does not believe ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hosts", [("other.example",), ("issuer.example.evil.example",), ("*.example",), (PUBLIC,)])
def test_a_certificate_for_another_name(make: Make, authority: Authority, hosts: tuple[str, ...]) -> None:
    world = World(SCRIPTS)
    with world.listening(443, authority.server(*hosts)), pytest.raises(TlsFailed):
        get(make(PUBLIC), host=HOST if hosts != ("*.example",) else "a.b.example")
    assert world.reached[0][1] == ""


def test_an_expired_certificate(make: Make, authority: Authority) -> None:
    with World(SCRIPTS).listening(443, authority.server(HOST, days=-1)), pytest.raises(TlsFailed):
        get(make(PUBLIC))


def test_an_unknown_authority(make: Make, tmp_path: Path, world: World) -> None:
    with pytest.raises(TlsFailed):
        get(make(PUBLIC, authorities=Authority(tmp_path, "Another authority").path))
    with pytest.raises(TlsFailed):
        get(make(PUBLIC, authorities=None))


def test_only_the_authorities_named_are_trusted(world: World, make: Make) -> None:
    client = make(PUBLIC)
    get(client)
    assert vars(client)["_context"].cert_store_stats()["x509_ca"] == 1


def test_a_host_without_tls(make: Make) -> None:
    plain = World({}, instead_of_tls=lambda wire: wire.sendall(b"HTTP/1.1 200 OK\r\n\r\nhello"))
    with plain.listening(443, None), pytest.raises((TlsFailed, Unreachable)):
        get(make(PUBLIC))
