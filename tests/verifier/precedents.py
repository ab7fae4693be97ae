"""Credentials that may follow a precedent, and whether one did, with no precedent at first."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import count
from typing import Any

import msgspec
import pytest

from credentials.core.achievement import to_bytes
from credentials.core.credential import StatusEntry
from credentials.verifier import precedent
from credentials.verifier.cache import BoundedCache
from credentials.verifier.precedent import Precedent
from credentials.verifier.report import Report
from credentials.verifier.states import State
from tests.verifier.histories import every_step
from tests.verifier.world import World, achievement, entry

_numbers = count(20_000)


@pytest.fixture(autouse=True)
def precedents(monkeypatch: pytest.MonkeyPatch) -> BoundedCache[Hashable, Precedent]:
    """None at first."""
    none: BoundedCache[Hashable, Precedent] = BoundedCache(max_entries=99, max_weight=1 << 24)
    monkeypatch.setattr(precedent, "_PRECEDENTS", none)
    return none


def both(index: int | None = None) -> tuple[StatusEntry, StatusEntry]:
    """Entries that nobody else has."""
    index = next(_numbers) if index is None else index
    return entry("revocation", index), entry("suspension", index)


def next_one(world: World, **options: Any) -> bytes:
    """A credential of the issuer's that nobody has verified yet."""
    return world.token(**({"statuses": both()} | options))


def signed(world: World, **changes: Any) -> bytes:
    """One with some members of its own, spelled as we spell them."""
    return world.issuer.secure(
        to_bytes(msgspec.structs.replace(achievement(world.issuer.did, statuses=both()), **changes))
    )


def set_by(world: World, **options: Any) -> Report:
    """A first credential, and its report: the precedent."""
    report = world.verify(next_one(world, **options))
    assert report.state is State.GENUINE
    return report


def follows(report: Report, before: Report) -> bool:
    """Whether no step was made: then the list of checks is the very same object."""
    return report.checks is before.checks


def same_as_every_step(world: World, secured: bytes) -> Report:
    report = world.verify(secured)
    assert report.to_json() == every_step(world, secured).to_json()
    assert report.to_bytes() == every_step(world, secured).to_bytes()
    return report
