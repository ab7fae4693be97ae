"""The work behind a verified document, whatever kind of credential it is.

Reads the document a report carries, which it carries only when the signature holds. An Open Badges achievement is read
through its types; any other credential still has a title and perhaps a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from credentials.core.achievement import FIELDWORK, read_achievement
from credentials.core.errors import CredentialError, NotAnAchievement
from credentials.core.instants import parse_instant
from credentials.core.micro_internship import CompletedWork, Delivered, completed_work
from credentials.core.sd_jwt_vc_claims import as_credential
from credentials.core.submission_receipt import tells_of_submission

FINISHED_WORK = "Completed micro-internship"
ACHIEVEMENT = "Achievement"
OTHER = "Credential"
RECEIPT = "Receipt for work handed in"


def work_of(document: Mapping[str, Any]) -> tuple[str, CompletedWork]:
    """What kind of thing a report's document (merged already) is, in a few words, and the work it tells of.

    Of an SD-JWT that is as much as its holder chose to show.
    """
    if tells_of_submission(document):
        return RECEIPT, submitted_work(document)
    try:
        credential = read_achievement(as_credential(document) or document)
    except NotAnAchievement:
        return OTHER, _of_another_kind(document)
    kind = credential.credential_subject.achievement.achievement_type
    return FINISHED_WORK if kind == FIELDWORK else ACHIEVEMENT, completed_work(credential)


def submitted_work(document: Mapping[str, Any]) -> CompletedWork:
    """What a receipt tells of: the project, who handed in what and when. Whatever is missing is left out."""
    subject, plain = _object(document.get("credentialSubject")), _of_another_kind(document)
    items = subject.get("items")
    to = _object(subject.get("handedInTo"))
    late = "late" if subject.get("late") is True else "in time"
    whom = _text(to.get("domain")) or _text(to.get("name")) or "somebody"
    return replace(
        plain,
        person=_text(_object(subject.get("handedInBy")).get("name")),
        role=f"says that it was handed in to “{whom}”, {late}",
        deliverables=tuple(map(_submitted, items if isinstance(items, list) else ())),
    )


def _submitted(item: object) -> Delivered:
    found = _object(item)
    name, url = _text(found.get("deliverable")) or "Something", web_address(found.get("link"))
    file_name, digest = _text(found.get("fileName")), _text(found.get("digest"))
    note = ", ".join(part for part in (file_name, digest) if part)
    return Delivered(name, "public" if url else "link", url, note or ("by link" if url else None))


def _of_another_kind(document: Mapping[str, Any]) -> CompletedWork:
    """A credential that is no Open Badge: its name or type, and its subject's name."""
    stated = document.get("type")
    listed = stated if isinstance(stated, list) else [stated]
    kinds = [kind for kind in listed if isinstance(kind, str) and kind != "VerifiableCredential"]
    subject, issuer = _object(document.get("credentialSubject")), _object(document.get("issuer"))
    return CompletedWork(
        person=_text(subject.get("name")),
        title=_text(document.get("name")) or min(kinds, default="Verifiable credential"),
        summary=_text(document.get("description")) or "",
        started=None,
        ended=None,
        hours=None,
        role=None,
        skills=(),
        deliverables=(),
        supervisor=None,
        words=None,
        evidence_url=None,
        issuer_id=_text(issuer.get("id")) or _text(document.get("issuer")) or "",
        issuer_name=_text(issuer.get("name")),
        issuer_url=web_address(issuer.get("url")),
        issued=_instant(document.get("validFrom")) or _instant(document.get("issuanceDate")) or _UNDATED,
        valid_until=_instant(document.get("validUntil")) or _instant(document.get("expirationDate")),
    )


_UNDATED = datetime.fromtimestamp(0, UTC)
"""Stands for a date that was left out: VC 2.0 lets `validFrom` be absent."""


def is_dated(work: CompletedWork) -> bool:
    """Whether the credential said when it was issued."""
    return work.issued != _UNDATED


def web_address(value: object) -> str | None:
    """The value when it is an http(s) address with a host and nothing hidden in it, else None.

    What a signer typed becomes a link only through here: `javascript:` and its kin do not.
    """
    if not isinstance(value, str) or any(char <= " " or char == "\x7f" for char in value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _instant(value: object) -> datetime | None:
    try:
        return parse_instant(value)
    except CredentialError:
        return None
