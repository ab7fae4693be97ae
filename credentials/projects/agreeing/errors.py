"""What can be wrong with work that is agreed on, or goes on."""

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


class EngagementUnknown(NotFound):
    """There is no such work, or it is somebody else's."""

    code = "engagement-unknown"
    title = "No such work"
    advice = "Look at the list of your work."


class WorkOutOfTurn(Conflict):
    """The work is not in a state in which this can be done."""

    code = "work-out-of-turn"
    title = "This can’t be done now"
    advice = "Open the page of the work: it says where it stands and what comes next."


class WorkMovedOn(Conflict):
    """Something happened since the page was opened that the person did not see."""

    code = "work-moved-on"
    title = "Something happened meanwhile"
    advice = "Look at the page as it is now, then decide. What you typed is still there."


class ReasonWanted(BadInput):
    """A step that the other side must be told the reason of came without one."""

    code = "reason-wanted"
    title = "Say why"
    advice = "Give a reason in a sentence or two: the other side reads it."
