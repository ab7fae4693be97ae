"""What the rest of the project may ask of private keys, wherever they are kept."""

import builtins
from typing import Literal, Protocol, TypeAlias

from credentials.core.keys import PublicKey
from credentials.keyring.errors import KeysUnavailable

KeyAlgorithm: TypeAlias = Literal["Ed25519", "P-256", "ML-DSA-44"]
"""Kinds of key a backend can make: Ed25519 (RFC 8032), NIST P-256 for ES256 (RFC 7518 §3.4), ML-DSA-44 (FIPS 204)."""


class Signer(Protocol):
    """Signs bytes with a named private key. Several threads may call it at once."""

    def sign(self, key_id: str, data: bytes) -> bytes:
        """Return the raw signature of `data`: R ‖ S for Ed25519 and r ‖ s for P-256 with SHA-256, 64 bytes each; for
        ML-DSA-44 the 2,420 bytes of FIPS 204 algorithm 2 with an empty context.

        The first two are deterministic in the file backend (RFC 8032 §5.1.6; RFC 6979 for P-256): signing again gives
        the same bytes. ML-DSA-44 is randomised, and a key in a machine of its own may be: then signing again gives
        another signature that is as good, and whoever releases one keeps the first. Raises a `KeysUnavailable` when
        the key is missing or cannot be unlocked.
        """
        ...

    def public_key(self, key_id: str) -> PublicKey:
        """Return the public half of `key_id`. Raises a `KeysUnavailable` as `sign` does."""
        ...


class KeyBackend(Signer, Protocol):
    """A signer that also makes and destroys its keys."""

    def create(self, algorithm: KeyAlgorithm) -> str:
        """Make a new key and return its opaque id."""
        ...

    def destroy(self, key_id: str) -> None:
        """Remove a private key for good. Raises `KeyFileMissing` when there is none."""
        ...

    def list(self) -> builtins.list[str]:
        """Return the ids of all private keys held, sorted."""
        ...

    def problems(self) -> dict[str, KeysUnavailable]:
        """Return what is wrong with each key that cannot be used, by id; empty when all is well.

        Raises a `KeysUnavailable` when the place for keys itself cannot be used.
        """
        ...
