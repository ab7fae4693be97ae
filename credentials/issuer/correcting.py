"""Correct a credential: a new one is signed, and the old one says from then on that it was replaced, and by which.

- A signature cannot be changed, so a correction is a credential of its own, with its own id, for the same holder, shown
  to the same people. The old one's revocation bit is set, so that verifiers that know nothing of successors stop at it.
- Intent and correction are committed together; the old credential's event follows once the new one is released. A crash
  in between is mended at the next start, or by asking again.
- A credential has one successor at most. What was corrected is corrected again through its successor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from credentials.core.identifiers import parse_credential_id
from credentials.issuer import release
from credentials.issuer.draft import Draft
from credentials.issuer.errors import CredentialUnknown, HolderChanged, StatusConflict
from credentials.issuer.intents import Holder, Issued, KeyedDraft, Within, record
from credentials.issuer.means import Means, require_issuer
from credentials.issuer.recipients import normal_email
from credentials.issuer.status import Change, checked_reason, record_event
from credentials.issuer.visibility import set_visibility
from credentials.store import candidates, corrections, credentials
from credentials.store import status as status_rows
from credentials.store.corrections import Correction
from credentials.store.credentials import Known, StoredCredential
from credentials.store.engine import read, write
from credentials.store.status import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Correcting:
    """What shall take the place of a credential of the issuer `slug`, and why. `note` stays private.

    The draft names the holder's address, or none: the holder stays who it was.
    """

    slug: str
    credential_id: str
    draft: Draft
    reason: str
    note: str = ""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class _Before:
    stored: StoredCredential
    holder: Holder
    email: str | None


def correct(means: Means, wanted: Correcting) -> Issued:
    """Sign the corrected credential and let the old one lead to it. Asked again in the same words, it happens once.

    Raises BadIdentifier, CredentialUnknown, ReasonMissing, HolderChanged, StatusConflict (it was withdrawn or corrected
    before), and what issuing raises.
    """
    reason = checked_reason(wanted.reason, wanted.note)
    before = _before(means, wanted)
    draft = replace(wanted.draft, recipient_email=_same_holder(before, wanted.draft))
    keyed = KeyedDraft(wanted.idempotency_key or f"correction:{before.stored.id}", draft, before.holder)
    recorded = record(
        means, wanted.slug, [keyed], _noted(means, before.stored, draft.recipient_name, reason, wanted.note)
    )
    release.release(means, recorded.to_sign, recorded.lists)
    settle(means)
    issued = recorded.issued[0]
    if before.holder.visibility == "private":  # outside the database too
        set_visibility(means, issued.id, "private")
    return issued


def settle(means: Means) -> int:
    """Let every old credential say that it was replaced whose successor is signed. Returns how many did not so far."""
    with read(means.engine) as connection:
        waiting = corrections.unsettled(connection)
    for one in waiting:
        _replace(means, one)
    return len(waiting)


def _before(means: Means, wanted: Correcting) -> _Before:
    with read(means.engine) as connection:
        issuer = require_issuer(means, connection, wanted.slug)
        stored = credentials.by_id(connection, parse_credential_id(wanted.credential_id))
        if stored is None or stored.issuer_id != issuer.id or not credentials.is_released(connection, stored.id):
            raise CredentialUnknown("no such credential")
        shown_as = candidates.by_id(connection, stored.candidate_id)
        email = candidates.own_email(connection, stored.candidate_id)
    slug = shown_as.slug if shown_as else ""
    return _Before(stored, Holder(stored.candidate_id, slug, stored.visibility), email)


def _same_holder(before: _Before, draft: Draft) -> str | None:
    """The holder's address. Raises HolderChanged for a draft with another one."""
    if draft.recipient_email and normal_email(draft.recipient_email) != before.email:
        raise HolderChanged(where="recipient_email")
    return before.email


def _noted(means: Means, before: StoredCredential, name: str, reason: str, note: str) -> Within:
    """Notes the correction with its intents, unless the old credential cannot be replaced any more."""

    def within(connection: Connection, known: Sequence[Known]) -> None:
        story = status_rows.story(connection, before.id)
        if story and story[-1].kind in ("revoked", "replaced"):
            raise StatusConflict(f"it was {story[-1].kind} before")
        if corrections.of_credential(connection, before.id) is not None:
            raise StatusConflict("it is being corrected already")
        made = Correction(
            successor_id=known[0].id,
            credential_id=before.id,
            reason=reason,
            private_note=note,
            created_at=means.now(),
        )
        corrections.add(connection, made)
        candidates.rename(connection, before.candidate_id, name)

    return within


def _replace(means: Means, one: Correction) -> None:
    def settled(connection: Connection, event: RecordedEvent) -> None:
        corrections.settle(connection, one.successor_id, event.at)

    change = Change(
        credential_id=one.credential_id,
        kind="replaced",
        reason=one.reason,
        note=one.private_note,
        successor=one.successor_id,
    )
    try:
        record_event(means, change, settled)
    except StatusConflict:  # withdrawn meanwhile, or somebody else settled it
        with write(means.engine) as connection:
            corrections.settle(connection, one.successor_id, means.now())
