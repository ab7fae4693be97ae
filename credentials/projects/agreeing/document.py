"""An agreement as one document: canonical JSON (RFC 8785), so that one text has one digest. Pure.

It names both sides, the engagement, its own number and the digest of the agreement before it, so that none can be taken
for another. A salt of 128 random bits lets its digest be published: nobody finds the text by guessing at it.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Final, Literal

import msgspec

from credentials.core import base64url, strict_json
from credentials.core.canonical_json import canonicalise
from credentials.core.errors import CredentialError
from credentials.projects.agreeing.errors import AgreementUnreadable
from credentials.projects.terms import Terms

TYPE: Final = "MicroInternshipAgreement"
MEDIA_TYPE: Final = "application/json"
SALT_BYTES: Final = 16
MAX_BYTES: Final = 256 * 1024


class Company(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The company: its DID, what it calls itself, and the domain it had proved by then."""

    id: str
    name: str
    domain: str = ""


class Candidate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The candidate: a random id, and the name of their account by then."""

    id: str
    name: str


class Agreement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the document says. `proposed_at` is RFC 3339 in UTC; `previous` the SHA-384 (SRI) of the one before it."""

    type: Literal["MicroInternshipAgreement"] = msgspec.field(name="type")
    engagement: str
    number: int
    previous: str = ""
    salt: str
    company: Company
    candidate: Candidate
    proposed_by: Literal["company", "candidate"] = msgspec.field(name="proposedBy")
    proposed_at: str = msgspec.field(name="proposedAt")
    terms: Terms


def write_agreement(agreement: Agreement) -> bytes:
    """The document, to the byte. Raises the errors of `canonicalise`."""
    return canonicalise(msgspec.to_builtins(agreement))


def new_salt(entropy: bytes) -> str:
    """The salt as it stands in the document, from 16 random bytes."""
    if len(entropy) != SALT_BYTES:
        raise ValueError("a salt has 16 bytes")
    return base64url.encode(entropy)


def read_agreement(data: bytes) -> Agreement:
    """What a document says. Raises AgreementUnreadable for what is no agreement in its one canonical form."""
    try:
        document = strict_json.parse_object(data, max_bytes=MAX_BYTES)
        written = canonicalise(document)
        agreement = msgspec.convert(document, Agreement)
    except (CredentialError, msgspec.ValidationError) as error:
        raise AgreementUnreadable(str(error)[:200]) from None
    if written != data:
        raise AgreementUnreadable("it is not written in the canonical form")
    return agreement


def sha256(document: bytes) -> bytes:
    """The digest that both sides accept, 32 bytes."""
    return hashlib.sha256(document).digest()


def sri(document: bytes) -> str:
    """The digest as a credential states it: `sha384-` and base64 (Subresource Integrity section 3.5)."""
    return f"sha384-{b64encode(hashlib.sha384(document).digest()).decode()}"


def is_agreement_of(document: bytes, stated: str) -> bool:
    """Whether a document is the one that a credential or a receipt states the SRI digest of."""
    return sri(document) == stated.strip()
