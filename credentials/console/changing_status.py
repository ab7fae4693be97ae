"""Withdraw a credential, put it on hold, let it stand again: by a signer, for a reason that everybody reads.

The reasons are a list: a public text must neither harm the person nor tell what is private. The line of the audit trail
is written in the event's own transaction.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from credentials.accounts.acting import Member
from credentials.accounts.audit import note_of
from credentials.accounts.organisations import require
from credentials.console.errors import ReasonUnlisted
from credentials.console.means import Means
from credentials.issuer.status import Change
from credentials.store.status import EventKind, RecordedEvent

REASONS: Mapping[EventKind, tuple[str, ...]] = {
    "revoked": (
        "Issued in error",
        "Issued to the wrong person",
        "It says something that is not true",
        "The work was not the person’s own",
        "The person asked for it",
    ),
    "suspended": ("We are looking into a question about it", "The person asked for it", "Payment is being cleared"),
    "lifted": ("The question was settled", "Put on hold by mistake"),
}
WORDS: Mapping[EventKind, str] = {
    "revoked": "Withdraw it for good",
    "suspended": "Put it on hold",
    "lifted": "End the hold",
}
"""What each change is called on a button."""
LONGEST_NOTE = 2000


def change(means: Means, member: Member, credential_id: str, kind: EventKind, reason: str, private: str) -> None:
    """Change the status of one of the company's credentials. `private` is a note that only the company reads.

    Raises RoleMissing, ReasonUnlisted, and what `IssuerService.change` raises; a foreign credential is unknown.
    """
    require(member, "signer")
    if reason not in REASONS[kind]:
        raise ReasonUnlisted(where="reason")

    def noted(connection: Connection, event: RecordedEvent) -> None:
        note_of(
            connection, member, f"credential.{kind}", f"credential:{event.credential_id}", now=event.at, reason=reason
        )

    wanted = Change(
        credential_id=credential_id,
        kind=kind,
        reason=reason,
        note=private[:LONGEST_NOTE],
        slug=member.issuer.slug,
    )
    means.issuer.change(wanted, noted)
