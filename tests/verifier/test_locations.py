"""Addresses that two readers could understand differently are not understood at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.verifier.errors import AddressRefused, LocationRefused, NotHttps, ResolutionFailed
from credentials.verifier.locations import Location, parse_location


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://acme.example/did.json", Location("acme.example", 443, "/did.json")),
        ("https://acme.example", Location("acme.example", 443, "/")),
        ("HTTPS://ACME.example:443/A?b=C&d", Location("acme.example", 443, "/A?b=C&d")),
        ("https://xn--bcher-kva.example/%C3%BC", Location("xn--bcher-kva.example", 443, "/%C3%BC")),
        ("https://1.acme-2.example/", Location("1.acme-2.example", 443, "/")),
        ("https://localhost/", Location("localhost", 443, "/")),
        ("https://0x7f.acme/", Location("0x7f.acme", 443, "/")),
    ],
)
def test_plain_addresses(url: str, location: Location) -> None:
    assert parse_location(url) == location


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://acme.example/",
            "ftp://acme.example/",
            "file:///etc/passwd",
            "gopher://acme.example/",
            "//acme.example/",
        ),
        *(
            "acme.example",
            "https:/acme.example/",
            "https:acme.example",
            "javascript:alert(1)",
            "httpss://acme.example/",
        ),
        *("data:text/html,x", "did:web:acme.example", "x"),
    ],
)
def test_only_https(url: str) -> None:
    with pytest.raises(NotHttps):
        parse_location(url)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0x", "1.1.1.1"),
        *(
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[fe80::1%25eth0]",
            "[64:ff9b::7f00:1]",
            "[v1.x]",
            "127.0.0.1.",
            "2130706433.",
        ),
        *("acme.example.1", "acme.0x7f", "1.2.3.4.5", "999999999999"),
    ],
)
def test_no_numbers_in_place_of_a_name(host: str) -> None:
    with pytest.raises(AddressRefused):
        parse_location(f"https://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        # a user name, or what another reader takes for one
        *(
            "https://me@acme.example/",
            "https://me:pw@acme.example/",
            "https://acme.example@evil.example/",
            "https://@acme.example/",
        ),
        *(
            "https://acme.example\\@evil.example/",
            "https://acme.example%40evil.example/",
            "https://a.example:443@b.example/",
        ),
        # names
        *("https:///", "https://", "https://.", "https://..", "https://.acme.example/", "https://acme..example/"),
        *("https://acme.example./", "https://-acme.example/", "https://acme-.example/", "https://ac_me.example/"),
        *(
            "https://acme%2eexample/",
            "https://acme.example%00/",
            f"https://{'a' * 64}.example/",
            f"https://{'a.' * 127}example/",
        ),
        # other scripts: full-width dots and digits, letters that look like ours, joiners
        *("https://bücher.example/", "https://127。0。0。1/", "https://１２７.0.0.1/", "https://аcme.example/"),
        *("https://acme\u200d.example/", "https://acme.example/ü", "https://acme.example/\u202e"),
        # ports
        *(
            "https://acme.example:/",
            "https://acme.example:0/",
            "https://acme.example:80/",
            "https://acme.example:8443/",
        ),
        *(
            "https://acme.example:0443/",
            "https://acme.example:+443/",
            "https://acme.example:-443/",
            "https://acme.example:443a/",
        ),
        *("https://acme.example:99999/", "https://acme.example:443:443/", "https://acme.example:４４３/"),
        # fragments, white space, control and odd characters, length
        *("https://acme.example/#key-1", "https://acme.example#", " https://acme.example/", "https://acme.example/ "),
        *("https://acme.example/\n", "https://acme.example/a b", "https://acme.example/\t", "https://ac\tme.example/"),
        *("https://acme.example/\r\nHost: evil.example", "https://acme.example/\x00", "https://acme.example/\x7f"),
        *(
            "https://acme.example/<",
            'https://acme.example/"',
            "https://acme.example\\evil",
            "",
            f"https://a.example/{'a' * 2048}",
        ),
        *("https://acme.example/\ud800", "https://[", "https://]"),
    ],
)
def test_odd_addresses_are_refused(url: str) -> None:
    with pytest.raises((LocationRefused, AddressRefused)):
        parse_location(url)


def test_more_ports_by_choice() -> None:
    location = parse_location("https://acme.example:8443/", allowed_ports=(443, 8443))
    assert (location.port, location.authority) == (8443, "acme.example:8443")
    assert parse_location("https://acme.example:443/").authority == "acme.example"
    with pytest.raises(LocationRefused):
        parse_location("https://acme.example/", allowed_ports=(8443,))


@given(st.text(max_size=60))
def test_anything_else_is_an_error_of_ours(text: str) -> None:
    for url in (text, f"https://{text}", f"https://acme.example{text}", f"https://{text}@acme.example/"):
        try:
            assert parse_location(url).port == 443
        except ResolutionFailed as error:
            assert error.code  # noqa: PT017 - most inputs fail, some need not
