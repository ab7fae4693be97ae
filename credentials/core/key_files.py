"""Public keys in a file of their own, in each of the spellings that people keep them in.

Read: a JWK or a JWK Set (RFC 7517), a DID document or controlled identifier document, one of its verification methods
(`JsonWebKey`, `Multikey`), and a Multikey as bare text `z…` (Controlled Identifiers 1.0 sections 2.1 and 2.2).

A document says whose keys those are and what for, and is held to it. A bare key says nothing: whoever names it as the
key to believe vouches for it, whatever issuer a credential names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials.core import strict_json
from credentials.core.did_document import DidDocument, VerificationMethod, parse_did_document
from credentials.core.errors import BadKey, KeyNotListed, NotUtf8
from credentials.core.keys import PublicKey

MAX_FILE_BYTES: Final = 256 * 1024
MAX_KEYS: Final = 256


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A bare key; `name` is its `kid` or `id`, None if it has none."""

    key: PublicKey
    name: str | None = None

    def is_called(self, method_id: str) -> bool:
        """Whether a verification method's id names this key: in full, by its fragment, or by its thumbprint."""
        names = {self.name, self.key.thumbprint()}
        return method_id in names or method_id.partition("#")[2] in names


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a file holds: bare keys, or the document of whoever they belong to."""

    keys: tuple[NamedKey, ...] = ()
    document: DidDocument | None = None

    def document_for(self, controller: str, method_id: str) -> DidDocument:
        """The document in which to look for `method_id` of `controller`.

        A file of one nameless key stands for whatever method is asked for. Raises KeyNotListed for a document of
        somebody else, and when no bare key is meant.
        """
        if self.document is not None:
            if self.document.id != controller:
                raise KeyNotListed(f"the key file is the document of {self.document.id[:80]}", where=method_id)
            return self.document
        method = VerificationMethod(method_id, "JsonWebKey", controller, self._meant(method_id))
        return DidDocument(controller, (method,), frozenset({method_id}))

    def _meant(self, method_id: str) -> PublicKey:
        for named in self.keys:
            if named.is_called(method_id):
                return named.key
        if len(self.keys) == 1 and self.keys[0].name is None:
            return self.keys[0].key
        raise KeyNotListed("the key file holds no key of this name", where=method_id)


def parse_key_file(data: bytes) -> KeyFile:
    """The keys in `data`.

    Raises the errors of `strict_json` and `parse_did_document`, and of the key classes: BadKey, UnsupportedKey,
    WeakKey, PrivateKeyShown.
    """
    text = data.strip()
    if not text.startswith(b"{"):
        return KeyFile((NamedKey(PublicKey.from_multikey(_ascii(text))),))
    value = strict_json.parse_object(text, max_bytes=MAX_FILE_BYTES)
    if "verificationMethod" in value or "assertionMethod" in value:
        return KeyFile(document=parse_did_document(text, _text(value, "id")))
    if "keys" in value:
        return KeyFile(tuple(_key_set(value["keys"])))
    return KeyFile((_single(value),))


def _single(value: Mapping[str, Any]) -> NamedKey:
    """A JWK, or a verification method that holds one or a Multikey."""
    if "publicKeyMultibase" in value:
        return NamedKey(PublicKey.from_multikey(_text(value, "publicKeyMultibase")), _name(value, "id"))
    if isinstance(value.get("publicKeyJwk"), dict):
        return NamedKey(PublicKey.from_jwk(value["publicKeyJwk"]), _name(value, "id"))
    return NamedKey(PublicKey.from_jwk(value), _name(value, "kid"))


def _key_set(keys: object) -> Iterator[NamedKey]:
    if not isinstance(keys, list) or not 1 <= len(keys) <= MAX_KEYS or not all(isinstance(key, dict) for key in keys):
        raise BadKey(f"not a list of 1 to {MAX_KEYS} keys", where="keys")
    return (NamedKey(PublicKey.from_jwk(key), _name(key, "kid")) for key in keys)


def _name(value: Mapping[str, Any], member: str) -> str | None:
    return _text(value, member) if member in value else None


def _text(value: Mapping[str, Any], member: str) -> str:
    found = value.get(member)
    if not isinstance(found, str) or not found:
        raise BadKey("not a text", where=member)
    return found


def _ascii(text: bytes) -> str:
    if len(text) > MAX_FILE_BYTES or not text.isascii():
        raise NotUtf8("neither JSON nor a Multikey")
    return text.decode("ascii")
