"""From whatever `verify` was handed to the exact bytes of one secured credential.

Accepted: a token as bytes or text, with white space around it; a JSON object as bytes, text or already parsed, if it is
an `EnvelopedVerifiableCredential`: its `id` is a data URL with the token in it (VC Data Model 2.0 section 4.13.1).
Whatever stands beside the token in an envelope is unsigned, and so never read nor shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from credentials.core import strict_json
from credentials.core.errors import NotCompactJws, TooLarge, UnknownForm
from credentials.core.jws import MAX_TOKEN_BYTES

ENVELOPE_TYPE: Final = "EnvelopedVerifiableCredential"
DATA_URL_PREFIXES: Final = tuple(f"data:application/{kind}," for kind in ("vc+jwt", "vc+sd-jwt", "dc+sd-jwt"))
"""How the `id` of an envelope starts (VC-JOSE-COSE section 4)."""

MAX_INPUT_BYTES: Final = MAX_TOKEN_BYTES + 4096


def secured_bytes(data: bytes | str | Mapping[str, Any]) -> bytes:
    """The bytes of the secured credential in `data`. Raises Unreadable kinds."""
    if isinstance(data, str):
        data = _encoded(data)
    if isinstance(data, bytes):
        if len(data) > MAX_INPUT_BYTES:
            raise TooLarge(f"{len(data)} bytes are more than the {MAX_INPUT_BYTES} allowed")
        data = data.strip()
        if not data.startswith(b"{"):
            return data
        data = strict_json.parse_object(data, max_bytes=MAX_INPUT_BYTES)
    return _enveloped(data)


def _encoded(text: str) -> bytes:
    if len(text) > MAX_INPUT_BYTES:
        raise TooLarge(f"{len(text)} characters are more than the {MAX_INPUT_BYTES} allowed")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotCompactJws("a character that no text may have") from None


def _enveloped(document: Mapping[str, Any]) -> bytes:
    kinds = document.get("type")
    if kinds != ENVELOPE_TYPE and not (isinstance(kinds, list) and ENVELOPE_TYPE in kinds):
        raise UnknownForm("the object carries no signature in a form we know", where="/type")
    address = document.get("id")
    if isinstance(address, str):
        for prefix in DATA_URL_PREFIXES:
            if address[: len(prefix)].lower() == prefix:
                return _encoded(address[len(prefix) :])
    raise UnknownForm(f"its id does not start with {' or '.join(DATA_URL_PREFIXES)}", where="/id")
