"""Whoever hears of what an issuer does: the shape of the listener, and the one that says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

Happening = tuple[str, Mapping[str, object]]
"""The name under which an event happens once, and what is told about it."""


class Announce(Protocol):
    """Hears of events of one kind at one issuer. Writes through the given connection or not at all."""

    def __call__(
        self, connection: Connection, issuer_id: str, kind: str, happenings: Iterable[Happening], now: datetime, /
    ) -> object:
        """Take note of them; an event whose name was heard before is no new one. What it gives back is of no use."""
        ...


def say_nothing(
    _connection: Connection, _issuer_id: str, _kind: str, _happenings: Iterable[Happening], _now: datetime, /
) -> None:
    """For an issuer to which nobody listens."""
