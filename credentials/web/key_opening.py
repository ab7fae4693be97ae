"""Open the private keys and the secret that protects those in files, as the settings say."""

from __future__ import annotations

from credentials.keyring.backends import open_backend
from credentials.keyring.errors import KeyFileMissing, MasterSecretMissing
from credentials.keyring.files import FileKeyring
from credentials.keyring.master import MASTER_SECRET_NAME, MasterSecret, load_or_create_master_secret
from credentials.keyring.signer import KeyBackend
from credentials.web.settings import Settings


def open_keys(settings: Settings, secret: MasterSecret) -> KeyBackend:
    """The private keys, where the settings say they are. Raises the errors of `open_backend` and of key files."""
    pin = settings.keys_pin.get_secret_value() if settings.keys_pin else None
    return open_backend(settings.keys_backend, FileKeyring(settings.keys_path, secret), pin)


def master_secret(settings: Settings) -> MasterSecret:
    """The secret of the passphrase, or the one beside the keys, made on first run. Raises the errors of `master`."""
    passphrase = settings.passphrase.get_secret_value() if settings.passphrase else None
    return load_or_create_master_secret(settings.keys_path, passphrase)


def existing_secret(settings: Settings) -> MasterSecret:
    """As `master_secret`, without making one, nor the folder of the keys."""
    folder = settings.keys_path
    if not folder.is_dir():
        raise KeyFileMissing(f"there is no folder {folder}")
    if settings.passphrase is None and not (folder / MASTER_SECRET_NAME).exists():
        raise MasterSecretMissing(f"{folder / MASTER_SECRET_NAME} does not exist")
    return master_secret(settings)
