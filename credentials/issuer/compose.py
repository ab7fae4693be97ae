"""A draft as an unsigned Open Badges credential, to the byte: as anyone may see it, and as only the candidate gets it.

Where each column goes is written in `credentials.core.micro_internship`, which also reads it back. The public document
has neither pay nor ratings, and says of confidential deliverables only that there are some.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from struct import Struct

import msgspec

from credentials.core import base64url
from credentials.core.achievement import (
    FIELDWORK,
    HOURS,
    RAW_SCORE,
    Achievement,
    AchievementCredential,
    AchievementSubject,
    Criteria,
    Evidence,
    IdentityObject,
    Profile,
    Result,
    ResultDescription,
    hashed_email,
    named,
    to_bytes,
)
from credentials.core.credential import BITSTRING_ENTRY, StatusEntry
from credentials.core.identifiers import CREDENTIAL_ID_BYTES, SHORT_CODE_BYTES, credential_id, short_code
from credentials.core.micro_internship import (
    AUDIENCES,
    COMPENSATION,
    DELIVERABLE,
    EVIDENCE_LINK,
    PERFORMANCE,
    PLAIN_RESULT,
    RATING,
    SUPERVISOR_WORDS,
    agreement_evidence,
    sha384_of,
    size_text,
)
from credentials.issuer.allotment import Allotted
from credentials.issuer.draft import Deliverable, Draft
from credentials.issuer.means import Means
from credentials.issuer.recipients import normal_email
from credentials.store.issuers import Issuer

CRITERIA = "The work was handed in as agreed, reviewed, and accepted by the company that signs this."
TEST_ONLY = "Test only. Proves nothing."

_SALT_BYTES = 16
_UUID_BYTES = 16
_ENTROPY = Struct(f"{CREDENTIAL_ID_BYTES}s{SHORT_CODE_BYTES}s{_SALT_BYTES}s{_UUID_BYTES}s{_UUID_BYTES}s")
"""The random bytes of one identity, in the order of its fields."""


class Identity(msgspec.Struct, frozen=True):
    """All that is random in a credential: drawn once, stored inside its bytes."""

    id: str
    code: str
    salt: str
    subject: str
    supervisor: str


def draw_identities(count: int) -> Iterator[Identity]:
    """Fresh identities, from one read of the system's random source."""
    for own, code, salt, subject, supervisor in _ENTROPY.iter_unpack(os.urandom(_ENTROPY.size * count)):
        yield Identity(credential_id(own), short_code(code), base64url.encode(salt), _urn(subject), _urn(supervisor))


def _urn(raw: bytes) -> str:
    """A random UUID (RFC 9562 section 5.4) as a URN; spelled by hand, for uuid.UUID takes ten times as long."""
    text = (raw[:6] + bytes((raw[6] & 0x0F | 0x40, raw[7], raw[8] & 0x3F | 0x80)) + raw[9:]).hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def compose(
    means: Means,
    issuer: Issuer,
    draft: Draft,
    identity: Identity,
    place: Allotted,
    now: datetime,
    endorsements: tuple[str, ...] = (),
) -> bytes:
    """The exact bytes that every public form secures. `draft` passed lint; `now` is in whole seconds.

    `endorsements` are signed tokens about this very credential.
    """
    return _compose(means, issuer, public_part(draft), identity, place, now, endorsements)


def compose_full(
    means: Means,
    issuer: Issuer,
    draft: Draft,
    identity: Identity,
    place: Allotted,
    now: datetime,
    endorsements: tuple[str, ...] = (),
) -> bytes:
    """As `compose`, with all that is private: what the selectively disclosable forms secure."""
    return _compose(means, issuer, draft, identity, place, now, endorsements)


def public_part(draft: Draft) -> Draft:
    """What anyone may see of a draft."""
    return replace(draft, compensation=None, ratings=(), deliverables=_unnamed(draft)) if draft.private else draft


def _unnamed(draft: Draft) -> tuple[Deliverable, ...]:
    """The deliverables with one entry for all that are confidential, where the first of them stood."""
    secret = [item for item in draft.deliverables if item.visibility == "confidential"]
    name = "A confidential deliverable" if len(secret) == 1 else f"{len(secret)} confidential deliverables"
    shown: list[Deliverable] = []
    for item in draft.deliverables:
        if item.visibility != "confidential":
            shown.append(item)
        elif item is secret[0]:
            shown.append(Deliverable(name, "confidential"))
    return tuple(shown)


def _compose(
    means: Means,
    issuer: Issuer,
    draft: Draft,
    identity: Identity,
    place: Allotted,
    now: datetime,
    endorsements: tuple[str, ...],
) -> bytes:
    url = means.credential_url(identity.id)
    credential = AchievementCredential(
        id=url,
        name=draft.project_title,
        description=TEST_ONLY if issuer.sandbox else None,
        issuer=Profile(id=issuer.did, name=issuer.name, url=issuer.url),
        valid_from=now,
        valid_until=whole_seconds(draft.valid_until),
        awarded_date=now,
        credential_subject=_subject(draft, identity, url),
        evidence=tuple(_evidence(draft)),
        endorsement_jwt=endorsements,
        credential_status=status_entries(means, place, url),
    )
    return to_bytes(credential)


def whole_seconds(moment: datetime | None) -> datetime | None:
    """An instant in UTC without its fraction: the token's `nbf` and `exp` count seconds."""
    return moment.astimezone(UTC).replace(microsecond=0) if moment else None


def _subject(draft: Draft, identity: Identity, url: str) -> AchievementSubject:
    results = tuple(_results(draft, url))
    return AchievementSubject(
        id=identity.subject,
        identifier=_identifiers(draft, identity.salt),
        activity_start_date=_midnight(draft.started_on),
        activity_end_date=_midnight(draft.ended_on),
        role=draft.role,
        result=tuple([result for result, _ in results]),
        source=Profile(id=identity.supervisor, name=draft.supervisor_name),
        achievement=Achievement(
            id=f"{url}#achievement",
            name=draft.project_title,
            description=draft.summary,
            criteria=Criteria(narrative=CRITERIA),
            achievement_type=FIELDWORK,
            result_description=tuple([meaning for _, meaning in results]),
            tag=tuple(dict.fromkeys(draft.skills)),
        ),
    )


def _results(draft: Draft, url: str) -> Iterator[tuple[Result, ResultDescription]]:
    """Hours, pay and ratings, each with what it means."""
    if draft.hours is not None:
        yield _result(f"{url}#hours", HOURS, RAW_SCORE, plain_number(draft.hours))
    if draft.compensation:
        yield _result(f"{url}#compensation", COMPENSATION, PLAIN_RESULT, draft.compensation)
    for number, one in enumerate(draft.ratings, 1):
        yield _result(f"{url}#rating-{number}", one.skill, PERFORMANCE, one.level)


def _result(name: str, title: str, kind: str, value: str) -> tuple[Result, ResultDescription]:
    return Result(result_description=name, value=value), ResultDescription(id=name, name=title, result_type=kind)


def _identifiers(draft: Draft, salt: str) -> tuple[IdentityObject, ...]:
    person = named(draft.recipient_name)
    if not draft.recipient_email:
        return (person,)
    return (person, hashed_email(normal_email(draft.recipient_email), salt))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def plain_number(number: Decimal) -> str:
    """37.50 → "37.5", 6E+1 → "60"."""
    return format(number.normalize(), "f")


def _evidence(draft: Draft) -> Iterator[Evidence]:
    """The deliverables, the link to the work, the agreement's digest, the supervisor's words.

    Two objects with one id are one object, so an address that was used stands in `narrative` the next time. (Lint sees
    to it that no file is among those.)
    """
    used: set[str] = set()
    for item in draft.deliverables:
        yield _deliverable(item, used)
    if draft.evidence_url and draft.evidence_url not in used:
        yield Evidence(id=draft.evidence_url, name="The work", genre=EVIDENCE_LINK)
    if draft.agreement:
        yield agreement_evidence(draft.agreement)
    if draft.supervisor_words:
        yield Evidence(name=draft.supervisor_name, narrative=draft.supervisor_words, genre=SUPERVISOR_WORDS)
    for one in draft.ratings:
        if one.reason:
            yield Evidence(name=one.skill, narrative=one.reason, genre=RATING)


def _deliverable(item: Deliverable, used: set[str]) -> Evidence:
    url = item.url if item.visibility == "public" else None
    again = url in used
    if url:
        used.add(url)
    return Evidence(
        id=None if again else url or _named_by_digest(item.digest),
        name=item.name,
        description=None if item.size is None else size_text(item.size),
        narrative=url if again else None,
        genre=DELIVERABLE,
        audience=AUDIENCES[item.visibility],
        digest_sri=item.digest,
        media_type=item.media_type,
    )


def _named_by_digest(digest_sri: str | None) -> str | None:
    """A name for what has a digest and no address (RFC 6920 section 3): it tells where nothing is."""
    digest = sha384_of(digest_sri) if digest_sri else None
    return f"ni:///sha-384;{base64url.encode(digest)}" if digest else None


def status_entries(means: Means, place: Allotted, url: str) -> StatusEntry | tuple[StatusEntry, ...]:
    """One object where Open Badges' schema wants one; an array only for issuers that suspend (VC 2.0 section 4.10)."""
    entries = tuple(_status(means, place.index, purpose, list_id, url) for purpose, list_id in place.lists)
    return entries[0] if len(entries) == 1 else entries


def _status(means: Means, index: int, purpose: str, list_id: str, url: str) -> StatusEntry:
    listed = means.list_url(list_id)
    return StatusEntry(
        id=f"{listed}#{index}",
        type=BITSTRING_ENTRY,
        status_purpose=purpose,
        status_list_index=str(index),
        status_list_credential=listed,
        status_reference=f"{url}/status",
    )
