"""A holder's own private key, as wallets export it: a JWK with its private half (RFC 7517, RFC 8037)."""

from __future__ import annotations

from typing import Final

from credentials.core import base64url, strict_json
from credentials.core.errors import CredentialError
from credentials.core.keys import PublicKey
from credentials.keyring.errors import HolderKeyUnreadable
from credentials.keyring.private_keys import PrivateKey, load
from credentials.keyring.signer import KeyAlgorithm

MAX_JWK_BYTES: Final = 16 * 1024

_ALGORITHMS: Final[dict[object, KeyAlgorithm]] = {"Ed25519": "Ed25519", "P-256": "P-256"}


def read_holder_key(data: bytes) -> PrivateKey:
    """The key in a private JWK. Raises HolderKeyUnreadable unless it is Ed25519 or P-256 and its halves fit."""
    try:
        jwk = strict_json.parse_object(data, max_bytes=MAX_JWK_BYTES)
        algorithm, secret = _ALGORITHMS.get(jwk.get("crv")), jwk.get("d")
        if algorithm is None or not isinstance(secret, str):
            raise HolderKeyUnreadable("not an Ed25519 or P-256 key with its private half")
        key = load(algorithm, base64url.decode(secret))
        public = PublicKey.from_jwk({name: value for name, value in jwk.items() if name != "d"})
    except HolderKeyUnreadable:
        raise
    except (CredentialError, ValueError) as err:
        raise HolderKeyUnreadable(str(err)) from None
    if public != key.public:
        raise HolderKeyUnreadable("its two halves do not belong together")
    return key
