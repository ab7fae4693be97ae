"""The one front door for signed tokens: JWS compact serialisation (RFC 7515), verified as RFC 8725 advises.

1. Three canonical base64url parts of bounded size; the header strict JSON.
2. Header members only from an exact list, each a short string. `jwk`, `jku`, `x5c`, `x5u`, `crit`, `b64` and all
   others are refused: a token may name a key, never bring one, and never change how it is read.
3. `alg` from an exact list, and the key must be of the kind that algorithm is for.
4. The signature has the one length its algorithm gives it, and verifies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NoReturn, cast

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from jwt.algorithms import Algorithm, ECAlgorithm, RSAAlgorithm
from nacl.bindings import crypto_sign_open
from nacl.exceptions import CryptoError

from credentials.core import base64url, strict_json
from credentials.core.errors import (
    AlgorithmRefused,
    BadHeader,
    HeaderMemberRefused,
    KeyAlgorithmMismatch,
    NotBase64Url,
    NotCompactJws,
    SignatureMismatch,
    TooLarge,
)
from credentials.core.keys import KeyAlgorithm, PublicKey

MAX_TOKEN_BYTES: Final = 1024 * 1024
MAX_HEADER_BYTES: Final = 4096
MAX_SIGNATURE_BYTES: Final = 1024
"""Of every accepted algorithm but ML-DSA-44."""
ML_DSA_44_SIGNATURE_BYTES: Final = 2420

HEADER_MEMBERS: Final = frozenset({"alg", "typ", "cty", "kid", "iss"})
SIGNING_ALGORITHMS: Final[Mapping[str, str]] = MappingProxyType(
    {"Ed25519": "EdDSA", "EdDSA": "EdDSA", "P-256": "ES256", "ES256": "ES256", "ML-DSA-44": "ML-DSA-44"}
)
"""The `alg` to sign with, by the key's algorithm or by itself."""


class CompactJws(msgspec.Struct, frozen=True, gc=False):
    """A token taken apart, NOT verified. `signing_input` are the exact bytes that the signature is over."""

    header: Mapping[str, str]
    payload: bytes
    signing_input: bytes
    signature: bytes


class _VerifyOnly(Algorithm):
    """What PyJWT wants of an algorithm that is not its own. Never signs."""

    def prepare_key(self, key: Any) -> Any:
        return key

    def sign(self, msg: bytes, key: Any) -> NoReturn:
        raise NotImplementedError

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> NoReturn:
        raise NotImplementedError

    @staticmethod
    def from_jwk(jwk: Any) -> NoReturn:
        raise NotImplementedError


class _SodiumEd25519(_VerifyOnly):
    """Ed25519 by libsodium, which accepts the strict set only; keys are 32 raw bytes."""

    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        try:
            crypto_sign_open(sig + msg, key)
        except CryptoError:
            return False
        return True


class _MlDsa44(_VerifyOnly):
    """ML-DSA-44 with an empty context, over the message itself and not its hash (RFC 9964 section 5)."""

    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        try:
            key.verify(sig, msg)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class _Suite:
    """An accepted `alg`: the kind of key it is for, the length of its signatures, and who verifies."""

    key: KeyAlgorithm
    signature_bytes: int | None
    algorithm: Algorithm


_ED25519: Final = _Suite("Ed25519", 64, _SodiumEd25519())
_DOT: Final = ord(".")
_SUITES: Final[Mapping[str, _Suite]] = {
    "EdDSA": _ED25519,  # RFC 8037
    "Ed25519": _ED25519,  # RFC 9864
    "ES256": _Suite("P-256", 64, ECAlgorithm(ECAlgorithm.SHA256, SECP256R1)),  # RFC 7518 section 3.4
    "RS256": _Suite("RSA", None, RSAAlgorithm(RSAAlgorithm.SHA256)),  # RFC 7518 section 3.3, to verify only
    "ML-DSA-44": _Suite("ML-DSA-44", ML_DSA_44_SIGNATURE_BYTES, _MlDsa44()),  # RFC 9964
}


def parse_compact(token: str | bytes, *, max_bytes: int = MAX_TOKEN_BYTES) -> CompactJws:
    """The parts of a compact JWS.

    Raises TooLarge, NotCompactJws, NotBase64Url, the errors of `strict_json` for the header, BadHeader,
    HeaderMemberRefused, AlgorithmRefused.
    """
    if len(token) > max_bytes:
        raise TooLarge(f"{len(token)} characters are more than the {max_bytes} allowed here")
    if isinstance(token, str):
        if not token.isascii():
            raise NotBase64Url("a character outside the alphabet")
        token = token.encode("ascii")
    first = token.find(b".")
    second = token.find(b".", first + 1)
    head, body, tail = token[:first], token[first + 1 : second], token[second + 1 :]
    if first < 1 or second < 0 or not tail or _DOT in tail:
        raise NotCompactJws("not three parts joined by dots")
    if len(head) > MAX_HEADER_BYTES:
        raise TooLarge("the header is larger than any accepted algorithm needs")
    header = _parse_header(head)
    if len(tail) > _longest_signature(header["alg"]) * 4 // 3 + 1:
        raise TooLarge("the signature is larger than its algorithm's can be")
    return CompactJws(header, base64url.decode(body), token[:second], base64url.decode(tail))


def verify_jws(jws: CompactJws, key: PublicKey) -> None:
    """Return if `key` made the signature. Raises AlgorithmRefused, KeyAlgorithmMismatch, SignatureMismatch."""
    suite = _SUITES.get(jws.header["alg"])
    if suite is None:
        raise AlgorithmRefused(f"{jws.header['alg'][:40]!r}", where="alg")
    if suite.key != key.algorithm:
        raise KeyAlgorithmMismatch(f"{jws.header['alg']} does not sign with a {key.algorithm} key", where="alg")
    if suite.signature_bytes is not None and len(jws.signature) != suite.signature_bytes:
        raise SignatureMismatch(f"the signature has {len(jws.signature)} bytes, not {suite.signature_bytes}")
    native = key.material if suite is _ED25519 else key.native()
    if not suite.algorithm.verify(jws.signing_input, native, jws.signature):
        raise SignatureMismatch("it was not made over these bytes by this key")


def protected(header: Mapping[str, str]) -> bytes:
    """A header as a token has it, in base64url. It passes the same gate as when it is read."""
    head = base64url.encode_bytes(strict_json.dump(dict(header)))
    _parse_header(head)
    return head


def signing_input(header: Mapping[str, str], payload: bytes) -> bytes:
    """The bytes to sign (RFC 7515 section 5.1)."""
    return protected(header) + b"." + base64url.encode_bytes(payload)


def compact(signing_input: bytes, signature: bytes) -> bytes:
    """The token: what was signed and the raw signature (Ed25519 64 bytes, ES256 r‖s)."""
    return signing_input + b"." + base64url.encode_bytes(signature)


def _longest_signature(alg: str) -> int:
    return ML_DSA_44_SIGNATURE_BYTES if alg == "ML-DSA-44" else MAX_SIGNATURE_BYTES


@lru_cache(maxsize=512)
def _parse_header(head: bytes) -> Mapping[str, str]:
    """The header's members. Remembered, for an issuer's tokens all have one of a few headers."""
    header = strict_json.parse_object(base64url.decode(head), max_bytes=MAX_HEADER_BYTES, max_depth=8)
    for name, value in header.items():
        if name not in HEADER_MEMBERS:
            raise HeaderMemberRefused("not a member we accept", where=name[:80])
        if not isinstance(value, str):
            raise BadHeader("not a text", where=name)
    if "alg" not in header:
        raise BadHeader("the algorithm is not named", where="alg")
    if header["alg"] not in _SUITES:
        raise AlgorithmRefused(f"{header['alg'][:40]!r}", where="alg")
    return MappingProxyType(cast("dict[str, str]", header))
