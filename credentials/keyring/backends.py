"""The place for keys that a URI names, with the key files beside it.

New keys are made in the place that is named. What is in files goes on signing from there: an issuer's keys keep working
when the place for new ones is changed.
"""

import builtins
from collections.abc import Callable
from importlib import import_module
from typing import Any

from credentials.core.keys import PublicKey
from credentials.keyring.addresses import KmsAddress, TokenAddress, scheme_of
from credentials.keyring.errors import KeyBackendNotInstalled, KeyBackendUnknown, KeysUnavailable
from credentials.keyring.files import FileKeyring
from credentials.keyring.signer import KeyAlgorithm, KeyBackend

IN_FILES = ("", "file:")
"""What names the encrypted files alone."""


def open_backend(uri: str, files: FileKeyring, pin: str | None = None) -> KeyBackend:
    """Return the backend that `uri` names, over `files`; `pin` is a token's user PIN. Nothing is connected yet.

    Raises `KeyBackendUnknown`, `PinInUri`, `KeyBackendNotInstalled`, and `TokenPinMissing`.
    """
    if uri in IN_FILES:
        return files
    scheme = scheme_of(uri)
    if scheme == "pkcs11":
        token = TokenAddress.parse(uri)
        return BesideFiles(_loaded("pkcs11", "Pkcs11Keyring")(token, pin), files)
    if scheme == "aws-kms":
        region = KmsAddress.parse(uri)
        return BesideFiles(_loaded("aws_kms", "KmsKeyring")(region), files)
    raise KeyBackendUnknown("the address begins neither with pkcs11: nor with aws-kms:, and is not file:")


def _loaded(module: str, name: str) -> Callable[..., Any]:
    """A backend's class. It is imported when it is chosen: its package is optional, and boto3 takes long to load."""
    try:
        found: Callable[..., Any] = getattr(import_module(f"credentials.keyring.{module}"), name)
    except ModuleNotFoundError as error:
        raise KeyBackendNotInstalled(f"there is no module {error.name}") from error
    return found


class BesideFiles:
    """A `KeyBackend` that makes keys in one place and still signs with those that are in files.

    Ids say nothing of the place. The files are looked at first: that asks nothing of a token or a network, and ids are
    random, so that no two places have the same.
    """

    def __init__(self, chosen: KeyBackend, files: FileKeyring) -> None:
        self.chosen = chosen
        self.files = files

    def __repr__(self) -> str:
        """Name both places."""
        return f"BesideFiles({self.chosen!r}, {self.files!r})"

    def list(self) -> builtins.list[str]:
        """Return the ids of all keys in both places, sorted."""
        return sorted({*self.files.list(), *self.chosen.list()})

    def create(self, algorithm: KeyAlgorithm) -> str:
        """Make a key in the chosen place, never in a file instead. Raises `KeyAlgorithmUnsupported`."""
        return self.chosen.create(algorithm)

    def sign(self, key_id: str, data: bytes) -> bytes:
        """Sign with the key where it is; see `Signer.sign`."""
        return self._holder(key_id).sign(key_id, data)

    def public_key(self, key_id: str) -> PublicKey:
        """Return the public half; see `Signer.public_key`."""
        return self._holder(key_id).public_key(key_id)

    def destroy(self, key_id: str) -> None:
        """Remove the key from where it is; see `KeyBackend.destroy`."""
        self._holder(key_id).destroy(key_id)

    def problems(self) -> dict[str, KeysUnavailable]:
        """Return what is wrong with keys in either place; see `KeyBackend.problems`."""
        return {**self.files.problems(), **self.chosen.problems()}

    def _holder(self, key_id: str) -> KeyBackend:
        return self.files if self.files.holds(key_id) else self.chosen
