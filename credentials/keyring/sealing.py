"""The format of a key's file: envelope encryption under one secret.

    credentials-key/1
    {"algorithm":…,"check":…,"iterations":…,"key":…,"lanes":…,"memory_kib":…,"salt":…}
    <data key, wrapped>
    <private key, sealed>
    sha256 <digest of the four lines above>

- Argon2id (RFC 9106) over the master secret gives 48 bytes: the key-encryption key (32) and a check value (16). The
  check value stands in the header, so a wrong passphrase is told from a damaged file; a guesser gains nothing by it.
- The key-encryption key wraps a random data key; the data key seals the private key. Both are AES-256-GCM
  (NIST SP 800-38D) with random 96-bit nonces, and both have the first two lines, hence the key's id, as associated
  data: a file cannot pass for another's, nor a header be put on another body.
- The digest is no protection, only a plain word for damage: it tells a bad disk from a wrong passphrase.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from credentials.core import base64url
from credentials.core.errors import CredentialError
from credentials.keyring.errors import KeyFileDamaged, WrongPassphrase
from credentials.keyring.master import MasterSecret

_MAGIC = b"credentials-key/1"
_NONCE_BYTES = 12
_SALT_BYTES = 16
_KEY_BYTES = 32
_CHECK_BYTES = 16
MAX_FILE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """Passes, lanes and memory (KiB) of Argon2id, within what a file may ask of the machine that reads it."""

    iterations: int
    lanes: int
    memory_kib: int

    def __post_init__(self) -> None:
        """Raise ValueError outside RFC 9106 §3.1's lower bounds or this project's upper ones (1 GiB, 64 passes)."""
        if not (1 <= self.iterations <= 64 and 1 <= self.lanes <= 16):
            raise ValueError("Argon2id takes 1 to 64 passes on 1 to 16 lanes here")
        if not 8 * self.lanes <= self.memory_kib <= 1 << 20:
            raise ValueError("Argon2id takes 8 KiB a lane to 1 GiB here")


PASSPHRASE_COST = Argon2Cost(iterations=3, lanes=4, memory_kib=64 * 1024)
"""RFC 9106 §4, the second recommended option; about 0.2 s and 64 MiB, once per start."""

FULL_ENTROPY_COST = Argon2Cost(iterations=1, lanes=1, memory_kib=8)
"""The least Argon2id allows. 256 random bits cannot be guessed at any speed, so stretching them adds nothing."""


@dataclass(frozen=True, slots=True)
class KeyEncryptionKey:
    """What Argon2id gave for one salt and cost."""

    cost: Argon2Cost
    salt: bytes
    check: bytes
    _key: bytes = field(repr=False)

    @classmethod
    def derive(cls, secret: MasterSecret, cost: Argon2Cost, salt: bytes) -> "KeyEncryptionKey":
        """Run Argon2id. This is the one slow step; keep the result."""
        kdf = Argon2id(
            salt=salt,
            length=_KEY_BYTES + _CHECK_BYTES,
            iterations=cost.iterations,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        )
        derived = kdf.derive(secret.material)
        return cls(cost, salt, derived[_KEY_BYTES:], derived[:_KEY_BYTES])

    @classmethod
    def fresh(cls, secret: MasterSecret, cost: Argon2Cost) -> "KeyEncryptionKey":
        """Derive with a new random salt."""
        return cls.derive(secret, cost, secrets.token_bytes(_SALT_BYTES))

    def cipher(self) -> AESGCM:
        """The AES-256-GCM cipher that wraps data keys."""
        return AESGCM(self._key)


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A key's file, parsed and undamaged, not yet opened."""

    key_id: str
    algorithm: str
    cost: Argon2Cost
    salt: bytes
    check: bytes
    associated: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    sealed: bytes = field(repr=False)

    def open(self, key: KeyEncryptionKey) -> bytes:
        """Return the private key's bytes. Raises `WrongPassphrase`, or `KeyFileDamaged` when someone altered it."""
        if not secrets.compare_digest(self.check, key.check):
            raise WrongPassphrase("the secret given does not open the keys here")
        data_key = _decrypt(key.cipher(), self.wrapped, self.associated)
        return _decrypt(AESGCM(data_key), self.sealed, self.associated)


def seal(key_id: str, algorithm: str, material: bytes, key: KeyEncryptionKey) -> bytes:
    """Return the bytes of a key's file."""
    associated = _MAGIC + b"\n" + _header(key_id, algorithm, key)
    data_key = secrets.token_bytes(_KEY_BYTES)
    wrapped = _encrypt(key.cipher(), data_key, associated)
    sealed = _encrypt(AESGCM(data_key), material, associated)
    lines = b"\n".join((associated, base64url.encode(wrapped).encode(), base64url.encode(sealed).encode()))
    return lines + b"\n" + _digest_line(lines) + b"\n"


def parse(data: bytes) -> SealedKey:
    """Read a key's file. Raises `KeyFileDamaged` unless every byte is as `seal` wrote it."""
    try:
        return _parse(data)
    except (ValueError, KeyError, TypeError, RecursionError, CredentialError) as error:
        raise KeyFileDamaged("the key file is damaged or cut short") from error


def _parse(data: bytes) -> SealedKey:
    """As `parse`, with whatever error the damage leads to."""
    magic, header, wrapped, sealed, digest, end = data.split(b"\n")
    if len(data) > MAX_FILE_BYTES or magic != _MAGIC or end:
        raise ValueError("not a key file")
    if digest != _digest_line(b"\n".join((magic, header, wrapped, sealed))):
        raise ValueError("digest differs")
    fields: dict[str, Any] = json.loads(header)
    return SealedKey(
        key_id=str(fields["key"]),
        algorithm=str(fields["algorithm"]),
        cost=Argon2Cost(fields["iterations"], fields["lanes"], fields["memory_kib"]),
        salt=_exactly(_SALT_BYTES, base64url.decode(fields["salt"])),
        check=_exactly(_CHECK_BYTES, base64url.decode(fields["check"])),
        associated=magic + b"\n" + header,
        wrapped=base64url.decode(wrapped),
        sealed=base64url.decode(sealed),
    )


def _header(key_id: str, algorithm: str, key: KeyEncryptionKey) -> bytes:
    """The second line: all that is needed to open the file but the secret."""
    fields = {
        "algorithm": algorithm,
        "check": base64url.encode(key.check),
        "iterations": key.cost.iterations,
        "key": key_id,
        "lanes": key.cost.lanes,
        "memory_kib": key.cost.memory_kib,
        "salt": base64url.encode(key.salt),
    }
    return json.dumps(fields, separators=(",", ":"), sort_keys=True).encode("ascii")


def _exactly(size: int, value: bytes) -> bytes:
    if len(value) != size:
        raise ValueError("wrong length")
    return value


def _digest_line(lines: bytes) -> bytes:
    return b"sha256 " + hashlib.sha256(lines).hexdigest().encode("ascii")


def _encrypt(cipher: AESGCM, plain: bytes, associated: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, associated)


def _decrypt(cipher: AESGCM, data: bytes, associated: bytes) -> bytes:
    try:
        return cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], associated)
    except (InvalidTag, ValueError) as error:
        raise KeyFileDamaged("the key file was altered") from error
