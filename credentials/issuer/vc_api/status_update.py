"""A status update of the VC API as events of ours: VCALM 1.0 appendix C.3, and the older form, a list of entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from credentials.core.errors import BadIdentifier
from credentials.core.identifiers import parse_credential_id
from credentials.issuer.errors import CredentialUnknown, StatusUpdateRefused
from credentials.issuer.means import Means
from credentials.store import status
from credentials.store.engine import read
from credentials.store.status import EventKind, RecordedEvent

REASON: Final = "No reason was given."
"""What the public story says: a VC-API call has no place for a reason."""
_TYPES: Final = frozenset({"BitstringStatusListEntry", "BitstringStatusList"})
_TRUE: Final = (True, "1", 1, "true")
_FALSE: Final = (False, "0", 0, "false")


class Update(msgspec.Struct, frozen=True):
    """One purpose set or cleared."""

    purpose: Literal["revocation", "suspension"]
    value: bool

    def event(self, story: list[RecordedEvent]) -> EventKind | None:
        """What has to be recorded, given what was before; None when it is so already.

        Raises StatusUpdateRefused: a revocation is never taken back.
        """
        last = story[-1].kind if story else None
        if self.purpose == "revocation":
            if not self.value and last in ("revoked", "replaced"):
                raise StatusUpdateRefused("it was withdrawn for good", where="/status")
            return "revoked" if self.value and last not in ("revoked", "replaced") else None
        if (last == "suspended") is self.value:
            return None
        return "suspended" if self.value else "lifted"


def updates(body: Mapping[str, Any]) -> list[Update]:
    """The updates that a call asks for. Raises StatusUpdateRefused."""
    entries = body.get("credentialStatus")
    listed: list[Any] = entries if isinstance(entries, list) else [entries]
    if not 1 <= len(listed) <= 2 or not all(isinstance(entry, dict) for entry in listed):
        raise StatusUpdateRefused("not one or two entries", where="/credentialStatus")
    return [_update(entry, body) for entry in listed]


def credential_of(means: Means, body: Mapping[str, Any]) -> str:
    """Our id of the credential: from `credentialId`, else from the list and the index that an entry names.

    Raises CredentialUnknown.
    """
    named = body.get("credentialId")
    prefix = means.credential_url("")
    if isinstance(named, str):
        try:
            return parse_credential_id(named.removeprefix(prefix))
        except BadIdentifier:
            pass
    return _at_place(means, body.get("credentialStatus"))


def _at_place(means: Means, entries: object) -> str:
    entry = entries[0] if isinstance(entries, list) and entries else entries
    place = (entry.get("statusListCredential"), entry.get("statusListIndex")) if isinstance(entry, dict) else ("", "")
    listed, index = place
    if not isinstance(listed, str) or not isinstance(index, str) or not (index.isascii() and index.isdigit()):
        raise CredentialUnknown("no such credential")
    with read(means.engine) as connection:
        found = status.credential_at(connection, listed.removeprefix(means.list_url("")), int(index[:12]))
    if found is None:
        raise CredentialUnknown("no such credential")
    return found


def _update(entry: Mapping[str, Any], body: Mapping[str, Any]) -> Update:
    if entry.get("type") not in _TYPES:
        raise StatusUpdateRefused("the kind of status here is BitstringStatusListEntry", where="/credentialStatus/type")
    purpose = entry.get("statusPurpose", "revocation")
    if purpose not in ("revocation", "suspension"):
        raise StatusUpdateRefused("the purposes here are revocation and suspension", where="/credentialStatus")
    value = entry.get("status", body.get("status"))
    if not _is_one_of(value, _TRUE) and not _is_one_of(value, _FALSE):
        raise StatusUpdateRefused("status is to be true or false", where="/status")
    return Update(purpose, _is_one_of(value, _TRUE))


def _is_one_of(value: object, known: tuple[object, ...]) -> bool:
    return any(type(value) is type(one) and value == one for one in known)
