"""Bitstring Status List 1.0: one bit for each credential, most significant bit first (W3C Recommendation, section 4).

Unpacking is streamed and capped. A list that is malformed, too short, for another purpose, or not valid at the time
of the check says nothing, and saying nothing is an error here: never "not revoked".
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from credentials.core import base64url, strict_json
from credentials.core.credential import CONTEXT_V2, Credential, parse_credential
from credentials.core.errors import (
    BadStatusList,
    NotBase64Url,
    StatusIndexOutOfRange,
    StatusListStale,
    StatusListTooLarge,
    StatusListTooShort,
    StatusPurposeMismatch,
)
from credentials.core.instants import format_instant

MIN_ENTRIES: Final = 131_072
"""Section 6.1: at least 16 KB, so that one credential is hidden among many."""
MAX_UNPACKED_BYTES: Final = 4 * 1024 * 1024
CLOCK_SKEW: Final = timedelta(seconds=60)

_GZIP: Final = 16 + zlib.MAX_WBITS
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list's bits. `ttl` and `valid_until` say how long a copy may be kept; None where the list does not say."""

    bits: bytes
    ttl: timedelta | None = None
    valid_until: datetime | None = None

    def __len__(self) -> int:
        return len(self.bits) * 8

    def is_set(self, index: int) -> bool:
        """Whether bit `index` is 1, counted from the first byte's most significant. Raises StatusIndexOutOfRange."""
        if not 0 <= index >> 3 < len(self.bits):
            raise StatusIndexOutOfRange(f"entry {index} of a list of {len(self)}")
        return bool(self.bits[index >> 3] & (0x80 >> (index & 7)))


def encode(set_indexes: Iterable[int], *, size: int = MIN_ENTRIES) -> str:
    """The `encodedList` in which exactly these bits are 1: `u` + base64url(gzip(bits)); the same text for the same set.

    Raises ValueError for a size that is no multiple of 8, and StatusIndexOutOfRange.
    """
    if size % 8 or size <= 0:
        raise ValueError("the size must be a positive multiple of 8")
    bits = bytearray(size // 8)
    for index in set_indexes:
        if not 0 <= index < size:
            raise StatusIndexOutOfRange(f"entry {index} of a list of {size}")
        bits[index >> 3] |= 0x80 >> (index & 7)
    return "u" + base64url.encode(gzip.compress(bytes(bits), mtime=0))


def decode(encoded: str, *, max_bytes: int = MAX_UNPACKED_BYTES, min_entries: int = MIN_ENTRIES) -> StatusList:
    """The list behind an `encodedList`. `max_bytes` caps the packed and the unpacked form.

    Raises BadStatusList, StatusListTooLarge, StatusListTooShort.
    """
    if not encoded.startswith("u"):
        raise BadStatusList("encodedList is not multibase base64url", where="/credentialSubject/encodedList")
    if len(encoded) > max_bytes * 4 // 3 + 64:
        raise StatusListTooLarge(f"{len(encoded)} characters")
    try:
        packed = base64url.decode(encoded[1:])
    except NotBase64Url as err:
        raise BadStatusList(err.detail, where="/credentialSubject/encodedList") from None
    bits = _unpack(packed, max_bytes)
    if len(bits) * 8 < min_entries:
        raise StatusListTooShort(f"{len(bits) * 8} entries, fewer than {min_entries}")
    return StatusList(bits)


def status_list_credential(
    *,
    list_url: str,
    issuer: str,
    purpose: str,
    set_indexes: Iterable[int],
    size: int,
    valid_from: datetime,
    valid_until: datetime,
    ttl: timedelta,
) -> bytes:
    """The unsigned BitstringStatusListCredential (section 3.1), to be secured as any credential."""
    document = {
        "@context": [CONTEXT_V2],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": format_instant(valid_from),
        "validUntil": format_instant(valid_until),
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(set_indexes, size=size),
            "ttl": int(ttl.total_seconds() * 1000),
        },
    }
    return strict_json.dump(document)


def parse_status_list_credential(
    document: Mapping[str, Any], *, purpose: str, now: datetime, fetched_at: datetime | None = None
) -> StatusList:
    """The list in a status list credential whose signature was already verified (section 3.2).

    `fetched_at` is when this copy was fetched: older than the list's own `ttl` (milliseconds), it is stale. The
    issuer's clock may differ by `CLOCK_SKEW`; the age of a copy is by our own alone. Raises BadStatusList,
    StatusPurposeMismatch, StatusListStale, those of `decode`, and the DataModelInvalid kinds of `parse_credential`.
    """
    credential = parse_credential(document)
    subject = credential.document["credentialSubject"]
    if "BitstringStatusListCredential" not in credential.types or not isinstance(subject, dict):
        raise BadStatusList("not a BitstringStatusListCredential", where="/type")
    if subject.get("type") not in ("BitstringStatusList", ["BitstringStatusList"]):
        raise BadStatusList("the subject is not a BitstringStatusList", where="/credentialSubject/type")
    _check_purpose(subject, purpose)
    _check_period(credential, now)
    ttl = _ttl(subject)
    if ttl is not None and fetched_at is not None and now - fetched_at > ttl:
        raise StatusListStale("the copy at hand is older than the list allows")
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str):
        raise BadStatusList("encodedList is missing", where="/credentialSubject/encodedList")
    return StatusList(decode(encoded).bits, ttl, credential.valid_until)


def _check_purpose(subject: Mapping[str, Any], purpose: str) -> None:
    stated = subject.get("statusPurpose")
    if stated != purpose and not (isinstance(stated, list) and purpose in stated):
        raise StatusPurposeMismatch(f"the list is not for {purpose}", where="/credentialSubject/statusPurpose")


def _check_period(credential: Credential, now: datetime) -> None:
    if credential.valid_from is not None and now + CLOCK_SKEW < credential.valid_from:
        raise StatusListStale("the list is not valid yet", where="/validFrom")
    if credential.valid_until is not None and now - CLOCK_SKEW > credential.valid_until:
        raise StatusListStale("the list is no longer valid", where="/validUntil")


def _ttl(subject: Mapping[str, Any]) -> timedelta | None:
    ttl = subject.get("ttl")
    if ttl is None:
        return None
    if type(ttl) is not int or not 0 < ttl < 2**50:
        raise BadStatusList("ttl is not a number of milliseconds", where="/credentialSubject/ttl")
    return timedelta(milliseconds=ttl)


def _unpack(packed: bytes, max_bytes: int) -> bytes:
    """One whole gzip member and nothing after it; never more than `max_bytes` in memory."""
    unpacker = zlib.decompressobj(wbits=_GZIP)
    try:
        bits = unpacker.decompress(packed, max_bytes + 1)
    except zlib.error as err:
        raise BadStatusList(f"not gzip: {err}", where="/credentialSubject/encodedList") from None
    if len(bits) > max_bytes:
        raise StatusListTooLarge(f"more than {max_bytes} bytes when unpacked")
    if not unpacker.eof or unpacker.unused_data:
        raise BadStatusList("the gzip data is cut off or followed by more", where="/credentialSubject/encodedList")
    return bits
