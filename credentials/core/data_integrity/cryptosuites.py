"""The cryptosuites: how a document becomes bytes to sign, and which keys may sign them.

    eddsa-rdfc-2022, eddsa-jcs-2022    Ed25519 (W3C Data Integrity EdDSA Cryptosuites 1.0 sections 3.2 and 3.3)
    ecdsa-rdfc-2019, ecdsa-jcs-2019    P-256 with SHA-256, P-384 with SHA-384 (ECDSA Cryptosuites 1.0 sections 3.2, 3.3)
    Ed25519Signature2020               the older form of eddsa-rdfc-2022 (EdDSA Cryptosuites 1.0 section 3.4); to verify

All of them hash two things apart, the proof without its value first and then the document, and sign the two digests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256, sha384
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from credentials.core.canonical_json import canonicalise
from credentials.core.errors import KeyAlgorithmMismatch
from credentials.core.keys import KeyAlgorithm, PublicKey
from credentials.core.linked_data import canonical_nquads

Canonicaliser = Callable[[Mapping[str, Any], bytes], bytes]
"""What makes a document canonical; the bytes are JSON that has all of it in it, or empty: they only save time."""


class Canonical(NamedTuple):
    """The canonical bytes of a proof's options (without its value) and of the document that it is over."""

    options: bytes
    document: bytes


_DIGESTS: Final = {"Ed25519": sha256, "P-256": sha256, "P-384": sha384}
_SIGNATURE_BYTES: Final = {"Ed25519": 64, "P-256": 64, "P-384": 96}


@dataclass(frozen=True, slots=True, eq=False)
class Cryptosuite:
    """One suite. `type` is the proof's type; `keys` are the kinds of key that may sign.

    `keeps_context`: the proof carries the document's `@context` itself, as the suites over JCS have it.
    """

    name: str
    type: str
    keys: frozenset[KeyAlgorithm]
    canonicalise: Canonicaliser
    keeps_context: bool
    writes: bool = True

    def hash_data(self, canonical: Canonical, algorithm: KeyAlgorithm) -> bytes:
        """The bytes to sign: digest of the proof's options, then digest of the document.

        Raises KeyAlgorithmMismatch for a kind of key that this suite does not sign with.
        """
        digest = _DIGESTS[self.require(algorithm)]
        return digest(canonical.options).digest() + digest(canonical.document).digest()

    def require(self, algorithm: KeyAlgorithm) -> KeyAlgorithm:
        """`algorithm` itself. Raises KeyAlgorithmMismatch unless this suite signs with keys of its kind."""
        if algorithm not in self.keys:
            raise KeyAlgorithmMismatch(f"{self.name} does not sign with a {algorithm} key", where="/proof")
        return algorithm


def _by_jcs(document: Mapping[str, Any], written: bytes) -> bytes:
    del written
    return canonicalise(document)


_ED25519: Final[frozenset[KeyAlgorithm]] = frozenset({"Ed25519"})
_NIST: Final[frozenset[KeyAlgorithm]] = frozenset({"P-256", "P-384"})
DATA_INTEGRITY_PROOF: Final = "DataIntegrityProof"
ED25519_SIGNATURE_2020: Final = "Ed25519Signature2020"

_ALL: Final = (
    Cryptosuite("eddsa-rdfc-2022", DATA_INTEGRITY_PROOF, _ED25519, canonical_nquads, keeps_context=False),
    Cryptosuite("eddsa-jcs-2022", DATA_INTEGRITY_PROOF, _ED25519, _by_jcs, keeps_context=True),
    Cryptosuite("ecdsa-rdfc-2019", DATA_INTEGRITY_PROOF, _NIST, canonical_nquads, keeps_context=False),
    Cryptosuite("ecdsa-jcs-2019", DATA_INTEGRITY_PROOF, _NIST, _by_jcs, keeps_context=True),
    Cryptosuite(
        ED25519_SIGNATURE_2020,
        ED25519_SIGNATURE_2020,
        _ED25519,
        canonical_nquads,
        keeps_context=False,
        writes=False,
    ),
)
CRYPTOSUITES: Final[Mapping[str, Cryptosuite]] = MappingProxyType({suite.name: suite for suite in _ALL})
"""Every suite that is read, by name; an older one by its proof's type."""


def signature_bytes(key: PublicKey) -> int:
    """How long a signature of this key is; RSA signs no Data Integrity proof, and gets 0."""
    return _SIGNATURE_BYTES.get(key.algorithm, 0)
