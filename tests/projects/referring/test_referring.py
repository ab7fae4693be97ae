"""Who may ask whom to stand as a reference, what a yes opens and what taking it back ends, on both databases."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import delete, select

from credentials.accounts.audit import trail
from credentials.accounts.errors import LinkUnusable
from credentials.accounts.tokens import new_id
from credentials.console import reports
from credentials.projects.agreeing.errors import EngagementUnknown
from credentials.projects.referring import questions, standing
from credentials.projects.referring.errors import (
    ReferenceOutOfTurn,
    ReferenceUnknown,
    SupervisorGone,
    TooManyQuestions,
)
from credentials.projects.referring.questions import MOST_OF_ADDRESS, MOST_OF_REFERENCE
from credentials.store import questions as rows
from credentials.store.engine import read, write
from credentials.store.tables import person_address
from credentials.store.tables import question as table
from tests.projects.finished import CANDIDATE, SUPERVISOR, WORDS, Finished, finish
from tests.projects.finished import done as done
from tests.projects.finished import hall as hall
from tests.projects.stages import Stage


def kept(done: Finished) -> list[str]:
    """The states of the questions about this work that are kept."""
    mine = table.c.engagement_id == done.engagement.id
    with read(done.stage.service.engine) as connection:
        return sorted(connection.execute(select(table.c.state).where(mine)).scalars())


def told(done: Finished) -> str:
    """The lines of the company's trail about this work, as one text."""
    lines = trail(done.stage.service.engine, done.engagement.issuer_id, limit=1000)
    return str([one for one in lines if one.subject == f"engagement:{done.engagement.id}"])


def test_a_question_goes_all_the_way_and_shows_no_address(stage: Stage) -> None:
    done = finish(stage)
    done.shown()
    token = done.question()
    (confirming,) = done.letters(done.asker)
    assert "Petra" not in str(confirming)
    assert "late answers" not in str(confirming)
    assert questions.to_confirm(done.means, token).words == WORDS
    questions.confirm(done.means, token)
    asked = done.letters(SUPERVISOR)[-1]
    assert WORDS in asked.paragraphs
    assert "Petra Falk, Big Ltd" in str(asked.paragraphs)
    assert done.asker.lower() not in str(asked).lower()

    questions.answer(done.means, done.token(SUPERVISOR), "By asking again, twice.")
    answer = done.letters(done.asker)[-1]
    assert "By asking again, twice." in answer.paragraphs
    assert SUPERVISOR not in str(answer)
    assert "Owner writes" in str(answer.paragraphs)
    assert (done.reference().asked, done.reference().answered) == (1, 1)
    assert all("Petra" not in str(one) and "asking again" not in str(one) for one in done.letters(CANDIDATE))


def test_the_trail_tells_each_step_and_nobody_s_words(done: Finished) -> None:
    done.shown()
    questions.answer(done.means, done.passed_on(), "By asking again.")
    lines = told(done)

    for action in ("asked-for", "agreed", "shown", "question-passed-on", "question-answered"):
        assert f"reference.{action}" in lines
    assert [word for word in ("Petra", "Big Ltd", "asking again", "late answers", done.asker) if word in lines] == []


def test_links_are_kept_by_their_digest_and_questions_say_little_of_themselves(done: Finished) -> None:
    done.shown()
    token = done.passed_on()
    with read(done.stage.service.engine) as connection:
        row = connection.execute(select(table).where(table.c.engagement_id == done.engagement.id)).one()
        found = rows.to_answer(connection, row.answer_digest)

    assert token not in str(row)
    assert "late answers" not in repr(found)
    assert done.asker not in repr(found)


@pytest.mark.parametrize("state", ["agreeing", "working", "delivered", "returned", "accepted", "ended"])
def test_nobody_is_asked_before_the_work_is_completed(state: str, hall: Stage) -> None:
    made = hall.engagement(state)
    with pytest.raises(ReferenceOutOfTurn):
        standing.ask(hall.means, hall.visitor("candidate"), made.id)


def test_a_supervisor_is_asked_once(done: Finished) -> None:
    done.asked()
    with pytest.raises(ReferenceOutOfTurn):
        done.asked()
    assert len(done.letters(SUPERVISOR)) == 1


def test_only_the_candidate_asks_and_only_the_supervisor_answers(done: Finished) -> None:
    for name in ("owner", "stranger"):
        with pytest.raises(EngagementUnknown):
            standing.ask(done.means, done.stage.visitor(name), done.engagement.id)
    made = done.asked()
    for name in ("candidate", "stranger"):
        for step in (standing.look, lambda *given: standing.answer(*given, yes=True)):
            with pytest.raises(ReferenceUnknown):
                step(done.means, done.stage.visitor(name), made.id)
    assert done.reference().state == "asked"


def test_nobody_is_a_reference_for_themselves(hall: Stage) -> None:
    done = finish(Stage(hall.service, hall.people | {"candidate": hall.people["owner"]}))
    with pytest.raises(SupervisorGone):
        done.asked()


@pytest.mark.parametrize("answers", [[], [False], [True, False]], ids=["none", "no", "taken back"])
def test_nothing_is_shown_without_a_yes_that_stands(answers: list[bool], done: Finished) -> None:
    made = done.asked()
    for yes in answers:
        standing.answer(done.means, done.stage.visitor("owner"), made.id, yes=yes)
    with pytest.raises(ReferenceOutOfTurn):
        standing.show(done.means, done.stage.visitor("candidate"), done.engagement.id, shown=True)
    with pytest.raises(ReferenceUnknown):
        questions.ask(done.means, done.number, done.typed())


def test_a_yes_alone_shows_nothing(done: Finished) -> None:
    made = done.asked()
    standing.answer(done.means, done.stage.visitor("owner"), made.id, yes=True)
    with pytest.raises(ReferenceUnknown):
        questions.ask(done.means, done.number, done.typed())


def test_what_is_taken_back_takes_open_questions_along(stage: Stage) -> None:
    done = finish(stage)
    made = done.shown()
    waiting, unconfirmed = done.passed_on(), done.question(f"bo-{done.asker}")
    standing.answer(done.means, done.stage.visitor("owner"), made.id, yes=False)

    assert kept(done) == []
    for step, token in ((questions.confirm, unconfirmed), (questions.to_answer, waiting)):
        with pytest.raises(LinkUnusable):
            step(done.means, token)
    assert done.reference().shown is False
    with pytest.raises(ReferenceOutOfTurn):
        standing.answer(done.means, done.stage.visitor("owner"), made.id, yes=False)
    assert standing.answer(done.means, done.stage.visitor("owner"), made.id, yes=True).state == "agreed"
    assert done.reference().shown is False


def test_what_is_hidden_takes_no_question_not_even_one_on_its_way(done: Finished) -> None:
    done.shown()
    token = done.question()
    standing.show(done.means, done.stage.visitor("candidate"), done.engagement.id, shown=False)

    with pytest.raises(LinkUnusable):
        questions.confirm(done.means, token)
    with pytest.raises(ReferenceUnknown):
        questions.ask(done.means, done.number, done.typed())


def test_each_link_works_once(done: Finished) -> None:
    done.shown()
    token = done.question()
    questions.confirm(done.means, token)
    answering = done.token(SUPERVISOR)
    questions.answer(done.means, answering, "Well.")

    for step in (questions.to_confirm, questions.confirm, questions.to_answer, questions.report):
        for used in (token, answering, "A" * 43, "", "x"):
            with pytest.raises(LinkUnusable):
                step(done.means, used)
    with pytest.raises(LinkUnusable):
        questions.answer(done.means, answering, "Again.")
    assert (done.reference().asked, done.reference().answered) == (1, 1)


def test_a_link_that_is_opened_four_times_at_once_passes_one_question_on(stage: Stage) -> None:
    done = finish(stage)
    done.shown()
    token, refused = done.question(), []

    def confirm() -> None:
        try:
            questions.confirm(done.means, token)
        except LinkUnusable as error:
            refused.append(error)

    threads = [Thread(target=confirm) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 3
    assert done.reference().asked == 1
    assert sum("has a question" in str(one.paragraphs) for one in done.letters(SUPERVISOR)) == 1


def test_old_questions_are_swept_by_the_service_itself(done: Finished) -> None:
    done.shown()
    questions.ask(done.later(days=-3), done.number, done.typed())
    assert kept(done) == ["unconfirmed"]
    done.stage.service.tasks.drain()

    assert kept(done) == []


def test_an_address_gets_few_letters_and_nobody_is_told(done: Finished) -> None:
    done.shown()
    for _ in range(MOST_OF_ADDRESS + 2):
        questions.ask(done.means, done.number, done.typed())

    assert len(done.letters(done.asker)) == MOST_OF_ADDRESS
    questions.ask(done.later(hours=25), done.number, done.typed())
    assert len(done.letters(done.asker)) == MOST_OF_ADDRESS + 1


def test_a_supervisor_without_an_address_gets_no_question(hall: Stage) -> None:
    name, people = new_id().lower(), dict(hall.people)
    stage = Stage(hall.service, people)
    stage.hire(name, "reviewer", "signer")
    done = finish(stage, by=name)
    done.shown()
    token = done.question()
    with write(hall.service.engine) as connection:
        connection.execute(delete(person_address).where(person_address.c.person_id == people[name]))
    with pytest.raises(LinkUnusable):
        questions.confirm(done.means, token)

    assert done.reference().asked == 0


def test_a_person_gets_few_questions_a_day_and_no_link_is_lost(done: Finished) -> None:
    done.shown()
    for place in range(MOST_OF_REFERENCE):
        done.passed_on(f"{place}-{done.asker}")
    token = done.question()
    with pytest.raises(TooManyQuestions):
        questions.confirm(done.means, token)

    assert questions.confirm(done.later(hours=25), token).words == WORDS


def test_a_link_to_confirm_is_good_for_two_days(done: Finished) -> None:
    done.shown()
    token = done.question()

    assert questions.to_confirm(done.later(hours=47), token).name == "Petra Falk"
    for step in (questions.to_confirm, questions.confirm):
        with pytest.raises(LinkUnusable):
            step(done.later(hours=49), token)


def test_questions_go_after_thirty_days_and_unconfirmed_ones_after_two(stage: Stage) -> None:
    done = finish(stage)
    done.shown()
    questions.answer(done.means, done.passed_on(), "Well.")
    done.passed_on(f"bo-{done.asker}")
    done.question(f"cy-{done.asker}")

    assert questions.tidy(done.later(days=1)) == 0
    assert questions.tidy(done.later(days=3)) == 1
    assert kept(done) == ["answered", "waiting"]
    assert questions.tidy(done.later(days=31)) == 2
    assert kept(done) == []
    assert (done.reference().asked, done.reference().answered) == (2, 1)


def test_abuse_is_reported_with_its_sender_and_deleted(done: Finished) -> None:
    done.shown()
    token = done.passed_on()
    questions.report(done.means, token)
    report = reports.unhandled(done.stage.service.engine)[-1]

    assert (report.kind, report.subject_id) == ("credential", done.number)
    assert done.asker in report.words
    assert WORDS in report.words
    assert kept(done) == []
    assert "reference.question-reported" in told(done)
    with pytest.raises(LinkUnusable):
        questions.answer(done.means, token, "Well.")
