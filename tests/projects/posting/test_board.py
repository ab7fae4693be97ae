"""The board: what is found, what is left out, and that its pages have each project once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.projects.posting import board, publishing
from credentials.projects.posting.board import Asked, place_of, words_of
from credentials.projects.posting.errors import ProjectUnknown
from credentials.projects.posting.project_form import TypedSkill
from credentials.store import resemblances
from credentials.store.engine import write
from credentials.store.resemblances import Resemblance
from tests.projects.conftest import Fair


def titles(fair: Fair, **asked: object) -> list[str]:
    return [one.terms.title for one in board.search(fair.means, Asked(**asked)).rows]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True),
        ("survey", True),
        ("SURVEY customer", True),
        ("Sürvéy", True),
        ("SQL", True),
        ("interviews", True),
        ("survey nothing", False),
        ("Raw", False),
        ("600", False),
        ("surv%y", False),
        ("surv_y", False),
        ("%", False),
        ("\\", False),
        ("'; DROP TABLE project; --", False),
        ("\x00", True),
        ("\ud800 survey", True),
        ("sur\x00vey", True),
    ],
)
def test_words(fair: Fair, words: str, found: bool) -> None:
    fair.project()

    assert bool(titles(fair, words=words)) is found


def test_filters(fair: Fair) -> None:
    fair.project(title="Far")
    fair.project(title="Near", remote="no", place="Porto", ends_on="2026-05-01")

    assert titles(fair, remote=True) == ["Far"]
    assert titles(fair, by="2026-04-17") == ["Far"]
    assert titles(fair, by="2026-04-16") == []
    assert titles(fair, words="porto") == ["Near"]
    assert len(titles(fair, by="soon")) == 2


@pytest.mark.parametrize("state", ["draft", "filled", "closed"])
def test_what_is_not_open_is_not_on_it(fair: Fair, state: str) -> None:
    fair.put(fair.project(), state)

    assert titles(fair) == []


def test_a_deadline_that_has_passed_takes_a_project_off(fair: Fair) -> None:
    made = fair.project(ends_on="2026-03-20", starts_on="2026-03-17")
    fair.world.clock.pass_(days=4, hours=14)
    assert titles(fair) == ["Customer survey report"]
    assert board.look(fair.means, made.id).open

    fair.world.clock.pass_(hours=1)
    assert titles(fair) == []
    assert not board.look(fair.means, made.id).open


def test_a_company_that_is_not_vouched_for_is_not_on_it(fair: Fair) -> None:
    made = fair.project()
    fair.means.issuer.suspend_issuer("acme", "A question about it")

    assert titles(fair) == []
    found = board.look(fair.means, made.id)
    assert not found.open
    assert found.company.domain is None


def test_a_company_that_is_vouched_for_again_is_on_it_again(fair: Fair) -> None:
    made = fair.project()
    for times in (1, 2):
        fair.means.issuer.suspend_issuer("acme", "A question about it")
        assert titles(fair) == [], times
        fair.means.issuer.reinstate_issuer("acme", "It was settled")
        found = board.look(fair.means, made.id)
        assert len(titles(fair)) == 1, times
        assert found.open, times
        assert found.company.domain == "acme.example"


def test_a_company_is_called_by_its_domain_only_while_that_is_proved(fair: Fair) -> None:
    made = fair.project()
    assert board.look(fair.means, made.id).company.headline == "acme.example"

    doubt = Resemblance(
        issuer_id=made.issuer_id, what="Acme", resembles="acme.test", how="same", found_at=made.created_at
    )
    with write(fair.engine) as connection:
        resemblances.add(connection, [doubt])
    for found in (board.look(fair.means, made.id), board.search(fair.means, Asked()).rows[0]):
        assert found.company.headline == "An unconfirmed company"
        assert "Acme" not in found.company.headline


def test_nobody_sees_what_is_confidential(fair: Fair) -> None:
    made = fair.project()
    for found in (board.look(fair.means, made.id), board.search(fair.means, Asked()).rows[0]):
        assert [one.name for one in found.terms.deliverables] == ["Report", "Notes of the interviews"]
        assert "Raw notes" not in repr(found)
        assert "Names in it" not in repr(found)
        assert "600" not in repr(found)


def test_a_draft_has_no_page_and_a_closed_project_keeps_its_own(fair: Fair) -> None:
    made = fair.draft()
    for number in (made.id, "0" * 26, "", "'"):
        with pytest.raises(ProjectUnknown):
            board.look(fair.means, number)

    publishing.put_up(fair.means, fair.owner, made.id)
    assert board.look(fair.means, made.id.lower()).open
    publishing.close(fair.means, fair.owner, made.id)
    assert not board.look(fair.means, made.id).open


def test_the_pages_have_each_project_once_whatever_is_opened_meanwhile(fair: Fair) -> None:
    for number in range(45):
        fair.project(title=f"Project {number}")
        if number % 3 == 0:
            fair.world.clock.pass_(minutes=1)
    seen: list[str] = []
    asked = Asked()
    while True:
        page = board.search(fair.means, asked)
        seen += [one.terms.title for one in page.rows]
        if not page.older:
            break
        fair.world.clock.pass_(minutes=1)
        fair.project(title="Meanwhile")
        asked = Asked(before=page.older)

    assert sorted(seen) == sorted(f"Project {number}" for number in range(45))
    newest = [int(title.removeprefix("Project ")) for title in seen]
    assert [(n + 2) // 3 for n in newest] == sorted(((n + 2) // 3 for n in newest), reverse=True)


@given(st.text() | st.tuples(st.datetimes().map(str), st.text()).map(",".join))
def test_a_cursor_is_a_place_or_nothing(text: str) -> None:
    found = place_of(text)
    assert found is None or (found[0].utcoffset() == timedelta(0) and len(found[1]) == 26)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_cursor_at_the_end_of_time_is_none(moment: str) -> None:
    assert place_of(f"{moment},{'0' * 26}") is None


@given(st.text())
def test_words_are_few_short_and_each_once(text: str) -> None:
    found = words_of(text)
    assert len(found) == len(set(found)) <= 8
    assert all(1 <= len(word) <= 40 and not word.isspace() for word in found)


def test_a_made_up_cursor_begins_at_the_top(fair: Fair) -> None:
    fair.project(skills=(TypedSkill("SQL"),))

    assert len(titles(fair, before="yesterday,' OR 1=1")) == 1
