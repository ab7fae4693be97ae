"""A finished micro-internship inside an Open Badges credential: where each thing that was said stands, and how it is
read back.

Open Badges 3.0 has no property for most of it, so these conventions decide (the section is appendix B's):

- the person: the subject's `identifier` of type `name`; the e-mail address only as a salted hash (B.13)
- the project: `Achievement.name`, `Achievement.description` (B.1)
- first and last day: `activityStartDate`, `activityEndDate`, at midnight UTC of that day (B.3)
- hours: a `RawScore` result described as `Hours` (B.20, B.21)
- pay: a result of type `Result` described as `COMPENSATION`; a rating: a `PerformanceLevel` result described by the
  skill's name, its reason as Evidence of genre `RATING`; both only where a candidate can leave them out
- skills: `Achievement.tag`; those of a framework `Achievement.alignment` (B.5)
- the supervisor: the subject's `source`, a Profile (B.3); their words: Evidence of genre `SUPERVISOR_WORDS`
- deliverables: Evidence of genre `DELIVERABLE`; a public one has its address as `id`, others are named and say in
  `audience` who may see them; the link to the work as a whole: Evidence of genre `EVIDENCE_LINK` (B.10)
- a deliverable that is a file: its SHA-384 as `digestSRI`, its `mediaType`, its size as `description` ("120 bytes").
  What has a digest needs an id (VC Data Model 2.0 section 5.3): without an address it is named by its digest (RFC 6920)
- the agreement that the work was done by: Evidence of genre `AGREEMENT`, without an address; its `id` is the digest as
  a named information URI (RFC 6920 section 3), since a `digestSRI` belongs to an object with an id (VC Data Model 2.0
  section 5.3)

Of what there should be one of and is given several times with different values, all is told, and nothing depends on
which stands first in the JSON.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Container, Iterable
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeVar

from credentials.core.achievement import Achievement, AchievementCredential, AchievementSubject, Evidence, all_of

SUPERVISOR_WORDS: Final = "Supervisor\u2019s words"
DELIVERABLE: Final = "Deliverable"
EVIDENCE_LINK: Final = "Evidence link"
RATING: Final = "Rating"
AGREEMENT: Final = "Agreement"
AGREED: Final = "What was agreed"
COMPENSATION: Final = "Compensation"
PLAIN_RESULT: Final = "Result"
PERFORMANCE: Final = "PerformanceLevel"

Shown = Literal["public", "link", "confidential"]
AUDIENCES: Final[dict[Shown, str | None]] = {
    "public": None,
    "link": "Whoever was given the link",
    "confidential": "Confidential: the company and the candidate only",
}
"""What `audience` says of a deliverable."""

_SRI: Final = re.compile(r"sha384-([A-Za-z0-9+/]{64})")
_SIZE: Final = re.compile(r"([0-9]{1,15}) bytes")
_SHOWN: Final = {text: shown for shown, text in AUDIENCES.items()}


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill. `url` and `framework` are None for one in the company's own words; `url` is http(s) or None."""

    name: str
    url: str | None = None
    framework: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """Something handed over. `shown` says to whom; `url` is an http(s) address or None; `note` is what else is said.

    Of a file whose digest was signed: `sha384` as 96 hexadecimal digits, and where they are said, its `media_type` and
    `size` in bytes.
    """

    name: str
    shown: Shown = "public"
    url: str | None = None
    note: str | None = None
    sha384: str | None = None
    media_type: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating as it was disclosed: `level` in the company's own words or numbers."""

    skill: str
    level: str


Told = TypeVar("Told", Skill, Delivered, Rated)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedWork:
    """What a credential says about the work, in the order a reader wants it. All of it is the issuer's word.

    `person`: the name signed, None when the credential names nobody in the open.
    `title`, `summary`: the project and what was achieved.
    `started`, `ended`: calendar days, both worked, or None.
    `hours`: as written ("60", "37.5"), or None. `role`: or None.
    `skills`, `deliverables`: in the order of the alphabet, each once: an array has no order that a signature over its
    meaning would cover (JSON-LD 1.1 section 4.3), so none is shown.
    `supervisor`: who assessed the work, or None. `words`: what they said in public, or None.
    `evidence_url`: an http(s) link to the work as a whole, or None.
    `issuer_name`, `issuer_url`, `issuer_id`: self-typed but for the id (a DID), which is proved.
    `issued`: `validFrom`. `valid_until`: or None.
    `compensation`: as written ("EUR 400"), or None. `ratings`: ordered as skills are. Both only where disclosed.
    """

    person: str | None
    title: str
    summary: str
    started: date | None
    ended: date | None
    hours: str | None
    role: str | None
    skills: tuple[Skill, ...]
    deliverables: tuple[Delivered, ...]
    supervisor: str | None
    words: str | None
    evidence_url: str | None
    issuer_id: str
    issuer_name: str | None
    issuer_url: str | None
    issued: datetime
    valid_until: datetime | None
    compensation: str | None = None
    ratings: tuple[Rated, ...] = ()


def agreement_evidence(digest: str) -> Evidence:
    """What a credential says of the agreement with this digest."""
    name = digest.removeprefix("sha384-").replace("+", "-").replace("/", "_")
    return Evidence(id=f"ni:///sha-384;{name}", name=AGREED, genre=AGREEMENT, digest_sri=digest)


def agreements(credential: AchievementCredential) -> frozenset[str]:
    """The digests of the agreements that a credential names; of one that is not disclosed nothing is said."""
    return frozenset(one.digest_sri for one in credential.evidence if one.genre == AGREEMENT and one.digest_sri)


def completed_work(credential: AchievementCredential) -> CompletedWork:
    """Read the work back from a parsed credential, ours or another issuer's; never raises.

    Links that are not http(s) are left out: a page may follow every `url` of the result.
    """
    subject, profile = credential.credential_subject, credential.issuer_profile
    spoken = [item for item in credential.evidence if item.genre == SUPERVISOR_WORDS]
    links = _links(credential.evidence)
    told = {SUPERVISOR_WORDS, RATING, AGREEMENT} | ({EVIDENCE_LINK} if len(links) <= 1 else set())
    return CompletedWork(
        person=subject.name,
        title=subject.achievement.name,
        summary=subject.achievement.description,
        started=_day(subject.activity_start_date),
        ended=_day(subject.activity_end_date),
        hours=subject.hours,
        role=subject.role,
        skills=_skills(subject.achievement),
        deliverables=_as_a_set(_delivered(credential.evidence, told)),
        supervisor=_supervisor(subject, spoken),
        words=all_of((item.narrative for item in spoken), between="\n\n"),
        evidence_url=links.pop() if len(links) == 1 else None,
        issuer_id=profile.id,
        issuer_name=profile.name,
        issuer_url=web_link(profile.url),
        issued=credential.valid_from,
        valid_until=credential.valid_until,
        compensation=all_of(value for _, value in _results(subject, PLAIN_RESULT, COMPENSATION)),
        ratings=_as_a_set(Rated(name, value) for name, value in _results(subject, PERFORMANCE)),
    )


def _as_a_set(told: Iterable[Told]) -> tuple[Told, ...]:
    """Each thing once, in an order that does not hang on where it stood."""
    return tuple(sorted(set(told), key=_alphabetical))


def _alphabetical(told: Told) -> list[str]:
    texts: list[str] = [str(value or "") for value in astuple(told)]
    return [texts[0].casefold(), *texts]


def web_link(address: str | None) -> str | None:
    """The address when it is http or https, else None."""
    return address if address and address.lower().startswith(("https://", "http://")) else None


def _results(subject: AchievementSubject, kind: str, name: str | None = None) -> Iterable[tuple[str, str]]:
    """Name and value of the results of a kind, whose description was disclosed with them."""
    meanings = {
        one.id: one.name
        for one in subject.achievement.result_description
        if one.result_type == kind and name in (None, one.name)
    }
    return [
        (meanings[one.result_description], one.value)
        for one in subject.result
        if one.result_description in meanings and one.value
    ]


def _links(evidence: Iterable[Evidence]) -> set[str]:
    return {url for item in evidence if item.genre == EVIDENCE_LINK and (url := web_link(item.id))}


def _day(moment: datetime | None) -> date | None:
    """The day as its author wrote it: in the zone of the instant, not of the reader."""
    return moment.date() if moment else None


def _skills(achievement: Achievement) -> tuple[Skill, ...]:
    aligned = [Skill(one.target_name, web_link(one.target_url), one.target_framework) for one in achievement.alignment]
    known = {skill.name for skill in aligned}
    return _as_a_set([*aligned, *(Skill(tag) for tag in achievement.tag if tag not in known)])


def _supervisor(subject: AchievementSubject, spoken: Iterable[Evidence]) -> str | None:
    if subject.source is not None and subject.source.name:
        return subject.source.name
    return all_of(item.name for item in spoken)


def _delivered(evidence: Iterable[Evidence], told: Container[str | None]) -> Iterable[Delivered]:
    """Our deliverables, and whatever evidence another issuer gave, but for the genres that are told elsewhere."""
    for item in evidence:
        url = web_link(item.id)
        name = item.name or url or item.genre
        if name and item.genre not in told:
            yield _delivered_file(item, name, url)


def _delivered_file(item: Evidence, name: str, url: str | None) -> Delivered:
    """A piece of evidence, with its file's digest, kind and size where those are said as we say them."""
    shown: Shown = _SHOWN.get(item.audience, "public")
    found = _SRI.fullmatch(item.digest_sri or "")
    if found is None:
        return Delivered(name, shown, url, item.description or item.narrative)
    size = _SIZE.fullmatch(item.description or "")
    note = item.narrative if size else item.description or item.narrative
    return Delivered(name, shown, url, note, b64decode(found[1]).hex(), item.media_type, int(size[1]) if size else None)


def sri(sha384: bytes) -> str:
    """A SHA-384 digest as `digestSRI` states it (Subresource Integrity section 3.5)."""
    return f"sha384-{b64encode(sha384).decode()}"


def sha384_of(digest_sri: str) -> bytes | None:
    """The 48 bytes of a `digestSRI` as `sri` writes it; None for any other text."""
    found = _SRI.fullmatch(digest_sri)
    return b64decode(found[1]) if found else None


def size_text(size: int) -> str:
    """A file's size as it is signed."""
    return f"{size} bytes"
