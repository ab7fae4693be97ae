"""The terms inside an agreement's document. Pure."""

from __future__ import annotations

import msgspec

from credentials.projects.terms import Terms


class _Document(msgspec.Struct, frozen=True):
    """The one member of an agreement that is read here."""

    terms: Terms


def terms_in(document: bytes) -> Terms:
    """The terms that a document states. Raises msgspec.ValidationError for one that was not made here."""
    return msgspec.json.decode(document, type=_Document).terms
