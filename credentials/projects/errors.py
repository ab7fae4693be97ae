"""What can be wrong with a step of work that is going on."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict, NotFound


class EngagementUnknown(NotFound):
    """There is no such work, or it is somebody else's."""

    code = "engagement-unknown"
    title = "No such work"
    advice = "Look at the list of your work."


class StepOutOfTurn(Conflict):
    """The work is not in a state in which this can be done."""

    code = "step-out-of-turn"
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
