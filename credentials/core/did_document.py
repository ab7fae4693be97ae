"""DID documents: the keys of an issuer (Controlled Identifiers 1.0 sections 2.1 to 2.3; DID Core section 5).

A method that we cannot use (another key type, a weak key) does not spoil the document: it is kept by name in
`unusable`, and asking for it says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from credentials.core import strict_json
from credentials.core.errors import (
    BadDidDocument,
    CredentialError,
    KeyNotAuthorised,
    KeyNotListed,
    KeyUnusable,
    UnsupportedKey,
)
from credentials.core.instants import format_instant, parse_instant
from credentials.core.keys import PublicKey

Relationship = Literal["assertionMethod", "authentication"]
"""What a key may sign: credentials, or presentations (Controlled Identifiers 1.0 sections 2.3.1 and 2.3.2)."""
RELATIONSHIPS: Final[tuple[Relationship, ...]] = ("assertionMethod", "authentication")

MAX_DOCUMENT_BYTES: Final = 256 * 1024
MAX_METHODS: Final = 500

_CONTEXT: Final = (
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/jwk/v1",
    "https://w3id.org/security/multikey/v1",
)
_JWK_TYPES: Final = frozenset({"JsonWebKey", "JsonWebKey2020"})
_MULTIKEY_TYPES: Final = frozenset({"Multikey", "Ed25519VerificationKey2020"})


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """One key of a document. `revoked`: from this instant on it is not to be believed; `expires`: not after it."""

    id: str
    type: str
    controller: str
    key: PublicKey
    revoked: datetime | None = None
    expires: datetime | None = None

    @property
    def endless(self) -> bool:
        """Whether no instant is named from which on it is not to be believed, neither past nor to come."""
        return self.revoked is None and self.expires is None


@dataclass(frozen=True, slots=True)
class DidDocument:
    """The keys listed under a DID. Method ids are absolute; `unusable` maps a method's id to why it cannot be used."""

    id: str
    methods: tuple[VerificationMethod, ...]
    assertion_method: frozenset[str]
    authentication: frozenset[str] = frozenset()
    unusable: Mapping[str, str] = field(default_factory=dict)

    def assertion_key(self, method_id: str) -> VerificationMethod:
        """The method that may sign credentials under this id. Raises as `key_for`."""
        return self.key_for(method_id, "assertionMethod")

    def key_for(self, method_id: str, relationship: Relationship) -> VerificationMethod:
        """The method with this id, for signing credentials or presentations (Controlled Identifiers 1.0 section 3.3).

        Raises KeyNotListed, KeyUnusable, and KeyNotAuthorised unless the relationship names it and it is its own
        controller's.
        """
        for method in self.methods:
            if method.id == method_id:
                break
        else:
            if method_id in self.unusable:
                raise KeyUnusable(self.unusable[method_id], where=method_id)
            raise KeyNotListed(f"{self.id} does not list it", where=method_id)
        allowed = self.assertion_method if relationship == "assertionMethod" else self.authentication
        if method_id not in allowed or method.controller != self.id:
            raise KeyNotAuthorised(f"{self.id} does not list it under {relationship}", where=method_id)
        return method


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A key as its issuer publishes it: `name` is the fragment, `revoked` set when it was compromised."""

    name: str
    key: PublicKey
    revoked: datetime | None = None


def parse_did_document(data: bytes, expected: str) -> DidDocument:
    """The document in `data`, which must be that of the DID `expected`.

    Raises BadDidDocument for another id, repeated method ids, or a broken shape, and the errors of `strict_json`.
    """
    document = strict_json.parse_object(data, max_bytes=MAX_DOCUMENT_BYTES)
    if document.get("id") != expected:
        raise BadDidDocument(f"it is not the document of {expected}", where="/id")
    listed = _entries(document, "verificationMethod")
    named = {kind: _entries(document, kind) for kind in RELATIONSHIPS}
    embedded = [entry for entries in named.values() for entry in entries if isinstance(entry, dict)]
    methods, unusable = _read_methods([*listed, *embedded], expected)
    assertion, authentication = (_names(named[kind], expected) for kind in RELATIONSHIPS)
    return DidDocument(expected, methods, assertion, authentication, unusable)


def write_did_document(did: str, keys: Sequence[PublishedKey]) -> bytes:
    """The document of `did`: each key as `#<name>` (JsonWebKey) and `#<name>-multikey` (Multikey), both for assertions.

    A retired key stays listed, for a method missing from the latest document is invalid; a compromised one says
    `revoked`. Raises UnsupportedKey for a key without a Multikey form.
    """
    methods = [method for key in keys for method in _write_method(did, key)]
    document = {
        "@context": _CONTEXT,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
    return strict_json.dump(document)


def jwk_method_id(did: str, name: str) -> str:
    """The id under which `write_did_document` lists a key as a JsonWebKey."""
    return f"{did}#{name}"


def multikey_method_id(did: str, name: str) -> str:
    """The id under which `write_did_document` lists a key as a Multikey."""
    return f"{did}#{name}-multikey"


def _write_method(did: str, published: PublishedKey) -> tuple[dict[str, Any], dict[str, Any]]:
    revoked = {} if published.revoked is None else {"revoked": format_instant(published.revoked)}
    jwk = {
        "id": jwk_method_id(did, published.name),
        "type": "JsonWebKey",
        "controller": did,
        "publicKeyJwk": published.key.to_jwk(),
        **revoked,
    }
    multikey = {
        "id": multikey_method_id(did, published.name),
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": published.key.to_multikey(),
        **revoked,
    }
    return jwk, multikey


def _names(entries: Iterable[Any], did: str) -> frozenset[str]:
    return frozenset(_absolute(entry["id"] if isinstance(entry, dict) else entry, did) for entry in entries)


def _entries(document: Mapping[str, Any], name: str) -> list[Any]:
    entries = document.get(name, [])
    if not isinstance(entries, list) or len(entries) > MAX_METHODS:
        raise BadDidDocument(f"not a list of at most {MAX_METHODS}", where=f"/{name}")
    for index, entry in enumerate(entries):
        named = entry.get("id") if isinstance(entry, dict) else entry
        if not isinstance(named, str):
            raise BadDidDocument("a method without an id", where=f"/{name}/{index}")
    return entries


def _read_methods(entries: Iterable[Any], did: str) -> tuple[tuple[VerificationMethod, ...], Mapping[str, str]]:
    methods: dict[str, VerificationMethod] = {}
    unusable: dict[str, str] = {}
    for entry in entries:
        if not isinstance(entry, dict):
            raise BadDidDocument("a method that is not an object", where="/verificationMethod")
        name = _absolute(entry["id"], did)
        if name in methods or name in unusable:
            raise BadDidDocument("two methods have one id", where=name)
        try:
            methods[name] = _read_method(entry, name)
        except CredentialError as err:
            unusable[name] = str(err)
    return tuple(methods.values()), unusable


def _read_method(entry: Mapping[str, Any], name: str) -> VerificationMethod:
    kind, controller = entry.get("type"), entry.get("controller")
    if not isinstance(kind, str) or not isinstance(controller, str):
        raise BadDidDocument("type and controller are needed", where=name)
    return VerificationMethod(
        name, kind, controller, _read_key(entry, kind), _instant(entry, "revoked"), _instant(entry, "expires")
    )


def _read_key(entry: Mapping[str, Any], kind: str) -> PublicKey:
    if "publicKeyJwk" in entry and "publicKeyMultibase" in entry:
        raise BadDidDocument("two keys in one method")
    jwk, multibase = entry.get("publicKeyJwk"), entry.get("publicKeyMultibase")
    if kind in _JWK_TYPES and isinstance(jwk, dict):
        return PublicKey.from_jwk(jwk)
    if kind in _MULTIKEY_TYPES and isinstance(multibase, str):
        return PublicKey.from_multikey(multibase)
    raise UnsupportedKey(f"a method of type {kind[:60]!r}")


def _instant(entry: Mapping[str, Any], name: str) -> datetime | None:
    return parse_instant(entry[name], where=name) if name in entry else None


def _absolute(name: str, did: str) -> str:
    return did + name if name.startswith("#") else name
