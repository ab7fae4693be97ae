"""What whoever runs the service sees and does, and the reports that anybody may send."""

import re

import pytest

from tests.console.conftest import Desk

PAGES = ("/operator", "/operator/reports", "/operator/trail", "/operator/issuers/acme")


@pytest.mark.parametrize("path", PAGES)
def test_an_operator_sees_each_page(desk: Desk, path: str) -> None:
    answer = desk.operator().get(path)

    assert answer.status_code == 200
    assert "Running credentials.example" in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_for_everybody_else_they_are_not_there(desk: Desk, path: str) -> None:
    assert desk.owner.get(path).status_code == 404
    assert desk.nobody().get(path).status_code == 303


def test_suspending_an_issuer_turns_its_credentials_amber(desk: Desk) -> None:
    operator = desk.operator()
    assert operator.post("/operator/issuers/acme/suspend", reason="  ").status_code == 422
    assert "GENUINE" in desk.nobody().get(f"/c/{desk.issued_id}").text

    assert operator.post("/operator/issuers/acme/suspend", reason="Not the company it names.").status_code == 303

    assert desk.service.issuer.issuer("acme").suspended_reason == "Not the company it names."
    assert "issuer.suspended" in operator.get("/operator/trail").text


def test_an_owner_cannot_suspend(desk: Desk) -> None:
    assert desk.owner.post("/operator/issuers/acme/suspend", reason="x").status_code == 404
    assert desk.service.issuer.issuer("acme").suspended_at is None


def test_a_report_reaches_the_operator_and_is_handled(desk: Desk) -> None:
    words = 'They never <script>alert("x")</script> worked there.'
    sent = desk.nobody().post(f"/report/c/{desk.issued_id}", reason="not-true", words=words, address="")
    assert sent.status_code == 200

    operator = desk.operator()
    page = operator.get("/operator/reports").text
    assert "<script>alert" not in page
    assert "They never &lt;script&gt;" in page
    report_id = re.findall(r'action="/operator/reports/(\w{26})"', page)[0]
    assert operator.post(f"/operator/reports/{report_id}", outcome="").status_code == 422
    assert operator.post(f"/operator/reports/{report_id}", outcome="Asked the company.").status_code == 303
    assert operator.post(f"/operator/reports/{report_id}", outcome="Again.").status_code == 404
    assert "None waits" in operator.get("/operator/reports").text


@pytest.mark.parametrize(
    ("reason", "words", "address"),
    [("", "words", ""), ("nonsense", "words", ""), ("other", "  ", ""), ("other", "x" * 2001, ""), ("other", "x", "@")],
)
def test_a_report_that_says_nothing(desk: Desk, reason: str, words: str, address: str) -> None:
    answer = desk.nobody().post("/report/issuers/acme", reason=reason, words=words, address=address)

    assert answer.status_code == 422
    assert "None waits" in desk.operator().get("/operator/reports").text


@pytest.mark.parametrize("path", ["/report/issuers/nowhere", "/report/c/00000000000000000000000000", "/report/c/x"])
def test_a_report_about_nothing(desk: Desk, path: str) -> None:
    assert desk.nobody().get(path).status_code == 404
    assert desk.nobody().post(path, reason="other", words="x").status_code == 404


def test_an_operators_link_works_once(desk: Desk) -> None:
    desk.operator()
    path = desk.letters.path("op@service.example")

    assert desk.nobody().post(path, "/report/issuers/acme", name="Eve").status_code == 403
