"""Private keys as others write them: for single documents on the command line, never for the service.

Read: a private JWK (RFC 7517, RFC 8037, RFC 9964), PEM PKCS#8 without a passphrase (RFC 5958), and the multibase
secret form, bare (`z…`) or as `secretKeyMultibase` of a Multikey (Controlled Identifiers 1.0 section 2.2.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from credentials.core import base58, base64url, strict_json
from credentials.core.errors import CredentialError
from credentials.core.keys import PublicKey
from credentials.keyring.errors import PortableKeyUnreadable
from credentials.keyring.private_keys import PrivateKey, load
from credentials.keyring.signer import KeyAlgorithm

MAX_BYTES = 64 * 1024
_SCALAR_BYTES = 32
# Multicodec names of private keys as varints: ed25519-priv 0x1300, p256-priv 0x1306.
_SECRET_PREFIXES: Mapping[bytes, KeyAlgorithm] = {b"\x80\x26": "Ed25519", b"\x86\x26": "P-256"}
_JWK_KINDS: Mapping[tuple[Any, Any], KeyAlgorithm] = {("OKP", "Ed25519"): "Ed25519", ("EC", "P-256"): "P-256"}


@dataclass(frozen=True, slots=True)
class PortableKey:
    """A private key and what its file calls it: a `kid` or `id`, and its controller, if they are there."""

    private: PrivateKey
    name: str | None = None
    controller: str | None = None


def read_portable_key(data: bytes) -> PortableKey:
    """The key in `data`. Raises PortableKeyUnreadable, which never repeats what is in the file."""
    if len(data) > MAX_BYTES:
        raise PortableKeyUnreadable("the file is too large for a key")
    try:
        return _read(data.strip())
    except PortableKeyUnreadable:
        raise
    except (CredentialError, ValueError, TypeError, UnsupportedAlgorithm):
        raise PortableKeyUnreadable("it holds no private key that can be read") from None


def _read(data: bytes) -> PortableKey:
    if data.startswith(b"-----BEGIN "):
        return PortableKey(_from_pem(data))
    if data.startswith(b"{"):
        return _from_json(strict_json.parse_object(data, max_bytes=MAX_BYTES))
    return PortableKey(_from_multibase(data.decode("ascii")))


def _from_json(value: Mapping[str, Any]) -> PortableKey:
    if "secretKeyMultibase" in value:
        private = _from_multibase(value["secretKeyMultibase"])
        stated = PublicKey.from_multikey(value["publicKeyMultibase"]) if "publicKeyMultibase" in value else None
        return _named(private, stated, value.get("id"), value.get("controller"))
    if isinstance(value.get("privateKeyJwk"), dict):
        private, stated = _from_jwk(value["privateKeyJwk"])
        return _named(private, stated, value.get("id"), value.get("controller"))
    private, stated = _from_jwk(value)
    return _named(private, stated, value.get("kid"), None)


def _named(private: PrivateKey, stated: PublicKey | None, name: object, controller: object) -> PortableKey:
    if stated is not None and stated != private.public:
        raise PortableKeyUnreadable("its public half belongs to another private key")
    texts = [value if isinstance(value, str) and value else None for value in (name, controller)]
    return PortableKey(private, *texts)


def _from_jwk(jwk: Mapping[str, Any]) -> tuple[PrivateKey, PublicKey]:
    if jwk.get("kty") == "AKP":
        return _from_akp(jwk)
    algorithm = _JWK_KINDS.get((jwk.get("kty"), jwk.get("crv")))
    if algorithm is None or "d" not in jwk:
        raise PortableKeyUnreadable("the JWK is no Ed25519 or P-256 private key")
    public = {name: value for name, value in jwk.items() if name in ("kty", "crv", "x", "y")}
    return load(algorithm, base64url.decode(jwk["d"])), PublicKey.from_jwk(public)


def _from_akp(jwk: Mapping[str, Any]) -> tuple[PrivateKey, PublicKey]:
    """An ML-DSA-44 key, whose private member is its seed (RFC 9964 section 4)."""
    public = {name: value for name, value in jwk.items() if name in ("kty", "alg", "pub")}
    return load("ML-DSA-44", base64url.decode(jwk.get("priv", ""))), PublicKey.from_jwk(public)


def _from_multibase(text: object) -> PrivateKey:
    decoded = base58.decode(text[1:]) if isinstance(text, str) and text.startswith("z") else b""
    algorithm = _SECRET_PREFIXES.get(decoded[:2])
    if algorithm is None:
        raise PortableKeyUnreadable("it is no multibase secret of an Ed25519 or P-256 key")
    return load(algorithm, decoded[2:])


def _from_pem(data: bytes) -> PrivateKey:
    key = load_pem_private_key(data, password=None)
    if isinstance(key, Ed25519PrivateKey):
        return load("Ed25519", key.private_bytes_raw())
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return load("P-256", key.private_numbers().private_value.to_bytes(_SCALAR_BYTES, "big"))
    raise PortableKeyUnreadable("it is no Ed25519 or P-256 key")
