"""(18) earlier-than-compromise: whether a timestamp shows that a key was still its issuer's when it signed (RFC 3161).

A key that was reported stolen since a moment counts for nothing but what can prove to be older, and only somebody else
than the issuer and the thief can say so. So the signature must hold under the key, and a timestamp over that signature,
by an authority that the trust policy names, must be from before the moment. Nothing the credential says of its own age
matters: a thief writes any date.

The timestamps are those that came with the question; without any, those at the credential's own address and `/stamps`,
which is asked only here, once a signature was seen to hold.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from credentials.core import strict_json
from credentials.core.errors import CredentialError, KeyUnavailable
from credentials.core.instants import format_instant
from credentials.core.keys import PublicKey
from credentials.core.securing import FORMS, Presented, Proof
from credentials.core.timestamp_errors import TimestampMismatch, TimestampUntrusted
from credentials.core.timestamps import Roots, Timestamp, check_token
from credentials.verifier.checks import CheckKind, Finding, Ledger, Outcome
from credentials.verifier.keys import KeyReportedStolen, KeySource, require_unexpired
from credentials.verifier.resolvers.resolver import Resolver
from credentials.verifier.states import Facts

MAX_STAMPS_BYTES: Final = 512 * 1024
MOST_STAMPS: Final = 16
STAMPS_MEDIA_TYPE: Final = "application/json"


class StampMissing(KeyUnavailable):
    """No timestamp of the signature is at hand."""

    code = "stamp-missing"
    title = "No timestamp of this signature"
    advice = "Give the timestamp that the issuer exported, or ask the issuer to issue the credential again."


class StampTooLate(KeyUnavailable):
    """A timestamp that is not from before the key was stolen."""

    code = "stamp-too-late"
    title = "Its timestamp is not from before the theft"
    advice = "Ask the issuer to issue the credential again under a new key."


class StampInquiry(msgspec.Struct, frozen=True):
    """What to look for timestamps with: the ones `given`, where to ask for more, and whose are believed at `now`."""

    resolver: Resolver
    roots: Roots
    now: datetime
    given: Sequence[bytes] = ()


def in_time(
    ledger: Ledger, facts: Facts, inquiry: StampInquiry, presented: Presented, issuer: KeySource, proof: Proof
) -> PublicKey:
    """The issuer's key for one of its proofs; one that was stolen since, if it demonstrably signed before.

    Raises as `KeySource.authorised`. Whatever is the matter with the timestamps is in the ledger.
    """
    try:
        return issuer.authorised(proof.verification_method).key
    except KeyReportedStolen as stolen:
        facts.stolen_at = stolen.revoked_at
        finding = _finding(inquiry, presented, proof, stolen)
        ledger.record(CheckKind.EARLIER_THAN_COMPROMISE, finding.outcome, finding.detail, finding.code)
        if finding.outcome is not Outcome.PASSED:
            raise
        return stolen.method.key


def _finding(inquiry: StampInquiry, presented: Presented, proof: Proof, stolen: KeyReportedStolen) -> Finding:
    key, form = stolen.method.key, FORMS[presented.form]
    try:
        require_unexpired(stolen.method, inquiry.now)
        form.check_signature(presented, proof, key)
        found = _earliest(inquiry, presented, form.stamped(proof, key))
        if found.latest >= stolen.revoked_at:
            raise StampTooLate(f"it is of {_moment(found)}, by {found.authority}")
    except CredentialError as err:
        return Finding(Outcome.FAILED, str(err), err.code)
    return Finding(Outcome.PASSED, f"A timestamp of {_moment(found)}, by {found.authority}, shows it.")


def _earliest(inquiry: StampInquiry, presented: Presented, stamped: bytes) -> Timestamp:
    """The earliest of all timestamps that hold.

    Raises what says most about why there is none: StampMissing, a timestamp's errors, a ResolutionFailed.
    """
    if not inquiry.roots:
        raise TimestampUntrusted("no timestamp authority is trusted here")
    proved: list[Timestamp] = []
    why: CredentialError = StampMissing("none is at hand")
    for token in _tokens(inquiry, presented):
        try:
            proved.append(check_token(token, stamped, inquiry.roots))
        except TimestampMismatch as err:
            # The timestamps of its other forms are among them.
            why = err if isinstance(why, StampMissing) else why
        except CredentialError as err:
            why = err
    if not proved:
        raise why
    return min(proved, key=lambda one: one.latest)


def _tokens(inquiry: StampInquiry, presented: Presented) -> list[bytes]:
    """The timestamps that were given; without any, those at the credential's own address. Raises a ResolutionFailed."""
    if inquiry.given:
        return list(inquiry.given[:MOST_STAMPS])
    address = stamps_address(presented.document.get("id"))
    if address is None:
        return []
    return read_stamps(inquiry.resolver.fetch(address, accept=STAMPS_MEDIA_TYPE, max_bytes=MAX_STAMPS_BYTES).body)


def stamps_address(credential_id: object) -> str | None:
    """Where the timestamps of a credential with this `id` are; None for an id that is no plain web address."""
    if not isinstance(credential_id, str) or not credential_id.startswith(("https://", "http://")):
        return None
    return None if "?" in credential_id or "#" in credential_id else f"{credential_id}/stamps"


def read_stamps(body: bytes) -> list[bytes]:
    """The tokens in `{"stamps": [{"form": …, "token": base64}, …]}`, not verified; what is no token is left out.

    Raises the errors of `strict_json.parse_object`.
    """
    listed = strict_json.parse_object(body, max_bytes=MAX_STAMPS_BYTES).get("stamps")
    entries = listed[:MOST_STAMPS] if isinstance(listed, list) else []
    return [token for entry in entries if isinstance(entry, dict) and (token := _token(entry.get("token")))]


def _token(text: object) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else None
    except (binascii.Error, ValueError):
        return None


def _moment(found: Timestamp) -> str:
    return format_instant(found.latest.replace(microsecond=0))
