"""Pages of rows: every row once, begun last first, however many began in one moment, in each state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine

from credentials.store import projects
from credentials.store.engine import read, write
from credentials.store.pages import PAGE, Place, cut, page
from credentials.store.projects import Project
from credentials.store.tables import project as table
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, NOW, OTHER, SECOND, add_person, project

MOMENTS = [0, 0, 0, 1, 1, 2, 5, 5, 5, 5]
"""Seconds before now at which each project began: several at once."""
STATES = ["open", "draft", "open", "closed", "open", "open", "draft", "open", "closed", "open"]


@pytest.fixture
def stocked(engine: Engine) -> Engine:
    """Ten projects of acme's and one of another company's."""
    for slug in ("acme", "other"):
        add_issuer(engine, slug)
    with write(engine) as connection:
        add_person(connection, "author")
        for number, (ago, state) in enumerate(zip(MOMENTS, STATES, strict=True)):
            projects.add_once(connection, project(f"P{number}", created_at=NOW - ago * SECOND, state=state))
        projects.add_once(connection, project("P-other", issuer_id=OTHER))
    return engine


def rows(engine: Engine, state: str | None, before: Place | None, limit: int, issuer_id: str = ACME) -> list[Project]:
    """One page."""
    with read(engine) as connection:
        found = connection.execute(page(table, table.c.issuer_id == issuer_id, state, before, limit))
        return [Project(**row._mapping) for row in found]


def walked(engine: Engine, state: str | None, limit: int) -> Iterator[list[str]]:
    """The ids of every page, each from where the one before ended; no more pages than there are rows."""
    place: Place | None = None
    for _ in range(len(MOMENTS) + 1):
        found = rows(engine, state, place, limit)
        if not found:
            return
        yield [one.id for one in found]
        place = (found[-1].created_at, found[-1].id)
    raise AssertionError("a page that never ends")


def expected(state: str | None) -> list[str]:
    ids = [f"P{number}" for number, its in enumerate(STATES) if state in (None, its)]
    return sorted(ids, key=lambda one: (MOMENTS[int(one[1:])], one))


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 9, 10, 11])
@pytest.mark.parametrize("state", [None, "open", "draft", "closed"])
def test_every_row_comes_once_and_in_order(stocked: Engine, state: str | None, limit: int) -> None:
    pages = list(walked(stocked, state, limit))

    assert [one for ids in pages for one in ids] == expected(state)
    assert all(len(ids) == limit for ids in pages[:-1])


@pytest.mark.parametrize("state", ["", "OPEN", "open ", "no-such-state", "' OR 1=1 --"])
def test_a_state_that_nothing_is_in_has_no_page(stocked: Engine, state: str) -> None:
    assert rows(stocked, state, None, 10) == []


@pytest.mark.parametrize("issuer_id", ["id-of-nobody", "", "%", OTHER.upper()])
def test_somebody_else_s_rows_are_on_no_page(stocked: Engine, issuer_id: str) -> None:
    assert rows(stocked, None, None, 10, issuer_id) == []


def test_each_company_has_pages_of_its_own(stocked: Engine) -> None:
    assert [one.id for one in rows(stocked, None, None, 20, OTHER)] == ["P-other"]
    assert "P-other" not in [one.id for one in rows(stocked, None, None, 20)]


def test_a_row_that_began_meanwhile_moves_nothing(stocked: Engine) -> None:
    first = rows(stocked, None, None, 4)
    with write(stocked) as connection:
        projects.add_once(connection, project("P99", created_at=NOW + SECOND))
    second = rows(stocked, None, (first[-1].created_at, first[-1].id), 20)

    assert [one.id for one in (*first, *second)] == expected(None)


def test_a_place_whose_row_is_gone_leads_on_all_the_same(stocked: Engine) -> None:
    at = NOW - SECOND
    gone = rows(stocked, None, (at, "P3-and-a-half"), 20)

    assert [one.id for one in gone] == expected(None)[4:]


@pytest.mark.parametrize("hours", [-11, 0, 5.5, 14])
def test_a_place_means_its_moment_in_whatever_zone_it_is_told(stocked: Engine, hours: float) -> None:
    at = (NOW - SECOND).astimezone(timezone(timedelta(hours=hours)))

    assert rows(stocked, None, (at.astimezone(UTC), "P3"), 20) == rows(stocked, None, (NOW - SECOND, "P3"), 20)


@pytest.mark.parametrize(
    ("at", "last", "count"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), "P0", 0),
        (datetime(9000, 1, 1, tzinfo=UTC), "P0", 10),
        (NOW, "", 10),
        (NOW, "~", 7),
        (NOW - 5 * SECOND, "P9", 0),
        (NOW - 5 * SECOND, "P8", 1),
    ],
)
def test_places_at_the_ends(stocked: Engine, at: datetime, last: str, count: int) -> None:
    assert len(rows(stocked, None, (at, last), 20)) == count


def places(count: int) -> list[Place]:
    """As many places, each an hour after the one before."""
    return [(NOW + timedelta(hours=number), str(number)) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "shown", "last"),
    [
        (0, 0, None),
        (1, 1, None),
        (PAGE - 1, PAGE - 1, None),
        (PAGE, PAGE, None),
        (PAGE + 1, PAGE, str(PAGE - 1)),
        # More than was asked for is cut all the same, and goes on after what was shown.
        (PAGE * 2, PAGE, str(PAGE - 1)),
    ],
)
def test_a_page_ends_after_the_last_row_that_it_shows(count: int, shown: int, last: str | None) -> None:
    found = cut(list(range(count)), places(count))
    assert list(found.rows) == list(range(shown))
    assert (found.last[1] if found.last else None) == last
