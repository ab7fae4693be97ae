"""What can be wrong with what people type in the console."""

from __future__ import annotations

from credentials.core.errors import BadInput, NotFound


class MomentUnusable(BadInput):
    """Text that is no moment, or one that has not come yet."""

    code = "moment-unusable"
    title = "This time can’t be used"
    advice = "Give a day and time in the past, in UTC, such as 2026-03-01T09:30."


class ReportEmpty(BadInput):
    """A report of abuse without a reason from the list, or without words."""

    code = "report-empty"
    title = "Say what is wrong"
    advice = "Choose a reason and tell in a few words what you saw."


class ReportUnknown(NotFound):
    """There is no such open report."""

    code = "report-unknown"
    title = "No such open report"
    advice = "Look at the list of reports: somebody may have handled it."


class LifetimeUnusable(BadInput):
    """Text that is no number of days."""

    code = "days-unusable"
    title = "That is no number of days"
    advice = "Give a number from 1 to 3650."
