"""Calls under an idempotency key, on both databases: claimed once, answered for a day, tried again after a crash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from credentials.issuer import repeating
from credentials.issuer.errors import CallUnderWay, IdempotencyConflict
from credentials.issuer.repeating import Answered, Claimed, claim, digest_of, forget, keep, prune
from credentials.store import issuers
from credentials.store.engine import write
from credentials.store.issuers import Issuer

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
ONE, OTHER = digest_of([b"POST", b"/A", b"{}"]), digest_of([b"POST", b"/A", b"[]"])
ANSWER = Answered(201, b'{"id":"x"}', "application/json", "https://credentials.example/x")


@pytest.fixture
def acme(engine: Engine) -> str:
    """The ids of two issuers, acme and other; returns acme's."""
    with write(engine) as connection:
        for name in ("acme", "other"):
            made = Issuer(
                id=name,
                slug=name,
                name=name,
                url=None,
                did=f"did:web:{name}.example",
                suspends=False,
                sandbox=False,
                created_at=NOW,
            )
            issuers.add(connection, made)
    return "acme"


def test_a_call_is_claimed_once_and_answered_afterwards(engine: Engine, acme: str) -> None:
    assert isinstance(claim(engine, acme, "k", ONE, NOW), Claimed)
    keep(engine, acme, "k", ANSWER)

    assert claim(engine, acme, "k", ONE, NOW + timedelta(hours=23)) == ANSWER


def test_another_call_under_the_key_is_refused(engine: Engine, acme: str) -> None:
    claim(engine, acme, "k", ONE, NOW)
    with pytest.raises(IdempotencyConflict):
        claim(engine, acme, "k", OTHER, NOW)
    keep(engine, acme, "k", ANSWER)
    with pytest.raises(IdempotencyConflict):
        claim(engine, acme, "k", OTHER, NOW)


def test_the_same_call_meanwhile_is_told_so(engine: Engine, acme: str) -> None:
    claim(engine, acme, "k", ONE, NOW)
    with pytest.raises(CallUnderWay):
        claim(engine, acme, "k", ONE, NOW + timedelta(seconds=59))


def test_a_call_that_crashed_can_be_tried_again_after_a_minute(engine: Engine, acme: str) -> None:
    first = claim(engine, acme, "k", ONE, NOW)
    later = NOW + timedelta(seconds=61)

    assert claim(engine, acme, "k", ONE, later) == first
    with pytest.raises(CallUnderWay):
        claim(engine, acme, "k", ONE, later)


def test_a_forgotten_call_can_be_tried_at_once(engine: Engine, acme: str) -> None:
    claim(engine, acme, "k", ONE, NOW)
    forget(engine, acme, "k")
    keep(engine, acme, "k", ANSWER)

    assert isinstance(claim(engine, acme, "k", OTHER, NOW), Claimed)


def test_a_key_is_an_issuers_own(engine: Engine, acme: str) -> None:
    claim(engine, acme, "k", ONE, NOW)

    assert isinstance(claim(engine, "other", "k", OTHER, NOW), Claimed)


def test_after_a_day_the_key_is_free_even_before_the_sweep(engine: Engine, acme: str) -> None:
    first = claim(engine, acme, "k", ONE, NOW)
    keep(engine, acme, "k", ANSWER)
    second = claim(engine, acme, "k", ONE, NOW + timedelta(hours=24))

    assert isinstance(second, Claimed)
    assert second != first


def test_the_sweep_forgets_what_is_a_day_old(engine: Engine, acme: str) -> None:
    claim(engine, acme, "old", ONE, NOW - timedelta(hours=25))
    claim(engine, acme, "new", ONE, NOW)

    assert (prune(engine, NOW), prune(engine, NOW)) == (1, 0)
    with pytest.raises(CallUnderWay):
        claim(engine, acme, "new", ONE, NOW)


def test_of_many_at_once_one_claims_it(engine: Engine, acme: str) -> None:
    barrier = Barrier(4)

    def one() -> str:
        barrier.wait()
        try:
            return "mine" if isinstance(claim(engine, acme, "k", ONE, NOW), Claimed) else "answered"
        except CallUnderWay:
            return "under way"

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(lambda _: one(), range(4)))

    assert found == ["mine", "under way", "under way", "under way"]


def test_parts_of_a_call_do_not_run_into_each_other() -> None:
    assert digest_of([b"ab", b"c"]) != digest_of([b"a", b"bc"])
    assert len(digest_of([b""])) == 32


def test_nothing_of_an_answer_is_in_a_repr() -> None:
    assert "id" not in repr(ANSWER)
    assert timedelta(days=1) == repeating.KEPT
