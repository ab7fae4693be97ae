"""Finding the keys of an SD-JWT VC's issuer that is named by an https address.

Its metadata is fetched from the one place that the address names, its keys from there or from the same origin. What
comes of it is used as a DID document is: the same gate for keys, the same rule that a key must be listed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from credentials.core.did_document import MAX_DOCUMENT_BYTES, DidDocument
from credentials.core.issuer_metadata import keys_elsewhere, metadata_url, parse_issuer_metadata, parse_key_set
from credentials.verifier.cache import BoundedCache
from credentials.verifier.resolvers.resolver import Resolver

METADATA_MEDIA_TYPE: Final = "application/json"
KEY_SET_MEDIA_TYPES: Final = "application/jwk-set+json, application/json"

_DOCUMENTS: Final[BoundedCache[tuple[str, bytes], DidDocument]] = BoundedCache(max_entries=512, max_weight=8 << 20)


def metadata_document(
    issuer: str, resolver: Resolver, *, not_before: datetime | None = None
) -> tuple[DidDocument, datetime]:
    """The keys of `issuer`, an https address, each as `<issuer>#<kid>`; and when the oldest copy of them was read.

    Raises BadIssuerMetadata, the resolver's errors and those of `strict_json`.
    """
    fetched = resolver.fetch(
        metadata_url(issuer), accept=METADATA_MEDIA_TYPE, max_bytes=MAX_DOCUMENT_BYTES, not_before=not_before
    )
    found = _DOCUMENTS.get((issuer, fetched.body))
    if found is not None:
        return found, fetched.fetched_at
    elsewhere = keys_elsewhere(fetched.body, issuer)
    if elsewhere is None:
        found = parse_issuer_metadata(fetched.body, issuer)
        _DOCUMENTS.put((issuer, fetched.body), found, weight=4 * (len(issuer) + len(fetched.body)))
        return found, fetched.fetched_at
    keys = resolver.fetch(elsewhere, accept=KEY_SET_MEDIA_TYPES, max_bytes=MAX_DOCUMENT_BYTES, not_before=not_before)
    return parse_key_set(keys.body, issuer), min(keys.fetched_at, fetched.fetched_at)
