"""What a credential says about finished work, as one frozen value: the bridge from a verified document to a page.

Reads the document a report carries, which it carries only when the signature holds. Any credential may come here, also
one that knows nothing of Open Badges: what is absent, or has another shape than expected, is left out. Nothing depends
on the place of a value in the JSON; a link is kept only when it is http(s).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from credentials.core.errors import CredentialError
from credentials.core.instants import parse_instant

CONFIDENTIAL, LINK, PUBLIC = "confidential", "link", "public"


@dataclass(frozen=True, slots=True)
class Delivered:
    """One thing that was handed over; `visibility` is public, link or confidential, `url` is http(s) or absent."""

    name: str
    visibility: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class CompletedWork:
    """What the issuer signed about the work. Texts are data, never markup; absent is None or empty."""

    title: str
    person: str | None
    company: str | None
    role: str | None
    summary: str | None
    praise: str | None
    reviewer: str | None
    delivered: tuple[Delivered, ...]
    skills: tuple[str, ...]
    started: datetime | None
    ended: datetime | None
    hours: str | None
    is_fieldwork: bool
    awarded: datetime | None
    valid_until: datetime | None


def completed_work(document: Mapping[str, Any]) -> CompletedWork:
    """What a verified document says about work. Open Badges 3.0 appendix B.1 names the members."""
    subject = _first(document.get("credentialSubject"))
    achievement = _first(subject.get("achievement"))
    evidence = [_object(item) for item in _each(document.get("evidence"))]
    return CompletedWork(
        title=_text(achievement.get("name")) or _text(document.get("name")) or _kind(document),
        person=_person(subject),
        company=_text(_first(document.get("issuer")).get("name")),
        role=_text(subject.get("role")),
        summary=_text(subject.get("narrative")) or _text(achievement.get("description")),
        praise=next((_text(item.get("narrative")) for item in evidence if _is_praise(item)), None),
        reviewer=_text(_first(subject.get("source")).get("name")),
        delivered=tuple(_delivered(item) for item in evidence if not _is_praise(item) and _text(item.get("name"))),
        skills=tuple(_skills(achievement)),
        started=_instant(subject.get("activityStartDate")),
        ended=_instant(subject.get("activityEndDate")),
        hours=_hours(subject, achievement),
        is_fieldwork=achievement.get("achievementType") == "Fieldwork",
        awarded=_instant(document.get("awardedDate")) or _instant(document.get("validFrom")),
        valid_until=_instant(document.get("validUntil")),
    )


def web_address(value: object) -> str | None:
    """The value when it is an http(s) address with a host, else None: nothing else may become a link."""
    if not isinstance(value, str) or any(char <= " " or char == "\x7f" for char in value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def _each(value: object) -> Iterator[object]:
    """One or many: VC Data Model 2.0 lets a single value stand for an array of one."""
    if isinstance(value, (list, tuple)):
        yield from value
    elif value is not None:
        yield value


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(value: object) -> Mapping[str, Any]:
    return _object(next(_each(value), None))


def _text(value: object) -> str | None:
    """Text, or the first value of a language map (VC Data Model 2.0 section 11.1), trimmed; None when empty."""
    if isinstance(value, Mapping):
        value = value.get("@value")
    return value.strip() or None if isinstance(value, str) else None


def _instant(value: object) -> datetime | None:
    try:
        return parse_instant(value)
    except CredentialError:
        return None


def _kind(document: Mapping[str, Any]) -> str:
    kinds = sorted(kind for kind in _each(document.get("type")) if isinstance(kind, str))
    return next((kind for kind in kinds if kind != "VerifiableCredential"), "Verifiable credential")


def _person(subject: Mapping[str, Any]) -> str | None:
    """The name as an `IdentityObject`, in the clear (Open Badges 3.0 appendix B.1.11), or the subject's own `name`."""
    for identity in map(_object, _each(subject.get("identifier"))):
        if identity.get("identityType") == "name" and identity.get("hashed") is False:
            return _text(identity.get("identityHash"))
    return _text(subject.get("name"))


def _is_praise(evidence: Mapping[str, Any]) -> bool:
    return evidence.get("genre") == "Testimonial"


def _delivered(evidence: Mapping[str, Any]) -> Delivered:
    """A deliverable; a link of a confidential one is not shown even if it was signed."""
    visibility = _text(evidence.get("audience")) or PUBLIC
    url = web_address(evidence.get("id")) if visibility != CONFIDENTIAL else None
    return Delivered(_text(evidence.get("name")) or "", visibility, url)


def _skills(achievement: Mapping[str, Any]) -> Iterator[str]:
    """Skills as aligned and as tagged, each once, whatever its case."""
    aligned = (_text(_object(item).get("targetName")) for item in _each(achievement.get("alignment")))
    seen: set[str] = set()
    for skill in [*aligned, *map(_text, _each(achievement.get("tag")))]:
        if skill and skill.casefold() not in seen:
            seen.add(skill.casefold())
            yield skill


def _hours(subject: Mapping[str, Any], achievement: Mapping[str, Any]) -> str | None:
    """The value of the result that is described as Hours."""
    described = map(_object, _each(achievement.get("resultDescription")))
    wanted = {item.get("id") for item in described if _text(item.get("name")) == "Hours"}
    for result in map(_object, _each(subject.get("result"))):
        if result.get("resultDescription") in wanted:
            return _text(result.get("value"))
    return None
