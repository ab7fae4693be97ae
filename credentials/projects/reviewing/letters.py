"""What a candidate is told of a review, and both sides of a payment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from credentials.console.means import Means
from credentials.mail.message import Action, Letter
from credentials.store import people, resemblances
from credentials.store.engagements import Engagement
from credentials.store.issuers import Issuer


def address_of(connection: Connection, person_id: str) -> str:
    """Where a person gets their mail; empty for one who has no address any more."""
    return next((one.address for one in people.addresses(connection, person_id)), "")


def called(connection: Connection, issuer: Issuer) -> str:
    """What a company is called in a letter: by its domain only while the service vouches for it."""
    vouched = issuer.suspended_at is None and not resemblances.is_flagged(connection, issuer.id)
    return (issuer.confirmed_domain if vouched else None) or f"A company that calls itself “{issuer.name}”"


def tell_candidate(
    means: Means, connection: Connection, issuer: Issuer, engagement: Engagement, subject: str, said: Sequence[str]
) -> None:
    """Put a letter to the candidate into the outbox, in the caller's transaction."""
    address = address_of(connection, engagement.person_id)
    if not address:
        return
    letter = Letter(
        kind="work",
        subject=subject,
        paragraphs=tuple(said),
        action=Action("See it", f"{means.accounts.base_url}/work/{engagement.id}/outcome"),
        reason=f"You work on a project of this company through {means.accounts.host}.",
    )
    means.outbox.put(connection, letter, address, issuer_id=issuer.id, subject_id=engagement.id)


def returned(who: str, title: str, notes: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The letter's text for work that goes back: each deliverable with its note."""
    first = f"{who} looked at what you handed in for “{title}” and asks for changes."
    return (first, *[f"{name}: {note}" for name, note in notes], "What was accepted stays accepted.")


def accepted(who: str, title: str, pay: str) -> tuple[str, ...]:
    """The letter's text for work that was accepted; `pay` says when it is paid, or nothing."""
    first = f"{who} accepted all of your work on “{title}”."
    next_step = "Your credential comes next: you get a letter when it is signed."
    return (first, next_step, pay) if pay else (first, next_step)
