"""Give status entries out: at random, each once, never again, whatever happens to the database.

Every list has a counter and a secret seed; the n-th entry is `permuted(seed, n, size)`, so no search for a free index
is needed and the order of issuing stays hidden. The counter moves in the transaction that stores the intent, under the
issuer's row lock; UNIQUE(list, idx) stands behind it. The lists of one issuer are opened together, share their seed and
move in step, so that one index serves both purposes.
"""

import os
from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from credentials.core.permutation import permuted
from credentials.issuer.high_water import DatabaseBehind, HighWaterMark
from credentials.issuer.means import new_id
from credentials.store import issuers, status
from credentials.store.issuers import Issuer
from credentials.store.status import Purpose, StatusList

LIST_SIZE = 131_072
"""Entries in a list: the least that Bitstring Status List 1.0 section 6.1 allows, for herd privacy."""

SEED_BYTES = 32


class Allotted(msgspec.Struct, frozen=True):
    """Places for one credential: the same index in each list. `lists` begins with the revocation list's id."""

    index: int
    lists: tuple[tuple[Purpose, str], ...]


def purposes(issuer: Issuer) -> tuple[Purpose, ...]:
    """The lists an issuer keeps."""
    return ("revocation", "suspension") if issuer.suspends else ("revocation",)


def allot(
    connection: Connection, high_water: HighWaterMark, issuer: Issuer, count: int, now: datetime
) -> list[Allotted]:
    """Take `count` places, opening new lists as old ones fill up; locks the issuer's row.

    Raises DatabaseBehind when more was published from a list than the database knows of.
    """
    current = lock_lists(connection, high_water, issuer, now)
    places: list[Allotted] = []
    while True:
        taken = min(count - len(places), current[0].size - current[0].allotted)
        places += _take(current, taken)
        for one in current:
            status.set_allotted(connection, one.id, one.allotted + taken)
        if len(places) == count:
            return places
        status.close(connection, [one.id for one in current], now)
        current = _open(connection, issuer, now)


def lock_lists(
    connection: Connection, high_water: HighWaterMark, issuer: Issuer, now: datetime
) -> tuple[StatusList, ...]:
    """The lists that an issuer allots from now, locked, opened if there are none. Raises DatabaseBehind."""
    issuers.lock(connection, issuer.id)
    every = status.of_issuer(connection, issuer.id)
    _refuse_if_behind(high_water.allotted(issuer.id), every)
    usable = {one.purpose: one for one in every if one.closed_at is None}
    if usable.keys() == set(purposes(issuer)):
        return tuple(usable[purpose] for purpose in purposes(issuer))
    status.close(connection, [one.id for one in usable.values()], now)
    return _open(connection, issuer, now)


def _refuse_if_behind(marks: dict[str, int], lists: Sequence[StatusList]) -> None:
    """Compare under the lock: a mark is raised only after its transaction committed, so it is never ahead of us."""
    known = {one.id: one.allotted for one in lists}
    if any(mark > known.get(list_id, -1) for list_id, mark in marks.items()):
        raise DatabaseBehind


def _open(connection: Connection, issuer: Issuer, now: datetime) -> tuple[StatusList, ...]:
    seed = os.urandom(SEED_BYTES)
    fresh = tuple(
        StatusList(
            id=new_id(), issuer_id=issuer.id, purpose=purpose, size=LIST_SIZE, seed=seed, allotted=0, created_at=now
        )
        for purpose in purposes(issuer)
    )
    for one in fresh:
        status.add_list(connection, one)
    return fresh


def _take(lists: tuple[StatusList, ...], count: int) -> list[Allotted]:
    first = lists[0]
    named = tuple((one.purpose, one.id) for one in lists)
    positions = range(first.allotted, first.allotted + count)
    return [Allotted(permuted(first.seed, position, first.size), named) for position in positions]
