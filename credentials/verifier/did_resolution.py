"""DID resolution as a service to others (W3C DID Resolution v1, Candidate Recommendation Draft of 23 July 2026).

What the verifier relies on is what is handed out: a did:web's document as it was fetched, once it has been read as the
document of that DID; that of a did:key or did:jwk as it follows from the DID. Resolving never raises: what went wrong
is part of the result (section 11), and its type decides the HTTP status (section 12.1).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

import msgspec

from credentials.core import strict_json
from credentials.core.did import did_web_to_url, is_did
from credentials.core.did_document import MAX_DOCUMENT_BYTES, parse_did_document
from credentials.core.did_expansion import expand_did, is_self_contained
from credentials.core.errors import CredentialError, Unavailable, UnsupportedKey
from credentials.verifier.errors import (
    AddressRefused,
    HostUnknown,
    LocationRefused,
    NotFoundThere,
    NotHttps,
    ResolutionFailed,
)
from credentials.verifier.keys import DID_DOCUMENT_MEDIA_TYPES
from credentials.verifier.patience import PATIENCE, waiting_at_most
from credentials.verifier.resolvers.resolver import Resolver

RESULT_TYPE: Final = "application/did-resolution"
DOCUMENT_TYPES: Final = (
    "application/did",
    "application/did+json",
    "application/did+ld+json",
    "application/json",
    "application/ld+json",
)
"""What a document is served as on request; the first is what it is called where nobody asked."""

_NAMESPACE: Final = "https://www.w3.org/ns/did#"


class Failure(StrEnum):
    """Why there is no document (section 11). The name is the end of the error's `type`."""

    INVALID_DID = "Not a DID"
    NOT_FOUND = "No such DID"
    REPRESENTATION_NOT_SUPPORTED = "Not served in this form"
    INVALID_DID_DOCUMENT = "Its document is malformed"
    METHOD_NOT_SUPPORTED = "DID method not supported"
    FEATURE_NOT_SUPPORTED = "Not supported here"
    INTERNAL_ERROR = "It could not be looked up"

    @property
    def status(self) -> int:
        """The HTTP status that section 12.1 gives it."""
        return _STATUS[self]


_STATUS: Final = {
    Failure.INVALID_DID: 400,
    Failure.NOT_FOUND: 404,
    Failure.REPRESENTATION_NOT_SUPPORTED: 406,
    Failure.INVALID_DID_DOCUMENT: 500,
    Failure.METHOD_NOT_SUPPORTED: 501,
    Failure.FEATURE_NOT_SUPPORTED: 501,
    Failure.INTERNAL_ERROR: 500,
}


class DidResolution(msgspec.Struct, frozen=True):
    """A DID document, or why there is none; `detail` is a sentence for people."""

    document: dict[str, Any] | None = None
    failure: Failure | None = None
    detail: str = ""

    @property
    def status(self) -> int:
        """The HTTP status to answer with."""
        return 200 if self.failure is None else self.failure.status

    def to_json(self) -> dict[str, Any]:
        """The DID resolution result (section 9)."""
        metadata: dict[str, Any] = {"contentType": DOCUMENT_TYPES[0]}
        if self.failure is not None:
            kind = f"{_NAMESPACE}{self.failure.name}"
            metadata = {"error": {"type": kind, "title": str(self.failure), "detail": self.detail}}
        return {"didDocument": self.document, "didResolutionMetadata": metadata, "didDocumentMetadata": {}}


def resolve_did(did: str, resolver: Resolver) -> DidResolution:
    """Resolve a did:web, did:key or did:jwk (section 4), waiting for the network at most `PATIENCE` seconds."""
    if not is_did(did):
        return DidResolution(failure=Failure.INVALID_DID, detail="It is not written as a DID is.")
    if not is_self_contained(did) and not did.startswith("did:web:"):
        return DidResolution(failure=Failure.METHOD_NOT_SUPPORTED, detail="Only did:web, did:key and did:jwk are.")
    try:
        body = expand_did(did) if is_self_contained(did) else _fetched(did_web_to_url(did), resolver)
    except CredentialError as err:
        return DidResolution(failure=_failure_of(err), detail=str(err))
    try:
        parse_did_document(body, did)
        return DidResolution(strict_json.parse_object(body, max_bytes=MAX_DOCUMENT_BYTES))
    except CredentialError as err:
        return DidResolution(failure=Failure.INVALID_DID_DOCUMENT, detail=str(err))


def _fetched(url: str, resolver: Resolver) -> bytes:
    with waiting_at_most(PATIENCE):
        return resolver.fetch(url, accept=DID_DOCUMENT_MEDIA_TYPES, max_bytes=MAX_DOCUMENT_BYTES).body


def _failure_of(error: CredentialError) -> Failure:
    match error:
        case NotFoundThere() | HostUnknown():
            return Failure.NOT_FOUND
        case NotHttps() | LocationRefused() | AddressRefused() | UnsupportedKey():
            return Failure.FEATURE_NOT_SUPPORTED
        case ResolutionFailed() | Unavailable():
            return Failure.INTERNAL_ERROR
        case _:
            return Failure.INVALID_DID
