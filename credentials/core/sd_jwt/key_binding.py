"""The holder's own signature at the end of an SD-JWT: to one verifier, once, over these disclosures (RFC 9901 4.3).

1. The credential names the holder's key: `cnf` with a `jwk` (section 4.1.2). A token never brings another one.
2. `typ` is kb+jwt; the header has nothing that may not stand in any token we read.
3. `aud` and `nonce` are exactly what the verifier asked for, so that nobody can present it again elsewhere or later.
4. `iat` lies within the time given, and `sd_hash` is the hash of all that was presented (section 7.3).
5. The signature is by that key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from credentials.core import strict_json
from credentials.core.errors import (
    AlgorithmRefused,
    HolderKeyMissing,
    KeyBindingMismatch,
    KeyBindingMissing,
    WrongTokenType,
)
from credentials.core.jws import MAX_TOKEN_BYTES, SIGNING_ALGORITHMS, CompactJws, compact, signing_input, verify_jws
from credentials.core.keys import PublicKey
from credentials.core.sd_jwt.disclosure import DEFAULT_HASH, HASH_NAME, digest_of
from credentials.core.sd_jwt.serialised import MAX_KEY_BINDING_BYTES, SdJwt

KEY_BINDING_TYPE: Final = "kb+jwt"
MAX_AGE: Final = timedelta(minutes=5)
CLOCK_SKEW: Final = timedelta(seconds=60)


class KeyBinding(msgspec.Struct, frozen=True):
    """What a verifier asks for: its own name as `audience`, and a `nonce` that it gave to nobody before."""

    audience: str
    nonce: str


class _Claims(msgspec.Struct, frozen=True):
    aud: str
    nonce: str
    iat: Annotated[int, Meta(ge=0, le=253402300799)]
    sd_hash: str


def holder_key(payload: Mapping[str, Any]) -> PublicKey:
    """The key in the `cnf` of a payload (RFC 7800 section 3.2). Raises HolderKeyMissing and the key's own errors."""
    confirmation = payload.get("cnf")
    jwk = confirmation.get("jwk") if isinstance(confirmation, dict) else None
    if not isinstance(jwk, dict):
        raise HolderKeyMissing("there is no cnf with a jwk", where="/cnf")
    return PublicKey.from_jwk(jwk)


def check_key_binding(sd_jwt: SdJwt, expected: KeyBinding, now: datetime, max_age: timedelta = MAX_AGE) -> None:
    """Return if the holder signed this very presentation for `expected`, at most `max_age` ago.

    Raises KeyBindingMissing, KeyBindingMismatch, and as `check_holder_signature`.
    """
    if sd_jwt.key_binding is None:
        raise KeyBindingMissing("there is no key binding JWT at its end")
    check_holder_signature(sd_jwt)
    claims = _claims(sd_jwt.key_binding)
    if claims.aud != expected.audience:
        raise KeyBindingMismatch("it is for another verifier", where="/aud")
    if claims.nonce != expected.nonce:
        raise KeyBindingMismatch("it is for another occasion", where="/nonce")
    if not now - max_age - CLOCK_SKEW <= datetime.fromtimestamp(claims.iat, UTC) <= now + CLOCK_SKEW:
        raise KeyBindingMismatch("it was not made just now", where="/iat")


def check_holder_signature(sd_jwt: SdJwt) -> None:
    """Return if there is no key binding, or if it is by the key that the issuer's part names, over these disclosures.

    For whom and when it was made is not looked at, nor whether the issuer signed its own part. Raises HolderKeyMissing,
    WrongTokenType, KeyBindingMismatch, SignatureMismatch, KeyAlgorithmMismatch, HashRefused, the errors of
    `strict_json`, and the key's own.
    """
    if sd_jwt.key_binding is None:
        return
    payload = strict_json.parse_object(sd_jwt.jws.payload, max_bytes=MAX_TOKEN_BYTES)
    key = holder_key(payload)
    if sd_jwt.key_binding.header.get("typ") != KEY_BINDING_TYPE:
        raise WrongTokenType("the holder's token is not a key binding JWT", where="typ")
    verify_jws(sd_jwt.key_binding, key)
    if _claims(sd_jwt.key_binding).sd_hash != digest_of(sd_jwt.bound, str(payload.get(HASH_NAME, DEFAULT_HASH))):
        raise KeyBindingMismatch("it is over other disclosures", where="/sd_hash")


def key_binding_input(presented: bytes, expected: KeyBinding, *, algorithm: str, now: datetime) -> bytes:
    """The bytes that the holder signs for `presented`, an SD-JWT that ends with a tilde and hashes with SHA-256.

    `algorithm` is the key's (`Ed25519`, `P-256`). Raises AlgorithmRefused.
    """
    if algorithm not in SIGNING_ALGORITHMS:
        raise AlgorithmRefused(f"{algorithm!r} does not sign presentations")
    claims = {
        "iat": int(now.timestamp()),
        "aud": expected.audience,
        "nonce": expected.nonce,
        "sd_hash": digest_of(presented),
    }
    return signing_input({"alg": SIGNING_ALGORITHMS[algorithm], "typ": KEY_BINDING_TYPE}, strict_json.dump(claims))


def bind(presented: bytes, signing_input: bytes, signature: bytes) -> bytes:
    """The SD-JWT with the holder's JWT at its end."""
    return presented + compact(signing_input, signature)


def _claims(jws: CompactJws) -> _Claims:
    try:
        return msgspec.convert(strict_json.parse_object(jws.payload, max_bytes=MAX_KEY_BINDING_BYTES), _Claims)
    except msgspec.ValidationError as err:
        raise KeyBindingMismatch(f"its claims are malformed: {err}") from None
