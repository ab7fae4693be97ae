"""The operator's pages of people: found by an address that stands in no address of ours, their sessions ended."""

import pytest

from credentials.accounts.organisations import make_operator
from tests.console.conftest import OWNER, Desk


def found(desk: Desk, address: str = OWNER) -> tuple[int, str]:
    """Ask for somebody as the operator: the status, and where it leads."""
    answer = desk.operator().post("/operator/people", "/operator/people", address=address)
    return answer.status_code, answer.headers.get("Location", "")


def test_an_operator_finds_somebody_and_ends_their_sessions(desk: Desk) -> None:
    status, path = found(desk)
    assert status == 303
    assert "owner" not in path
    operator = desk.operator()
    page = operator.get(path).text
    assert "Olga Owner" in page
    assert 'href="/operator/issuers/acme"' in page
    assert OWNER not in page
    assert desk.owner.get("/account").status_code == 200

    assert operator.post(f"{path}/end-sessions", path).status_code == 303

    assert desk.owner.get("/account").status_code == 303
    assert "Nowhere." in operator.get(path).text
    assert "sessions.ended" in operator.get("/operator/trail").text


def test_a_right_is_taken_back_but_not_from_the_last(desk: Desk) -> None:
    kim, sam = desk.operator(), desk.person("sam@service.example")
    make_operator(desk.service.accounts, "sam@service.example")
    path = desk.letters.path("sam@service.example")
    sam = desk.nobody()
    assert sam.post(path, path, name="Sam").status_code == 303
    assert sam.get("/operator").status_code == 200
    _status, page = found(desk, "sam@service.example")

    assert desk.owner.post(f"{page}/dismiss", "/account").status_code == 404
    assert kim.post(f"{page}/dismiss", page).status_code == 303
    assert sam.get("/operator").status_code == 404
    _status, own = found(desk, "op@service.example")
    assert kim.post(f"{own}/dismiss", own).status_code == 409
    assert "Somebody has to run the service" in kim.post(f"{own}/dismiss", own).text


def test_everybody_signs_in_anew(desk: Desk) -> None:
    operator = desk.operator()

    assert operator.post("/operator/people/end-sessions", "/operator/people").headers["Location"] == "/sign-in"
    assert desk.owner.get("/account").status_code == 303
    assert operator.get("/account").status_code == 303


@pytest.mark.parametrize("address", ["", "nobody@acme.example", "<script>alert(1)</script>", "' OR 1=1 --"])
def test_nobody_by_that_address(desk: Desk, address: str) -> None:
    operator = desk.operator()
    answer = operator.post("/operator/people", "/operator/people", address=address)

    assert answer.status_code == 422
    assert "Nobody has an account with that" in answer.text
    assert "<script>alert" not in answer.text


def test_an_owner_ends_nobodys_sessions(desk: Desk) -> None:
    _status, path = found(desk)

    assert desk.owner.get(path).status_code == 404
    assert desk.owner.post(f"{path}/end-sessions", "/account").status_code == 404
    assert desk.owner.post("/operator/people/end-sessions", "/account").status_code == 404
    assert desk.owner.get("/account").status_code == 200
