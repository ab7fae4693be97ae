"""Verifiable presentations, taken apart (W3C VC Data Model 2.0 section 4.13): credentials, and who shows them.

Three forms: JSON with embedded proofs for `authentication`; a JWS of `typ` vp+jwt whose payload is the presentation
(VC-JOSE-COSE section 3.1.2), also inside an EnvelopedVerifiablePresentation; and JSON without any proof, which says
nothing of who shows it. The credentials inside are handed on as they are: each is verified by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from credentials.core import strict_json
from credentials.core.credential import CONTEXT_V1, CONTEXT_V2
from credentials.core.data_integrity.documents import take_apart
from credentials.core.data_integrity.mechanism import FORM as DATA_INTEGRITY
from credentials.core.data_integrity.mechanism import check_embedded, presented_proof
from credentials.core.errors import (
    InlineContext,
    KidMissing,
    MalformedPresentation,
    VcClaim,
    WrongContext,
    WrongTokenType,
)
from credentials.core.instants import from_numeric_date
from credentials.core.jws import MAX_TOKEN_BYTES, CompactJws, parse_compact, verify_jws
from credentials.core.keys import PublicKey
from credentials.core.mechanism import Proof

AUTHENTICATION: Final = "authentication"
VP_JWT: Final = "vp+jwt"
UNSIGNED: Final = "unsigned"
MAX_CREDENTIALS: Final = 16

_TYPE: Final = "VerifiablePresentation"
_ENVELOPE: Final = "EnvelopedVerifiablePresentation"
_DATA_URL: Final = "data:application/vp+jwt,"
_REGISTERED: Final = ("iss", "aud", "nonce", "iat", "nbf", "exp", "jti", "sub")


class Presentation(msgspec.Struct, frozen=True):
    """A presentation, NOT verified. `holder` is None where it names none; `proofs` is empty when nobody signed it.

    `credentials` are the secured forms inside, each as bytes. `unread` names the kinds of proof not understood.
    """

    form: str
    holder: str | None
    document: dict[str, Any]
    credentials: tuple[bytes, ...]
    proofs: tuple[Proof, ...] = ()
    unread: tuple[str, ...] = ()


def read_presentation(data: bytes) -> Presentation:
    """Take a presentation apart without believing it.

    Raises the errors of `strict_json`, `parse_compact` and `take_apart`, MalformedPresentation, WrongContext,
    InlineContext, WrongTokenType, KidMissing, VcClaim.
    """
    data = data.strip()
    if not data.startswith(b"{"):
        return _from_token(data)
    document = strict_json.parse_object(data, max_bytes=MAX_TOKEN_BYTES)
    if _ENVELOPE in _kinds(document):
        return _from_token(_enveloped(document))
    if "proof" not in document:
        return _presentation(UNSIGNED, document)
    apart = take_apart(document, AUTHENTICATION)
    proofs = tuple(presented_proof(proof) for proof in apart.proofs)
    return _presentation(DATA_INTEGRITY, apart.unsecured, proofs, apart.unread)


def check_proof(proof: Proof, key: PublicKey) -> None:
    """Return if `key` made this proof of a presentation. Raises KeyAlgorithmMismatch, SignatureMismatch."""
    if isinstance(proof.own, CompactJws):
        verify_jws(proof.own, key)
    else:
        check_embedded(proof, key)


def _presentation(
    form: str, document: dict[str, Any], proofs: tuple[Proof, ...] = (), unread: tuple[str, ...] = ()
) -> Presentation:
    if _TYPE not in _kinds(document):
        raise MalformedPresentation(f"{_TYPE} is not among its types", where="/type")
    contexts = _as_list(document.get("@context"))
    if not contexts or contexts[0] not in (CONTEXT_V1, CONTEXT_V2):
        raise WrongContext("the first @context is not that of a presentation", where="/@context")
    if [context for context in contexts if not isinstance(context, str)]:
        raise InlineContext("a @context that is not an address", where="/@context")
    if "id" in document and _uses(document["id"], list(document.values())):
        raise MalformedPresentation("another object in it has its id", where="/id")
    return Presentation(form, _holder(document), document, _credentials(document), proofs, unread)


def _uses(name: object, below: list[Any]) -> bool:
    """Whether an object further down has this id: it would be the presentation itself, and could name its holder."""
    while below:
        node = below.pop()
        if isinstance(node, dict):
            if node.get("id") == name and len(node) > 1:
                return True
            below += node.values()
        elif isinstance(node, list):
            below += node
    return False


def _from_token(token: bytes) -> Presentation:
    """A vp+jwt. `aud` and `nonce` are whom and what it was made for (RFC 7519 section 4.1.3; OpenID4VP)."""
    jws = parse_compact(token)
    if jws.header.get("typ") != VP_JWT or jws.header.get("cty") not in (None, "vp"):
        raise WrongTokenType("not a vp+jwt", where="typ")
    if "kid" not in jws.header:
        raise KidMissing("the header has no kid", where="kid")
    document = strict_json.parse_object(jws.payload, max_bytes=MAX_TOKEN_BYTES)
    if "vc" in document or "vp" in document:
        raise VcClaim("the payload must be the presentation itself", where="/vc" if "vc" in document else "/vp")
    claims: dict[str, Any] = {name: document.pop(name) for name in _REGISTERED if name in document}
    presentation = _presentation(VP_JWT, document)
    holder = presentation.holder if presentation.holder is not None else _text(claims, "iss")
    if claims.get("iss", holder) != holder:
        raise MalformedPresentation("iss is not the holder", where="/iss")
    return msgspec.structs.replace(presentation, holder=holder, proofs=(_proof(jws, claims, holder),))


def _proof(jws: CompactJws, claims: Mapping[str, Any], holder: str | None) -> Proof:
    kid = jws.header["kid"]
    audiences = _as_list(claims.get("aud"))
    if [audience for audience in audiences if not isinstance(audience, str)]:
        raise MalformedPresentation("an audience that is not a text", where="/aud")
    return Proof(
        mechanism=VP_JWT,
        verification_method=f"{holder or ''}{kid}" if kid.startswith("#") else kid,
        algorithm=jws.header["alg"],
        own=jws,
        created=from_numeric_date(claims, "nbf") or from_numeric_date(claims, "iat"),
        expires=from_numeric_date(claims, "exp"),
        domains=tuple(audiences),
        challenge=_text(claims, "nonce") or "",
    )


def _enveloped(document: Mapping[str, Any]) -> bytes:
    address = document.get("id")
    if not isinstance(address, str) or not address.isascii() or not address.startswith(_DATA_URL):
        raise MalformedPresentation(f"its id does not start with {_DATA_URL}", where="/id")
    return address.removeprefix(_DATA_URL).encode("ascii")


def _holder(document: Mapping[str, Any]) -> str | None:
    holder = document.get("holder")
    name = holder.get("id") if isinstance(holder, dict) else holder
    if holder is not None and not (isinstance(name, str) and name):
        raise MalformedPresentation("the holder is no id", where="/holder")
    return name


def _credentials(document: Mapping[str, Any]) -> tuple[bytes, ...]:
    listed = _as_list(document.get("verifiableCredential"))
    if len(listed) > MAX_CREDENTIALS:
        raise MalformedPresentation(f"more than {MAX_CREDENTIALS} credentials", where="/verifiableCredential")
    return tuple(_credential(item) for item in listed)


def _credential(item: object) -> bytes:
    """An object with its own proofs or its envelope; in VC 1.1 also a token as it is (VC 1.1 section 6.3.1)."""
    if isinstance(item, dict):
        return strict_json.dump(item)
    if isinstance(item, str):
        return item.encode("utf-8", "replace")
    raise MalformedPresentation("a credential that is neither an object nor a token", where="/verifiableCredential")


def _kinds(document: Mapping[str, Any]) -> list[Any]:
    return _as_list(document.get("type"))


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is not None and not isinstance(value, str):
        raise MalformedPresentation(f"{name} is not a text", where=f"/{name}")
    return value


def _as_list(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]
