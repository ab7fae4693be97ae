"""What whoever runs the service sees and does, and the reports that anybody may send."""

import re

import pytest
from sqlalchemy import update

from credentials.mail.message import Letter
from credentials.store.engine import write
from credentials.store.tables import mail
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


def test_reinstating_an_issuer_turns_its_credentials_green_again(desk: Desk) -> None:
    operator = desk.operator()
    operator.post("/operator/issuers/acme/suspend", reason="Not the company it names.")
    desk.service.policy.forget()  # type: ignore[attr-defined]
    assert "GENUINE" not in desk.nobody().get(f"/c/{desk.issued_id}").text
    assert "no longer vouches" in desk.nobody().get("/issuers/acme").text

    assert operator.post("/operator/issuers/acme/reinstate", note="They showed us the register.").status_code == 303
    desk.service.policy.forget()  # type: ignore[attr-defined]

    assert "GENUINE" in desk.nobody().get(f"/c/{desk.issued_id}").text
    public = desk.nobody().get("/issuers/acme").text
    assert "no longer vouches" not in public
    assert "showed us the register" not in public
    assert "They showed us the register." in operator.get("/operator/issuers/acme").text
    assert operator.get("/operator/trail").text.count("issuer.reinstated") == 1
    assert "showed us" not in desk.owner.get("/console/acme/trail").text


@pytest.mark.parametrize("note", ["", "  ", "x" * 501])
def test_reinstating_without_a_word_changes_nothing(desk: Desk, note: str) -> None:
    operator = desk.operator()
    operator.post("/operator/issuers/acme/suspend", reason="Not the company it names.")
    answer = operator.post("/operator/issuers/acme/reinstate", note=note)

    assert answer.status_code == 422
    assert "A reason for the record is needed" in answer.text
    assert desk.service.issuer.issuer("acme").is_suspended


def test_reinstating_twice_is_in_the_trail_once_and_of_the_unsuspended_never(desk: Desk) -> None:
    operator = desk.operator()
    assert operator.post("/operator/issuers/acme/reinstate", note="Nothing to do.").status_code == 303
    assert "issuer.reinstated" not in operator.get("/operator/trail").text
    operator.post("/operator/issuers/acme/suspend", reason="Not the company it names.")
    for _ in range(2):
        assert operator.post("/operator/issuers/acme/reinstate", note="Cleared.").status_code == 303
    assert operator.get("/operator/trail").text.count("issuer.reinstated") == 1


def test_an_owner_cannot_reinstate(desk: Desk) -> None:
    desk.operator().post("/operator/issuers/acme/suspend", reason="Not the company it names.")

    assert desk.owner.post("/operator/issuers/acme/reinstate", note="We are.").status_code == 404
    assert desk.nobody().post("/operator/issuers/acme/reinstate", note="We are.").status_code in (303, 401)
    assert desk.operator().post("/operator/issuers/nowhere/reinstate", note="Who?").status_code == 404
    assert desk.service.issuer.issuer("acme").is_suspended


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


def letters_shown(page: str) -> list[str]:
    """The subjects on a page, in its order."""
    return re.findall(r">(Letter \d+)<", page)


def older_link(page: str) -> str | None:
    found = re.search(r'href="(/operator/mail\?before=[^"]+)"', page)
    return found and found[1].replace("&amp;", "&")


def put_letters(desk: Desk, number: int) -> None:
    """So many letters, all of the same moment but the first few."""
    with write(desk.service.engine) as connection:
        for one in range(number):
            letter = Letter(kind="sign-in", subject=f"Letter {one}", paragraphs=("Hi.",))
            desk.service.outbox.put(connection, letter, "ana@mail.example")
        connection.execute(update(mail).where(mail.c.subject != "Letter 0").values(created_at=desk.service.clock()))


def test_every_letter_is_on_one_page_of_several(desk: Desk) -> None:
    operator = desk.operator()
    put_letters(desk, 205)
    path: str | None = "/operator/mail?state=kept"
    pages = []
    while path is not None:
        text = operator.get(path).text
        pages.append(letters_shown(text))
        path = older_link(text)

    assert [len(page) for page in pages[:2]] == [100, 100]
    seen = [one for page in pages for one in page]
    assert sorted(seen) == sorted(f"Letter {number}" for number in range(205))
    assert "state=kept" in (older_link(operator.get("/operator/mail?state=kept").text) or "")


def test_a_short_list_has_no_older_letters(desk: Desk) -> None:
    operator = desk.operator()
    put_letters(desk, 3)
    assert older_link(operator.get("/operator/mail?state=kept").text) is None


@pytest.mark.parametrize(
    "query",
    [
        "before=",
        "before=x",
        "before=2026-03-16,1",
        "before=0001-01-01T00:00:00%2B23:00,A",
        "state=lost",
    ],
)
def test_a_cursor_that_is_none_begins_anew(desk: Desk, query: str) -> None:
    operator = desk.operator()
    put_letters(desk, 3)
    answer = operator.get(f"/operator/mail?{query}")

    assert answer.status_code == 200
    assert len(letters_shown(answer.text)) == 3


def test_the_end_of_the_letters_says_so(desk: Desk) -> None:
    operator = desk.operator()
    put_letters(desk, 1)
    assert "No older letters" in operator.get("/operator/mail?before=2001-01-01T00:00:00%2B00:00,A").text
    assert "No letter that fits" in operator.get("/operator/mail?state=bounced").text
