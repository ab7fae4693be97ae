"""The letters about accounts. No subject and no first line holds a link, a code or a name."""

from __future__ import annotations

from credentials.mail.message import Action, Letter

_NOT_YOU = "If you did not ask for this, do nothing: without the link nobody gets in, and it soon ends by itself."


def sign_in_letter(host: str, url: str, minutes: int) -> Letter:
    """A link to sign in, or to begin an account."""
    return Letter(
        kind="sign-in",
        subject=f"Sign in to {host}",
        paragraphs=(f"Open this link to go on. It works once, for {minutes} minutes.",),
        action=Action("Continue", url),
        after=(_NOT_YOU,),
        reason=f"Somebody entered this address on the sign-in page of {host}.",
    )


def address_letter(host: str, url: str, hours: int) -> Letter:
    """A link that proves a further address."""
    return Letter(
        kind="prove-address",
        subject=f"Add this address to your account on {host}",
        paragraphs=(f"Open this link to add this address to an account. It works once, for {hours} hours.",),
        action=Action("Add this address", url),
        after=(_NOT_YOU,),
        reason=f"Somebody who is signed in on {host} entered this address.",
    )


def closed_letter(host: str) -> Letter:
    """The last letter: the account is closed."""
    return Letter(
        kind="account-closed",
        subject=f"Your account on {host} is closed",
        paragraphs=(
            "Your name, your addresses and all that signed you in are gone from it.",
            "Credentials that were issued to you stay valid and stay yours: keep the files you downloaded.",
        ),
        after=("If this was not you, tell whoever runs the service at once.",),
        reason=f"Somebody who was signed in closed the account of this address on {host}.",
    )


def invitation_letter(host: str, company: str, roles: str, url: str, days: int) -> Letter:
    """An invitation to belong to a company."""
    return Letter(
        kind="invitation",
        subject=f"An invitation on {host}",
        paragraphs=(
            f"A company that calls itself “{company}” invites you to work with it on {host} as {roles}.",
            f"The link works once, for {days} days.",
        ),
        action=Action("See the invitation", url),
        after=("If you don’t know this company, do nothing.",),
        reason=f"Somebody of that company entered this address on {host}.",
    )


def operator_letter(host: str, url: str, hours: int) -> Letter:
    """A link for whoever runs the service."""
    return Letter(
        kind="operator",
        subject=f"Run {host}",
        paragraphs=(f"You were made an operator of {host}. The link works once, for {hours} hours.",),
        action=Action("Begin", url),
        after=("If you don’t expect this, do nothing and tell whoever runs the service.",),
        reason=f"The command line of {host} named this address.",
    )


def alert_letter(host: str, when: str, url: str) -> Letter:
    """A sign-in from somewhere new."""
    return Letter(
        kind="sign-in-alert",
        subject=f"A new sign-in on {host}",
        paragraphs=(f"Somebody signed in to your account on {when}, with a browser or network that is new for it.",),
        action=Action("See your sessions", url),
        after=("If it was you, there is nothing to do. If not, end that session and add a passkey.",),
        reason=f"You have an account on {host}. These alerts protect it and can’t be turned off.",
    )


def changed_letter(host: str, what: str, url: str) -> Letter:
    """Something that guards the account was changed."""
    return Letter(
        kind="account-changed",
        subject=f"Your account on {host} was changed",
        paragraphs=(f"{what}.",),
        action=Action("See your account", url),
        after=("If it was you, there is nothing to do. If not, end your other sessions at once.",),
        reason=f"You have an account on {host}. These alerts protect it and can’t be turned off.",
    )
