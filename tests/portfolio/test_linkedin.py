"""LinkedIn's form reads back exactly what was put in, and nothing empty is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from credentials.portfolio.linkedin import add_to_profile

ISSUED = datetime(2026, 3, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["R&D scan: 50 % + more", "a=b&c=d#e?f", "Zoë / 研究", "x;y", '"quoted" <b>', "100%25"]
)
def test_every_value_is_encoded(text: str) -> None:
    address = add_to_profile(
        name=text, organisation=text, issued=ISSUED, expires=ISSUED, url=f"https://a.example/c/{text}", number=text
    )
    read = parse_qs(urlsplit(address).query, strict_parsing=True)

    assert read["name"] == read["organizationName"] == read["certId"] == [text]
    assert read["certUrl"] == [f"https://a.example/c/{text}"]
    assert (read["issueYear"], read["issueMonth"], read["expirationMonth"]) == (["2026"], ["3"], ["3"])
    assert "+" not in address
    assert urlsplit(address).fragment == ""


def test_what_is_absent_is_left_out() -> None:
    address = add_to_profile(name="A", organisation=None, issued=None, expires=None, url="https://a.example", number="")

    assert sorted(parse_qs(urlsplit(address).query)) == ["certUrl", "name", "startTask"]
