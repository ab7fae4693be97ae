"""Issuers that are named by an https address, and where their keys stand.

A key is named in one of two ways, and always on the origin of its issuer (RFC 6454 section 4):

- `<issuer>#<fragment>`: a method of the controlled identifier document at the issuer's own address (Controlled
  Identifiers 1.0 section 3.3; VC-JOSE-COSE section 4.3), read by `did_document`.
- another address: a public JWK (Open Badges 3.0 section 8.2.3), or a JWK Set with a key of that name (RFC 7517
  section 5). Whoever may put a file on that origin can do this, so it is weaker evidence than the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from credentials.core import strict_json
from credentials.core.did_document import MAX_DOCUMENT_BYTES, MAX_METHODS, DidDocument, VerificationMethod
from credentials.core.errors import BadDidDocument, BadHttpsId, CredentialError, KeyNotAuthorised
from credentials.core.keys import PublicKey

MAX_CHARS: Final = 2048

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_CHARS: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_HTTPS: Final = re.compile(
    rf"https://(?P<host>{_LABEL}(?:\.{_LABEL})*)(?P<port>:[1-9][0-9]{{0,4}})?"
    rf"(?P<path>(?:/{_CHARS}*)*)(?P<query>\?(?:{_CHARS}|[/?])*)?(?P<fragment>#(?:{_CHARS}|[/?])+)?"
)
_DOT_SEGMENT: Final = re.compile(r"/(?:\.|%2[Ee]){1,2}(?=/|\Z)")


@lru_cache(maxsize=1024)
def is_https_id(text: str) -> bool:
    """Whether `text` is an https address with one reading and no fragment: what an issuer may be named by."""
    found = _parts(text)
    return found is not None and found["fragment"] is None


def require_key_name(kid: str) -> None:
    """Return if `kid` is an https address, with or without a fragment, that has one reading. Raises BadHttpsId."""
    if _parts(kid) is None:
        raise BadHttpsId(f"{kid[:80]!r} is not a plain https address")


@lru_cache(maxsize=1024)
def key_address(issuer: str, method_id: str) -> str:
    """Where the document is that has the key `method_id` of the https issuer: its own address, or another there.

    Raises KeyNotAuthorised for a key on another origin, and BadHttpsId if either is no https address.
    """
    base = method_id.partition("#")[0]
    if base != issuer and _origin(base) != _origin(issuer):
        raise KeyNotAuthorised("it stands on another origin than its issuer", where=method_id)
    return base


def parse_key_file(data: bytes, issuer: str, address: str) -> DidDocument:
    """The keys in the JWK or JWK Set that stands at `address`, as methods of `issuer`, all for assertions but one for
    another `use` or without `verify` among its `key_ops` (RFC 7517 sections 4.2 and 4.3).

    A single JWK is named by its address; one with a `kid`, and each key of a set, by that `kid` if it is an address,
    else by `<address>#<kid>`. Raises BadDidDocument for another shape or a name that occurs twice, and the errors of
    `strict_json`.
    """
    document = strict_json.parse_object(data, max_bytes=MAX_DOCUMENT_BYTES)
    named = list(_named(document, address))
    names = [name for name, _ in named]
    if len(set(names)) != len(names):
        raise BadDidDocument("two keys have one name", where="/keys")
    methods: list[VerificationMethod] = []
    unusable: dict[str, str] = {}
    for name, jwk in named:
        try:
            methods.append(VerificationMethod(name, "JsonWebKey", issuer, PublicKey.from_jwk(jwk)))
        except CredentialError as err:
            unusable[name] = str(err)
    assertion = frozenset(name for name, jwk in named if _verifies(jwk))
    return DidDocument(issuer, tuple(methods), assertion, unusable=unusable)


def _named(document: Mapping[str, Any], address: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Each key with a name it goes by; a single one may have two."""
    if "keys" not in document:
        yield address, document
        if isinstance(document.get("kid"), str) and _name(document["kid"], address) != address:
            yield _name(document["kid"], address), document
        return
    keys = document["keys"]
    if not isinstance(keys, list) or len(keys) > MAX_METHODS:
        raise BadDidDocument(f"not a list of at most {MAX_METHODS}", where="/keys")
    for index, jwk in enumerate(keys):
        if not isinstance(jwk, dict):
            raise BadDidDocument("a key that is not an object", where=f"/keys/{index}")
        if isinstance(jwk.get("kid"), str):
            yield _name(jwk["kid"], address), jwk


def _name(kid: str, address: str) -> str:
    return kid if kid.startswith("https://") else f"{address}#{kid}"


def _verifies(jwk: Mapping[str, Any]) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    return jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations


def _origin(address: str) -> tuple[str, int]:
    found = _parts(address)
    if found is None:
        raise BadHttpsId(f"{address[:80]!r} is not a plain https address")
    return found["host"].lower(), int((found["port"] or ":443")[1:])


def _parts(text: str) -> re.Match[str] | None:
    """The parts of an address that no two readers could read differently: no user name, no dot segments."""
    if len(text) > MAX_CHARS:
        return None
    found = _HTTPS.fullmatch(text)
    return None if found is None or _DOT_SEGMENT.search(found["path"]) else found
