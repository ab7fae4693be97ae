"""What holders say is wrong with their credentials, as programs read and answer it."""

from __future__ import annotations

import msgspec

from credentials.accounts.acting import Member
from credentials.console import proposing
from credentials.console.errors import DisputeSettled, DisputeUnknown
from credentials.console.means import Means
from credentials.core.identifiers import wanted_id
from credentials.core.instants import format_instant
from credentials.store import disputes
from credentials.store.disputes import Dispute, DisputeReason, DisputeState
from credentials.store.engine import read


class WantedTexts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the holder would have stand in the credential, as they typed it; null in a field of which they said nothing.

    Days and hours are their words too: nobody judged them. `skills` has one in each line.
    """

    recipient_name: str | None = None
    project_title: str | None = None
    summary: str | None = None
    role: str | None = None
    started_on: str | None = None
    ended_on: str | None = None
    hours: str | None = None
    skills: str | None = None


class DisputeRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a holder said is wrong with a credential. `reason` is `not-me` where they say that it is not about them.

    `answer`: what the company wrote when it left the credential as it is, perhaps nothing; null while nobody did.
    `successorId`: the corrected credential that took its place. `changedAt`: when they last said something else, or it
    was settled.
    """

    id: str
    credential_id: str
    url: str
    state: DisputeState
    reason: DisputeReason
    words: str
    wanted: WantedTexts
    answer: str | None
    successor_id: str | None
    created_at: str
    changed_at: str

    def __repr__(self) -> str:
        """Without what was said."""
        return f"DisputeRecord(id={self.id}, state={self.state})"


class DisputePage(msgspec.Struct, frozen=True, kw_only=True):
    """Disputes, said last first; `cursor` leads to the next ones, null at the end."""

    disputes: list[DisputeRecord]
    cursor: str | None


def find(means: Means, member: Member, dispute_id: str) -> Dispute:
    """One of the company's. Raises DisputeUnknown for a missing and a foreign one alike."""
    with read(means.accounts.engine) as connection:
        found = disputes.by_id(connection, member.issuer.id, wanted_id(dispute_id))
    if found is None:
        raise DisputeUnknown(where="dispute")
    return found


def answer(means: Means, member: Member, dispute_id: str, words: str) -> None:
    """Leave the credential as it is, and write to its holder. Raises RoleMissing, DisputeUnknown, DisputeSettled."""
    found = find(means, member, dispute_id)
    if found.state != "open" or not proposing.answer(means, member, found.credential_id, words):
        raise DisputeSettled(where="dispute")


def dispute_record(one: Dispute, base_url: str) -> DisputeRecord:
    """A dispute as it is told."""
    return DisputeRecord(
        id=one.id,
        credential_id=one.credential_id,
        url=f"{base_url}/c/{one.credential_id}",
        state=one.state,
        reason=one.reason,
        words=one.words,
        wanted=WantedTexts(**proposing.kept_proposal(one.proposal)),
        answer=one.answer,
        successor_id=one.successor_id,
        created_at=format_instant(one.created_at),
        changed_at=format_instant(one.changed_at),
    )
