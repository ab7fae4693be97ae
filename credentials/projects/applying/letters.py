"""The letters about applications. No subject and no first line holds a link or a name."""

from __future__ import annotations

from credentials.mail.message import Action, Letter

DECLINE = (
    "Thank you for your application and the time you put into it. We read it with care and chose somebody whose work "
    "fits this project a little closer. That says nothing against yours, and we would be glad to hear from you again."
)
"""What a company may send as it stands, or change."""


def offer_letter(host: str, who: str, title: str, url: str, words: str) -> Letter:
    """To the candidate: the company wants them."""
    said = (f"{who} would like you to do the project “{title}”.", *_quoted(words))
    return Letter(
        kind="offer",
        subject="You got an offer",
        paragraphs=(
            *said,
            "Read the terms, then take the offer or leave it.",
        ),
        action=Action("See the offer", url),
        reason=f"You applied to this project on {host}.",
    )


def decline_letter(host: str, who: str, title: str, url: str, words: str) -> Letter:
    """To the candidate: not this time, in the company's words."""
    return Letter(
        kind="decline",
        subject="About your application",
        paragraphs=(f"{who} answered your application to the project “{title}”.", words),
        action=Action("See other projects", url),
        reason=f"You applied to this project on {host}.",
    )


def invitation_letter(host: str, who: str, title: str, url: str) -> Letter:
    """To somebody who worked for the company before. They can turn letters of this kind off."""
    return Letter(
        kind="news",
        subject="A project you may like",
        paragraphs=(f"You finished work for {who} before. It invites you to apply to its project “{title}”.",),
        action=Action("See the project", url),
        reason=f"You took a credential of this company as yours on {host}.",
    )


def applied_letter(host: str, title: str, url: str) -> Letter:
    """To whoever wrote the project: there is an application."""
    return Letter(
        kind="news",
        subject="Somebody applied to your project",
        paragraphs=(f"There is an application to your project “{title}”.",),
        action=Action("See who it is", url),
        reason=f"You wrote this project on {host}.",
    )


def taken_letter(host: str, title: str, url: str) -> Letter:
    """To whoever wrote the project: the offer was taken."""
    return Letter(
        kind="taken",
        subject="Your offer was taken",
        paragraphs=(f"Somebody took your offer of the project “{title}”. It is off the board now.",),
        action=Action("See what comes next", url),
        reason=f"You wrote this project on {host}.",
    )


def _quoted(words: str) -> tuple[str, ...]:
    return (f"They write: “{words}”",) if words else ()
