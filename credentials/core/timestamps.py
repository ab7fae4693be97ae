"""Timestamps by RFC 3161: asking for one, and telling what one proves. The only user of rfc3161-client.

A timestamp says that some bytes existed before a moment, in the words of an authority that is neither the issuer nor
whoever stole a key. It is believed only if all of this holds:

- it is over exactly these bytes, by SHA-256, SHA-384 or SHA-512 (section 2.4.2, messageImprint);
- exactly one signer made it, whose certificate is in the token, once;
- that certificate is for timestamping alone, critically (section 2.3), and leads to a trusted root at the time in it;
- the time that counts is the latest it may mean (section 2.4.2): genTime, one second for what its rounding may hide,
  and the accuracy that the authority states.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

import msgspec
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response
from rfc3161_client.tsp import SignedData, TimeStampTokenInfo

from credentials.core.error_kinds import CredentialError
from credentials.core.timestamp_errors import (
    RootsUnreadable,
    TimestampMismatch,
    TimestampUnreadable,
    TimestampUntrusted,
)

QUERY_MEDIA_TYPE: Final = "application/timestamp-query"
REPLY_MEDIA_TYPE: Final = "application/timestamp-reply"
MAX_TOKEN_BYTES: Final = 64 * 1024
NONCES: Final = 1 << 63
"""Nonces are below: what every authority can repeat."""

_DIGESTS: Final = {
    "2.16.840.1.101.3.4.2.1": hashlib.sha256,
    "2.16.840.1.101.3.4.2.2": hashlib.sha384,
    "2.16.840.1.101.3.4.2.3": hashlib.sha512,
}
_SHA256: Final = bytes.fromhex("300d06096086480165030402010500")
_ROUNDING: Final = timedelta(seconds=1)
_MOST_CERTIFICATES: Final = 16

Roots: TypeAlias = tuple[x509.Certificate, ...]
"""The root certificates of the authorities that are trusted."""


class Timestamp(msgspec.Struct, frozen=True):
    """What a token proved: the stamped bytes existed at `latest` (aware), its time and all that it may be late by.

    `authority` is the subject of the certificate that signed it (RFC 4514).
    """

    latest: datetime
    authority: str


def parse_roots(pem: bytes) -> Roots:
    """The certificates in a PEM file. Raises RootsUnreadable."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError:
        raise RootsUnreadable("there is no certificate in it, or one that cannot be read") from None


def timestamp_request(stamped: bytes, nonce: int) -> bytes:
    """A TimeStampReq (section 2.4.1) over the SHA-256 digest of `stamped`, asking for the authority's certificate.

    `nonce` is a random number from 0 to below `NONCES`.
    """
    imprint = _der(0x30, _SHA256 + _der(0x04, hashlib.sha256(stamped).digest()))
    return _der(0x30, _integer(1) + imprint + _integer(nonce) + b"\x01\x01\xff")


def accept_answer(answer: bytes, stamped: bytes, nonce: int, roots: Roots) -> bytes:
    """The token in a TimeStampResp, after it proved to be the answer to `timestamp_request(stamped, nonce)`.

    Raises TimestampUnreadable for what is none or grants nothing, TimestampMismatch also for another nonce, and
    TimestampUntrusted.
    """
    with _reading(answer):
        response = decode_timestamp_response(answer)
        if response.status != 0:
            raise TimestampUnreadable(f"the authority answered with status {response.status}")
        token = bytes(response.time_stamp_token())
    check_token(token, stamped, roots, nonce=nonce)
    return token


def check_token(token: bytes, stamped: bytes, roots: Roots, *, nonce: int | None = None) -> Timestamp:
    """What a TimeStampToken proves about the bytes in `stamped`; `nonce` is the one that it must repeat.

    Raises TimestampUnreadable, TimestampMismatch, TimestampUntrusted.
    """
    with _reading(token):
        response = decode_timestamp_response(_der(0x30, _der(0x30, _integer(0)) + token))
        digest = _require_imprint(response.tst_info, stamped)
        if nonce is not None and response.tst_info.nonce != nonce:
            raise TimestampMismatch("it does not repeat the nonce of the request")
        authority = _require_authority(response.signed_data)
        _require_trust(response, digest, roots)
        return Timestamp(_latest(response.tst_info), authority.subject.rfc4514_string()[:200])


@contextlib.contextmanager
def _reading(data: bytes) -> Iterator[None]:
    """Raise TimestampUnreadable for what is too large, and for whatever the libraries say of bytes by a stranger."""
    if len(data) > MAX_TOKEN_BYTES:
        raise TimestampUnreadable(f"more than {MAX_TOKEN_BYTES} bytes")
    try:
        yield
    except CredentialError:
        raise
    except Exception as error:
        # Each part is read when it is first asked for, and no list of what that may raise is promised.
        raise TimestampUnreadable("it is not DER of the right form") from error


def _require_imprint(info: TimeStampTokenInfo, stamped: bytes) -> bytes:
    """The digest that the token is over. Raises TimestampMismatch unless it is of these bytes."""
    named = info.message_imprint.hash_algorithm.dotted_string
    if named not in _DIGESTS:
        raise TimestampMismatch(f"its digest {named[:40]} is not accepted")
    digest = _DIGESTS[named](stamped).digest()
    if not hmac.compare_digest(digest, bytes(info.message_imprint.message)):
        raise TimestampMismatch("it is over other bytes")
    return digest


def _require_authority(signed: SignedData) -> x509.Certificate:
    """The one certificate of the one signer, made for timestamping alone. Raises TimestampUntrusted.

    Two that the signer's name fits would let the one be checked and the other be believed.
    """
    if any(one.dotted_string not in _DIGESTS for one in signed.digest_algorithms):
        raise TimestampUntrusted("it is signed with a digest that is not accepted")
    signers, certificates = list(signed.signer_infos), signed.certificates
    if len(signers) != 1 or len(certificates) > _MOST_CERTIFICATES:
        raise TimestampUntrusted(f"it has {len(signers)} signers and {len(certificates)} certificates")
    name, serial = signers[0].issuer, signers[0].serial_number
    found = [x509.load_der_x509_certificate(bytes(one)) for one in certificates]
    fitting = [one for one in found if one.serial_number == serial and one.issuer == name]
    if len(fitting) != 1:
        raise TimestampUntrusted(f"{len(fitting)} certificates in it are its signer's")
    _require_purpose(fitting[0])
    return fitting[0]


def _require_purpose(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        raise TimestampUntrusted("its signer's certificate is not for timestamping") from None
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampUntrusted("its signer's certificate is not for timestamping alone")


def _require_trust(response: TimeStampResponse, digest: bytes, roots: Roots) -> None:
    """Return if a root is at the end of the signer's chain, at the time in the token. Raises TimestampUntrusted."""
    if not roots:
        raise TimestampUntrusted("no timestamp authority is trusted here")
    try:
        VerifierBuilder(roots=list(roots)).build().verify(response, digest)
    except (VerificationError, ValueError):
        raise TimestampUntrusted("no trusted root vouches for its signer at that time, or it was changed") from None


def _latest(info: TimeStampTokenInfo) -> datetime:
    """The latest moment that the token may mean."""
    stated, late = info.accuracy, _ROUNDING
    if stated is not None:
        late += timedelta(seconds=stated.seconds or 0, milliseconds=stated.millis or 0, microseconds=stated.micros or 0)
    return info.gen_time.astimezone(UTC) + late


def _integer(number: int) -> bytes:
    """A DER INTEGER that is not negative."""
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _der(tag: int, content: bytes) -> bytes:
    """One value in DER (X.690 section 8.1)."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
