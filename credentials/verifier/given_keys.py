"""Keys handed in with the call, for a verifier that shall believe these and ask nobody."""

from __future__ import annotations

from datetime import datetime

from credentials.core.did_document import DidDocument, VerificationMethod
from credentials.core.key_files import KeyFile
from credentials.verifier.keys import KeysOf, authorised_key


class GivenKeys:
    """The keys of a file in the place of an issuer's own document. See `KeySource`."""

    __slots__ = ("_file", "_now", "id")

    def __init__(self, file: KeyFile, issuer: str, now: datetime) -> None:
        self._file, self.id, self._now = file, issuer, now

    def document_for(self, method_id: str) -> DidDocument:
        """The keys of the file as the issuer's document. Raises as `KeyFile.document_for`."""
        return self._file.document_for(self.id, method_id)

    def authorised(self, method_id: str) -> VerificationMethod:
        """The method `method_id`. Raises as `authorised_key` and `KeyFile.document_for`."""
        return authorised_key(self.document_for(method_id), method_id, self._now)


def only(file: KeyFile, now: datetime) -> KeysOf:
    """What `verify` takes as `keys`: believe the keys of this file, whoever issued."""
    return lambda issuer, _method, _form: GivenKeys(file, issuer, now)
