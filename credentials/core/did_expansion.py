"""The documents of DIDs that are their own key: did:key (the did:key Method v0.9) and did:jwk (its specification).

Nothing is fetched: the document is written out from the DID, then read like anybody else's, so that both the resolver
that hands it out and the verifier that relies on it see one and the same.
"""

from __future__ import annotations

from typing import Any, Final

from credentials.core import base64url, strict_json
from credentials.core.did import MAX_DID_CHARS, is_did
from credentials.core.errors import BadDid, BadKey, CredentialError, PrivateKeyShown
from credentials.core.keys import PRIVATE_MEMBERS, PublicKey

_KEY: Final = "did:key:"
_JWK: Final = "did:jwk:"
_RELATIONSHIPS: Final = ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation")
_KEY_CONTEXT: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
_JWK_CONTEXT: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1")


def is_self_contained(did: str) -> bool:
    """Whether `did` is of a method whose document follows from the DID alone."""
    return did.startswith((_KEY, _JWK))


def expand_did(did: str) -> bytes:
    """The DID document, as JSON, of a did:key or did:jwk.

    Raises BadDid for another method or a broken DID; BadKey, NotBase58, UnsupportedKey, WeakKey for a did:key without
    a sound key; PrivateKeyShown for a did:jwk that shows one. The JWK of a did:jwk may be of a type that we cannot use:
    its document says so all the same, and reading it finds the method unusable.
    """
    if not is_did(did):
        raise BadDid(f"{did[:80]!r} is not a DID")
    if did.startswith(_KEY):
        return strict_json.dump(_key_document(did))
    if did.startswith(_JWK):
        return strict_json.dump(_jwk_document(did))
    raise BadDid(f"{did[:80]!r} is neither a did:key nor a did:jwk")


def _key_document(did: str) -> dict[str, Any]:
    """The did:key Method section 3.1: one Multikey, whose id repeats it."""
    multikey = did.removeprefix(_KEY)
    if PublicKey.from_multikey(multikey).to_multikey() != multikey:
        raise BadKey("the key is not written in its one form")
    method = {"id": f"{did}#{multikey}", "type": "Multikey", "controller": did, "publicKeyMultibase": multikey}
    return _document(did, _KEY_CONTEXT, method, _RELATIONSHIPS)


def _jwk_document(did: str) -> dict[str, Any]:
    """did:jwk, "To create the DID Document": one JsonWebKey2020, always `#0`; `use` decides what it is good for."""
    jwk = _jwk_of(did)
    method = {"id": f"{did}#0", "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": jwk}
    relationships: tuple[str, ...]
    match jwk.get("use"):
        case "sig":
            relationships = _RELATIONSHIPS
        case "enc":
            relationships = ("keyAgreement",)
        case _:
            relationships = (*_RELATIONSHIPS, "keyAgreement")
    return _document(did, _JWK_CONTEXT, method, relationships)


def _jwk_of(did: str) -> dict[str, Any]:
    try:
        data = base64url.decode(did.removeprefix(_JWK))
        jwk = strict_json.parse_object(data, max_bytes=MAX_DID_CHARS, max_depth=8)
    except CredentialError as err:
        raise BadDid(f"the did:jwk holds no JWK: {err.detail}") from None
    shown = PRIVATE_MEMBERS & jwk.keys()
    if shown:
        raise PrivateKeyShown("the did:jwk has private members", where=min(shown))
    if not isinstance(jwk.get("kty"), str):
        raise BadDid("the did:jwk holds an object that is no JWK")
    return jwk


def _document(
    did: str, context: tuple[str, ...], method: dict[str, Any], relationships: tuple[str, ...]
) -> dict[str, Any]:
    named = {name: [method["id"]] for name in relationships}
    return {"@context": context, "id": did, "verificationMethod": [method], **named}
