"""Finding the key that an issuer signs with, and whether it may.

- `did:web`: the document is fetched through the resolver from the one address that the DID names.
- `did:key`, `did:jwk`: the document follows from the DID itself; nothing is fetched.
- an https address: the document at that very address, or a JWK on the same origin (see `core.https_issuer`).
- the same for an SD-JWT VC: the issuer's metadata (`issuer_metadata`).
- A key counts only if the issuer's own document lists it for assertions (Controlled Identifiers 1.0 section 3.3).
- A key that is `revoked` was reported stolen: no signature of it is believed any more, whenever it says it was made,
  for nothing in a token proves its age; a timestamp may (`stamps`). A key that has expired verifies nothing either
  (section 2.2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol, TypeAlias

from credentials.core.did import did_web_to_url
from credentials.core.did_document import (
    MAX_DOCUMENT_BYTES,
    DidDocument,
    Relationship,
    VerificationMethod,
    parse_did_document,
)
from credentials.core.did_expansion import expand_did, is_self_contained
from credentials.core.errors import KeyNotListed, KeyUnavailable
from credentials.core.https_issuer import is_https_id, key_address, parse_key_file
from credentials.core.securing import SD_JWT_VC
from credentials.verifier.cache import BoundedCache
from credentials.verifier.errors import UnsupportedDid
from credentials.verifier.issuer_metadata import metadata_document
from credentials.verifier.resolvers.resolver import Resolver

CLOCK_SKEW: Final = timedelta(seconds=60)
RECENT: Final = timedelta(seconds=10)
"""A copy read this long ago is not read again for want of something: a bound on what strangers can make us ask."""

DID_DOCUMENT_MEDIA_TYPES: Final = "application/did+json, application/did+ld+json, application/did, application/json"
CONTROLLER_MEDIA_TYPES: Final = "application/cid, application/did, application/ld+json, application/json"
KEY_MEDIA_TYPES: Final = "application/jwk+json, application/jwk-set+json, application/json"

_METADATA_FORM: Final = SD_JWT_VC.form

_DOCUMENTS: Final[BoundedCache[tuple[str, str, bytes], DidDocument]] = BoundedCache(
    max_entries=1024, max_weight=16 << 20
)


class KeyReportedStolen(KeyUnavailable):
    """The issuer's document says `revoked` of the key. `revoked_at` is since when; `method` is what else it says."""

    code = "key-reported-stolen"
    title = "The key was reported stolen"
    advice = "Do not rely on it. Ask the issuer to issue the credential again under a new key."

    def __init__(self, revoked_at: datetime, method: VerificationMethod, *, where: str) -> None:
        super().__init__("The issuer reported this key stolen", where=where)
        self.revoked_at, self.method = revoked_at, method


class KeyExpired(KeyUnavailable):
    """The issuer's document says that the key has expired."""

    code = "key-expired"
    title = "The key has expired"
    advice = "Ask the issuer to issue the credential again under a current key."


class KeySource(Protocol):
    """Where the keys of one issuer, named `id`, come from."""

    id: str

    def document_for(self, method_id: str) -> DidDocument:
        """The document that should have the key `method_id`. Raises KeyUnavailable kinds and a ResolutionFailed."""
        ...

    def authorised(self, method_id: str) -> VerificationMethod:
        """The method `method_id`, which may sign credentials. Raises KeyUnavailable kinds and a ResolutionFailed."""
        ...


KeysOf: TypeAlias = Callable[[str, str, str], KeySource]
"""Gives the keys of an issuer by its id, the name of the key that is wanted, and the form of the credential."""


class IssuerKeys:
    """The keys of one issuer as its documents list them; read again, once, when one lacks a key that is asked for.

    A remembered copy may be older than a key that the issuer has signed with since: a genuine credential must not be
    called false for that. A DID has one document; the keys of an https issuer may stand in several.
    """

    __slots__ = ("_by_metadata", "_in_one", "_now", "_read", "_resolver", "id")

    def __init__(self, issuer: str, method_id: str, resolver: Resolver, now: datetime, form: str = "") -> None:
        """Find the document that should have the key `method_id`; `form` is that of the credential.

        Raises as `key_place`, `issuer_document` and `metadata_document` do.
        """
        self.id, self._resolver, self._now = issuer, resolver, now
        self._by_metadata = form == _METADATA_FORM and issuer.startswith("https://")
        self._in_one = self._by_metadata or issuer.startswith("did:")
        self._read: dict[str, tuple[DidDocument, datetime | None]] = {}
        self.document_for(method_id)

    def document_for(self, method_id: str) -> DidDocument:
        """The document that should have the key `method_id`. Raises as `key_place` and `issuer_document` do."""
        place = self._place(method_id)
        found = self._read.get(place)
        if found is None:
            found = self._read[place] = self._find(place)
        return found[0]

    def authorised(self, method_id: str, relationship: Relationship = "assertionMethod") -> VerificationMethod:
        """The method `method_id`, which may sign credentials, or what `relationship` says.

        Raises as `authorised_key`, `key_place` and `issuer_document`.
        """
        try:
            return authorised_key(self.document_for(method_id), method_id, self._now, relationship)
        except KeyNotListed:
            place, earliest = self._place(method_id), self._now - RECENT
            read_at = self._read[place][1]
            if read_at is None or read_at >= earliest:
                raise
            self._read[place] = self._find(place, not_before=earliest)
        return authorised_key(self._read[place][0], method_id, self._now, relationship)

    def _place(self, method_id: str) -> str:
        return self.id if self._in_one else key_place(self.id, method_id)

    def _find(self, place: str, not_before: datetime | None = None) -> tuple[DidDocument, datetime | None]:
        if self._by_metadata:
            return metadata_document(self.id, self._resolver, not_before=not_before)
        return issuer_document(self.id, self._resolver, place=place, not_before=not_before)


def key_place(issuer: str, method_id: str) -> str:
    """What names the document with the key `method_id`: the issuer itself, or an address on an https issuer's origin.

    Raises KeyNotAuthorised for a key elsewhere, and BadHttpsId.
    """
    return issuer if issuer.startswith("did:") or not is_https_id(issuer) else key_address(issuer, method_id)


def issuer_document(
    issuer: str, resolver: Resolver, *, place: str | None = None, not_before: datetime | None = None
) -> tuple[DidDocument, datetime | None]:
    """The key document of `issuer`, and when it was read; None for a document that is the DID itself.

    `place` is where an https issuer's keys stand if not at its own address. Raises UnsupportedDid for what is neither
    did:web, did:key, did:jwk nor an https address, the resolver's errors, and BadDid, BadDidDocument or a key's error
    for a document that cannot be one.
    """
    place = place or issuer
    if is_self_contained(issuer):
        return _remembered(issuer, place, b""), None
    address, accept = _address(issuer, place)
    fetched = resolver.fetch(address, accept=accept, max_bytes=MAX_DOCUMENT_BYTES, not_before=not_before)
    return _remembered(issuer, place, fetched.body), fetched.fetched_at


def authorised_key(
    document: DidDocument, method_id: str, now: datetime, relationship: Relationship = "assertionMethod"
) -> VerificationMethod:
    """The method `method_id` of `document`, which may sign credentials, or what `relationship` says, at `now`.

    Raises KeyNotListed, KeyNotAuthorised, KeyUnusable, KeyReportedStolen, KeyExpired.
    """
    method = document.key_for(method_id, relationship)
    if method.revoked is not None and method.revoked <= now + CLOCK_SKEW:
        raise KeyReportedStolen(method.revoked, method, where=method_id)
    require_unexpired(method, now)
    return method


def require_unexpired(method: VerificationMethod, now: datetime) -> None:
    """Return if the time of a key is not over at `now`. Raises KeyExpired."""
    if method.expires is not None and method.expires <= now - CLOCK_SKEW:
        raise KeyExpired("its time is over", where=method.id)


@lru_cache(maxsize=1024)
def _address(issuer: str, place: str) -> tuple[str, str]:
    """Where to ask, and for which media types."""
    if issuer.startswith("did:web:"):
        return did_web_to_url(issuer), DID_DOCUMENT_MEDIA_TYPES
    if is_https_id(issuer):
        return place, CONTROLLER_MEDIA_TYPES if place == issuer else KEY_MEDIA_TYPES
    raise UnsupportedDid("only did:web, did:key, did:jwk and https issuers can be looked up", where=issuer[:200])


def _remembered(issuer: str, place: str, body: bytes) -> DidDocument:
    """The parsed document; parsed once for the same issuer and the same bytes. A did:key has no bytes but itself."""
    found = _DOCUMENTS.get((issuer, place, body))
    if found is None:
        found = _parsed(issuer, place, body)
        _DOCUMENTS.put((issuer, place, body), found, weight=4 * (len(issuer) + len(place) + len(body)))
    return found


def _parsed(issuer: str, place: str, body: bytes) -> DidDocument:
    if place != issuer:
        return parse_key_file(body, issuer, place)
    return parse_did_document(expand_did(issuer) if is_self_contained(issuer) else body, issuer)
