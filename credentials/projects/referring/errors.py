"""What can be wrong with references, and with the questions that are passed on to them."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict, NotFound


class ReferenceUnknown(NotFound):
    """There is no such reference, it is not shown, or it is nothing for whoever asks; which of these is not said."""

    code = "reference-unknown"
    title = "There is no such reference"
    advice = "Look at the credential’s page: it says whether somebody answers questions about the work."


class ReferenceOutOfTurn(Conflict):
    """Somebody was asked already, answered already, or the work is not completed."""

    code = "reference-out-of-turn"
    title = "That can’t be done with this reference now"
    advice = "Look at the page again: it shows where the reference stands."


class SupervisorGone(Conflict):
    """Nobody reviewed the work here, or whoever did has no address any more."""

    code = "supervisor-gone"
    title = "Nobody can be asked"
    advice = "Write to the company: whoever accepted the work has no account here any more."


class QuestionUnusable(BadInput):
    """A question without a name, a company or words, or with more than is taken. `where` is the field."""

    code = "question-unusable"
    title = "This question can’t be sent yet"
    advice = "Give your name, your company and at most 1,000 characters, without links in name and company."


class ConsentMissing(BadInput):
    """Whoever asks did not agree that the question is passed on."""

    code = "question-consent-missing"
    title = "Say that we may pass it on"
    advice = "Put the tick: without it nothing is sent to anybody."


class TooManyQuestions(Conflict):
    """More questions than are passed on to one person in a day."""

    code = "questions-too-many"
    title = "Too many questions were asked today"
    advice = "Open the same link again tomorrow: it is good for two days."


class AnswerUnusable(BadInput):
    """An answer without words, or of more than 4,000 characters."""

    code = "reference-answer-unusable"
    title = "This answer can’t be sent yet"
    advice = "Write between 1 and 4,000 characters."
