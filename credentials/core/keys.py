"""Public keys in their three spellings: JWK (RFC 7517, 7518, 8037, 9964), Multikey and did:key.

A `PublicKey` has passed the gate of its kind: having one proves that it is a sound key of a supported type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, Literal

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, EllipticCurve, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from credentials.core import base58, base64url, strict_json
from credentials.core.ed25519_gate import require_strict_key
from credentials.core.errors import BadKey, PrivateKeyShown, UnsupportedKey, WeakKey
from credentials.core.ml_dsa_gate import require_sound_key

KeyAlgorithm = Literal["Ed25519", "P-256", "P-384", "RSA", "ML-DSA-44"]

PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
_ED25519_PREFIX: Final = b"\xed\x01"
_ML_DSA_44_PREFIX: Final = b"\x90\x24"
_DID_KEY: Final = "did:key:"
_RSA_BITS: Final = range(2048, 8193)
_RSA_EXPONENTS: Final = range(65537, 2**32)


@dataclass(frozen=True, slots=True)
class _Curve:
    """A NIST curve: its name, the prefix of its Multikey, and how many bytes a coordinate has."""

    name: Literal["P-256", "P-384"]
    curve: EllipticCurve
    prefix: bytes
    coordinate_bytes: int


_P256: Final = _Curve("P-256", SECP256R1(), b"\x80\x24", 32)
_P384: Final = _Curve("P-384", SECP384R1(), b"\x81\x24", 48)
_CURVES: Final[dict[str, _Curve]] = {curve.name: curve for curve in (_P256, _P384)}
_MULTICODECS: Final[dict[str, bytes]] = {
    "Ed25519": _ED25519_PREFIX,
    **{curve.name: curve.prefix for curve in _CURVES.values()},
    "ML-DSA-44": _ML_DSA_44_PREFIX,
}
"""The multicodec table's ed25519-pub, p256-pub, p384-pub and mldsa-44-pub (0x1210, as yet a draft), as varints."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A sound public key.

    `material`: Ed25519 the 32 bytes; P-256 and P-384 the compressed point (33, 49 bytes); RSA the DER
    SubjectPublicKeyInfo; ML-DSA-44 the 1,312 bytes. Make one with the class methods only: they are the gate.
    """

    algorithm: KeyAlgorithm
    material: bytes

    @classmethod
    def ed25519(cls, raw: bytes) -> PublicKey:
        """From 32 bytes (RFC 8032 section 5.1.5). Raises BadKey, WeakKey."""
        return cls("Ed25519", require_strict_key(raw))

    @classmethod
    def p256(cls, point: bytes) -> PublicKey:
        """From a point in SEC 1 form, 33 or 65 bytes. Raises BadKey, WeakKey when it is off the curve."""
        return cls("P-256", _compressed(point, _P256))

    @classmethod
    def p384(cls, point: bytes) -> PublicKey:
        """From a point in SEC 1 form, 49 or 97 bytes. Raises BadKey, WeakKey when it is off the curve."""
        return cls("P-384", _compressed(point, _P384))

    @classmethod
    def rsa(cls, modulus: int, exponent: int) -> PublicKey:
        """From the two numbers. Raises WeakKey unless 2048 to 8192 bits with an odd exponent from 65537 on."""
        if modulus.bit_length() not in _RSA_BITS or not modulus & 1:
            raise WeakKey(f"an RSA modulus of {modulus.bit_length()} bits")
        if exponent not in _RSA_EXPONENTS or not exponent & 1:
            raise WeakKey("the RSA exponent is even, too small or too large")
        key = RSAPublicNumbers(exponent, modulus).public_key()
        return cls("RSA", key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    @classmethod
    def ml_dsa_44(cls, raw: bytes) -> PublicKey:
        """From 1,312 bytes (FIPS 204 algorithm 22). Raises BadKey, WeakKey when anyone could sign with it."""
        return cls("ML-DSA-44", require_sound_key(raw))

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> PublicKey:
        """From a public JWK. Raises PrivateKeyShown, UnsupportedKey, BadKey, NotBase64Url, WeakKey."""
        shown = PRIVATE_MEMBERS & jwk.keys()
        if shown:
            raise PrivateKeyShown("the JWK has private members", where=min(shown))
        match (jwk.get("kty"), jwk.get("crv")):
            case ("OKP", "Ed25519"):
                return cls.ed25519(_octets(jwk, "x"))
            case ("EC", "P-256"):
                return cls.p256(b"\x04" + _coordinate(jwk, "x", _P256) + _coordinate(jwk, "y", _P256))
            case ("EC", "P-384"):
                return cls.p384(b"\x04" + _coordinate(jwk, "x", _P384) + _coordinate(jwk, "y", _P384))
            case ("RSA", _):
                return cls.rsa(_number(jwk, "n"), _number(jwk, "e"))
            case ("AKP", _) if jwk.get("alg") == "ML-DSA-44":
                return cls.ml_dsa_44(_octets(jwk, "pub"))
        raise UnsupportedKey(f"kty {_shown(jwk.get('kty'))}, crv {_shown(jwk.get('crv'))}")

    @classmethod
    def from_multikey(cls, text: str) -> PublicKey:
        """From `z…` (Controlled Identifiers 1.0 section 2.2.2). Raises BadKey, NotBase58, UnsupportedKey, WeakKey."""
        if not text.startswith("z"):
            raise BadKey("a Multikey starts with z")
        data = base58.decode(text[1:])
        if data.startswith(_ED25519_PREFIX):
            return cls.ed25519(data[2:])
        for curve in _CURVES.values():
            if data.startswith(curve.prefix):
                if len(data) != len(curve.prefix) + curve.coordinate_bytes + 1:
                    raise BadKey(f"a {curve.name} Multikey holds a compressed point")
                return cls(curve.name, _compressed(data[len(curve.prefix) :], curve))
        if data.startswith(_ML_DSA_44_PREFIX):
            return cls.ml_dsa_44(data[2:])
        raise UnsupportedKey("the Multikey is neither Ed25519, P-256, P-384 nor ML-DSA-44")

    @classmethod
    def from_did_key(cls, did: str) -> PublicKey:
        """From `did:key:z…`, without a fragment. Raises as `from_multikey`."""
        if not did.startswith(_DID_KEY):
            raise BadKey("a did:key starts with did:key:")
        return cls.from_multikey(did.removeprefix(_DID_KEY))

    def to_jwk(self) -> dict[str, str]:
        """The public JWK with its required members only, in the order of RFC 7638 (RFC 9964 section 6 for AKP)."""
        if self.algorithm == "Ed25519":
            return {"crv": "Ed25519", "kty": "OKP", "x": base64url.encode(self.material)}
        if self.algorithm in _CURVES:
            x, y = _coordinates(load_point(self.algorithm, self.material))
            return {"crv": self.algorithm, "kty": "EC", "x": x, "y": y}
        if self.algorithm == "ML-DSA-44":
            return {"alg": "ML-DSA-44", "kty": "AKP", "pub": base64url.encode(self.material)}
        numbers = load_rsa(self.material).public_numbers()
        return {"e": _spell_number(numbers.e), "kty": "RSA", "n": _spell_number(numbers.n)}

    def to_multikey(self) -> str:
        """The Multikey `z…`. Raises UnsupportedKey for RSA, which has none."""
        if self.algorithm not in _MULTICODECS:
            raise UnsupportedKey(f"an {self.algorithm} key has no Multikey form")
        return "z" + base58.encode(_MULTICODECS[self.algorithm] + self.material)

    def to_did_key(self) -> str:
        """The DID that is this key: `did:key:z…`. Raises UnsupportedKey for RSA."""
        return _DID_KEY + self.to_multikey()

    def thumbprint(self) -> str:
        """The RFC 7638 SHA-256 thumbprint in base64url, 43 characters."""
        return _thumbprint(self.algorithm, self.material)

    def native(self) -> EllipticCurvePublicKey | RSAPublicKey | MLDSA44PublicKey:
        """The key as the library for all but Ed25519 wants it. Raises UnsupportedKey for Ed25519."""
        if self.algorithm in _CURVES:
            return load_point(self.algorithm, self.material)
        if self.algorithm == "RSA":
            return load_rsa(self.material)
        if self.algorithm == "ML-DSA-44":
            return load_ml_dsa_44(self.material)
        raise UnsupportedKey("Ed25519 keys are used as their 32 bytes")


@lru_cache(maxsize=1024)
def _thumbprint(algorithm: KeyAlgorithm, material: bytes) -> str:
    return base64url.encode(sha256(strict_json.dump(PublicKey(algorithm, material).to_jwk())).digest())


@lru_cache(maxsize=256)
def load_point(curve: str, point: bytes) -> EllipticCurvePublicKey:
    """The point of `P-256` or `P-384` as a key object. Raises WeakKey when it is off the curve or at infinity."""
    try:
        return EllipticCurvePublicKey.from_encoded_point(_CURVES[curve].curve, point)
    except ValueError:
        raise WeakKey(f"the {curve} key is not a point of the curve") from None


@lru_cache(maxsize=256)
def load_rsa(der: bytes) -> RSAPublicKey:
    """The DER of `PublicKey.rsa` as a key object. Raises BadKey for another kind of key."""
    key = load_der_public_key(der)
    if not isinstance(key, RSAPublicKey):
        raise BadKey("not an RSA key")
    return key


@lru_cache(maxsize=256)
def load_ml_dsa_44(raw: bytes) -> MLDSA44PublicKey:
    """The 1,312 bytes as a key object."""
    return MLDSA44PublicKey.from_public_bytes(raw)


def _compressed(point: bytes, curve: _Curve) -> bytes:
    size = curve.coordinate_bytes
    if (len(point), point[:1]) not in {(1 + size, b"\x02"), (1 + size, b"\x03"), (1 + 2 * size, b"\x04")}:
        raise BadKey(f"a {curve.name} key is a compressed or uncompressed point")
    return load_point(curve.name, point).public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def _coordinates(key: EllipticCurvePublicKey) -> tuple[str, str]:
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    half = len(point) // 2
    return base64url.encode(point[1 : half + 1]), base64url.encode(point[half + 1 :])


def _octets(jwk: Mapping[str, Any], name: str) -> bytes:
    text = jwk.get(name)
    if not isinstance(text, str):
        raise BadKey("the JWK lacks a member", where=name)
    return base64url.decode(text)


def _coordinate(jwk: Mapping[str, Any], name: str, curve: _Curve) -> bytes:
    octets = _octets(jwk, name)
    if len(octets) != curve.coordinate_bytes:
        raise BadKey(f"a {curve.name} coordinate has {curve.coordinate_bytes} bytes, not {len(octets)}", where=name)
    return octets


def _number(jwk: Mapping[str, Any], name: str) -> int:
    """A Base64urlUInt: big-endian in the fewest octets (RFC 7518 section 2), so that a key has one thumbprint."""
    octets = _octets(jwk, name)
    if not octets or octets[0] == 0:
        raise BadKey("a number with leading zero bytes", where=name)
    return int.from_bytes(octets, "big")


def _spell_number(number: int) -> str:
    return base64url.encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _shown(value: object) -> str:
    return repr(value)[:40]
