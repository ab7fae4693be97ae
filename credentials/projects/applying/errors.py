"""What can be wrong when somebody applies, and when a company answers."""

from __future__ import annotations

from credentials.core.errors import BadInput, Conflict, NotFound


class ApplicationUnknown(NotFound):
    """There is no such application, or it is neither this company’s nor this person’s."""

    code = "application-unknown"
    title = "No such application"
    advice = "Look at your list of applications."


class AppliedBefore(Conflict):
    """One person applies to a project once, even where they took the application back."""

    code = "applied-before"
    title = "You applied to this project before"
    advice = "Look at what became of it under “Your work”."


class NotTakingApplications(Conflict):
    """The project is closed or filled, or its deadline has passed."""

    code = "project-not-open"
    title = "This project takes no applications any more"
    advice = "Look at the board for others."


class NoteUnusable(BadInput):
    """The note or letter is missing, too long, or has characters that nobody can see."""

    code = "note-unusable"
    title = "This text can’t be sent"
    advice = "Write between 1 and 4000 characters, and type them instead of pasting."


class PortfolioNotYours(BadInput):
    """The portfolio page is not one on which the applicant’s own credentials stand."""

    code = "portfolio-not-yours"
    title = "This portfolio page isn’t yours"
    advice = "Choose one of the list: pages with a credential that you took as yours."


class TermsChanged(Conflict):
    """The company changed the project after the candidate opened the offer."""

    code = "offer-changed"
    title = "The company changed the project meanwhile"
    advice = "Read it again below, then decide."


class NobodyToInvite(BadInput):
    """The person is not one who finished work for this company before, or has no address any more."""

    code = "nobody-to-invite"
    title = "This person can’t be invited"
    advice = "Choose somebody of the list: people who finished work for your company."


class InvitedBefore(Conflict):
    """One invitation to a project is enough."""

    code = "invited-before"
    title = "They were invited to this project before"
    advice = "Wait for their answer, or choose somebody else."
