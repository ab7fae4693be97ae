"""Token Status List: a few bits for each credential, least significant first (IETF draft-ietf-oauth-status-list-21).

The same question as a Bitstring Status List answers, for SD-JWT VCs: one list says both whether a credential was
withdrawn (1) and whether it is on hold (2). Unpacking is streamed and capped. The list is a JWT of its own type; like a
story it is read first and believed only after its signature. A list that is malformed, for another address or not fresh
says nothing, and saying nothing is an error here: never "not withdrawn".
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from msgspec import Meta

from credentials.core import base64url, strict_json
from credentials.core.errors import (
    AlgorithmRefused,
    BadStatusList,
    KidMissing,
    NotBase64Url,
    StatusIndexOutOfRange,
    StatusListTooLarge,
    WrongTokenType,
)
from credentials.core.jws import SIGNING_ALGORITHMS, CompactJws, compact, parse_compact, signing_input, verify_jws
from credentials.core.keys import PublicKey

LIST_TYPE: Final = "statuslist+jwt"
LIST_MEDIA_TYPE: Final = "application/statuslist+jwt"
MAX_TOKEN_BYTES: Final = 2 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 8 * 1024 * 1024

VALID: Final = 0
INVALID: Final = 1
SUSPENDED: Final = 2
"""The status types that are registered; what others mean is the business of whoever wrote them."""

Bits = Literal[1, 2, 4, 8]
_BITS: Final[tuple[Bits, ...]] = get_args(Bits)
_LATEST: Final = 253402300799
_LONGEST: Final = 10**9


class TokenStatusList(msgspec.Struct, frozen=True):
    """The unpacked bytes of a list in which every credential has `bits` bits."""

    bits: Bits
    data: bytes

    def __len__(self) -> int:
        return len(self.data) * 8 // self.bits

    def status(self, index: int) -> int:
        """The number at `index`, counted from the least significant bits of the first byte.

        Raises StatusIndexOutOfRange.
        """
        if not 0 <= index < len(self):
            raise StatusIndexOutOfRange(f"entry {index} of a list of {len(self)}")
        place = index * self.bits
        return self.data[place >> 3] >> (place & 7) & ((1 << self.bits) - 1)


def encode(statuses: Mapping[int, int], *, size: int, bits: Bits = 2) -> str:
    """The `lst` of `size` entries in which exactly these indexes have another status than 0.

    Raises StatusIndexOutOfRange; ValueError for a size that does not fill bytes, and a status that does not fit.
    """
    if size <= 0 or size * bits % 8:
        raise ValueError("the size must fill whole bytes")
    data = bytearray(size * bits // 8)
    for index, status in statuses.items():
        if not 0 <= index < size:
            raise StatusIndexOutOfRange(f"entry {index} of a list of {size}")
        if not 0 <= status < 1 << bits:
            raise ValueError(f"{status} does not fit into {bits} bits")
        place = index * bits
        data[place >> 3] |= status << (place & 7)
    return base64url.encode(zlib.compress(bytes(data), 9))


def decode(packed: str, bits: int, *, max_bytes: int = MAX_UNPACKED_BYTES) -> TokenStatusList:
    """The list behind a `lst`. `max_bytes` caps the packed and the unpacked form.

    Raises BadStatusList, StatusListTooLarge.
    """
    width = next((one for one in _BITS if one == bits), None)
    if width is None:
        raise BadStatusList("bits is not 1, 2, 4 or 8", where="/status_list/bits")
    if len(packed) > max_bytes * 4 // 3 + 64:
        raise StatusListTooLarge(f"{len(packed)} characters")
    try:
        raw = base64url.decode(packed)
    except NotBase64Url as err:
        raise BadStatusList(err.detail, where="/status_list/lst") from None
    return TokenStatusList(width, _unpack(raw, max_bytes))


class _Packed(msgspec.Struct, frozen=True):
    bits: int
    lst: str


class _Claims(msgspec.Struct, frozen=True):
    sub: str
    iat: Annotated[int, Meta(ge=0, le=_LATEST)]
    status_list: _Packed
    exp: Annotated[int, Meta(ge=0, le=_LATEST)] | None = None
    ttl: Annotated[int, Meta(gt=0, le=_LONGEST)] | None = None
    iss: str | None = None


class StatusListToken(msgspec.Struct, frozen=True, kw_only=True):
    """A list's token taken apart; NOT verified until `verify_status_list_token` returned.

    `subject` is the address that it is the list of; `key_name` its `kid` as it stands there; `issuer` is None where it
    does not say; `expires` and `ttl` are None where it does not limit how long a copy may be used.
    """

    subject: str
    issued_at: datetime
    expires: datetime | None
    ttl: timedelta | None
    issuer: str | None
    key_name: str
    statuses: TokenStatusList
    jws: CompactJws


def status_list_claims(
    *,
    list_url: str,
    issuer: str,
    statuses: Mapping[int, int],
    size: int,
    issued_at: datetime,
    expires: datetime,
    ttl: timedelta,
) -> bytes:
    """The payload to sign: two bits for each of `size` credentials. Raises as `encode`."""
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": list_url,
        "iat": int(issued_at.timestamp()),
        "exp": int(expires.timestamp()),
        "ttl": int(ttl.total_seconds()),
        "status_list": {"bits": 2, "lst": encode(statuses, size=size, bits=2)},
    }
    return strict_json.dump(claims)


def status_list_signing_input(claims: bytes, *, key_name: str, algorithm: str) -> bytes:
    """The bytes to sign; `key_name` is the `kid`, `algorithm` the key's (`Ed25519`, `P-256`). AlgorithmRefused."""
    if algorithm not in SIGNING_ALGORITHMS:
        raise AlgorithmRefused(f"{algorithm!r} does not sign status lists")
    return signing_input({"alg": SIGNING_ALGORITHMS[algorithm], "typ": LIST_TYPE, "kid": key_name}, claims)


def assemble_status_list_token(signing_input: bytes, signature: bytes) -> bytes:
    """The signed list as a compact token."""
    return compact(signing_input, signature)


def parse_status_list_token(token: bytes) -> StatusListToken:
    """Take a list's token apart without believing it.

    Raises the errors of `parse_compact` and `strict_json`, WrongTokenType, KidMissing, BadStatusList,
    StatusListTooLarge.
    """
    jws = parse_compact(token, max_bytes=MAX_TOKEN_BYTES)
    if jws.header.get("typ") != LIST_TYPE:
        raise WrongTokenType("not a Token Status List", where="typ")
    if not jws.header.get("kid"):
        raise KidMissing("the header has no kid", where="kid")
    try:
        claims = msgspec.convert(strict_json.parse_object(jws.payload, max_bytes=MAX_TOKEN_BYTES), _Claims)
    except msgspec.ValidationError as err:
        raise BadStatusList(str(err)) from None
    return StatusListToken(
        subject=claims.sub,
        issued_at=datetime.fromtimestamp(claims.iat, UTC),
        expires=None if claims.exp is None else datetime.fromtimestamp(claims.exp, UTC),
        ttl=None if claims.ttl is None else timedelta(seconds=claims.ttl),
        issuer=claims.iss,
        key_name=jws.header["kid"],
        statuses=decode(claims.status_list.lst, claims.status_list.bits),
        jws=jws,
    )


def verify_status_list_token(token: StatusListToken, key: PublicKey) -> None:
    """Return if `key`, which must be the issuer's, signed the list. Raises SignatureMismatch, KeyAlgorithmMismatch."""
    verify_jws(token.jws, key)


def _unpack(packed: bytes, max_bytes: int) -> bytes:
    """One whole zlib stream (RFC 1950) and nothing after it; never more than `max_bytes` in memory."""
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(packed, max_bytes + 1)
    except zlib.error as err:
        raise BadStatusList(f"not zlib: {err}", where="/status_list/lst") from None
    if len(data) > max_bytes:
        raise StatusListTooLarge(f"more than {max_bytes} bytes when unpacked")
    if not unpacker.eof or unpacker.unused_data:
        raise BadStatusList("the zlib data is cut off or followed by more", where="/status_list/lst")
    if not data:
        raise BadStatusList("the list is empty", where="/status_list/lst")
    return data
