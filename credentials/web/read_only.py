"""What lies beside the database, for whoever only reads: the record of what was published, and the private keys."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from credentials.core.keys import PublicKey
from credentials.issuer.high_water import HighWaterMark
from credentials.keyring.errors import KeysUnavailable
from credentials.keyring.signer import KeyAlgorithm, KeyBackend
from credentials.store.credentials import Visibility
from credentials.store.errors import DatabaseReadOnly
from credentials.store.issuers import Issuer
from credentials.store.signing_keys import SigningKey
from credentials.store.status import RecordedEvent, StatusList


class ReadHighWaterMark(HighWaterMark):
    """Leaves the record as it is. Safe where nothing is released: what is signed here is shown to the caller alone."""

    def raise_allotted(self, issuer_id: str, counts: Mapping[str, int]) -> None:
        """Record nothing."""

    def add_lists(self, lists: Sequence[StatusList]) -> None:
        """Record nothing."""

    def add_events(self, events: Sequence[RecordedEvent]) -> None:
        """Record nothing."""

    def add_parties(self, issuers: Iterable[Issuer], keys: Iterable[SigningKey]) -> None:
        """Record nothing."""

    def add_revoked_api_keys(self, revoked: Mapping[str, datetime]) -> None:
        """Record nothing."""

    def add_visibilities(self, visibilities: Mapping[str, Visibility]) -> None:
        """Record nothing."""


class ReadKeys:
    """A `KeyBackend` that signs with the keys of another one, makes none and destroys none.

    A key is made before the row that names it: without this it would be left behind by what is refused.
    """

    def __init__(self, keys: KeyBackend) -> None:
        self._keys = keys

    def list(self) -> builtins.list[str]:
        """The ids of all keys; see `KeyBackend.list`."""
        return self._keys.list()

    def create(self, algorithm: KeyAlgorithm) -> str:
        """Raises DatabaseReadOnly."""
        raise DatabaseReadOnly(f"no {algorithm} key is made")

    def sign(self, key_id: str, data: bytes) -> bytes:
        """Sign; see `Signer.sign`."""
        return self._keys.sign(key_id, data)

    def public_key(self, key_id: str) -> PublicKey:
        """The public half; see `Signer.public_key`."""
        return self._keys.public_key(key_id)

    def destroy(self, key_id: str) -> None:
        """Raises DatabaseReadOnly."""
        raise DatabaseReadOnly("no key is destroyed", where=key_id)

    def problems(self) -> dict[str, KeysUnavailable]:
        """What is wrong with keys; see `KeyBackend.problems`."""
        return self._keys.problems()
