"""Private keys as encrypted files in one directory: the default backend.

A key is `<id>.key` (0600; format in `sealing`), its public half beside it is `<id>.public.jwk` for people to read. The
public file is never trusted: `public_key` derives from the private key. Ids are random and say nothing of their owner.
"""

import builtins
import json
import os
import threading
from pathlib import Path

from credentials.core.keys import PublicKey
from credentials.keyring.errors import (
    KeyAlgorithmUnsupported,
    KeyFileDamaged,
    KeyFileMisplaced,
    KeyFileMissing,
    KeysUnavailable,
    WrongPassphrase,
)
from credentials.keyring.key_ids import is_key_id, new_key_id
from credentials.keyring.master import MasterSecret
from credentials.keyring.private_files import (
    PUBLIC,
    create_file,
    prepare_directory,
    read_private,
    remove_file,
    storage_errors,
)
from credentials.keyring.private_keys import LOADERS, PrivateKey, generate, load
from credentials.keyring.sealing import (
    FULL_ENTROPY_COST,
    MAX_FILE_BYTES,
    PASSPHRASE_COST,
    Argon2Cost,
    KeyEncryptionKey,
    SealedKey,
    parse,
    seal,
)
from credentials.keyring.signer import KeyAlgorithm


class FileKeyring:
    """A `KeyBackend` over a directory. Safe to share between threads; each key is unlocked once and kept in memory.

    `cost` is what new keyrings pay for Argon2id; None means RFC 9106's recommendation for a passphrase and the minimum
    for a machine-made secret. Reading takes the cost from each file. Keys made later share the first one's salt, so
    that opening a keyring runs Argon2id once.
    """

    def __init__(self, directory: Path, secret: MasterSecret, *, cost: Argon2Cost | None = None) -> None:
        """Make the directory if needed (0700). Raises `KeyDirectoryTooOpen` or `KeyDirectoryUnusable`."""
        self.directory = directory
        self._secret = secret
        self._cost = cost or (FULL_ENTROPY_COST if secret.has_full_entropy else PASSPHRASE_COST)
        self._lock = threading.Lock()
        self._unlocked: dict[str, PrivateKey] = {}
        self._derived: dict[tuple[Argon2Cost, bytes], KeyEncryptionKey] = {}
        prepare_directory(directory, holds_keys=bool(self.list()) if directory.is_dir() else False)

    def __repr__(self) -> str:
        """Name the directory, nothing more."""
        return f"FileKeyring({str(self.directory)!r})"

    def list(self) -> builtins.list[str]:
        """Return the ids of all private keys in the directory, sorted."""
        with storage_errors(self.directory):
            names = [path.stem for path in self.directory.iterdir() if path.suffix == ".key"]
        return sorted(name for name in names if is_key_id(name))

    def holds(self, key_id: str) -> bool:
        """Whether this id has a file here, sound or not."""
        return key_id in self._unlocked or (is_key_id(key_id) and os.path.lexists(self._path(key_id)))

    def create(self, algorithm: KeyAlgorithm) -> str:
        """Make a key, store it durably, and return its id.

        Raises `KeyAlgorithmUnsupported`, `WrongPassphrase` (the keys already here have another secret: one directory,
        one secret), `KeyStorageFull` or another `KeysUnavailable`.
        """
        if algorithm not in LOADERS:
            raise KeyAlgorithmUnsupported(f"{algorithm!r} is not an algorithm that keys can be made for")
        key_id, material = new_key_id(), generate(algorithm)
        key = load(algorithm, material)
        with self._lock:
            data = seal(key_id, algorithm, material, self._key_for_new_files())
        create_file(self._path(key_id), data)
        create_file(self.directory / f"{key_id}.public.jwk", _public_file(key.public), mode=PUBLIC)
        self._unlocked[key_id] = key
        return key_id

    def sign(self, key_id: str, data: bytes) -> bytes:
        """Sign; see `Signer.sign`."""
        return self._private_key(key_id).sign(data)

    def public_key(self, key_id: str) -> PublicKey:
        """Return the public half, derived from the private key itself."""
        return self._private_key(key_id).public

    def destroy(self, key_id: str) -> None:
        """Remove the private key's file; the public file stays, for what the key signed still verifies."""
        path = self._path(key_id)
        self._unlocked.pop(key_id, None)
        remove_file(path)

    def unlock_all(self) -> None:
        """Open every key now, so that a wrong passphrase shows at start and not at the first signature."""
        for key_id in self.list():
            self._private_key(key_id)

    def problems(self) -> dict[str, KeysUnavailable]:
        """Return what is wrong with each key that cannot be opened, by id; empty when all is well."""
        found: dict[str, KeysUnavailable] = {}
        for key_id in self.list():
            try:
                self._open(key_id)
            except KeysUnavailable as error:
                found[key_id] = error
        return found

    def _path(self, key_id: str) -> Path:
        """The key's file. An id that was never ours (a path, say) is a missing key, not a path to open."""
        if not is_key_id(key_id):
            raise KeyFileMissing("there is no key with this id")
        return self.directory / f"{key_id}.key"

    def _private_key(self, key_id: str) -> PrivateKey:
        """The unlocked key, from memory if it was opened before."""
        key = self._unlocked.get(key_id)
        if key is None:
            key = self._unlocked[key_id] = self._open(key_id)
        return key

    def _open(self, key_id: str) -> PrivateKey:
        """Read and unlock a key's file."""
        path = self._path(key_id)
        sealed = _read(path)
        if sealed.key_id != key_id:
            raise KeyFileMisplaced(f"{path} holds another key: {sealed.key_id}")
        with self._lock:
            unlocking = self._derive(sealed)
        try:
            return load(_algorithm(sealed.algorithm), sealed.open(unlocking))
        except (KeyFileDamaged, WrongPassphrase) as error:
            raise type(error)(f"{path}: {error.detail}") from error
        except ValueError as error:
            raise KeyFileDamaged(f"{path} holds no usable key") from error

    def _derive(self, sealed: SealedKey) -> KeyEncryptionKey:
        """Argon2id for this file's salt, once."""
        found = self._derived.get((sealed.cost, sealed.salt))
        return found or self._remember(KeyEncryptionKey.derive(self._secret, sealed.cost, sealed.salt))

    def _remember(self, key: KeyEncryptionKey) -> KeyEncryptionKey:
        self._derived[key.cost, key.salt] = key
        return key

    def _key_for_new_files(self) -> KeyEncryptionKey:
        """The key-encryption key that the directory's first sound file uses; a fresh one when there is none.

        A damaged file is passed over (making a new key is the way out of it), another secret is not.
        """
        for key_id in self.list():
            try:
                sealed = _read(self._path(key_id))
                key = self._derive(sealed)
                sealed.open(key)
            except WrongPassphrase:
                raise
            except KeysUnavailable:
                continue
            return key
        return self._remember(KeyEncryptionKey.fresh(self._secret, self._cost))


def _read(path: Path) -> SealedKey:
    """Parse a key's file, naming it in the error."""
    try:
        return parse(read_private(path, max_bytes=MAX_FILE_BYTES))
    except KeyFileDamaged as error:
        raise KeyFileDamaged(f"{path}: {error.detail}") from error


def _algorithm(name: str) -> KeyAlgorithm:
    """Narrow a header's algorithm to one of those known. Raises ValueError."""
    for algorithm in LOADERS:
        if algorithm == name:
            return algorithm
    raise ValueError(f"unknown algorithm {name!r}")


def _public_file(key: PublicKey) -> bytes:
    return json.dumps(key.to_jwk(), indent=2, sort_keys=True).encode("ascii") + b"\n"
