"""Linked data: the canonical RDF of a JSON-LD document, for the proofs that are made over it.

The contexts are bundled and compiled; nothing is fetched. What a signature over the canonical form would not cover is
refused, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credentials.core.errors import NotUtf8
from credentials.core.linked_data.bundle import BundledContext, bundled_contexts
from credentials.core.linked_data.oxigraph import read_by_oxigraph
from credentials.core.linked_data.rdfc import canonicalise, refuse_poison
from credentials.core.linked_data.reading import read

__all__ = ["BundledContext", "bundled_contexts", "canonical_by_oxigraph", "canonical_nquads"]


def canonical_nquads(document: Mapping[str, Any], written: bytes = b"") -> bytes:
    """The RDFC-1.0 canonical N-Quads of `document`, UTF-8.

    `document` is strictly parsed JSON: a credential or presentation without its proof, or the options of a proof with
    the document's @context; `written` as for `reading.read`. Raises the errors of `reading.read`, PoisonGraph, and
    NotUtf8 for half a character.
    """
    try:
        return canonicalise(read(document, written)).encode()
    except UnicodeEncodeError:
        raise NotUtf8("a text has half of a character") from None


def canonical_by_oxigraph(document: Mapping[str, Any]) -> bytes:
    """The same by another implementation, many times slower; it reads the document itself, with the contexts inlined.

    Raises as `canonical_nquads`: what we refuse is not shown to it.
    """
    refuse_poison(read(document))
    return read_by_oxigraph(document).encode()
