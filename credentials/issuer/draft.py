"""What a company says about a finished micro-internship, before anything is signed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

__all__ = ["Deliverable", "Draft", "Rating", "Visibility", "deliverable", "draft_digest"]

Visibility = Literal["public", "link", "confidential"]

_MARK = re.compile(r"\s*[(\[]\s*(confidential|link[ -]only|public)\s*[)\]]\s*$", re.IGNORECASE)
_MARKED: dict[str, Visibility] = {"confidential": "confidential", "link": "link", "public": "public"}


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One thing that was handed over.

    `visibility` says who may see it: anyone (`public`), whoever has the link (`link`), or nobody but the two
    parties (`confidential`). `url` is where it is, when it may be opened.

    Of a file that was seen whole: `digest` in the form of Subresource Integrity (`sha384-` and base64), its
    `media_type` and its `size` in bytes. All three or none.
    """

    name: str
    visibility: Visibility = "public"
    url: str | None = None
    digest: str | None = None
    media_type: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """How well a skill was shown, in the company's own words or numbers ("4 of 5"); `reason` is a line on why."""

    skill: str
    level: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One finished micro-internship, as its company describes it. Nothing here is checked: see `lint`.

    Texts are as typed, trimmed. `started_on` and `ended_on` are calendar days, both worked. `hours` are the hours
    of work in all. `valid_until` is aware; None means that the credential does not expire.

    `compensation` ("EUR 400"), `ratings` and confidential deliverables never stand in a public file: only the candidate
    gets them, in a form from which each can be left out. `selective`: make such a form even where there is nothing of
    this kind.

    `agreement`: the digest of what was agreed before the work began, as `digestSRI` has it ("sha384-…"). The agreement
    holds a random salt, so its digest tells nothing to whoever does not have it.

    `endorse`: the supervisor's words, if there are any, are signed as an endorsement besides.
    """

    recipient_name: str
    recipient_email: str | None
    project_title: str
    summary: str
    deliverables: tuple[Deliverable, ...]
    skills: tuple[str, ...]
    started_on: date
    ended_on: date
    hours: Decimal | None
    supervisor_name: str
    supervisor_words: str | None
    evidence_url: str | None
    valid_until: datetime | None = None
    role: str | None = None
    compensation: str | None = None
    ratings: tuple[Rating, ...] = ()
    selective: bool = False
    agreement: str | None = None
    endorse: bool = False

    @property
    def private(self) -> bool:
        """Whether there is anything in it that no public file may show."""
        return bool(self.compensation or self.ratings) or any(
            item.visibility == "confidential" for item in self.deliverables
        )


def deliverable(text: str) -> Deliverable:
    """Read a deliverable as people write it: "raw notes (confidential)" is named "raw notes" and is confidential."""
    if text[-1:] not in ")]":
        return Deliverable(text)
    mark = _MARK.search(text)
    if mark is None or mark.start() == 0:
        return Deliverable(text)
    return Deliverable(text[: mark.start()], _MARKED[re.split("[ -]", mark[1].lower())[0]])


class _PlainDeliverable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    digest: str | None = None
    media_type: str | None = None
    name: str
    size: int | None = None
    url: str | None = None
    visibility: str


class _PlainDraft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A draft as JSON values: members by name, absent ones left out, so that a field added later changes no digest."""

    agreement: str | None = None
    compensation: str | None = None
    deliverables: tuple[_PlainDeliverable, ...] = ()
    ended_on: date
    endorse: bool = False
    evidence_url: str | None = None
    hours: str | None = None
    project_title: str
    ratings: tuple[tuple[str, str, str | None], ...] = ()
    recipient_email: str | None = None
    recipient_name: str
    role: str | None = None
    selective: bool = False
    skills: tuple[str, ...] = ()
    started_on: date
    summary: str
    supervisor_name: str
    supervisor_words: str | None = None
    valid_until: datetime | None = None


def _plain(draft: Draft) -> _PlainDraft:
    return _PlainDraft(
        agreement=draft.agreement,
        compensation=draft.compensation,
        deliverables=tuple([_plain_deliverable(one) for one in draft.deliverables]),
        ended_on=draft.ended_on,
        endorse=draft.endorse,
        evidence_url=draft.evidence_url,
        hours=None if draft.hours is None else format(draft.hours.normalize(), "f"),
        project_title=draft.project_title,
        ratings=tuple([(one.skill, one.level, one.reason) for one in draft.ratings]),
        recipient_email=draft.recipient_email,
        recipient_name=draft.recipient_name,
        role=draft.role,
        selective=draft.selective,
        skills=draft.skills,
        started_on=draft.started_on,
        summary=draft.summary,
        supervisor_name=draft.supervisor_name,
        supervisor_words=draft.supervisor_words,
        valid_until=None if draft.valid_until is None else draft.valid_until.astimezone(UTC),
    )


def _plain_deliverable(one: Deliverable) -> _PlainDeliverable:
    return _PlainDeliverable(
        digest=one.digest,
        media_type=one.media_type,
        name=one.name,
        size=one.size,
        url=one.url,
        visibility=one.visibility,
    )


def draft_digest(draft: Draft) -> bytes:
    """SHA-256 over the draft's canonical JSON: 32 bytes, equal exactly when two drafts say the same.

    Names are sorted, absent members left out, 30 and 30.0 hours are one number, instants are in UTC. Raises
    UnicodeEncodeError on a lone surrogate, which `lint` refuses.
    """
    return hashlib.sha256(msgspec.json.encode(_plain(draft))).digest()
