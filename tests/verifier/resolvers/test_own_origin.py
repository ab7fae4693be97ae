"""The service's own addresses are answered from what it published, and nothing else is."""

import pytest

from credentials.verifier.errors import AnswerTooLarge, NotFoundThere, NotHttps
from credentials.verifier.outbound import OutboundClient
from credentials.verifier.resolvers import OwnOriginResolver, StaticResolver
from credentials.verifier.resolvers.web import WebResolver

METADATA = "/.well-known/jwt-vc-issuer/issuers/acme"
PUBLISHED = {"/issuers/acme/did.json": b"ours", "/status/1": b"list", METADATA: b"keys"}
ELSEWHERE = StaticResolver({"https://other.example/did.json": b"theirs"})


def fetch(base: str, url: str) -> bytes:
    return OwnOriginResolver(base, PUBLISHED.get, ELSEWHERE).fetch(url, accept="a/b, c/d", max_bytes=100).body


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://cred.example", "https://cred.example/issuers/acme/did.json"),
        ("https://cred.example/", "https://cred.example:443/issuers/acme/did.json"),
        ("https://CRED.example", "HTTPS://cred.EXAMPLE/issuers/acme/did.json"),
        ("https://cred.example:8443", "https://cred.example:8443/issuers/acme/did.json"),
        ("https://cred.example/below/", "https://cred.example/below/issuers/acme/did.json"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/issuers/acme/did.json"),
        ("http://127.0.0.1:8000", "https://127.0.0.1:8000/issuers/acme/did.json"),
        ("http://localhost", "https://localhost/issuers/acme/did.json"),
        ("http://[::1]:8000", "https://[::1]:8000/issuers/acme/did.json"),
    ],
)
def test_our_own_addresses(base: str, url: str) -> None:
    assert fetch(base, url) == b"ours"


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://cred.example", "https://cred.example/.well-known/jwt-vc-issuer/issuers/acme"),
        ("https://cred.example/below", "https://cred.example/.well-known/jwt-vc-issuer/below/issuers/acme"),
        ("http://127.0.0.1:8000", "https://127.0.0.1:8000/.well-known/jwt-vc-issuer/issuers/acme"),
    ],
)
def test_a_well_known_address_stands_before_the_base(base: str, url: str) -> None:
    assert fetch(base, url) == b"keys"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/issuers/acme/did.json?",
        "/issuers/acme/did.json?a=b",
        "/issuers/acme/did.json/",
        "/ISSUERS/acme/did.json",
    ],
)
def test_what_we_did_not_publish_is_not_sought_elsewhere(path: str) -> None:
    if path == "/issuers/acme/did.json?":
        assert fetch("https://cred.example", f"https://cred.example{path}") == b"ours"
        return
    with pytest.raises(NotFoundThere):
        fetch("https://cred.example", f"https://cred.example{path}")


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://cred.example", "http://cred.example/status/1"),
        ("https://cred.example", "https://cred.example:8443/status/1"),
        ("https://cred.example", "https://cred.example.evil.example/status/1"),
        ("https://cred.example", "https://evil.example/https://cred.example/status/1"),
        ("https://cred.example", "https://cred.example@evil.example/status/1"),
        ("https://cred.example", "https://me@cred.example/status/1"),
        ("https://cred.example", "https://evil.example@cred.example/status/1"),
        ("https://cred.example", "https://cred.example./status/1"),
        ("https://cred.example", "https://cred.exa\tmple/status/1"),
        ("https://cred.example", "https://cred.example/stat\nus/1"),
        ("https://cred.example", "https://cred.example/status/1\u00a0"),
        ("https://cred.example", "//cred.example/status/1"),
        ("https://cred.example", "/status/1"),
        ("https://cred.example", "https://cred.example:99999/status/1"),
        ("https://cred.example", "https://[/status/1"),
        ("https://cred.example", "https:///status/1"),
        ("https://cred.example", f"https://cred.example/{'a' * 2048}"),
        ("https://cred.example/below", "https://cred.example/status/1"),
        ("https://cred.example/below", "https://cred.example/belowstatus/1"),
        ("http://localhost", "https://localhost:80/status/1"),
        ("http://localhost:8000", "https://localhost/status/1"),
        ("http://127.0.0.1:8000", "https://localhost:8000/status/1"),
    ],
)
def test_what_is_not_ours_goes_to_the_other_resolver(base: str, url: str) -> None:
    with pytest.raises(NotFoundThere, match="not among the documents at hand"):
        fetch(base, url)


def test_other_origins_are_asked_as_ever() -> None:
    assert fetch("https://cred.example", "https://other.example/did.json") == b"theirs"


def test_the_type_is_the_one_asked_for_and_the_cap_holds() -> None:
    resolver = OwnOriginResolver("https://cred.example", PUBLISHED.get, ELSEWHERE)
    assert resolver.fetch("https://cred.example/status/1", accept="A/b;q=1, c/d", max_bytes=4).media_type == "a/b"
    with pytest.raises(AnswerTooLarge):
        resolver.fetch("https://cred.example/status/1", accept="a/b", max_bytes=3)


def test_with_the_web_behind_it_our_own_http_address_never_leaves() -> None:
    client = OutboundClient(lookup=lambda _host, _port: pytest.fail("looked up"))
    resolver = OwnOriginResolver("http://localhost:8000", PUBLISHED.get, WebResolver(client))
    assert resolver.fetch("http://localhost:8000/status/1", accept="*/*", max_bytes=9).body == b"list"
    with pytest.raises(NotHttps):
        resolver.fetch("http://other.example/", accept="*/*", max_bytes=9)


def test_what_publishing_raises_is_not_hidden() -> None:
    def broken(_path: str) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        OwnOriginResolver("https://a.example", broken, ELSEWHERE).fetch("https://a.example/x", accept="", max_bytes=1)


@pytest.mark.parametrize(
    "base", ["", "cred.example", "ftp://cred.example", "https://", "https://a.example?x", "https://a.example/#x"]
)
def test_a_base_that_is_no_address(base: str) -> None:
    with pytest.raises(ValueError, match="not the base address"):
        OwnOriginResolver(base, PUBLISHED.get, ELSEWHERE)


def test_the_same_place_over_another_publication() -> None:
    url = "https://cred.example/status/1"
    ours = OwnOriginResolver("https://cred.example", PUBLISHED.get, ELSEWHERE)
    other = ours.publishing({"/status/1": b"later"}.get)
    assert other.fetch(url, accept="a/b", max_bytes=100).body == b"later"
    assert ours.fetch(url, accept="a/b", max_bytes=100).body == b"list"
    assert other.fetch("https://other.example/did.json", accept="a/b", max_bytes=100).body == b"theirs"
