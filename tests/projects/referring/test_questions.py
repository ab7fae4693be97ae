"""What a question and an answer may hold, at their caps and one beyond, and what opens neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from credentials.accounts.errors import LinkUnusable
from credentials.console import reports
from credentials.projects.referring import questions
from credentials.projects.referring.errors import AnswerUnusable, ConsentMissing, QuestionUnusable, ReferenceUnknown
from credentials.projects.referring.questions import LONGEST_ANSWER
from tests.accounts.actors import at_once
from tests.projects.finished import SUPERVISOR, Finished, finish
from tests.projects.finished import hall as hall
from tests.projects.stages import Stage


@pytest.fixture(scope="module")
def shown(hall: Stage) -> Finished:
    """A reference that can be asked; each test asks from an address of its own, and passes on but few questions."""
    found = finish(hall)
    found.shown()
    return found


def ask(shown: Finished, address: str, **changes: Any) -> None:
    questions.ask(shown.means, shown.number, replace(shown.typed(address), **changes))


WRONG = [
    ("name", "\u200b"),
    ("name", "Petra\ufffd"),
    ("name", "Z" + "\u0301" * 6),
    ("name", "petra@big.example"),
    ("name", "WWW.BIG.EXAMPLE"),
    ("company", "x" * 101),
    ("company", "ftp://big.example"),
    ("company", "Big\u2066Ltd"),
    ("words", "\r\n \r\n"),
    ("words", "How\x00"),
    ("words", "How\ufffd"),
    ("words", "a" + "\u0301" * 6),
    ("words", "\r\n".join("x" * 501)),
]


@pytest.mark.parametrize(("field", "text"), WRONG, ids=range(len(WRONG)))
def test_a_field_that_cannot_be_passed_on(field: str, text: str, shown: Finished) -> None:
    with pytest.raises(QuestionUnusable) as caught:
        ask(shown, "wrong@big.example", **{field: text})
    assert caught.value.where == field
    assert shown.letters("wrong@big.example") == []


FITS = [
    ("name", "x" * 100, "x" * 100),
    ("name", " Petra\r\n\tFalk ", "Petra Falk"),
    ("company", "ü" * 100, "ü" * 100),
    ("words", "x" * 1000, "x" * 1000),
    ("words", "\r\n".join("x" * 500), "\n".join("x" * 500)),
    ("words", "See https://big.example, or write to a@b.example", "See https://big.example, or write to a@b.example"),
]


@pytest.mark.parametrize(("field", "text", "kept"), FITS, ids=range(len(FITS)))
def test_a_field_at_its_cap_is_kept_whole(field: str, text: str, kept: str, shown: Finished) -> None:
    address = f"fits-{field}-{len(text)}@big.example"
    ask(shown, address, **{field: text})
    assert getattr(questions.to_confirm(shown.means, shown.token(address)), field) == kept


def test_consent_is_asked_for_when_all_else_is_right(shown: Finished) -> None:
    with pytest.raises(QuestionUnusable):
        ask(shown, "silent@big.example", consent=False, name="")
    with pytest.raises(ConsentMissing):
        ask(shown, "silent@big.example", consent=False)
    assert shown.letters("silent@big.example") == []


@pytest.mark.parametrize("number", ["", "0", "x" * 5000, "\x00", "' or 1=1 --", "\u202e"], ids=range(6))
def test_a_credential_that_is_none_takes_no_question(number: str, shown: Finished) -> None:
    with pytest.raises(ReferenceUnknown):
        questions.ask(shown.means, number, shown.typed("lost@big.example"))
    assert shown.letters("lost@big.example") == []


Step = Callable[[Finished, str], object]
STEPS: dict[str, Step] = {
    "look-to-confirm": lambda shown, token: questions.to_confirm(shown.means, token),
    "confirm": lambda shown, token: questions.confirm(shown.means, token),
    "look-to-answer": lambda shown, token: questions.to_answer(shown.means, token),
    "answer": lambda shown, token: questions.answer(shown.means, token, "Well."),
    "report": lambda shown, token: questions.report(shown.means, token),
}
NO_TOKENS = ["", "x", "A" * 43, "A" * 44, "A" * 9000, "ü" * 43, "\x00" * 43, "../" * 20]


@pytest.mark.parametrize("step", STEPS)
def test_what_is_no_link_opens_nothing(step: str, shown: Finished) -> None:
    for token in NO_TOKENS:
        with pytest.raises(LinkUnusable):
            STEPS[step](shown, token)


@pytest.mark.parametrize("step", ["look-to-answer", "answer", "report"])
def test_who_asked_cannot_answer_nor_report_with_their_link(step: str, shown: Finished) -> None:
    token = shown.question(f"own-{step}@big.example")
    with pytest.raises(LinkUnusable):
        STEPS[step](shown, token)
    assert questions.to_confirm(shown.means, token).name == "Petra Falk"


@pytest.fixture(scope="module")
def waiting(shown: Finished) -> str:
    """The token to answer a question that no test of these answers."""
    return shown.passed_on("waiting@big.example")


@pytest.mark.parametrize("step", ["look-to-confirm", "confirm"])
def test_who_is_asked_cannot_pass_the_question_on_again(step: str, shown: Finished, waiting: str) -> None:
    before = shown.reference().asked
    with pytest.raises(LinkUnusable):
        STEPS[step](shown, waiting)
    assert shown.reference().asked == before


NO_ANSWERS = ["\r\n\t ", "a\u202eb", "a\x00", "\ufffd", "a" + "\u0301" * 6, "x" * (LONGEST_ANSWER + 1)]


@pytest.mark.parametrize("text", NO_ANSWERS, ids=range(len(NO_ANSWERS)))
def test_an_answer_that_cannot_be_sent_leaves_the_link_good(text: str, shown: Finished, waiting: str) -> None:
    with pytest.raises(AnswerUnusable):
        questions.answer(shown.means, waiting, text)
    assert questions.to_answer(shown.means, waiting).company == "Big Ltd"
    assert len(shown.letters("waiting@big.example")) == 1


def test_an_answer_at_its_cap_goes_out_with_the_lines_as_one_sign_each(shown: Finished) -> None:
    text = "\r\n".join("x" * (LONGEST_ANSWER // 2)) + "x"
    questions.answer(shown.means, shown.passed_on("long@big.example"), text)
    assert text.replace("\r\n", "\n") in "\n".join(shown.letters("long@big.example")[-1].paragraphs)


@pytest.mark.parametrize("second", ["look-to-answer", "answer", "report"])
@pytest.mark.parametrize("first", ["answer", "report"])
def test_after_an_answer_or_a_report_the_link_is_spent(first: str, second: str, hall: Stage) -> None:
    done = finish(hall)
    done.shown()
    token = done.passed_on()
    STEPS[first](done, token)
    with pytest.raises(LinkUnusable):
        STEPS[second](done, token)
    assert done.reference().answered == (first == "answer")


def test_a_question_says_no_surname_and_no_address_of_the_supervisor(shown: Finished, waiting: str) -> None:
    seen = questions.to_answer(shown.means, waiting)
    assert " " not in seen.supervisor
    assert SUPERVISOR not in repr(seen)
    assert "waiting@big.example" not in repr(seen)


def test_of_two_reports_at_once_one_is_kept(hall: Stage) -> None:
    done = finish(hall)
    done.shown()
    token = done.passed_on()
    before = len(reports.unhandled(done.stage.service.engine))
    outcomes = at_once(*[lambda: questions.report(done.means, token)] * 2)

    assert sorted(type(one).__name__ for one in outcomes) == ["LinkUnusable", "NoneType"]
    assert len(reports.unhandled(done.stage.service.engine)) == before + 1
