"""What can be wrong with terms and agreements."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict, NotFound


class TermsUnusable(BadInput):
    """Terms that nobody can agree on: something is missing, or no day, or too long. `where` is the field."""

    code = "terms-unusable"
    title = "These terms can’t be proposed yet"
    advice = "Put right what is marked, then propose them again."


class TermsUnchanged(Conflict):
    """What is proposed is what is agreed, or proposed, already."""

    code = "terms-unchanged"
    title = "Nothing is different"
    advice = "Change what should be different, or accept what is there."


class AgreementUnknown(NotFound):
    """The engagement has no agreement with this number."""

    code = "agreement-unknown"
    title = "No such agreement"
    advice = "Look at the page of the work: it lists every version."


class NothingToAnswer(Conflict):
    """No proposal of the other side waits for an answer."""

    code = "nothing-to-answer"
    title = "There is nothing to answer"
    advice = "Look at the page of the work: the proposal was answered or replaced."


class AgreementUnreadable(BadInput):
    """Bytes that are no agreement as this service writes them: not canonical, or with other members."""

    code = "agreement-unreadable"
    title = "This is no agreement"
    advice = "Give the file as it was downloaded from the page of the work, unchanged to the last byte."
