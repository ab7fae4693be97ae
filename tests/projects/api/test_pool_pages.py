"""The talent pool page by page, by programs and in the console: everybody once, and whoever is on it can be invited."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from credentials.projects.applying import choosing
from credentials.store import handovers, pages
from credentials.store.engine import write
from credentials.store.handovers import Handover
from tests.projects.api.conftest import PROJECTS, Json, Programs
from tests.web.conftest import make_draft

FIVE = 5


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two."""
    for module in (pages, choosing):
        monkeypatch.setattr(module, "PAGE", 2)


def takes(programs: Programs, person: str, minutes: int) -> None:
    """Let somebody have taken a credential of acme's, so many minutes from now."""
    service = programs.cast.site.service
    own = service.issuer.issue("acme", make_draft(recipient_name=f"Crowd {person}", recipient_email=None)).id
    issuer, at = service.issuer.issuer("acme").id, service.clock() + timedelta(minutes=minutes)
    with write(service.engine) as connection:
        handovers.put(connection, Handover(credential_id=own, issuer_id=issuer, address="a@mail.example"))
        assert handovers.claimed(connection, own, person, at)


@pytest.fixture(scope="module")
def crowd(programs: Programs) -> list[str]:
    """The ids of five people of the pool, of whom the last took theirs last."""
    made = [programs.candidate().person_id for _ in range(FIVE)]
    for number, person in enumerate(made):
        takes(programs, person, number)
    return made


def walked(programs: Programs, project: str) -> list[Json]:
    """Everybody, page by page."""
    people: list[Json] = []
    cursor = ""
    while True:
        page = programs.done(programs.call("GET", f"{PROJECTS}/{project}/people{cursor}"))
        assert len(page["people"]) <= 2
        people += page["people"]
        if page["cursor"] is None:
            return people
        cursor = f"?cursor={page['cursor']}"


def test_everybody_is_listed_once_whose_work_was_latest_first(programs: Programs, crowd: list[str]) -> None:
    found = walked(programs, programs.opened()["id"])
    ids, times = [one["id"] for one in found], [one["lastAt"] for one in found]

    assert len(ids) == len(set(ids)) >= FIVE
    assert set(crowd) <= set(ids)
    assert times == sorted(times, reverse=True)
    assert ids[:FIVE] == crowd[::-1]


def test_whoever_stands_on_a_later_page_can_be_invited(programs: Programs, crowd: list[str]) -> None:
    project = programs.opened()["id"]
    answer = programs.done(programs.call("POST", f"{PROJECTS}/{project}/invitations", {"person": crowd[0]}))
    first = programs.done(programs.call("GET", f"{PROJECTS}/{project}/people"))

    assert answer == first
    assert crowd[0] not in [one["id"] for one in first["people"]]
    assert [one["id"] for one in walked(programs, project) if one["invited"]] == [crowd[0]]


def test_whoever_applied_is_told_so_on_a_later_page(programs: Programs, crowd: list[str]) -> None:
    project, visitor = programs.opened()["id"], programs.candidate()
    programs.applied(visitor, project)
    programs.applied(programs.candidate(), project)
    takes(programs, visitor.person_id, -99)

    assert {one["id"] for one in walked(programs, project) if one["applied"]} == {visitor.person_id}


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "MjAyNi0wMS0wMSxB", "%00", "MjAyNi0wMy0wMVQwMDowMDowMCswMDowMCwn"])
def test_a_cursor_that_no_page_gave(programs: Programs, cursor: str) -> None:
    answer = programs.call("GET", f"{PROJECTS}/{programs.opened()['id']}/people?cursor={cursor}")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "cursor-unusable")


def test_a_foreign_project_has_no_pages(programs: Programs, crowd: list[str]) -> None:
    project = programs.opened()["id"]
    page = programs.done(programs.call("GET", f"{PROJECTS}/{project}/people"))
    answer = programs.call("GET", f"{PROJECTS}/{project}/people?cursor={page['cursor']}", key=programs.other)

    assert (answer.status_code, answer.get_json()["code"]) == (404, "project-unknown")


def pool_page(programs: Programs, project: str, more: str = "") -> str:
    cast = programs.cast
    answer: TestResponse = cast.ask("GET", f"/console/acme/projects/{project}/pool{more}", cast.cookie("founder"))
    assert answer.status_code == 200
    return answer.text


def names_shown(page: str) -> list[str]:
    """Whom a page of the console offers to invite."""
    return re.findall(r'name="person" value="([^"]+)"', page)


def test_the_console_goes_on_too_and_stays_where_somebody_was_invited(programs: Programs, crowd: list[str]) -> None:
    cast, project = programs.cast, programs.opened()["id"]
    first = pool_page(programs, project)
    older = re.search(r'rel="next" href="[^"]*/pool(\?before=[^"]+)"', first)
    assert older is not None
    assert names_shown(first) == crowd[:2:-1]
    assert "From the first" not in first
    second = pool_page(programs, project, older[1])
    assert names_shown(second) == crowd[2:0:-1]
    assert "From the first" in second
    place = re.search(r'name="before" value="([^"]+)"', second)
    assert place is not None
    form = {"person": crowd[2], "before": html.unescape(place[1])}
    path = f"/console/acme/projects/{project}/invite"
    done = cast.ask("POST", path, cast.cookie("founder"), form=form)
    again = cast.ask("POST", path, cast.cookie("founder"), form=form)

    assert done.status_code == 303
    there = done.headers["Location"].partition("/pool")[2]
    assert names_shown(pool_page(programs, project, there)) == [crowd[1]]
    assert (again.status_code, names_shown(again.text)) == (409, [crowd[1]])


@pytest.mark.parametrize("place", ["", "x", "2026", "%27,", "2026-03-01,A", "https://evil.example/,A", "%0d%0aX:%20y"])
def test_a_place_that_no_page_gave_is_the_first_page(programs: Programs, crowd: list[str], place: str) -> None:
    project = programs.opened()["id"]

    assert names_shown(pool_page(programs, project, f"?before={place}")) == crowd[:2:-1]


def test_after_the_last_there_is_nobody_more(programs: Programs, crowd: list[str]) -> None:
    page = pool_page(programs, programs.opened()["id"], "?before=2001-01-01T00:00:00%2B00:00,A")

    assert (names_shown(page), "Nobody more." in page, "Nobody yet" in page) == ([], True, False)


def test_an_invitation_leads_to_no_other_place(programs: Programs, crowd: list[str]) -> None:
    cast, project = programs.cast, programs.opened()["id"]
    form = {"person": crowd[0], "before": "//evil.example/\r\nX: y"}
    done = cast.ask("POST", f"/console/acme/projects/{project}/invite", cast.cookie("founder"), form=form)

    assert (done.status_code, done.headers["Location"]) == (303, f"/console/acme/projects/{project}/pool")
