"""Where private keys live.

One protocol (`Signer`, and `KeyBackend` on top of it), one module per backend. The keyring knows key material only:
which key belongs to which issuer, and whether it is active, retired or compromised, is recorded elsewhere.
"""

from credentials.keyring.files import FileKeyring
from credentials.keyring.master import MasterSecret, load_or_create_master_secret
from credentials.keyring.sealing import Argon2Cost
from credentials.keyring.signer import KeyAlgorithm, KeyBackend, Signer

__all__ = [
    "Argon2Cost",
    "FileKeyring",
    "KeyAlgorithm",
    "KeyBackend",
    "MasterSecret",
    "Signer",
    "load_or_create_master_secret",
]
