"""The steps after the credential: the pay is settled, the supervisor stands as a reference, a next step is offered.

Each is taken through its service, and only if it was not taken before.
"""

from __future__ import annotations

from dataclasses import dataclass

from credentials.accounts.acting import Member
from credentials.cli.demo_story.play import Person, Play
from credentials.projects.following import offering
from credentials.projects.following.offering import TypedJob
from credentials.projects.paying.paying import PaymentService
from credentials.projects.paying.provider import ByHand
from credentials.projects.referring import questions, standing
from credentials.projects.referring.questions import Typed
from credentials.store import next_steps, payments, references
from credentials.store.engine import read
from credentials.store.payments import Payment
from credentials.store.references import Reference


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who hires, has no account, and asks a reference one question."""

    person: Person
    company: str
    words: str


def pay(play: Play, member: Member, engagement_id: str, day: str, reference: str) -> None:
    """The company says that it paid, and on which day."""
    kept = _payment(play, engagement_id)
    if kept is not None and kept.state == "due":
        _payments(play).pay(member, engagement_id, day, reference)


def confirm_pay(play: Play, person: Person, engagement_id: str) -> None:
    """The candidate says that the pay arrived."""
    kept = _payment(play, engagement_id)
    if kept is not None and kept.state == "paid":
        _payments(play).confirm(play.visitor(person), engagement_id)


def ask_reference(play: Play, person: Person, engagement_id: str) -> None:
    """The candidate asks the supervisor of completed work to stand as a reference."""
    if _reference(play, engagement_id) is None:
        standing.ask(play.desk, play.visitor(person), engagement_id)


def agree_to_stand(play: Play, member: Member, engagement_id: str) -> None:
    """The supervisor says yes."""
    found = _reference(play, engagement_id)
    if found is not None and found.state == "asked":
        standing.answer(play.desk, member.visitor, found.id, yes=True)


def show_reference(play: Play, person: Person, engagement_id: str) -> None:
    """The candidate lets the credential's page say whom one can ask."""
    found = _reference(play, engagement_id)
    if found is not None and found.state == "agreed" and not (found.shown or found.asked):
        standing.show(play.desk, play.visitor(person), engagement_id, shown=True)


def ask_question(play: Play, asker: Asker, credential_id: str) -> None:
    """Somebody who hires writes a question on the credential's page, which sends them a link."""
    if play.letter_token(asker.person, "/questions/") is None:
        typed = Typed(asker.person.name, asker.person.address, asker.company, asker.words, consent=True)
        questions.ask(play.desk, credential_id, typed)


def confirm_question(play: Play, asker: Asker, engagement_id: str) -> None:
    """Whoever asked opens the link: the question goes to the supervisor."""
    token, found = play.letter_token(asker.person, "/questions/"), _reference(play, engagement_id)
    if token is not None and found is not None and not found.asked:
        questions.confirm(play.desk, token)


def answer_question(play: Play, person: Person, engagement_id: str, words: str) -> None:
    """The supervisor answers by the link of the letter."""
    token, found = play.letter_token(person, "/answers/"), _reference(play, engagement_id)
    if token is not None and found is not None and not found.answered:
        questions.answer(play.desk, token, words)


def offer_job(play: Play, member: Member, engagement_id: str, job: TypedJob) -> None:
    """The company offers what could come next."""
    with read(play.desk.accounts.engine) as connection:
        offered = next_steps.of_engagement(connection, engagement_id)
    if not offered:
        offering.offer_job(play.desk, member, engagement_id, job)


def _payments(play: Play) -> PaymentService:
    return PaymentService(play.desk, ByHand())


def _payment(play: Play, engagement_id: str) -> Payment | None:
    with read(play.desk.accounts.engine) as connection:
        return payments.of_engagement(connection, engagement_id)


def _reference(play: Play, engagement_id: str) -> Reference | None:
    with read(play.desk.accounts.engine) as connection:
        return references.of_engagement(connection, engagement_id)
