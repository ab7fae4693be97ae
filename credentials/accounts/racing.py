"""Transactions that make a row unless it is there: of two at the same time, the second finds the first one's row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

T = TypeVar("T")


def second_finds_first(transaction: Callable[[], T]) -> T:
    """Run a whole transaction; once more when another one made a row of the same key meanwhile.

    On PostgreSQL two of them may both look before either has written; SQLite lets one begin when the other has ended.
    Raises what the transaction raises, IntegrityError too when the conflict is none of time.
    """
    try:
        return transaction()
    except IntegrityError:
        return transaction()
