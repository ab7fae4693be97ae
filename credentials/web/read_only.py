"""The record of what was published, for whoever only reads: it tells, and is told nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from credentials.issuer.high_water import HighWaterMark
from credentials.store.credentials import Visibility
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
