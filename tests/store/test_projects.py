"""Projects at rest: what the board shows to anybody, in which order, and what no word finds."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from credentials.store import projects
from credentials.store.engine import read, write
from credentials.store.projects import Wanted
from credentials.store.tables import issuer
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, DAY, NOW, OTHER, SECOND, TODAY, add_person, project

# What it is called, what it says of itself, and whether the board has it today.
SHOWN: list[tuple[str, dict[str, Any], bool]] = [
    ("open", {}, True),
    ("ends today", {"ends_on": TODAY}, True),
    ("ended yesterday", {"ends_on": TODAY - DAY}, False),
    ("has no deadline", {"ends_on": None}, False),
    ("draft", {"state": "draft"}, False),
    ("closed", {"state": "closed"}, False),
    ("filled", {"state": "filled"}, False),
    ("of a suspended company", {"issuer_id": OTHER}, False),
]


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """Two companies, of which the service vouches for one."""
    for slug in ("acme", "other"):
        add_issuer(engine, slug)
    with write(engine) as connection:
        connection.execute(update(issuer).where(issuer.c.id == OTHER).values(suspended_at=NOW))
        add_person(connection, "author")
    return engine


def found(engine: Engine, today: date = TODAY, limit: int = 100, **wanted: Any) -> list[str]:
    with read(engine) as connection:
        return [one.id for one, _ in projects.board(connection, Wanted(**wanted), today, limit)]


def test_the_board_has_what_anybody_may_see_and_counts_no_more(kept: Engine) -> None:
    with write(kept) as connection:
        for own, changes, _ in SHOWN:
            assert projects.add_once(connection, project(own, **changes))
        assert not projects.add_once(connection, project("open", state="closed"))
        assert projects.count_open(connection, TODAY) == sum(row[2] for row in SHOWN)
    assert sorted(found(kept)) == sorted(own for own, _, shown in SHOWN if shown)
    assert found(kept, TODAY + 8 * DAY) == []


# The words asked for, and the projects in whose text every one of them stands.
WORDS: list[tuple[list[str], list[str]]] = [
    ([], ["percent", "survey", "under"]),
    ([""], ["percent", "survey", "under"]),
    (["survey"], ["survey"]),
    (["shops", "survey"], ["survey"]),
    (["survey", "budget"], []),
    (["%"], ["percent"]),
    (["_"], ["under"]),
    (["100%"], ["percent"]),
    (["s_rvey"], []),
    (["s%y"], []),
    (["/"], []),
    (["' or 1=1 --"], []),
]


def test_a_word_is_looked_for_as_it_is_typed(kept: Engine) -> None:
    with write(kept) as connection:
        for own, text in {"survey": "a survey of shops", "percent": "100% of a budget", "under": "a_b"}.items():
            projects.add_once(connection, project(own, words=text))
    for words, expected in WORDS:
        assert found(kept, words=words) == expected, words


def test_far_work_and_an_early_end_are_asked_for_together(kept: Engine) -> None:
    with write(kept) as connection:
        for own, remote, left in (("near soon", False, 1), ("far soon", True, 1), ("far late", True, 5)):
            ends = TODAY + timedelta(days=left)
            projects.add_once(connection, project(own, remote=remote, ends_on=ends))
    tomorrow = TODAY + DAY
    assert found(kept, remote=True) == ["far late", "far soon"]
    assert found(kept, by=tomorrow) == ["far soon", "near soon"]
    assert found(kept, by=tomorrow, remote=True) == ["far soon"]
    assert found(kept, by=TODAY) == []


def test_pages_of_the_board_have_no_gap_and_no_repeat(kept: Engine) -> None:
    with write(kept) as connection:
        for number in range(6):
            # Begun in another order than opened: the board goes by when a project was last put there.
            begun, opened = NOW - number * DAY, NOW + (number // 3) * SECOND
            projects.add_once(connection, project(f"p{number}", created_at=begun, opened_at=opened))
    seen: list[str] = []
    while len(seen) < 20:
        last = None if not seen else (NOW + (int(seen[-1][1]) // 3) * SECOND, seen[-1])
        page = found(kept, limit=2, before=last)
        if not page:
            break
        seen += page
    assert seen == ["p3", "p4", "p5", "p0", "p1", "p2"]
    assert found(kept, limit=0) == []


def test_a_company_finds_its_own_alone(kept: Engine) -> None:
    with write(kept) as connection:
        mine, theirs = project("mine"), project("theirs", issuer_id=OTHER)
        for one in (mine, theirs):
            projects.add_once(connection, one)
        assert projects.of_company(connection, ACME, "mine", lock=True) == mine
        assert projects.by_id(connection, "theirs") == theirs
        nothing = [projects.of_company(connection, *one) for one in ((OTHER, "mine"), (ACME, "theirs"), (ACME, ""))]
        assert nothing == [None] * 3
        assert projects.changed_last(connection, OTHER, None, 9) == [theirs]
        assert projects.page_of_company(connection, ACME, "draft", None, 9) == []
        assert projects.page_of_company(connection, ACME, None, (NOW, "mine"), 9) == []


def test_pages_of_a_company_go_by_the_last_change(kept: Engine) -> None:
    with write(kept) as connection:
        for number in range(6):
            # Changed in another order than begun, three at each moment.
            begun, changed = NOW - number * DAY, NOW + (number // 3) * SECOND
            projects.add_once(connection, project(f"p{number}", created_at=begun, changed_at=changed))
        projects.add_once(connection, project("theirs", issuer_id=OTHER))
        for size in (1, 2, 5, 6, 7):
            seen: list[str] = []
            before: tuple[datetime, str] | None = None
            while page := projects.changed_last(connection, ACME, before, size):
                seen += [one.id for one in page]
                assert len(seen) < 9
                before = (page[-1].changed_at, page[-1].id)
            assert seen == ["p3", "p4", "p5", "p0", "p1", "p2"], size
        assert projects.changed_last(connection, ACME, None, 0) == []
