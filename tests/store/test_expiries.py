"""A mark before a credential's end is noted once, however many ask, on each database."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from credentials.issuer.service import IssuerService
from credentials.store import expiries
from credentials.store.engine import read, write
from tests.drafts import numbered_draft
from tests.issuer.conftest import clock, keyring, published, service

__all__ = ["clock", "keyring", "published", "service"]  # fixtures

MARKS = (30, 7)
NEVER = "0" * 26


def issued(service: IssuerService, number: int, days: int | None) -> str:
    """The id of a credential that ends in some days, or never."""
    end = None if days is None else service.means.now() + timedelta(days=days)
    return service.issue("acme", replace(numbered_draft(number), valid_until=end)).id


def test_those_that_end_first_are_first_and_those_that_are_noted_gone(service: IssuerService) -> None:
    now = service.means.now()
    ids = [issued(service, number, days) for number, days in enumerate((40, 30, 12, 7, 1, None))]
    with write(service.means.engine) as connection:
        assert expiries.nearing(connection, now, MARKS, 10) == [ids[4], ids[3], ids[2], ids[1]]
        assert expiries.nearing(connection, now, MARKS, 2) == [ids[4], ids[3]]
        taken = expiries.take(connection, ids[3], now, MARKS)
        assert taken is not None
        assert (taken.days, taken.is_late) == (7, False)
        late = expiries.take(connection, ids[2], now, MARKS)
        assert late is not None
        assert (late.days, late.is_late) == (30, True)  # issued when 12 days were left
        assert expiries.take(connection, ids[3], now, MARKS) is None
        assert expiries.nearing(connection, now, MARKS, 10) == [ids[4], ids[1]]


@pytest.mark.parametrize("days", [40, None])
def test_nothing_is_noted_before_its_time(service: IssuerService, days: int | None) -> None:
    number = issued(service, 1, days)
    with write(service.means.engine) as connection:
        assert expiries.take(connection, number, service.means.now(), MARKS) is None
        assert expiries.take(connection, NEVER, service.means.now(), MARKS) is None


def test_the_moment_of_the_end_is_too_late(service: IssuerService) -> None:
    number = issued(service, 1, 20)
    end = service.means.now() + timedelta(days=20)
    with write(service.means.engine) as connection:
        assert expiries.nearing(connection, end, MARKS, 10) == []
        assert expiries.take(connection, number, end, MARKS) is None


def test_of_many_that_ask_at_once_one_is_told(service: IssuerService) -> None:
    number, now = issued(service, 1, 30), service.means.now()
    found: list[object] = []
    ready = threading.Barrier(4)

    def ask() -> None:
        ready.wait()
        with write(service.means.engine) as connection:
            found.append(expiries.take(connection, number, now, MARKS))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(found) == 4
    assert sum(one is not None for one in found) == 1
    with read(service.means.engine) as connection:
        assert expiries.nearing(connection, now, MARKS, 10) == []
