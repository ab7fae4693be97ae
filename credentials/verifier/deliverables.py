"""Is this file one of those whose digests a credential states? What was accepted can be told from what was not.

The digests stand in the signed evidence (VC Data Model 2.0 section 5.3). A file is known by all the digests that are
stated of it, never by its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from credentials.core.related_resources import StatedResource, stated_resources

ALGORITHMS: Final = ("sha256", "sha384", "sha512")
CHUNK: Final = 256 * 1024

Digests = Mapping[str, bytes]
"""The digests of one file, by algorithm."""


def digests_of_stream(stream: BinaryIO) -> Digests:
    """All digests of a file of any length, in one pass; never more than `CHUNK` bytes of it are in memory."""
    hashes = [hashlib.new(name) for name in ALGORITHMS]
    while chunk := stream.read(CHUNK):
        for one in hashes:
            one.update(chunk)
    return {one.name: one.digest() for one in hashes}


def accepted_as(document: Mapping[str, Any], digests: Digests) -> tuple[str, ...]:
    """What a verified credential calls the file with these digests; nothing when it states them of none.

    Raises MalformedRelatedResource.
    """
    stated = {one.id for one in stated_resources(document) if _is_of(one, digests)}
    evidence = document.get("evidence")
    listed = evidence if isinstance(evidence, list) else [evidence]
    found = [one for one in listed if isinstance(one, Mapping) and one.get("id") in stated]
    return tuple(str(one.get("name") or one["id"]) for one in found)


def _is_of(stated: StatedResource, digests: Digests) -> bool:
    return all(digests.get(one.algorithm) in one.values for one in stated.digests)
