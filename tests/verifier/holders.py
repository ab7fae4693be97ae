"""People who show credentials: presentations really signed, in either form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from credentials.core import strict_json
from credentials.core.credential import CONTEXT_V2
from credentials.core.data_integrity.cryptosuites import CRYPTOSUITES, Canonical
from credentials.core.data_integrity.options import encode_value
from credentials.core.instants import format_instant
from credentials.core.jws import compact, signing_input
from tests.verifier.world import NOW, Ed25519Key


class Holder:
    """A holder who is a did:key."""

    def __init__(self, seed: int = 21) -> None:
        self.key = Ed25519Key(seed)
        self.did = self.key.public.to_did_key()
        self.method = f"{self.did}#{self.key.public.to_multikey()}"

    def unsigned(self, *credentials: object, **members: Any) -> dict[str, Any]:
        """A presentation of these credentials; `members` replace or add, and None leaves out."""
        document = {
            "@context": [CONTEXT_V2],
            "type": ["VerifiablePresentation"],
            "holder": self.did,
            "verifiableCredential": list(credentials),
            **members,
        }
        return {name: value for name, value in document.items() if value is not None}

    def proven(self, document: dict[str, Any], suite: str = "eddsa-jcs-2022", **options: Any) -> dict[str, Any]:
        """`document` with an embedded proof; `options` replace or add to what the proof says."""
        chosen = CRYPTOSUITES[suite]
        said = {
            "type": "DataIntegrityProof",
            "cryptosuite": suite,
            "created": format_instant(NOW),
            "verificationMethod": self.method,
            "proofPurpose": "authentication",
            **options,
        }
        said = {name: value for name, value in said.items() if value is not None}
        context = {} if chosen.keeps_context else {"@context": document["@context"]}
        canonical = Canonical(chosen.canonicalise(context | said, b""), chosen.canonicalise(document, b""))
        signature = self.key.sign(chosen.hash_data(canonical, "Ed25519"))
        return document | {"proof": said | {"proofValue": encode_value(signature)}}

    def token(self, document: dict[str, Any], *, header: dict[str, str] | None = None, **claims: Any) -> bytes:
        """`document` as a vp+jwt with these claims."""
        said = {"alg": "EdDSA", "typ": "vp+jwt", "kid": self.method} if header is None else header
        data = signing_input(said, strict_json.dump(document | claims))
        return compact(data, self.key.sign(data))


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())
