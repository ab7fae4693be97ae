"""Any credential of the VC Data Model, 1.1 or 2.0, as one frozen type. Open Badges is a profile on top (`achievement`).

Bytes were parsed strictly before; here the document must say plainly what a reader will act on:
1. the first @context names the version, and no @context redefines terms (VC 2.0 section 4.3);
2. every member is a plain term, so that none can hide from a reader who looks for its name;
3. type, issuer, subject, validity and status have the shapes of sections 4.4 to 4.10;
4. all of this is read from the document with the objects of one id merged, so that what counts is what will be shown:
   an end or a status entry that stands further down, under the credential's own id, is the credential's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from credentials.core.errors import (
    ImpossiblePeriod,
    InlineContext,
    MalformedCredential,
    NotATerm,
    UnsupportedStatus,
    WrongContext,
)
from credentials.core.instants import parse_instant
from credentials.core.object_identity import merge_by_id
from credentials.core.strict_json import Said, members

CONTEXT_V1: Final = "https://www.w3.org/2018/credentials/v1"
CONTEXT_V2: Final = "https://www.w3.org/ns/credentials/v2"
BITSTRING_ENTRY: Final = "BitstringStatusListEntry"
STATUS_LIST_ENTRY: Final = "status_list"
"""The `type` of an entry of a Token Status List; it has no purpose, for one number in it says all."""

Version = Literal["1.1", "2.0", "SD-JWT VC"]
_VERSIONS: Final[Mapping[str, Version]] = {CONTEXT_V1: "1.1", CONTEXT_V2: "2.0"}
# Where each version keeps its validity, and the other's names, which would go unread.
_PERIOD: Final[Mapping[Version, tuple[str, str]]] = {
    "1.1": ("issuanceDate", "expirationDate"),
    "2.0": ("validFrom", "validUntil"),
}
_OTHERS_PERIOD: Final[Mapping[Version, tuple[str, str]]] = {
    "1.1": ("validFrom", "validUntil"),
    "2.0": ("issuanceDate", "expirationDate"),
}
MAX_STATUSES: Final = 16
_TEXT: Final = frozenset({str})
_NOT_A_TERM: Final = re.compile(r"@(?!context$)|[^:]*:", re.DOTALL)


class StatusEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False):
    """Where to ask whether a credential was withdrawn (Bitstring Status List 1.0 section 2.1).

    An entry of another `type` is kept as it is and is not `supported`: nothing can be said about it.
    """

    id: str | None = None
    type: str
    status_purpose: str | None = None
    status_list_index: str | None = None
    status_list_credential: str | None = None
    status_reference: str | None = None
    status_size: int = 1

    @property
    def supported(self) -> bool:
        """Whether this is a one-bit BitstringStatusListEntry. An entry of a Token Status List is asked otherwise."""
        return self.type == BITSTRING_ENTRY and self.status_size == 1

    @property
    def purpose(self) -> str:
        """`revocation`, `suspension` or another; empty for an entry of another type."""
        return self.status_purpose or ""

    @property
    def list_url(self) -> str:
        """The address of the list. Raises UnsupportedStatus for an entry that is not supported."""
        if not self.supported or self.status_list_credential is None:
            raise UnsupportedStatus(f"a status of type {self.type[:60]!r}", where="/credentialStatus")
        return self.status_list_credential

    @property
    def index(self) -> int:
        """The number of the bit. Raises UnsupportedStatus for an entry that is not supported."""
        if not self.supported or self.status_list_index is None:
            raise UnsupportedStatus(f"a status of type {self.type[:60]!r}", where="/credentialStatus")
        return int(self.status_list_index)


class Credential(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What every credential says. `said` is all that was signed, objects of one id merged; treat it as read-only.

    `subject_id` is None without an id or with several subjects; `issuer_name` is the issuer's own word. An SD-JWT VC
    (`sd_jwt_vc`) is told in the same terms: its one type is its `vct`, and it has no contexts.
    """

    id: str | None
    version: Version
    types: tuple[str, ...]
    contexts: tuple[str, ...]
    issuer_id: str
    issuer_name: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    statuses: tuple[StatusEntry, ...]
    subject_id: str | None
    said: Said

    @property
    def document(self) -> Mapping[str, Any]:
        """All that was signed, taken apart."""
        return members(self.said)


def parse_credential(document: Mapping[str, Any], written: bytes = b"") -> Credential:
    """The credential that `document` (strictly parsed JSON) is; `written` as for `merge_by_id`.

    Raises WrongContext, InlineContext, NotATerm, MalformedCredential, BadInstant, ImpossiblePeriod, and the errors of
    `merge_by_id`.
    """
    document = merge_by_id(document, written)
    contexts = _contexts(document)
    version = _VERSIONS[contexts[0]]
    _check_terms(document)
    issuer_id, issuer_name = _issuer(document)
    valid_from, valid_until = _period(document, version)
    return Credential(
        id=_optional_text(document, "id"),
        version=version,
        types=_types(document),
        contexts=contexts,
        issuer_id=issuer_id,
        issuer_name=issuer_name,
        valid_from=valid_from,
        valid_until=valid_until,
        statuses=_statuses(document),
        subject_id=_subject(document),
        said=document,
    )


def issuer_of(document: Mapping[str, Any]) -> str:
    """The issuer's id, of a document that is not yet verified. Raises MalformedCredential."""
    return _issuer(document)[0]


def _contexts(document: Mapping[str, Any]) -> tuple[str, ...]:
    """VC 2.0 section 4.3: an ordered set whose first item is the version's own context."""
    listed = _as_list(document.get("@context"))
    if not listed or not isinstance(listed[0], str) or listed[0] not in _VERSIONS:
        raise WrongContext(f"the first @context is {_shown(listed[0] if listed else None)}", where="/@context")
    if not _are_texts(listed):
        raise InlineContext("a @context that is not an address", where="/@context")
    return tuple(listed)


def _check_terms(document: Mapping[str, Any]) -> None:
    joined = "".join(document)
    if ":" not in joined and joined.count("@") == 1:  # That of @context, which is known to be there.
        return
    for name in document:
        if _NOT_A_TERM.match(name):
            raise NotATerm(f"{_shown(name)} is not a plain name", where=f"/{name[:80]}")


def _types(document: Mapping[str, Any]) -> tuple[str, ...]:
    """VC 2.0 section 4.5."""
    types = _as_list(document.get("type"))
    if "VerifiableCredential" not in types or not _are_texts(types):
        raise MalformedCredential("VerifiableCredential is not among the types", where="/type")
    return tuple(types)


def _issuer(document: Mapping[str, Any]) -> tuple[str, str | None]:
    """VC 2.0 section 4.7: an address, or an object with one."""
    issuer = document.get("issuer")
    name = None
    if isinstance(issuer, dict):
        stated = issuer.get("name")
        issuer, name = issuer.get("id"), stated if isinstance(stated, str) else None
    if not isinstance(issuer, str) or ":" not in issuer:
        raise MalformedCredential("the issuer has no id that is an address", where="/issuer")
    return issuer, name


def _period(document: Mapping[str, Any], version: Version) -> tuple[datetime | None, datetime | None]:
    """VC 2.0 section 4.9; VC 1.1 sections 4.6 and 4.7."""
    for name in _OTHERS_PERIOD[version]:
        if name in document:
            raise MalformedCredential(f"{name} has no meaning in version {version}", where=f"/{name}")
    start, end = _PERIOD[version]
    first, last = _instant(document, start), _instant(document, end)
    if version == "1.1" and first is None:
        raise MalformedCredential("issuanceDate is needed", where="/issuanceDate")
    if first is not None and last is not None and last < first:
        raise ImpossiblePeriod("it ends before it starts", where=f"/{end}")
    return first, last


def _instant(document: Mapping[str, Any], name: str) -> datetime | None:
    return parse_instant(document[name], where=f"/{name}") if name in document else None


def _subject(document: Mapping[str, Any]) -> str | None:
    """VC 2.0 section 4.8: one subject or several, none of them empty."""
    subjects = _as_list(document.get("credentialSubject"))
    if not subjects:
        raise MalformedCredential("there is no subject", where="/credentialSubject")
    own_id: str | None = None
    for subject in subjects:
        if not (isinstance(subject, dict) and subject):
            raise MalformedCredential("a subject that is empty or no object", where="/credentialSubject")
        own_id = subject.get("id")
        if own_id is not None and not isinstance(own_id, str):
            raise MalformedCredential("the subject's id is not a text", where="/credentialSubject/id")
    return own_id if len(subjects) == 1 else None


def _statuses(document: Mapping[str, Any]) -> tuple[StatusEntry, ...]:
    """VC 2.0 section 4.10: one entry or several; none may be overlooked, so none may be malformed."""
    if "credentialStatus" not in document:
        return ()
    entries = _as_list(document["credentialStatus"])
    if not entries or len(entries) > MAX_STATUSES:
        raise MalformedCredential(f"not 1 to {MAX_STATUSES} entries", where="/credentialStatus")
    return tuple([_status(entry) for entry in entries])


def _status(entry: object) -> StatusEntry:
    try:
        status = msgspec.convert(entry, StatusEntry)
    except msgspec.ValidationError as err:
        return _foreign_status(entry, str(err))
    return checked_status(status)


def checked_status(status: StatusEntry) -> StatusEntry:
    """The entry, if one of ours says all that is needed to ask. Raises MalformedCredential."""
    if status.type != BITSTRING_ENTRY:
        return status
    index = status.status_list_index
    if not (index and index.isascii() and index.isdigit() and len(index) <= 12):
        raise MalformedCredential("the index is not a number as text", where="/credentialStatus/statusListIndex")
    if not (status.status_purpose and status.status_list_credential):
        raise MalformedCredential("purpose and list are needed", where="/credentialStatus")
    return status


def _foreign_status(entry: object, problem: str) -> StatusEntry:
    """Another kind of entry is kept by its type; a broken one of our kind is refused."""
    kinds = _as_list(entry.get("type")) if isinstance(entry, dict) else []
    names = [kind for kind in kinds if isinstance(kind, str)]
    if not names or BITSTRING_ENTRY in names:
        raise MalformedCredential(f"a status entry is malformed: {problem}", where="/credentialStatus")
    return StatusEntry(type=names[0])


def _optional_text(document: Mapping[str, Any], name: str) -> str | None:
    value = document.get(name)
    if (value is None and name not in document) or (isinstance(value, str) and value):
        return value
    raise MalformedCredential("not a text", where=f"/{name}")


def _are_texts(values: Sequence[object]) -> bool:
    return _TEXT.issuperset(map(type, values))


def _as_list(value: object) -> Sequence[Any]:
    if type(value) is list:
        return value
    return [] if value is None else [value]


def _shown(value: object) -> str:
    return repr(value)[:80]
