"""Keys handed in with the call, for a verifier that shall believe these and ask nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from credentials.core.did_document import DidDocument, VerificationMethod
from credentials.core.key_files import KeyFile
from credentials.verifier.keys import KeySource, authorised_key


class GivenKeys:
    """The keys of a file in the place of an issuer's own document. See `KeySource`."""

    __slots__ = ("_file", "_issuer", "_now", "document")

    def __init__(self, file: KeyFile, issuer: str, now: datetime) -> None:
        self._file, self._issuer, self._now = file, issuer, now
        self.document = file.document or DidDocument(issuer, (), frozenset())

    def authorised(self, method_id: str) -> VerificationMethod:
        """The method `method_id`. Raises as `authorised_key` and `KeyFile.document_for`."""
        self.document = self._file.document_for(self._issuer, method_id)
        return authorised_key(self.document, method_id, self._now)


def only(file: KeyFile, now: datetime) -> Callable[[str], KeySource]:
    """What `verify` takes as `keys`: believe the keys of this file, whoever issued."""
    return lambda issuer: GivenKeys(file, issuer, now)
