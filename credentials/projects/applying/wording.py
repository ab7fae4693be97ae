"""How it stands with an application, in words for whoever sent it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """A few words for a list, and a sentence or two for the application's own page."""

    short: str
    long: str


_SENT = Standing("sent", "The company has your application. You get a letter when it answers.")
_GONE = Standing("over", "The project was closed before the company decided. That says nothing about your application.")
_FILLED = Standing("over", "The place went to somebody else this time. Your application counts against nothing.")
_BY_STATE = {
    "sent": _SENT,
    "shortlisted": Standing("on the shortlist", "The company wants to look closer at your application."),
    "offered": Standing(
        "you have an offer", "The company would like you to do this project. Read it again, then decide."
    ),
    "declined": Standing("not this time", "The company chose somebody else. What they wrote to you stands below."),
    "withdrawn": Standing("taken back", "You took this application back. The company does not see your note any more."),
    "taken": Standing("yours", "You took the offer. The agreement is what comes next."),
}
_OPEN_ENDED = frozenset({"sent", "shortlisted", "offered"})


def standing(application_state: str, project_state: str) -> Standing:
    """The words for an application's state, given its project's. Raises KeyError for a state that does not exist."""
    if application_state in _OPEN_ENDED and project_state != "open":
        return _FILLED if project_state == "filled" else _GONE
    return _BY_STATE[application_state]
