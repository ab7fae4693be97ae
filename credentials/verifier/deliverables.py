"""Is this file one of those whose digests a credential states? What was accepted can be told from what was not.

The digests stand in the signed evidence (VC Data Model 2.0 section 5.3). A file is known by all the digests that are
stated of it, never by its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from credentials.core.micro_internship import AGREEMENT
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
    found = [one for one in _stated_evidence(document, digests) if one.get("genre") != AGREEMENT]
    return tuple(str(one.get("name") or one["id"]) for one in found)


def is_agreed(document: Mapping[str, Any], digests: Digests) -> bool:
    """Whether a verified credential names the agreement with these digests. Raises MalformedRelatedResource."""
    return any(one.get("genre") == AGREEMENT for one in _stated_evidence(document, digests))


def agreements_in(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the agreements that a credential names; none where it does not disclose one."""
    return tuple(str(one.get("id")) for one in _evidence(document) if one.get("genre") == AGREEMENT)


def _stated_evidence(document: Mapping[str, Any], digests: Digests) -> list[Mapping[str, Any]]:
    stated = {one.id for one in stated_resources(document) if _is_of(one, digests)}
    return [one for one in _evidence(document) if one.get("id") in stated]


def _evidence(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    evidence = document.get("evidence")
    listed = evidence if isinstance(evidence, list) else [evidence]
    return [one for one in listed if isinstance(one, Mapping)]


def _is_of(stated: StatedResource, digests: Digests) -> bool:
    return all(digests.get(one.algorithm) in one.values for one in stated.digests)
