"""Open Badges 3.0 AchievementCredential as frozen types (Open Badges 3.0 section 4.1 and appendix B).

Only the members that we write or show are typed; others are ignored here and stay in `Credential.document`. Member
order of the output is the order of the fields; absent members are left out, never null. Dates are aware datetimes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, field

from credentials.core.credential import CONTEXT_V1, CONTEXT_V2, StatusEntry
from credentials.core.errors import NotAnAchievement
from credentials.core.object_identity import merge_by_id

OPEN_BADGES_CONTEXT: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS: Final = (CONTEXT_V2, OPEN_BADGES_CONTEXT)
FIELDWORK: Final = "Fieldwork"
HOURS: Final = "Hours"
RAW_SCORE: Final = "RawScore"

Instant = Annotated[datetime, Meta(tz=True)]
Text = Annotated[str, Meta(min_length=1)]
_RENAMED: Final = {"issuanceDate": "validFrom", "expirationDate": "validUntil"}
_PATH: Final = re.compile(r" - at `\$(?P<path>.*)`$")


def _types(*names: str) -> Any:
    """A `type` that is always written. A plain default would be left out."""
    return field(default_factory=lambda: names)


class _Object(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False):
    """The common settings of all types below."""


class Image(_Object, frozen=True, kw_only=True):
    """A picture by its address (appendix B.14)."""

    id: Text
    type: str = field(default_factory=lambda: "Image")
    caption: str | None = None


class IdentityObject(_Object, frozen=True, kw_only=True):
    """One way to recognise the person; `identity_hash` holds the plain value when not `hashed` (appendix B.13)."""

    type: str = field(default_factory=lambda: "IdentityObject")
    identity_type: str
    hashed: bool
    identity_hash: Text
    salt: str | None = None


class Profile(_Object, frozen=True, kw_only=True):
    """An organisation or a person: issuer, assessor or creator (appendix B.19)."""

    id: Text
    type: tuple[str, ...] = _types("Profile")
    name: str | None = None
    url: str | None = None
    description: str | None = None
    image: Image | str | None = None
    email: str | None = None
    official: str | None = None


class Criteria(_Object, frozen=True, kw_only=True):
    """What had to be done (appendix B.7)."""

    id: str | None = None
    narrative: str | None = None


class Alignment(_Object, frozen=True, kw_only=True):
    """A skill or standard in a framework (appendix B.5)."""

    type: tuple[str, ...] = _types("Alignment")
    target_code: str | None = None
    target_description: str | None = None
    target_framework: str | None = None
    target_name: Text
    target_type: str | None = None
    target_url: Text


class RubricCriterionLevel(_Object, frozen=True, kw_only=True):
    """One level of a rated skill (appendix B.22)."""

    id: Text
    type: tuple[str, ...] = _types("RubricCriterionLevel")
    name: Text
    level: str | None = None
    description: str | None = None
    points: str | None = None
    alignment: tuple[Alignment, ...] = ()


class ResultDescription(_Object, frozen=True, kw_only=True):
    """What a result means (appendix B.21)."""

    id: Text
    type: tuple[str, ...] = _types("ResultDescription")
    name: Text
    result_type: Text
    rubric_criterion_level: tuple[RubricCriterionLevel, ...] = ()
    required_level: str | None = None
    value_min: str | None = None
    value_max: str | None = None


class Result(_Object, frozen=True, kw_only=True):
    """A result of the work; `result_description` is the id of its description (appendix B.20)."""

    type: tuple[str, ...] = _types("Result")
    result_description: str | None = None
    value: str | None = None
    achieved_level: str | None = None
    status: str | None = None
    alignment: tuple[Alignment, ...] = ()


class Achievement(_Object, frozen=True, kw_only=True):
    """The project that was done (appendix B.1)."""

    id: Text
    type: tuple[str, ...] = _types("Achievement")
    name: Text
    description: str
    criteria: Criteria
    achievement_type: str | None = None
    creator: Profile | None = None
    image: Image | str | None = None
    alignment: tuple[Alignment, ...] = ()
    result_description: tuple[ResultDescription, ...] = ()
    tag: tuple[str, ...] = ()
    field_of_study: str | None = None
    human_code: str | None = None


class AchievementSubject(_Object, frozen=True, kw_only=True):
    """Who did it and when; `source` is the assessor (appendix B.3)."""

    id: str | None = None
    type: tuple[str, ...] = _types("AchievementSubject")
    identifier: tuple[IdentityObject, ...] = ()
    activity_start_date: Instant | None = None
    activity_end_date: Instant | None = None
    role: str | None = None
    narrative: str | None = None
    result: tuple[Result, ...] = ()
    source: Profile | None = None
    achievement: Achievement

    @property
    def name(self) -> str | None:
        """The person's name, where it is given in the open; of several different ones all, none before the others."""
        return all_of(who.identity_hash for who in self.identifier if who.identity_type == "name" and not who.hashed)

    @property
    def hours(self) -> str | None:
        """The value of the RawScore result named Hours, as it was written; of several different ones all."""
        ids = {
            meaning.id
            for meaning in self.achievement.result_description
            if meaning.name == HOURS and meaning.result_type == RAW_SCORE
        }
        return all_of(result.value for result in self.result if result.result_description in ids)


class Evidence(_Object, frozen=True, kw_only=True):
    """A piece of the work (appendix B.10). `digest_sri` covers its bytes (VC Data Model 2.0 section 5.3).

    `media_type` is the term of that section, which VC 2.0's context defines for any object.
    """

    id: str | None = None
    type: tuple[str, ...] = _types("Evidence")
    name: str | None = None
    description: str | None = None
    narrative: str | None = None
    genre: str | None = None
    audience: str | None = None
    digest_sri: str | None = field(default=None, name="digestSRI")
    media_type: str | None = None


class AchievementCredential(_Object, frozen=True, kw_only=True):
    """The credential (appendix B.2). `credential_status` is one entry; issuers that suspend give two.

    `endorsement_jwt` are endorsements as tokens. Whatever stands there is read elsewhere (`endorsement`): a credential
    stands without them, so nothing in their place makes it unreadable.
    """

    context: tuple[str, ...] = field(default_factory=lambda: CONTEXTS, name="@context")
    id: Text
    type: tuple[str, ...] = _types("VerifiableCredential", "AchievementCredential")
    name: str | None = None
    description: str | None = None
    image: Image | str | None = None
    issuer: Profile | str
    valid_from: Instant
    valid_until: Instant | None = None
    awarded_date: Instant | None = None
    credential_subject: AchievementSubject
    evidence: tuple[Evidence, ...] = ()
    endorsement_jwt: Any = ()
    credential_status: StatusEntry | tuple[StatusEntry, ...] | None = None

    @property
    def issuer_profile(self) -> Profile:
        """The issuer as a Profile, also where only its id is given."""
        return Profile(id=self.issuer) if isinstance(self.issuer, str) else self.issuer


def parse_achievement(document: Mapping[str, Any]) -> AchievementCredential:
    """The Open Badges credential that `document` (strictly parsed JSON) is, objects with one id merged.

    Raises NotAnAchievement with the JSON pointer of the first fault, and the errors of `merge_by_id`.
    """
    return read_achievement(merge_by_id(document))


def read_achievement(document: Mapping[str, Any]) -> AchievementCredential:
    """As `parse_achievement`, for a document merged already: that of a `Credential` or of a report.

    Raises NotAnAchievement.
    """
    types = document.get("type")
    if not isinstance(types, list) or not ({"AchievementCredential", "OpenBadgeCredential"} & _names(types)):
        raise NotAnAchievement("AchievementCredential is not among the types", where="/type")
    try:
        credential = msgspec.convert(_of_version_2(document), AchievementCredential)
    except msgspec.ValidationError as err:
        problem, pointer = located(str(err))
        raise NotAnAchievement(problem, where=pointer) from None
    check_profile(credential)
    return credential


def _of_version_2(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """An Open Badge on VC 1.1 says when it holds in that version's words (VC Data Model 1.1 sections 4.6, 4.7)."""
    contexts = document.get("@context")
    if not isinstance(contexts, list) or contexts[:1] != [CONTEXT_V1]:
        return document
    return {_RENAMED.get(name, name): value for name, value in document.items()}


def to_bytes(credential: AchievementCredential) -> bytes:
    """The unsigned credential as compact UTF-8 JSON: the same bytes for equal credentials."""
    return msgspec.json.encode(credential)


def named(name: str) -> IdentityObject:
    """A person's name, in the open."""
    return IdentityObject(identity_type="name", hashed=False, identity_hash=name)


def hashed_email(email: str, salt: str) -> IdentityObject:
    """An e-mail address as `sha256$` and the hex SHA-256 of address and salt (appendix B.13, IdentityHash)."""
    return IdentityObject(identity_type="emailAddress", hashed=True, identity_hash=_email_hash(email, salt), salt=salt)


def is_email_of(identity: IdentityObject, email: str) -> bool:
    """Whether `identity` is the salted hash of `email`, spelled exactly so."""
    if identity.identity_type != "emailAddress" or not identity.hashed:
        return False
    return identity.identity_hash == _email_hash(email, identity.salt or "")


def all_of(values: Iterable[str | None], between: str = " / ") -> str | None:
    """The one value of several that may repeat it; if they differ, all of them in the order of the alphabet.

    A list in JSON has no first: a signature over its meaning lets anybody change the order.
    """
    return between.join(sorted({value for value in values if value})) or None


def located(message: str) -> tuple[str, str]:
    """A msgspec message as problem and JSON pointer: "… - at `$.a[0]`" → ("…", "/a/0")."""
    found = _PATH.search(message)
    if not found:
        return message, ""
    pointer = found["path"].replace("[", "/").replace("]", "").replace(".", "/")
    return message[: found.start()], pointer


def _email_hash(email: str, salt: str) -> str:
    return "sha256$" + sha256((email + salt).encode()).hexdigest()


def _names(types: list[Any]) -> set[str]:
    return {name for name in types if isinstance(name, str)}


def check_profile(credential: AchievementCredential) -> None:
    """What the shapes alone do not say (appendix B.2, B.3). Raises NotAnAchievement."""
    subject = credential.credential_subject
    if "AchievementSubject" not in subject.type:
        raise NotAnAchievement("the subject is not an AchievementSubject", where="/credentialSubject/type")
    if "Achievement" not in subject.achievement.type:
        raise NotAnAchievement("the achievement is not an Achievement", where="/credentialSubject/achievement/type")
    if subject.id is None and not subject.identifier:
        raise NotAnAchievement("the subject has neither id nor identifier", where="/credentialSubject")
    for moment, where in (
        (subject.activity_start_date, "/credentialSubject/activityStartDate"),
        (subject.activity_end_date, "/credentialSubject/activityEndDate"),
        (credential.awarded_date, "/awardedDate"),
    ):
        if moment is not None and not 1 < moment.year < 9999:
            _require_in_utc(moment, where)


def _require_in_utc(moment: datetime, where: str) -> None:
    """A date in the first or last hours of the calendar may have no UTC form, so nobody could compare or show it."""
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise NotAnAchievement("a date beyond the calendar", where=where) from None
