"""What is refused alike wherever a micro-internship takes a step."""

from __future__ import annotations

from credentials.core.errors import Conflict


class StepOutOfTurn(Conflict):
    """The project or application is not in a state in which this can be done: somebody may have been faster."""

    code = "project-step-out-of-turn"
    title = "This can’t be done any more"
    advice = "Open the page again: it shows where things stand now."
