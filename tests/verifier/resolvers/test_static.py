"""A fixed set of documents."""

from datetime import UTC, datetime

import pytest

from credentials.verifier.errors import AnswerTooLarge, NotFoundThere
from credentials.verifier.resolvers import Fetched, Resolver, StaticResolver

NOW = datetime(2026, 3, 16, tzinfo=UTC)
URL = "https://issuer.example/did.json"


def test_knows_what_it_was_given() -> None:
    resolver: Resolver = StaticResolver({URL: b"{}"}, lambda: NOW)
    assert resolver.fetch(URL, accept="application/did+json", max_bytes=2) == Fetched(
        b"{}", "application/did+json", NOW
    )


@pytest.mark.parametrize("url", ["", URL.upper(), f"{URL}/", f"{URL}?", f"{URL}#", URL.replace("https", "http")])
def test_knows_nothing_else(url: str) -> None:
    with pytest.raises(NotFoundThere) as caught:
        StaticResolver({URL: b"{}"}).fetch(url, accept="*/*", max_bytes=100)
    assert caught.value.where == url


def test_the_cap_holds() -> None:
    with pytest.raises(AnswerTooLarge):
        StaticResolver({URL: b"{}"}).fetch(URL, accept="*/*", max_bytes=1)


def test_later_changes_to_the_mapping_do_not_reach_it() -> None:
    documents = {URL: b"{}"}
    resolver = StaticResolver(documents)
    documents.clear()
    assert resolver.fetch(URL, accept="*/*", max_bytes=2).body == b"{}"
