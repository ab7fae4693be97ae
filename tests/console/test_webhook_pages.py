"""A company's webhooks in the console."""

import re

import pytest

from tests.console.conftest import Desk

BASE = "/console/acme/webhooks"


def added(desk: Desk) -> str:
    made = desk.owner.post(BASE, BASE, address="https://hooks.acme.example/in", kinds=["credential.issued"])
    assert re.search(r"whsec_[\w+/=]+", made.text)
    numbers: list[str] = re.findall(rf"{BASE}/(\w+)/remove", desk.owner.get(BASE).text)
    return numbers[-1]


def test_one_is_added_shown_once_and_removed(desk: Desk) -> None:
    number = added(desk)
    assert "whsec_" not in desk.owner.get(BASE).text
    assert desk.owner.get(f"{BASE}/{number}").status_code == 200
    assert desk.owner.post(f"{BASE}/{number}/rotate").text.count("whsec_") == 1

    assert desk.owner.post(f"{BASE}/{number}/remove").status_code == 303
    assert desk.owner.post(f"{BASE}/{number}/remove").status_code == 404


@pytest.mark.parametrize(
    ("address", "kinds"),
    [
        ("http://hooks.acme.example/", ["credential.issued"]),
        ("https://127.0.0.1/", ["credential.issued"]),
        ("https://hooks.acme.example:22/", ["credential.issued"]),
        ("javascript:alert(1)", ["credential.issued"]),
        ("https://hooks.acme.example/", []),
        ("https://hooks.acme.example/", ["everything"]),
    ],
)
def test_one_that_cannot_be(address: str, kinds: list[str], desk: Desk) -> None:
    answer = desk.owner.post(BASE, BASE, address=address, kinds=kinds)

    assert answer.status_code == 422
    assert "whsec_" not in answer.text


def test_a_foreign_one_is_not_there(desk: Desk) -> None:
    number = added(desk)
    stranger = desk.person("eve@other.example")
    theirs = stranger.post("/companies/new", "/companies/new", name="Other Ltd", website="").headers["Location"]

    assert stranger.get(f"{theirs}/webhooks/{number}").status_code == 404
    for action in ("rotate", "remove", "replay/0"):
        assert stranger.post(f"{theirs}/webhooks/{number}/{action}").status_code == 404
    assert desk.owner.get(f"{BASE}/{number}").status_code == 200
