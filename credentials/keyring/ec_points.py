"""Public keys as modules and services show them: the points of PKCS#11 and the numbers of X.509."""

from typing import Final

from credentials.core import base64url
from credentials.core.keys import PublicKey

_COORDINATE_BYTES: Final = 32
_OCTET_STRING: Final = 0x04
_UNCOMPRESSED: Final = 0x04


def ed25519_of_point(value: bytes) -> PublicKey:
    """The key of a CKA_EC_POINT of an Ed25519 key (PKCS #11 version 3.0, section 2.3.5). Raises ValueError."""
    x = _content(value, _COORDINATE_BYTES)
    return PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(x)})


def p256_of_point(value: bytes) -> PublicKey:
    """The key of an uncompressed CKA_EC_POINT of a P-256 key (section 2.3.3). Raises ValueError, and BadKey."""
    point = _content(value, 1 + 2 * _COORDINATE_BYTES)
    if point[0] != _UNCOMPRESSED:
        raise ValueError("a compressed point")
    return _p256(point[1 : 1 + _COORDINATE_BYTES], point[1 + _COORDINATE_BYTES :])


def p256_of_numbers(x: int, y: int) -> PublicKey:
    """The P-256 key of a point's affine coordinates. Raises BadKey when it is not on the curve."""
    return _p256(x.to_bytes(_COORDINATE_BYTES, "big"), y.to_bytes(_COORDINATE_BYTES, "big"))


def _p256(x: bytes, y: bytes) -> PublicKey:
    return PublicKey.from_jwk({"kty": "EC", "crv": "P-256", "x": base64url.encode(x), "y": base64url.encode(y)})


def _content(value: bytes, size: int) -> bytes:
    """The point itself: within a DER octet string, as the standard has it, or bare, as some modules give it."""
    wrapped = len(value) == size + 2 and value[0] == _OCTET_STRING and value[1] == size
    bare = value[2:] if wrapped else value
    if len(bare) != size:
        raise ValueError(f"a point of {len(value)} bytes")
    return bare
