"""Correct a credential in the console: the award form, filled with what was signed, and the holder told at the end.

It is an award like any other, so that four eyes, preview and signature are the same; its signature lets the old
credential lead to the new one (`credentials.issuer.correcting`). The reasons are a list: a public text must neither
harm the person nor tell what is private.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

import msgspec
from sqlalchemy import Connection

from credentials.accounts.acting import Member
from credentials.accounts.audit import note_of
from credentials.accounts.links import LIFETIMES, make_link
from credentials.accounts.organisations import require
from credentials.console.award_form import AwardForm, restored
from credentials.console.award_form import stored as kept_form
from credentials.console.award_rows import DELIVERABLES, TypedDeliverable, TypedRating
from credentials.console.awarding import new_award, required
from credentials.console.errors import CorrectionTooLong, ReasonUnlisted
from credentials.console.handing_over import called
from credentials.console.means import Means
from credentials.core.achievement import AchievementCredential, read_achievement
from credentials.core.identifiers import CREDENTIAL_ID_BYTES, wanted_id
from credentials.core.identifiers import credential_id as spelled_id
from credentials.core.micro_internship import RATING, CompletedWork, agreements, completed_work
from credentials.issuer.errors import CredentialUnknown, StatusConflict
from credentials.mail.message import Action, Letter
from credentials.store import awards, candidates, credentials, disputes, handovers, issuers
from credentials.store import status as status_rows
from credentials.store.awards import Award
from credentials.store.credentials import StoredCredential
from credentials.store.engine import read, write
from credentials.store.handovers import Handover

REASONS = (
    "A name was misspelt",
    "A date or a number was wrong",
    "Something was missing",
    "It did not describe the work as it was",
    "A link does not work any more",
)


NOTHING_ELSE: Mapping[str, str] = MappingProxyType({})


def begin(
    means: Means, member: Member, credential_id: str, reason: str, wanted: Mapping[str, str] = NOTHING_ELSE
) -> Award:
    """The draft of a correction, filled with what was signed; the one that was begun before, if there is one.

    `wanted`: texts to stand in fields of the form in place of what was signed.

    Raises RoleMissing, ReasonUnlisted, CredentialUnknown (a foreign one too), StatusConflict, CorrectionTooLong.
    """
    require(member, "author")
    with write(means.accounts.engine) as connection:
        stored = _correctable(connection, member, credential_id)
        if reason not in REASONS:
            raise ReasonUnlisted(where="reason")
        came_of = awards.of_credential(connection, member.issuer.id, stored.id)
        form = restored(came_of.form) if came_of else form_of(stored)
        email = candidates.own_email(connection, stored.candidate_id) or ""
        changes = {"recipient_email": email, "engagement": "", "corrects": stored.id, "correction": reason, **wanted}
        return _start(means, connection, member, msgspec.structs.replace(form, **changes))


def _start(means: Means, connection: Connection, member: Member, form: AwardForm) -> Award:
    """Keep the award that corrects a credential: one for each, found again if begun. Another reason begins it anew."""
    digest = hashlib.sha256(f"correction\0{form.corrects}".encode()).digest()
    made = new_award(means, member, form, spelled_id(digest[:CREDENTIAL_ID_BYTES]))
    if awards.add_once(connection, made):
        action = "award.begun"
        note_of(connection, member, action, f"award:{made.id}", now=made.created_at, corrects=form.corrects)
        return made
    before = required(connection, member, made.id, lock=True)
    if not before.is_open or restored(before.form).correction == form.correction:
        return before
    kept = msgspec.structs.replace(restored(before.form), correction=form.correction)
    changed = replace(
        before,
        form=kept_form(kept),
        author_id=member.visitor.person_id,
        state="draft",
        version=before.version + 1,
        changed_at=made.created_at,
    )
    awards.change(connection, changed)
    return changed


def _correctable(connection: Connection, member: Member, credential_id: str) -> StoredCredential:
    stored = credentials.by_id(connection, wanted_id(credential_id))
    if stored is None or stored.issuer_id != member.issuer.id or not credentials.is_released(connection, stored.id):
        raise CredentialUnknown(where="credential")
    story = status_rows.story(connection, stored.id)
    if story and story[-1].kind in ("revoked", "replaced"):
        raise StatusConflict(f"it was {story[-1].kind} before")
    return stored


def form_of(stored: StoredCredential, *, whole: bool = True) -> AwardForm:
    """What was signed, as it would be typed; not `whole`: of what is public only.

    Raises CorrectionTooLong when the form has no room for the whole.
    """
    document = json.loads((stored.full_document if whole else None) or stored.unsigned)
    credential = read_achievement(document)
    work = completed_work(credential)
    rows = tuple(_rows(work))
    if whole and len(rows) > DELIVERABLES:
        raise CorrectionTooLong(f"it has {len(rows)} deliverables, the form has room for {DELIVERABLES}")
    return AwardForm(
        recipient_name=work.person or "",
        project_title=work.title,
        summary=work.summary,
        deliverables=rows,
        started_on=_day(work.started),
        ended_on=_day(work.ended),
        hours=work.hours or "",
        skills="\n".join(one.name for one in work.skills),
        evidence_url=work.evidence_url or "",
        role=work.role or "",
        supervisor_name=work.supervisor or "",
        supervisor_words=work.words or "",
        compensation=work.compensation or "",
        # Its last day: the form means the end of the day that it names.
        valid_until=_day((work.valid_until - timedelta(seconds=1)).date()) if work.valid_until else "",
        ratings=tuple(_ratings(credential, work)),
        agreement=next(iter(sorted(agreements(credential))), ""),
    )


def _rows(work: CompletedWork) -> Iterator[TypedDeliverable]:
    for one in work.deliverables:
        yield TypedDeliverable(one.name, one.url or "", one.shown)


def _ratings(credential: AchievementCredential, work: CompletedWork) -> Iterator[TypedRating]:
    reasons = {one.name: one.narrative or "" for one in credential.evidence if one.genre == RATING}
    for one in work.ratings:
        yield TypedRating(one.skill, one.level, reasons.get(one.skill, ""))


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def to_hand_on(means: Means, _now: datetime, limit: int) -> list[str]:
    """The ids of replaced credentials whose holders have not heard of it."""
    with read(means.accounts.engine) as connection:
        return handovers.to_hand_on(connection, limit)


def hand_on(means: Means, credential_id: str) -> None:
    """Let the holder of a replaced credential hold the new one, and tell them; once."""
    with write(means.accounts.engine) as connection:
        if credentials.lock(connection, credential_id) is None:
            return
        before, story = handovers.by_id(connection, credential_id), status_rows.story(connection, credential_id)
        successor = story[-1].successor if story else None
        if before is None or successor is None or handovers.by_id(connection, successor) is not None:
            return
        now, mail_id = means.accounts.clock(), _told(means, connection, before, successor)
        handovers.hand_on(connection, before, successor, mail_id, now)
        handovers.undisputed(connection, credential_id)
        disputes.corrected(connection, credential_id, successor, now)


def _told(means: Means, connection: Connection, before: Handover, successor_id: str) -> str | None:
    """Write to the holder: with the page of what they took already, else with a link to take it."""
    issuer = issuers.by_id(connection, before.issuer_id)
    name = called(connection, issuer) if issuer else "The company"
    url: str | None = f"{means.accounts.base_url}/c/{successor_id}"
    if before.claimed_at is None:
        now = means.accounts.clock()
        url = make_link(means.accounts, connection, "claim", before.address, now, subject_id=successor_id)
    after = () if before.claimed_at else (f"The link works once, for {LIFETIMES['claim'].days} days.",)
    letter = Letter(
        kind="corrected",
        subject="Your credential was corrected",
        paragraphs=(
            f"{name} signed a corrected version of a credential of yours.",
            "The old page and its QR code say so and lead to the new one. Use the new one from now on.",
        ),
        action=Action("See the corrected one", url or ""),
        after=(*after, "Is something wrong with it? Answer to the company, or ask for a correction on its page."),
        reason=f"The company gave this address when it signed the credential on {means.accounts.host}.",
    )
    return means.outbox.put(connection, letter, before.address, issuer_id=before.issuer_id, subject_id=successor_id)
