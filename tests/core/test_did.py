"""DID syntax and did:web addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.core.did import (
    did_web_domain,
    did_web_to_url,
    is_did,
    parse_did_url,
    url_to_did_web,
)
from credentials.core.errors import BadDid
from tests.core.parties import vectors


@pytest.mark.parametrize("case", vectors("did_web_published.json"), ids=lambda case: case["name"])
def test_published(case: dict[str, str]) -> None:
    assert did_web_to_url(case["did"]) == case["url"]
    assert url_to_did_web(case["url"]) == case["did"]


@pytest.mark.parametrize(
    ("url", "did"),
    [
        ("https://a.example", "did:web:a.example"),
        ("https://A.Example/", "did:web:a.example"),
        ("http://localhost:8000/issuers/nordlys", "did:web:localhost%3A8000:issuers:nordlys"),
        ("https://a.example:8443/x/did.json", "did:web:a.example%3A8443:x"),
        ("https://a.example/r%C3%B8d", "did:web:a.example:r%C3%B8d"),
        ("https://127.0.0.1:9/x", "did:web:127.0.0.1%3A9:x"),
    ],
)
def test_from_an_address(url: str, did: str) -> None:
    assert url_to_did_web(url) == did
    assert did_web_to_url(did).startswith("https://")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "ftp://a.example",
        "https://",
        "https://user@a.example",
        "https://user:pw@a.example/",
        "https://a.example?x",
        "https://a.example/#x",
        "https://a.example:99999",
        "https://a.example:x",
        "https://a_b.example",
        "https://[::1]/",
        "https://[::1",
        "https://a..example",
        "https://-a.example",
        "https://a.example/../x",
        "https://a.example/%2e%2e/x",
        "https://a.example/%2Fx",
        "https://é.example",
        "javascript:alert(1)",
        "https://a.example\\@b.example",
    ],
)
def test_odd_addresses_have_no_did(url: str) -> None:
    with pytest.raises(BadDid):
        url_to_did_web(url)


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did",
        "did:",
        "did:web",
        "did:web:",
        "did:web: ",
        "did:Web:a.example",
        "web:a.example",
        "did:key:zX",
        "did:web:a.example#k",
        "did:web:a.example?x",
        "did:web:a.example/x",
        "did:web:a.example:",
        "did:web::x",
        "did:web:a.example::x",
        "did:web:a.example:.",
        "did:web:a.example:..",
        "did:web:a.example:%2e%2E",
        "did:web:a.example:%2Fetc",
        "did:web:a.example:%5C",
        "did:web:a.example:x%00",
        "did:web:a.example:%25",
        "did:web:a.example:%3F",
        "did:web:a.example:%23x",
        "did:web:a.example%3A",
        "did:web:a.example%3A0",
        "did:web:a.example%3A65536",
        "did:web:a.example%3A999999",
        "did:web:a.example%3Ax",
        "did:web:a.example%3A80%3A80",
        "did:web:user%40a.example",
        "did:web:%61.example",
        "did:web:a.example%2Fx",
        "did:web:a_b.example",
        "did:web:-a.example",
        "did:web:a-.example",
        "did:web:.example",
        "did:web:a..example",
        "did:web:é.example",
        "did:web:a.example\n",
        "did:web:" + "a" * 64,
        "did:web:" + "a." * 200 + "example",
        "did:web:a.example:" + "x" * 3000,
        "did:web:[::1]",
        "did:web:%5B%3A%3A1%5D",
    ],
)
def test_what_is_no_did_web_is_refused(did: str) -> None:
    with pytest.raises(BadDid):
        did_web_to_url(did)


def test_the_domain_that_a_did_web_belongs_to() -> None:
    assert did_web_domain("did:web:A.Example:user") == "a.example"
    assert did_web_domain("did:web:a.example%3A8443") == "a.example:8443"


def test_did_urls() -> None:
    assert parse_did_url("did:web:a.example:x#key-1") == ("did:web:a.example:x", "key-1")
    assert is_did("did:example:123")
    assert not is_did("did:example:123#x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "#k",
        "did:web:a.example",
        "did:web:a.example#",
        "did:web:a.example#a#b",
        "did:web:a.example/p#k",
        "did:web:a.example?q#k",
        "did:web:a.example#k k",
        "did:web:a.example#k\n",
        "did:web:a.example#%zz",
        "https://a.example#k",
        " did:web:a.example#k",
        "did:web:a.example#é",
        "did:web:a.example:#k",
        "did:web:a.example#" + "x" * 5200,
    ],
)
def test_what_is_no_did_url_is_refused(text: str) -> None:
    with pytest.raises(BadDid):
        parse_did_url(text)


SEGMENT = st.text(alphabet="abcXYZ019-_", min_size=1, max_size=8)


@given(st.lists(SEGMENT, max_size=4), st.none() | st.integers(min_value=1, max_value=65535))
def test_there_and_back(segments: list[str], port: int | None) -> None:
    did = ":".join(["did:web:a.example" + ("" if port is None else f"%3A{port}"), *segments])
    assert url_to_did_web(did_web_to_url(did)) == did


@given(st.text(max_size=40).map(lambda text: "did:web:" + text) | st.text(alphabet="did:web:a.%3Ax#/?@", max_size=40))
def test_only_our_error_and_only_https(text: str) -> None:
    try:
        url = did_web_to_url(text)
    except BadDid:
        return
    assert url.startswith("https://")
    assert url.endswith("/did.json")
    assert "@" not in url
