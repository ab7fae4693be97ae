"""Award a credential for finished work: written, sent for approval, returned or signed, then handed over.

- An author writes and changes a draft; whoever saves over a change that they have not seen is told, and loses nothing.
- A signer signs. Where the company wants four eyes, whoever wrote or last changed an award can't sign it.
- Signing twice makes one credential: the award's id is the idempotency key, and the issuer remembers it. What an award
  says is fixed before its key is used, so a crash in between is mended by pressing the button again.
- What is signed is what the signer saw: a version that was changed since is refused.
- Sending the empty form twice makes one award: the form carries a number, and the award's id follows from it.
- An award of a project that was accepted here keeps what was accepted, whatever a form sends; signing it completes the
  engagement in the same transaction.
- A draft and its preview never reach a key: the signer takes stored intents only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection

from credentials.accounts.acting import Member
from credentials.accounts.audit import note_of
from credentials.accounts.organisations import require
from credentials.accounts.tokens import new_id
from credentials.console.award_files import keep_named, list_files, subject_of, with_files
from credentials.console.award_form import AwardForm, Problem, as_accepted, judge, restored, stored
from credentials.console.errors import (
    AwardBeingSigned,
    AwardChanged,
    AwardNotReady,
    AwardSigned,
    AwardUnknown,
)
from credentials.console.handing_over import send
from credentials.console.means import Means
from credentials.console.two_people import require_person, require_second
from credentials.core.identifiers import CREDENTIAL_ID_BYTES, credential_id, wanted_id
from credentials.core.instants import format_instant
from credentials.issuer.correcting import Correcting
from credentials.issuer.draft import Draft as SignableDraft
from credentials.issuer.errors import DraftRefused, IssuerSuspended, NoActiveKey, StatusConflict
from credentials.issuer.service import Issued
from credentials.store import awards, credentials, engagements, files, pages
from credentials.store.awards import Award, AwardState
from credentials.store.engine import read, write
from credentials.store.pages import Found, Place
from credentials.webhooks.messages import emit

LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Draft:
    """An award with what was typed and what keeps it from being signed."""

    award: Award
    form: AwardForm
    problems: tuple[Problem, ...]


def start(means: Means, member: Member, form: AwardForm, number: str = "") -> Award:
    """Keep a new draft; the one that this person began under the same number, when what it says is the same.

    Raises RoleMissing, AwardChanged (the number was used for another text).
    """
    require(member, "author")
    award_id = id_of_number(member, number or new_id())
    with write(means.accounts.engine) as connection:
        made = new_award(means, member, with_files(means, connection, member.issuer.id, award_id, form, None), award_id)
        if awards.add_once(connection, made):
            keep_named(means, connection, member.issuer.id, made.id, restored(made.form))
            note_of(connection, member, "award.begun", f"award:{made.id}", now=made.created_at)
            return made
        before = required(connection, member, made.id, lock=True)
    if before.form != made.form:
        raise AwardChanged(where="number")
    return before


def id_of_number(member: Member, number: str) -> str:
    """The id of the award that a person begins under a number: it is there before the award is."""
    # Bound to the company and the person: no number that somebody sends can meet another one's award.
    parts = "\0".join((member.issuer.id, member.visitor.person_id, number))
    return credential_id(hashlib.sha256(parts.encode()).digest()[:CREDENTIAL_ID_BYTES])


def new_award(means: Means, member: Member, form: AwardForm, award_id: str) -> Award:
    """An award that begins now."""
    now = means.accounts.clock()
    return Award(
        id=award_id,
        issuer_id=member.issuer.id,
        author_id=member.visitor.person_id,
        state="draft",
        form=stored(form),
        version=1,
        created_at=now,
        changed_at=now,
        key_id=member.key_id or None,
    )


def start_accepted(means: Means, connection: Connection, member: Member, form: AwardForm) -> Award:
    """Keep the award of an accepted project, in the caller's transaction: one for each engagement.

    It waits for a signature at once, unless something keeps it from being signed. Raises TwoPeopleWanted.
    """
    require_person(connection, member)
    digest = hashlib.sha256(f"engagement\0{form.engagement}".encode()).digest()
    state: AwardState = "draft" if judge(form)[1] else "waiting"
    made = replace(new_award(means, member, form, credential_id(digest[:CREDENTIAL_ID_BYTES])), state=state)
    awards.add_once(connection, made)
    note_of(connection, member, "award.begun", f"award:{made.id}", now=made.created_at, engagement=form.engagement)
    return made


def refill(means: Means, connection: Connection, member: Member, award_id: str, changes: Mapping[str, Any]) -> None:
    """Change fields of a project's award after another assessment, in the caller's transaction.

    Raises AwardUnknown, AwardSigned, AwardBeingSigned, TwoPeopleWanted.
    """
    before = required(connection, member, award_id, lock=True)
    form = msgspec.structs.replace(restored(before.form), **changes)
    if before.form == stored(form):
        return
    require_person(connection, member)
    _require_open(before)
    changed = replace(
        before,
        form=stored(form),
        author_id=member.visitor.person_id,
        key_id=member.key_id or None,
        state="draft" if judge(form)[1] else "waiting",
        version=before.version + 1,
        changed_at=means.accounts.clock(),
    )
    awards.change(connection, changed)


def find(means: Means, member: Member, award_id: str) -> Draft:
    """A company's award. Raises AwardUnknown for a missing and a foreign one alike."""
    with read(means.accounts.engine) as connection:
        award = required(connection, member, award_id)
    form = restored(award.form)
    return Draft(award, form, tuple(judge(form)[1]))


def looked_at(means: Means, member: Member, award_id: str, form: AwardForm) -> AwardForm:
    """A form that is shown again and not kept, with what is known of its files."""
    with read(means.accounts.engine) as connection:
        kept = awards.by_id(connection, member.issuer.id, award_id)
        before = restored(kept.form) if kept else None
        found = with_files(means, connection, member.issuer.id, award_id, form, before, lock=False)
    return as_accepted(before, found) if before else found


def renumbered(means: Means, member: Member, form: AwardForm, before: str, number: str) -> None:
    """Let the files that a form names, and that came under one number, belong to what will be begun under another."""
    named = [one.file.id for one in form.deliverables if one.file is not None]
    with write(means.accounts.engine) as connection:
        award = awards.by_id(connection, member.issuer.id, id_of_number(member, before))
        kept = {one.file.id for one in restored(award.form).deliverables if one.file} if award else set()
        moved = [one for one in named if one not in kept]
        subjects = [subject_of(id_of_number(member, one)) for one in (before, number)]
        files.move(connection, member.issuer.id, moved, *subjects)


def waiting(means: Means, member: Member, before: Place | None = None) -> Found[Draft]:
    """A page of the company's awards that are not signed, changed last first; `before`: after the one of this place."""
    with read(means.accounts.engine) as connection:
        found = awards.unsigned(connection, member.issuer.id, before, pages.PAGE + 1)
    rows = [Draft(award, restored(award.form), ()) for award in found]
    return pages.cut(rows, [(award.changed_at, award.id) for award in found])


def save(means: Means, member: Member, award_id: str, form: AwardForm, version: int) -> Award:
    """Keep what was typed. Raises RoleMissing, AwardUnknown, AwardSigned, AwardBeingSigned.

    AwardChanged: somebody else was faster. Saving what is kept already changes nothing, whatever the award's state; but
    whoever saves what a program wrote has written it from then on.
    """
    require(member, "author")
    with write(means.accounts.engine) as connection:
        before = required(connection, member, award_id, lock=True)
        kept = restored(before.form)
        form = as_accepted(kept, with_files(means, connection, member.issuer.id, before.id, form, kept))
        if before.form == stored(form) and (before.key_id is None or not before.is_open):
            return before
        _require_open(before)
        if before.version != version:
            raise AwardChanged(where="version")
        keep_named(means, connection, member.issuer.id, before.id, form)
        changed = replace(
            before,
            form=stored(form),
            author_id=member.visitor.person_id,
            key_id=None,
            state="draft",
            version=before.version + 1,
            changed_at=means.accounts.clock(),
        )
        awards.change(connection, changed)
        return changed


def submit(means: Means, member: Member, award_id: str) -> None:
    """Ask for approval. Raises RoleMissing, AwardUnknown, AwardSigned, AwardNotReady."""
    require(member, "author")
    with write(means.accounts.engine) as connection:
        award = required(connection, member, award_id, lock=True)
        _require_open(award)
        _require_ready(award)
        _moved(means, connection, member, award, "waiting", "award.submitted")


def send_back(means: Means, member: Member, award_id: str, words: str) -> None:
    """Return an award to its author with a note. Raises RoleMissing, AwardUnknown, AwardSigned."""
    require(member, "reviewer", "signer")
    with write(means.accounts.engine) as connection:
        award = required(connection, member, award_id, lock=True)
        _require_open(award)
        noted = replace(award, note=words.strip()[:LONGEST_NOTE] or None)
        _moved(means, connection, member, noted, "returned", "award.returned")


def sign(means: Means, member: Member, award_id: str, version: int) -> Issued:
    """Sign an award as it was seen, and hand the credential over.

    Raises RoleMissing, AwardUnknown, AwardChanged, AwardNotReady, SecondPersonWanted, and what issuing raises. Signed
    already: the same credential again.
    """
    require(member, "signer")
    award, draft = _to_sign(means, member, award_id, version)
    try:
        issued = _issued(means, member, award, draft)
    except (DraftRefused, IssuerSuspended, NoActiveKey, StatusConflict):
        _put_back(means, member, award)
        raise
    with write(means.accounts.engine) as connection:
        now = required(connection, member, award_id, lock=True)
        if now.credential_id is None:
            done = replace(now, credential_id=issued.id, approver_id=member.visitor.person_id)
            _moved(means, connection, member, done, "signed", "award.signed", credential=issued.id)
            list_files(connection, member.issuer.id, restored(now.form), issued.id)
            _complete(means, connection, member, restored(now.form).engagement, award_id)
            if draft.recipient_email and not restored(now.form).corrects:
                send(means, connection, member.issuer, issued.id, draft.recipient_email)
    return issued


def _issued(means: Means, member: Member, award: Award, draft: SignableDraft) -> Issued:
    """The award's credential: a new one, or one that takes the place of another."""
    slug, form = member.issuer.slug, restored(award.form)
    if not form.corrects:
        return means.issuer.issue(slug, draft, idempotency_key=_key(award))
    wanted = Correcting(
        slug=slug, credential_id=form.corrects, draft=draft, reason=form.correction, idempotency_key=_key(award)
    )
    return means.issuer.correct(wanted)


def _complete(means: Means, connection: Connection, member: Member, engagement_id: str, award_id: str) -> None:
    """The engagement that the award belongs to, if any, has its credential."""
    now = means.accounts.clock()
    if not engagement_id or not engagements.complete(connection, wanted_id(award_id), now):
        return
    note_of(connection, member, "work.completed", f"engagement:{engagement_id}", now=now, award=award_id)
    data = {
        "issuer": member.issuer.slug,
        "engagement": engagement_id,
        "url": f"{means.accounts.base_url}/console/{member.issuer.slug}/work/{engagement_id}",
        "at": format_instant(now),
    }
    emit(connection, member.issuer.id, "work.completed", f"work.completed:{engagement_id}", data, now)


def _to_sign(means: Means, member: Member, award_id: str, version: int) -> tuple[Award, SignableDraft]:
    with write(means.accounts.engine) as connection:
        award = required(connection, member, award_id, lock=True)
        if award.version != version:
            raise AwardChanged(where="version")
        # What is being signed was decided before: it must be possible to end it.
        require_second(connection, member, award.author_id, award.key_id if award.is_open else None)
        draft = _require_ready(award)
        if award.state != "signed":
            awards.change(connection, replace(award, state="signing"))
    return award, draft


def _put_back(means: Means, member: Member, award: Award) -> None:
    """Nothing was recorded: let the award be changed again, unless an earlier try got further."""
    with write(means.accounts.engine) as connection:
        now = required(connection, member, award.id, lock=True)
        recorded = credentials.known(connection, member.issuer.id, [_key(award)])
        if now.state == "signing" and not recorded:
            awards.change(connection, replace(now, state="draft" if award.state == "signing" else award.state))


def _key(award: Award) -> str:
    """What the issuer remembers the award's credential by."""
    return f"award:{award.id}"


def _require_ready(award: Award) -> SignableDraft:
    draft, problems = judge(restored(award.form))
    if problems:
        raise AwardNotReady(problems[0].title, where=problems[0].field)
    return draft


def _require_open(award: Award) -> None:
    if award.state == "signed":
        raise AwardSigned(where="award")
    if award.state == "signing":
        raise AwardBeingSigned(where="award")


def required(connection: Connection, member: Member, award_id: str, *, lock: bool = False) -> Award:
    """A company's award. Raises AwardUnknown for a missing and a foreign one alike."""
    found = awards.by_id(connection, member.issuer.id, wanted_id(award_id), lock=lock)
    if found is None:
        raise AwardUnknown(where="award")
    return found


def _moved(
    means: Means, connection: Connection, member: Member, award: Award, state: AwardState, action: str, **detail: str
) -> None:
    now = means.accounts.clock()
    awards.change(connection, replace(award, state=state, changed_at=now))
    note_of(connection, member, action, f"award:{award.id}", now=now, **detail)
