"""The one secret that opens all keys: a passphrase from the settings, or a random one kept in a file.

The file `master.secret` is made on the first run without a passphrase. It holds 256 random bits and lies beside the
keys it opens, so it protects a copied key file, a log or a repository that keys were added to by mistake; it does not
protect against someone who can read the whole directory. A passphrase does.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from credentials.keyring.errors import (
    KeyFileMissing,
    MasterSecretDamaged,
    MasterSecretMissing,
    PassphraseTooShort,
)
from credentials.keyring.private_files import create_file, prepare_directory, read_private

MASTER_SECRET_NAME = "master.secret"  # noqa: S105 - a file name
SHORTEST_PASSPHRASE = 8
_SECRET_BYTES = 32
_MAGIC = "credentials-master-secret/1"


@dataclass(frozen=True, slots=True)
class MasterSecret:
    """What opens a keyring. `path` is None for a passphrase; `created` is True on the run that made the file."""

    material: bytes = field(repr=False)
    path: Path | None = None
    created: bool = False

    @property
    def has_full_entropy(self) -> bool:
        """True for a machine-made 256-bit secret, which nobody can guess however fast each guess is."""
        return self.path is not None

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: a secret does not travel between processes."""
        raise TypeError("a master secret cannot be pickled")


def load_or_create_master_secret(directory: Path, passphrase: str | None) -> MasterSecret:
    """Return the secret for the keys in `directory`: the passphrase if given, else the file, made on the first run.

    Safe when several processes start at once: one makes the file, the others read it. Raises `PassphraseTooShort`,
    `MasterSecretMissing` (there are keys, yet neither passphrase nor file), `MasterSecretDamaged`, `KeyFileTooOpen`,
    or another `KeysUnavailable` for the directory.
    """
    if passphrase is not None:
        return _from_passphrase(passphrase)
    path = directory / MASTER_SECRET_NAME
    try:
        return MasterSecret(_read(path), path)
    except KeyFileMissing:
        created = _create(directory, path)
        return MasterSecret(_read(path), path, created)


def _from_passphrase(passphrase: str) -> MasterSecret:
    """Normalise (NFC, as RFC 8265 §4.2 does) so that one passphrase typed on two systems is one."""
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise PassphraseTooShort(f"the passphrase has fewer than {SHORTEST_PASSPHRASE} characters")
    # surrogateescape: an environment variable that is no UTF-8 arrives with lone surrogates.
    return MasterSecret(unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape"))


def _create(directory: Path, path: Path) -> bool:
    """Make the file; False when another process was faster."""
    if any(directory.glob("*.key")):
        raise MasterSecretMissing(f"{directory} holds keys, but {path} does not exist")
    prepare_directory(directory, holds_keys=False)
    return create_file(path, _write(secrets.token_bytes(_SECRET_BYTES)))


def _write(secret: bytes) -> bytes:
    """Two lines: what this is, and the secret with a checksum that shows a damaged copy."""
    return f"{_MAGIC}\n{secret.hex()} {_checksum(secret)}\n".encode("ascii")


def _read(path: Path) -> bytes:
    """Return the secret of a file written by `_write`; anything else is damage."""
    data = read_private(path, max_bytes=1024)
    try:
        secret = bytes.fromhex(data.decode("ascii").split()[1])
    except (ValueError, IndexError):
        raise MasterSecretDamaged(f"{path} is not a master secret") from None
    if len(secret) != _SECRET_BYTES or not secrets.compare_digest(data, _write(secret)):
        raise MasterSecretDamaged(f"{path} was altered or cut short")
    return secret


def _checksum(secret: bytes) -> str:
    """A short digest against damage; it tells nothing useful about 256 random bits."""
    return hashlib.sha256(b"credentials-master-secret" + secret).hexdigest()[:16]
