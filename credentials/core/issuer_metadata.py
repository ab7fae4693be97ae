"""JWT VC Issuer Metadata: the keys of an issuer that is named by an https address (draft-ietf-oauth-sd-jwt-vc-24).

It is told in the terms of a DID document: each key is a method `<issuer>#<kid>`, good for assertions. A key that cannot
be used does not spoil the others, as in a DID document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from credentials.core import strict_json
from credentials.core.did_document import MAX_DOCUMENT_BYTES, MAX_METHODS, DidDocument, PublishedKey, VerificationMethod
from credentials.core.errors import BadIssuerMetadata, CredentialError
from credentials.core.keys import PublicKey

WELL_KNOWN: Final = "/.well-known/jwt-vc-issuer"

_MAX_URL_CHARS: Final = 2048
_KEY_USES: Final = frozenset({None, "sig"})
_PLAIN: Final = re.compile(r"https://[!-~]+", re.ASCII)


@lru_cache(maxsize=1024)
def metadata_url(issuer: str) -> str:
    """Where the metadata of an issuer is: the well-known name stands between host and path.

    `https://a.example/tenant/` → `https://a.example/.well-known/jwt-vc-issuer/tenant`. Raises BadIssuerMetadata unless
    `issuer` is an https address without user name, query and fragment.
    """
    try:
        parts = urlsplit(issuer)
    except ValueError:
        raise BadIssuerMetadata("the issuer is no address", where=issuer[:80]) from None
    plain = len(issuer) <= _MAX_URL_CHARS and _PLAIN.fullmatch(issuer) and not any(char in issuer for char in "?#\\@")
    if not plain or not parts.netloc:
        raise BadIssuerMetadata("the issuer is no plain https address", where=issuer[:80])
    return f"https://{parts.netloc}{WELL_KNOWN}{parts.path.rstrip('/')}"


def keys_elsewhere(data: bytes, issuer: str) -> str | None:
    """The `jwks_uri` of an issuer's metadata, None where its keys are in it (`jwks`); exactly one of both must be.

    Raises BadIssuerMetadata, also where the keys lie on another origin than the issuer: whoever runs that one could
    sign in its name. Raises the errors of `strict_json` too.
    """
    document = _document(data, issuer)
    if ("jwks" in document) == ("jwks_uri" in document):
        raise BadIssuerMetadata("exactly one of jwks and jwks_uri is needed", where="/jwks")
    address = document.get("jwks_uri")
    if address is None and "jwks" in document:
        return None
    if not isinstance(address, str) or _origin(address) != _origin(issuer):
        raise BadIssuerMetadata("its keys lie on another origin", where="/jwks_uri")
    return address


def parse_issuer_metadata(data: bytes, issuer: str) -> DidDocument:
    """The keys in the metadata of `issuer`, where `keys_elsewhere` is None. Raises as that and as `parse_key_set`."""
    keys = _document(data, issuer).get("jwks")
    if not isinstance(keys, dict):
        raise BadIssuerMetadata("jwks is not a key set", where="/jwks")
    return _read(keys, issuer)


def parse_key_set(data: bytes, issuer: str) -> DidDocument:
    """The keys in a JWK Set (RFC 7517 section 5) as those of `issuer`.

    A key without a `kid` cannot be named and is passed over. Raises BadIssuerMetadata for a broken set or two keys of
    one name, and the errors of `strict_json`.
    """
    return _read(strict_json.parse_object(data, max_bytes=MAX_DOCUMENT_BYTES), issuer)


def write_issuer_metadata(issuer: str, keys: Iterable[PublishedKey]) -> bytes:
    """The metadata of `issuer`. A key that was compromised is left out: this format cannot say since when."""
    listed = [{**one.key.to_jwk(), "kid": one.name, "use": "sig"} for one in keys if one.revoked is None]
    return strict_json.dump({"issuer": issuer, "jwks": {"keys": listed}})


def _document(data: bytes, issuer: str) -> Mapping[str, Any]:
    document = strict_json.parse_object(data, max_bytes=MAX_DOCUMENT_BYTES)
    if document.get("issuer") != issuer:
        raise BadIssuerMetadata("it is the metadata of another issuer", where="/issuer")
    return document


def _read(key_set: Mapping[str, Any], issuer: str) -> DidDocument:
    listed = key_set.get("keys")
    if not isinstance(listed, list) or len(listed) > MAX_METHODS:
        raise BadIssuerMetadata(f"not a list of at most {MAX_METHODS} keys", where="/keys")
    methods: dict[str, VerificationMethod] = {}
    unusable: dict[str, str] = {}
    for jwk in listed:
        if not isinstance(jwk, dict):
            raise BadIssuerMetadata("a key that is not an object", where="/keys")
        kid = jwk.get("kid")
        if not isinstance(kid, str) or not kid:
            continue
        name = kid if kid.startswith(f"{issuer}#") else f"{issuer}#{kid}"
        if name in methods or name in unusable:
            raise BadIssuerMetadata("two keys have one kid", where=kid[:80])
        try:
            methods[name] = _method(jwk, name, issuer)
        except CredentialError as err:
            unusable[name] = str(err)
    return DidDocument(issuer, tuple(methods.values()), frozenset(methods), unusable=unusable)


def _method(jwk: Mapping[str, Any], name: str, issuer: str) -> VerificationMethod:
    if jwk.get("use") not in _KEY_USES:
        raise BadIssuerMetadata("the key is not for signatures", where="/keys")
    return VerificationMethod(name, "JsonWebKey", issuer, PublicKey.from_jwk(jwk))


def _origin(address: str) -> tuple[str, str | None, int]:
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname, parts.port or 443
    except ValueError:
        return "", None, 0
