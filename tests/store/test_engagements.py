"""Engagements at rest: who is reminded of which deadline on which day, whose work it is, and what completes it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from credentials.store import awards, engagements
from credentials.store.awards import Award
from credentials.store.engine import write
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, DAY, NOW, OTHER, SECOND, TODAY, add_person, engage

MIDNIGHT = datetime(2026, 3, 16, tzinfo=UTC)


@pytest.fixture
def kept(engine: Engine) -> Engine:
    for slug in ("acme", "other"):
        add_issuer(engine, slug)
    with write(engine) as connection:
        for own in ("author", "worker", "stranger"):
            add_person(connection, own)
    return engine


# Why; how many days are left; when the candidate was reminded last; the state; whether they are reminded today.
NEARING: list[tuple[str, int, datetime | None, str, bool]] = [
    ("four days, never reminded", 4, None, "working", False),
    ("three days, never reminded", 3, None, "working", True),
    ("two days, never reminded", 2, None, "working", True),
    ("one day, never reminded", 1, None, "working", True),
    ("today, never reminded", 0, None, "working", True),
    ("over, never reminded", -1, None, "working", False),
    ("three days, reminded today", 3, MIDNIGHT, "working", False),
    ("two days, reminded yesterday", 2, NOW - DAY, "working", False),
    ("one day, reminded two days ago", 1, NOW - 2 * DAY, "working", True),
    ("one day, reminded a second before midnight", 1, MIDNIGHT - SECOND, "working", True),
    ("one day, reminded at midnight", 1, MIDNIGHT, "working", False),
    ("today, reminded three days ago", 0, NOW - 3 * DAY, "working", True),
    ("today, reminded before yesterday", 0, MIDNIGHT - DAY - SECOND, "working", True),
    ("today, reminded yesterday at midnight", 0, MIDNIGHT - DAY, "working", False),
    ("today, reminded yesterday", 0, NOW - DAY, "working", False),
    ("over, reminded long ago", -1, NOW - 9 * DAY, "working", False),
    ("returned for another try", 1, None, "returned", True),
    ("handed in", 1, None, "submitted", False),
    ("accepted", 1, None, "accepted", False),
    ("completed", 1, None, "completed", False),
    ("cancelled", 1, None, "cancelled", False),
]


def at_deadlines(connection: Connection) -> None:
    for why, left, reminded, state, _ in NEARING:
        engage(connection, why, ends_on=TODAY + timedelta(days=left), reminded_at=reminded, state=state)


def test_who_is_reminded_of_a_deadline(kept: Engine) -> None:
    expected = {why for why, *_, due in NEARING if due}
    with write(kept) as connection:
        at_deadlines(connection)
        found = engagements.nearing(connection, NOW, 100)
        assert {why for why, *_ in NEARING if engagements.is_nearing(connection, why, NOW)} == expected
        assert engagements.nearing(connection, NOW, 2) == found[:2]
    assert set(found) == expected
    left = {why: days for why, days, *_ in NEARING}
    assert [left[why] for why in found] == sorted(left[why] for why in found)


@pytest.mark.parametrize(("now", "reminded"), [
    (datetime(2026, 3, 12, 23, 59, 59, tzinfo=UTC), False),
    (datetime(2026, 3, 13, 0, 0, tzinfo=UTC), True),
    (datetime(2026, 3, 13, 13, 0, tzinfo=timezone(timedelta(hours=14))), False),
    (datetime(2026, 3, 12, 12, 0, tzinfo=timezone(-timedelta(hours=12))), True),
    (datetime(2026, 3, 16, 23, 59, 59, tzinfo=UTC), True),
    (datetime(2026, 3, 17, 0, 0, tzinfo=UTC), False),
], ids=str)  # fmt: skip
def test_a_day_is_one_of_utc_wherever_the_clock_stands(kept: Engine, now: datetime, reminded: bool) -> None:
    with write(kept) as connection:
        engage(connection, "e", ends_on=TODAY)
        assert engagements.is_nearing(connection, "e", now) is reminded
        assert not engagements.is_nearing(connection, "f", now)


def test_only_the_two_sides_find_it(kept: Engine) -> None:
    with write(kept) as connection:
        made = engage(connection, "e")
        engage(connection, "f", issuer_id=OTHER, person_id="stranger")
        assert engagements.of_company(connection, ACME, "e", lock=True) == made
        assert engagements.of_person(connection, "worker", "e", lock=True) == made
        found = [engagements.of_company(connection, *one) for one in ((OTHER, "e"), (ACME, "f"), (ACME, ""))]
        found += [engagements.of_person(connection, *one) for one in (("stranger", "e"), ("author", "e"))]
        assert found == [None] * 5
        assert [one.id for one in engagements.page_of_company(connection, OTHER, None, None, 9)] == ["f"]
        assert [one.id for one in engagements.all_of_person(connection, "worker")] == ["e"]
        assert engagements.all_of_person(connection, "author") == []
        assert [one.id for one in engagements.all_of_person(connection, "worker", (made.changed_at, "d"))] == ["e"]
        assert engagements.all_of_person(connection, "worker", (made.changed_at, "e")) == []
        assert engagements.all_of_person(connection, "worker", limit=0) == []


def test_one_application_becomes_one_engagement(kept: Engine) -> None:
    with write(kept) as connection:
        made = engage(connection, "e")
        engage(connection, "f")
        assert engagements.begun_by(connection, made.application_id) == "e"
        assert [engagements.begun_by(connection, other) for other in ("", "e", "%")] == [None] * 3
        with pytest.raises(IntegrityError), connection.begin_nested():
            engagements.add(connection, replace(made, id="again"))


def test_an_award_completes_the_accepted_work_it_was_made_for_once(kept: Engine) -> None:
    states = ("working", "accepted", "completed", "cancelled")
    with write(kept) as connection:
        for state in states:
            awards.add_once(connection, award(f"award-of-{state}"))
            engage(connection, state, state=state, award_id=f"award-of-{state}")
        done = [engagements.complete(connection, f"award-of-{state}", NOW + DAY) for state in states]
        assert done == [False, True, False, False]
        assert not engagements.complete(connection, "award-of-accepted", NOW + 2 * DAY)
        assert not engagements.complete(connection, "no award", NOW)
        found = engagements.by_id(connection, "accepted")
        assert found is not None
        assert (found.state, found.version, found.changed_at) == ("completed", 2, NOW + DAY)


def award(own: str) -> Award:
    return Award(
        id=own,
        issuer_id=ACME,
        author_id="author",
        state="signed",
        form="{}",
        version=1,
        created_at=NOW,
        changed_at=NOW,
    )


def test_pages_of_one_state_have_no_gap_and_no_repeat(kept: Engine) -> None:
    with write(kept) as connection:
        for number in range(6):
            state = "returned" if number == 4 else "working"
            engage(connection, f"e{number}", created_at=NOW + (number // 3) * SECOND, state=state)
        engage(connection, "theirs", issuer_id=OTHER)
        pages: dict[str | None, list[str]] = {}
        for asked in ("working", None, "completed"):
            seen: list[Any] = []
            while len(seen) < 20 and (
                page := engagements.page_of_company(
                    connection, ACME, asked, (seen[-1].created_at, seen[-1].id) if seen else None, 2
                )
            ):
                seen += page
            pages[asked] = [one.id for one in seen]
    assert pages == {
        "working": ["e3", "e5", "e0", "e1", "e2"],
        None: ["e3", "e4", "e5", "e0", "e1", "e2"],
        "completed": [],
    }
