"""An issuer who signs anything: what it makes is really signed, over what careless software takes it to mean.

RDF is read by pyoxigraph alone, which drops what it cannot represent, so an undefined term or a relative id leaves a
signature that holds for whoever does not look. Where a document cannot be signed at all, the signature is over nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from credentials.core import base64url, strict_json
from credentials.core.data_integrity.cryptosuites import CRYPTOSUITES, Canonical, Cryptosuite
from credentials.core.data_integrity.options import encode_value
from credentials.core.errors import CredentialError
from credentials.core.jws import compact
from credentials.core.linked_data.oxigraph import read_by_oxigraph
from tests.verifier.world import Key

Change = Callable[[bytes], bytes]
UNSIGNABLE = (CredentialError, KeyError, TypeError, ValueError, AttributeError)


def canonical(suite: Cryptosuite, document: dict[str, Any]) -> bytes:
    """What careless software signs."""
    try:
        return suite.canonicalise(document, b"") if suite.keeps_context else read_by_oxigraph(document).encode()
    except UNSIGNABLE:
        return b""


def proven(
    document: dict[str, Any],
    proof: dict[str, Any],
    key: Key,
    *,
    suite: str,
    blind: bool = False,
    change: Change = bytes,
) -> dict[str, Any]:
    """`proof` with the value that `key` gives it over `document`; `blind` signs nothing (for graphs that take minutes).

    `change` is what is done to the signature.
    """
    chosen = CRYPTOSUITES[suite]
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    read = options if chosen.keeps_context else {"@context": document.get("@context"), **options}
    parts = Canonical(b"", b"") if blind else Canonical(canonical(chosen, read), canonical(chosen, document))
    return {**options, "proofValue": encode_value(change(key.sign(chosen.hash_data(parts, key.public.algorithm))))}


def token(header: Any, payload: Any, key: Key, change: Change = bytes) -> bytes:
    """A compact JWS of whatever header and payload; `change` is what is done to the signature."""
    signing_input = base64url.encode_bytes(_raw(header)) + b"." + base64url.encode_bytes(_raw(payload))
    return compact(signing_input, change(key.sign(signing_input)))


def _raw(value: Any) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else strict_json.dump(value)
