"""A credential that a program composed itself and offers to be issued: what is taken of it, and what the service adds.

Of a real issuer: an Open Badges AchievementCredential about a named person, of plain members only. Its id, its issuer,
when it begins and where its status stands are the service's to say, never the caller's. It is completed here, goes
through the same intent as every other credential, and is held against the profile and the lint of texts before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from credentials.core import strict_json
from credentials.core.achievement import CONTEXTS, read_achievement
from credentials.core.instants import format_instant
from credentials.issuer.allotment import Allotted
from credentials.issuer.characters import broken, garbled, harmless, hidden, stacked
from credentials.issuer.compose import TEST_ONLY, Identity, status_entries
from credentials.issuer.errors import OfferRefused
from credentials.issuer.means import Means
from credentials.store.issuers import Issuer

MEMBERS: Final = frozenset(
    {
        "@context",
        "type",
        "issuer",
        "name",
        "description",
        "credentialSubject",
        "evidence",
        "awardedDate",
        "validUntil",
    }
)
"""What a caller may say of a real issuer's credential; all else is the service's, or not signed at all."""
TYPES: Final = frozenset({"VerifiableCredential", "AchievementCredential", "OpenBadgeCredential"})
MAX_TEXT: Final = 10_000
_MOMENT: Final = "2000-01-01T00:00:00Z"


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """An offer that passed. `document` has what the caller says; see `completed`.

    `recipient_name` and `project_title` are for the portfolio; there is never an e-mail address to tell people apart.
    `form` names the one mechanism to use, None for all that the issuer uses. `as_it_is`: a sandbox's, signed nearly as
    it was offered; `with_status`: it gets status entries.
    """

    recipient_name: str
    project_title: str
    document: dict[str, Any]
    valid_until: datetime | None = None
    form: str | None = None
    as_it_is: bool = False
    with_status: bool = True

    @property
    def recipient_email(self) -> None:
        """None: an address in the open is no part of a credential."""
        return

    def digest(self) -> bytes:
        """32 bytes, equal exactly when two offers are the same."""
        return hashlib.sha256(strict_json.canonical([self.document, self.form, self.with_status])).digest()


def offer(document: Mapping[str, Any], issuer: Issuer) -> Offered:
    """What a real issuer can stand behind of `document` (parsed JSON).

    Raises OfferRefused for members that are not the caller's to say, another issuer, other types or contexts, texts
    with hidden characters, and a subject without a name; NotAnAchievement for what is no Open Badge.
    """
    extra = sorted(document.keys() - MEMBERS)
    if extra:
        raise OfferRefused(f"{extra[0][:60]!r} is not the caller's to say", where=f"/{extra[0][:60]}")
    _check_issuer(document.get("issuer"), issuer)
    _check_kind(document)
    _check_texts(document)
    # Completed with stand-ins, so that the profile judges the whole before anything is recorded.
    trial = _with_defaults(document, f"{issuer.did}#trial", "urn:uuid:00000000-0000-4000-8000-000000000000")
    badge = read_achievement(trial | {"id": "urn:trial", "issuer": issuer.did, "validFrom": _MOMENT})
    name = badge.credential_subject.name
    if not name:
        raise OfferRefused("it does not name the person", where="/credentialSubject/identifier")
    title = badge.credential_subject.achievement.name
    return Offered(recipient_name=name, project_title=title, document=dict(document), valid_until=badge.valid_until)


def completed(
    means: Means, issuer: Issuer, offered: Offered, identity: Identity, place: Allotted, now: datetime
) -> bytes:
    """The exact bytes to sign: what was offered, and what the service says."""
    url = means.credential_url(identity.id)
    if offered.as_it_is:
        document = _tested(offered.document, issuer.did, url)
    else:
        document = _stood_behind(offered.document, issuer, url, identity, now)
    if offered.with_status:
        document["credentialStatus"] = msgspec.to_builtins(status_entries(means, place, url))
    return strict_json.dump(document)


def _stood_behind(
    document: Mapping[str, Any], issuer: Issuer, url: str, identity: Identity, now: datetime
) -> dict[str, Any]:
    moment = format_instant(now)
    profile = {"id": issuer.did, "type": ["Profile"], "name": issuer.name}
    own = {
        "id": url,
        "issuer": profile if issuer.url is None else profile | {"url": issuer.url},
        "validFrom": moment,
    }
    said = {"awardedDate": moment} | _with_defaults(document, f"{url}#achievement", identity.subject)
    if issuer.sandbox:
        said["description"] = TEST_ONLY
    return {"@context": said.pop("@context"), **said, **own}


def _with_defaults(document: Mapping[str, Any], achievement_id: str, subject_id: str) -> dict[str, Any]:
    """With the contexts and ids that a caller may leave to the service."""
    said: dict[str, Any] = {"@context": list(CONTEXTS)} | dict(document)
    subject = said.get("credentialSubject")
    if isinstance(subject, dict):
        said["credentialSubject"] = subject = {"id": subject_id, **subject}
        achievement = subject.get("achievement")
        if isinstance(achievement, dict):
            subject["achievement"] = {"id": achievement_id, **achievement}
    return said


def _tested(document: Mapping[str, Any], did: str, url: str) -> dict[str, Any]:
    """A sandbox's credential: id and issuer where they are missing, and the mark where there is a place for it.

    Version 1.1 of the data model has no `description`, and one in several languages is left as it is.
    """
    marked = {**document}
    marked.setdefault("id", url)
    marked.setdefault("issuer", did)
    description = document.get("description", "")
    if "issuanceDate" not in document and isinstance(description, str):
        marked["description"] = f"{TEST_ONLY} {description}".strip()
    return marked


def _check_issuer(stated: object, issuer: Issuer) -> None:
    named = stated.get("id") if isinstance(stated, dict) else stated
    if stated is not None and named != issuer.did:
        raise OfferRefused("the issuer is another than the key's", where="/issuer")


def _check_kind(document: Mapping[str, Any]) -> None:
    if document.get("@context", list(CONTEXTS)) != list(CONTEXTS):
        raise OfferRefused(f"@context is to be {', '.join(CONTEXTS)}, or left out", where="/@context")
    types = document.get("type")
    if not isinstance(types, list) or "VerifiableCredential" not in types or not _all_known(types):
        raise OfferRefused("type is to be VerifiableCredential and AchievementCredential", where="/type")


def _all_known(types: list[Any]) -> bool:
    return all(isinstance(name, str) and name in TYPES for name in types)


def _check_texts(document: Mapping[str, Any]) -> None:
    for text in _texts(document):
        strange = not harmless(text) and (
            hidden(text, lines=True) is not None or stacked(text) or broken(text) or garbled(text)
        )
        if strange or len(text) > MAX_TEXT:
            raise OfferRefused("a text is too long or has hidden or broken characters")


def _texts(value: Any) -> Iterator[str]:
    """Every text, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
