"""From whatever `verify` was handed to the exact bytes of one secured credential.

Accepted: a token as bytes or text, with white space around it; a JSON object as bytes, text or already parsed. One that
is an `EnvelopedVerifiableCredential` holds the token in its `id`, a data URL (VC Data Model 2.0 section 4.13.1):
whatever stands beside the token is unsigned, and so never read nor shown. Any other object carries its own proofs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from credentials.core import strict_json
from credentials.core.errors import NotCompactJws, NotJson, TooLarge, UnknownForm
from credentials.core.jws import MAX_TOKEN_BYTES

ENVELOPE_TYPE: Final = "EnvelopedVerifiableCredential"
ENVELOPED_TYPES: Final = ("application/vc+jwt", "application/vc+sd-jwt", "application/dc+sd-jwt")
"""What a data URL may say that it holds (VC-JOSE-COSE section 4); whether it does is seen when it is read."""

_ENVELOPE: Final = ENVELOPE_TYPE.encode("ascii")
MAX_INPUT_BYTES: Final = MAX_TOKEN_BYTES + 4096


def secured_bytes(data: bytes | str | Mapping[str, Any]) -> bytes:
    """The bytes of the secured credential in `data`. Raises Unreadable kinds."""
    if isinstance(data, (str, bytes)):
        data = written(data)
        # An escaped spelling of the type is not found here, and is refused later, for it carries no proof.
        if not data.startswith(b"{") or _ENVELOPE not in data:
            return data
        data = strict_json.parse_object(data, max_bytes=MAX_INPUT_BYTES)
    return _enveloped(data) if _is_envelope(data) else written(data)


def written(data: bytes | str | Mapping[str, Any]) -> bytes:
    """`data` as bytes of bounded length, without white space around them. Raises TooLarge, NotCompactJws, NotJson."""
    if isinstance(data, str):
        data = _encoded(data)
    if isinstance(data, bytes):
        if len(data) > MAX_INPUT_BYTES:
            raise TooLarge(f"{len(data)} bytes are more than the {MAX_INPUT_BYTES} allowed")
        return data.strip()
    try:
        return strict_json.dump(data)
    except (TypeError, ValueError, OverflowError, RecursionError):
        raise NotJson("it holds what JSON cannot say") from None


def _is_envelope(document: Mapping[str, Any]) -> bool:
    kinds = document.get("type")
    return kinds == ENVELOPE_TYPE or (isinstance(kinds, list) and ENVELOPE_TYPE in kinds)


def _encoded(text: str) -> bytes:
    if len(text) > MAX_INPUT_BYTES:
        raise TooLarge(f"{len(text)} characters are more than the {MAX_INPUT_BYTES} allowed")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotCompactJws("a character that no text may have") from None


def _enveloped(document: Mapping[str, Any]) -> bytes:
    """The token behind `data:<type>,`; parameters of the type, such as base64, have no place before it."""
    address = document.get("id")
    kind, comma, token = address.partition(",") if isinstance(address, str) else ("", "", "")
    if not comma or kind.lower() not in {f"data:{accepted}" for accepted in ENVELOPED_TYPES}:
        raise UnknownForm("its id is no data URL of a token that is known", where="/id")
    return _encoded(token)
