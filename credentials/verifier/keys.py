"""Finding the key that an issuer signs with, and whether it may.

- `did:web`: the document is fetched through the resolver from the one address that the DID names.
- `did:key`: the document is the DID itself; nothing is fetched.
- An https address, for an SD-JWT VC: its metadata (`issuer_metadata`).
- A key counts only if the issuer's own document lists it for assertions (Controlled Identifiers 1.0 section 3.3).
- A key that is `revoked` was reported stolen: no signature of it is believed any more, whenever it says it was made,
  for nothing in a token proves its age. A key that has expired verifies nothing either (section 2.2).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from credentials.core.did import did_key_document, did_web_to_url
from credentials.core.did_document import MAX_DOCUMENT_BYTES, DidDocument, VerificationMethod, parse_did_document
from credentials.core.errors import KeyNotListed, KeyUnavailable
from credentials.core.securing import SD_JWT_VC
from credentials.verifier.cache import BoundedCache
from credentials.verifier.errors import UnsupportedDid
from credentials.verifier.issuer_metadata import metadata_document
from credentials.verifier.resolvers.resolver import Resolver

CLOCK_SKEW: Final = timedelta(seconds=60)
RECENT: Final = timedelta(seconds=10)
"""A copy read this long ago is not read again for want of something: a bound on what strangers can make us ask."""

DID_DOCUMENT_MEDIA_TYPES: Final = "application/did+json, application/did+ld+json, application/json"

_METADATA_FORM: Final = SD_JWT_VC.form

_DOCUMENTS: Final[BoundedCache[tuple[str, bytes], DidDocument]] = BoundedCache(max_entries=1024, max_weight=16 << 20)


class KeyReportedStolen(KeyUnavailable):
    """The issuer's document says `revoked` of the key. `revoked_at` is since when."""

    code = "key-reported-stolen"
    title = "The key was reported stolen"
    advice = "Do not rely on it. Ask the issuer to issue the credential again under a new key."

    def __init__(self, revoked_at: datetime, *, where: str) -> None:
        super().__init__("The issuer reported this key stolen", where=where)
        self.revoked_at = revoked_at


class KeyExpired(KeyUnavailable):
    """The issuer's document says that the key has expired."""

    code = "key-expired"
    title = "The key has expired"
    advice = "Ask the issuer to issue the credential again under a current key."


class IssuerKeys:
    """The keys of one issuer as its document lists them; read again, once, when it lacks a key that is asked for.

    A remembered copy may be older than a key that the issuer has signed with since: a genuine credential must not be
    called false for that.
    """

    __slots__ = ("_find", "_now", "_read_at", "_resolver", "document")

    def __init__(self, did: str, resolver: Resolver, now: datetime, form: str = "") -> None:
        """Find the document; `form` is that of the credential. Raises as `issuer_document` or `metadata_document`."""
        self._resolver, self._now = resolver, now
        self._find = metadata_document if form == _METADATA_FORM and did.startswith("https://") else issuer_document
        self.document, self._read_at = self._find(did, resolver)

    def authorised(self, method_id: str) -> VerificationMethod:
        """The method `method_id`, which may sign credentials. Raises as `authorised_key`, and a ResolutionFailed."""
        try:
            return authorised_key(self.document, method_id, self._now)
        except KeyNotListed:
            earliest = self._now - RECENT
            if self._read_at is None or self._read_at >= earliest:
                raise
            self.document, self._read_at = self._find(self.document.id, self._resolver, not_before=earliest)
        return authorised_key(self.document, method_id, self._now)


def issuer_document(
    did: str, resolver: Resolver, *, not_before: datetime | None = None
) -> tuple[DidDocument, datetime | None]:
    """The key document of `did`, and when it was read; None for a document that is the DID itself.

    Raises UnsupportedDid for other methods than did:web and did:key, the resolver's errors, and BadDid,
    BadDidDocument or a key's error for a document that cannot be one.
    """
    if did.startswith("did:key:"):
        return _remembered(did, b""), None
    if not did.startswith("did:web:"):
        raise UnsupportedDid("only did:web and did:key issuers can be looked up", where=did[:200])
    fetched = resolver.fetch(
        _address(did), accept=DID_DOCUMENT_MEDIA_TYPES, max_bytes=MAX_DOCUMENT_BYTES, not_before=not_before
    )
    return _remembered(did, fetched.body), fetched.fetched_at


def authorised_key(document: DidDocument, method_id: str, now: datetime) -> VerificationMethod:
    """The method `method_id` of `document`, which may sign credentials at `now`.

    Raises KeyNotListed, KeyNotAuthorised, KeyUnusable, KeyReportedStolen, KeyExpired.
    """
    method = document.assertion_key(method_id)
    if method.revoked is not None and method.revoked <= now + CLOCK_SKEW:
        raise KeyReportedStolen(method.revoked, where=method_id)
    if method.expires is not None and method.expires <= now - CLOCK_SKEW:
        raise KeyExpired("its time is over", where=method_id)
    return method


@lru_cache(maxsize=1024)
def _address(did: str) -> str:
    return did_web_to_url(did)


def _remembered(did: str, body: bytes) -> DidDocument:
    """The parsed document; parsed once for the same DID and the same bytes. A did:key has no bytes but itself."""
    found = _DOCUMENTS.get((did, body))
    if found is None:
        found = did_key_document(did) if did.startswith("did:key:") else parse_did_document(body, did)
        _DOCUMENTS.put((did, body), found, weight=4 * (len(did) + len(body)))
    return found
