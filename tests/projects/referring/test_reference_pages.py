"""The pages of a reference: a candidate, a supervisor, somebody without an account, hostile text in each field."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from flask import Flask

from credentials.projects.referring import questions
from credentials.projects.referring.questions import MOST_OF_ADDRESS
from credentials.web.app import create_app
from tests.projects.finished import SUPERVISOR, Finished
from tests.projects.finished import done as done
from tests.projects.finished import hall as hall
from tests.projects.stages import Stage
from tests.web.staff import Browser, browser
from tests.web.test_hostile_text import MARKUP, html_of, raw

FORM: dict[str, str] = {
    "name": "Petra Falk",
    "company": "Big Ltd",
    "words": "How did they deal with late answers?",
    "consent": "yes",
}


@dataclass
class Walk:
    """The website, completed work, and who walks through it."""

    done: Finished
    app: Flask
    candidate: Browser
    supervisor: Browser
    nobody: Browser

    @property
    def work(self) -> str:
        """The candidate's page."""
        return f"/work/{self.done.engagement.id}"

    @property
    def form(self) -> dict[str, str]:
        """A question as it is sent."""
        return FORM | {"address": self.done.asker}

    @property
    def ask(self) -> str:
        """The page to ask on."""
        return f"/c/{self.done.number}/ask"


@pytest.fixture(scope="module")
def log() -> io.StringIO:
    """What the website logs."""
    return io.StringIO()


@pytest.fixture(scope="module")
def app(hall: Stage, log: io.StringIO) -> Flask:
    """The website."""
    return create_app(hall.service, log_stream=log)


@pytest.fixture
def walk(done: Finished, app: Flask) -> Walk:
    """Work that was just completed, and who walks."""
    return Walk(done, app, done.as_(app, "candidate"), done.as_(app, "owner"), browser(app, done.stage.service))


def test_three_people_walk_from_a_reference_to_an_answer(walk: Walk) -> None:
    assert "Ask <bdi>Owner</bdi>, who accepted" in walk.candidate.get(walk.work).text
    assert walk.candidate.post(f"{walk.work}/reference").status_code == 303
    page = f"/references/{walk.done.reference().id}"
    assert page in walk.supervisor.get("/references").text
    assert "May people ask you about it?" in walk.supervisor.get(page).text
    assert walk.supervisor.post(page, page, answer="yes").status_code == 303
    assert walk.ask not in walk.nobody.get(f"/c/{walk.done.number}").text
    assert walk.candidate.post(f"{walk.work}/reference/show", shown="yes").status_code == 303
    assert (
        f'<a href="{walk.ask}"><span>Ask <bdi>Owner</bdi> a question</span></a>'
        in walk.nobody.get(f"/c/{walk.done.number}").text
    )

    portfolio = walk.done.stage.service.portfolio.credential(walk.done.number).links.portfolio
    assert portfolio is not None
    assert f'<a href="{walk.ask}"><span>Ask <bdi>Owner</bdi> a question</span></a>' in walk.nobody.get(portfolio).text

    assert "Look at your mail" in walk.nobody.post(walk.ask, walk.ask, **walk.form).text
    confirming = f"/questions/{walk.done.token(walk.done.asker)}"
    assert "late answers" in walk.nobody.get(confirming).text
    assert "It is on its way" in walk.nobody.post(confirming, confirming).text
    answering = f"/answers/{walk.done.token(SUPERVISOR)}"
    shown = walk.nobody.get(answering)
    assert "late answers" in shown.text
    assert walk.done.asker not in shown.text
    assert (shown.headers["Referrer-Policy"], shown.headers["Cache-Control"]) == ("same-origin", "no-store")
    assert "Sent" in walk.nobody.post(answering, answering, answer="By asking twice.").text

    own = walk.candidate.get(walk.work).text
    assert own.count('<dd class="num">1</dd>') == 2
    assert "late answers" not in own
    assert "Petra" not in own
    assert walk.supervisor.post(page, page, answer="no").status_code == 303
    assert walk.ask not in walk.nobody.get(portfolio).text
    assert walk.nobody.get(walk.ask).status_code == 404
    assert walk.ask not in walk.nobody.get(f"/c/{walk.done.number}").text


def test_no_word_address_or_secret_is_logged_or_stands_in_a_header(walk: Walk, log: io.StringIO) -> None:
    walk.done.shown()
    asked = walk.nobody.post(walk.ask, walk.ask, **walk.form)
    confirming = walk.done.token(walk.done.asker)
    confirmed = walk.nobody.post(f"/questions/{confirming}", f"/questions/{confirming}")
    answering = walk.done.token(SUPERVISOR)
    answered = walk.nobody.post(f"/answers/{answering}", f"/answers/{answering}", answer="Yellowbird")
    headers = "".join(str(one.headers) for one in (asked, confirmed, answered))

    assert '"/answers/<token>"' in log.getvalue()
    secrets = ("Petra", "Big Ltd", "late answers", "Yellowbird", walk.done.asker, SUPERVISOR, confirming, answering)
    assert [word for word in secrets if word in log.getvalue()] == []
    assert [word for word in secrets if word in headers] == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Give your name"),
        ("name", "x" * 101, "Give your name"),
        ("name", "Win at https://a.example", "without links"),
        ("name", "a\u202eb", "Give your name"),
        ("company", "", "Give your name"),
        ("company", "www.a.example", "without links"),
        ("words", "", "at most 1,000"),
        ("words", "x" * 1001, "at most 1,000"),
        ("words", "a\u202eb", "at most 1,000"),
        ("address", "", "address"),
        ("address", "nobody", "address"),
        ("address", "a@b.example, c@d.example", "address"),
        ("consent", "", "Put the tick"),
    ],
    ids=str,
)
def test_a_question_that_cannot_be_sent_sends_nothing_and_loses_nothing(
    field: str, value: str, said: str, walk: Walk
) -> None:
    walk.done.shown()
    answer = walk.nobody.post(walk.ask, walk.ask, **(walk.form | {field: value}))

    assert answer.status_code == 422
    assert said in answer.text
    assert walk.done.letters(walk.done.asker) == []
    if field != "words":
        assert "late answers" in answer.text


@pytest.mark.parametrize("answer", ["", " \n", "x" * 4001])
def test_an_answer_without_words_or_with_too_many_is_not_sent(answer: str, walk: Walk) -> None:
    walk.done.shown()
    page = f"/answers/{walk.done.passed_on()}"

    assert walk.nobody.post(page, page, answer=answer).status_code == 422
    assert walk.done.reference().answered == 0
    assert walk.nobody.post(page, page, answer="Well.").status_code == 200


def test_markup_in_every_field_is_text_on_every_page_and_in_every_letter(walk: Walk) -> None:
    walk.done.shown()
    short = MARKUP[:90].replace("://", "")
    form = walk.form | {"name": short, "company": short, "words": MARKUP}
    assert raw(walk.nobody.post(walk.ask, walk.ask, **(form | {"consent": ""})).text) == []
    assert walk.nobody.post(walk.ask, walk.ask, **form).status_code == 200
    confirming = f"/questions/{walk.done.token(walk.done.asker)}"
    pages = [walk.nobody.get(confirming).text, walk.nobody.post(confirming, confirming).text]
    answering = f"/answers/{walk.done.token(SUPERVISOR)}"
    pages += [walk.nobody.get(answering).text, walk.nobody.post(answering, answering, answer=MARKUP).text]
    letters = [html_of(one) for address in (walk.done.asker, SUPERVISOR) for one in walk.done.letters(address)]

    assert [raw(one) for one in [*pages, *letters] if raw(one)] == []
    assert sum("&lt;script&gt;" in one for one in [*pages, *letters]) >= 4


def test_looking_at_a_link_changes_nothing(walk: Walk) -> None:
    walk.done.shown()
    token = walk.done.question()
    for _ in range(3):
        assert walk.nobody.get(f"/questions/{token}").status_code == 200
    assert walk.done.reference().asked == 0
    questions.confirm(walk.done.means, token)
    answering = walk.done.token(SUPERVISOR)
    for _ in range(3):
        assert walk.nobody.get(f"/answers/{answering}").status_code == 200
    assert walk.done.reference().answered == 0


def test_abuse_is_reported_from_the_page(walk: Walk) -> None:
    walk.done.shown()
    page = f"/answers/{walk.done.passed_on()}"

    assert "Report it" in walk.nobody.get(page).text
    assert "Thank you" in walk.nobody.post(f"{page}/report", page).text
    assert walk.nobody.get(page).status_code == 403


@pytest.mark.parametrize("path", ["/questions/x", "/answers/x", f"/questions/{'A' * 43}", f"/answers/{'A' * 43}"])
def test_a_made_up_link_opens_nothing(path: str, walk: Walk) -> None:
    assert walk.nobody.get(path).status_code == 403
    assert walk.nobody.post(path).status_code == 403


def test_a_withdrawn_a_private_and_a_suspended_one_s_credential_take_no_question(walk: Walk) -> None:
    walk.done.shown()
    issuer = walk.done.stage.service.issuer
    assert walk.nobody.get(walk.ask).status_code == 200
    issuer.set_visibility(walk.done.number, "private")
    assert walk.nobody.get(walk.ask).status_code == 404
    issuer.set_visibility(walk.done.number, "public")
    issuer.suspend_issuer("acme", "A question about it")
    assert walk.nobody.get(walk.ask).status_code == 404
    issuer.reinstate_issuer("acme", "It was settled")
    assert walk.nobody.get(walk.ask).status_code == 200
    issuer.revoke(walk.done.number, "Issued in error")
    assert walk.nobody.get(walk.ask).status_code == 404
    assert walk.nobody.post(walk.ask, **walk.form).status_code == 404


def test_a_stranger_finds_no_reference(walk: Walk) -> None:
    made = walk.done.shown()
    stranger = walk.done.as_(walk.app, "stranger")

    for path in (f"/references/{made.id}", f"{walk.work}"):
        assert stranger.get(path).status_code == 404
    for path in (f"/references/{made.id}", f"{walk.work}/reference", f"{walk.work}/reference/show"):
        assert stranger.post(path, answer="no", shown="no").status_code == 404
    assert walk.done.reference().shown


def test_letters_go_to_an_address_a_few_times_a_day(walk: Walk) -> None:
    walk.done.shown()
    typed = walk.done.typed(walk.done.asker.upper().replace("BIG.EXAMPLE", "big.example"))
    for _ in range(MOST_OF_ADDRESS - 2):
        questions.ask(walk.done.means, walk.done.number, typed)
        assert "Look at your mail" in walk.nobody.post(walk.ask, walk.ask, **walk.form).text

    assert len(walk.done.letters(walk.done.asker)) + len(walk.done.letters(typed.address)) == MOST_OF_ADDRESS
