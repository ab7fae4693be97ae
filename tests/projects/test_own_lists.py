"""What a person has of their own, page by page: applications, work, references they were asked for."""

from __future__ import annotations

import html
import re
from itertools import chain

import pytest

from credentials.projects.applying import sending
from credentials.projects.referring import standing
from credentials.store import pages
from credentials.store.pages import Place
from tests.console.conftest import Desk
from tests.projects.finished import finish
from tests.projects.paged import on_pages
from tests.projects.stages import Stage
from tests.projects.test_pages import applied, posted

WORK = r'href="/work/([0-9A-Z]{26})"'
APPLICATION = r'href="/work/applications/([0-9A-Z]{26})"'
REFERENCE = r'href="/references/([0-9A-Z]{26})"'
NO_PLACE = ["x", "2026-03-01,A", "%27,", "https://evil.example/,A", "%0d%0aX:%20y"]
BEFORE_ALL = "1970-01-01T00:00:00%2B00:00,A"


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)


def test_every_application_is_on_some_page_once(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    made = [applied(ana, posted(desk, title=f"Number {one}")).rpartition("/")[2] for one in range(5)]
    found = on_pages(ana, "/work", APPLICATION, "What changed last", "sent")

    assert [len(page) for page in found] == [2, 2, 1]
    assert sorted(chain.from_iterable(found)) == sorted(made)


def test_all_work_and_every_reference_is_on_some_page_once(stage: Stage) -> None:
    done = [finish(stage) for _ in range(3)]
    asked = [one.asked().id for one in done]
    app = done[0].app()
    candidate, owner = done[0].as_(app, "candidate"), done[0].as_(app, "owner")
    works = on_pages(candidate, "/work", WORK, "What changed last", "works")
    references = on_pages(owner, "/references", REFERENCE, "Those asked for last")

    assert [[len(page) for page in one] for one in (works, references)] == [[2, 1], [2, 1]]
    assert sorted(chain.from_iterable(works)) == sorted(one.engagement.id for one in done)
    assert sorted(chain.from_iterable(references)) == sorted(asked)
    assert on_pages(done[0].as_(app, "stranger"), "/references", REFERENCE, "Those asked for last") == [[]]


def test_one_list_goes_on_and_the_other_stays(desk: Desk) -> None:
    ana = desk.person("ana@mail.example")
    for one in range(3):
        applied(ana, posted(desk, title=f"Number {one}"))
    first = ana.get("/work").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    assert html.unescape(following[1]).startswith("/work?sent=")
    assert following[1].endswith("#sent")
    other = ana.get(html.unescape(following[1]).replace("?sent=", "?works=")).text
    assert re.findall(APPLICATION, other) == re.findall(APPLICATION, first)


@pytest.mark.parametrize("place", NO_PLACE)
def test_a_place_that_no_page_gave_is_the_first_page(stage: Stage, place: str) -> None:
    done = finish(stage)
    number, app = done.asked().id, done.app()
    candidate, owner = done.as_(app, "candidate"), done.as_(app, "owner")
    for found in (candidate.get(f"/work?works={place}"), candidate.get(f"/work?sent={place}")):
        assert (found.status_code, done.engagement.id in found.text) == (200, True)
        assert "What changed last" not in found.text
    asked = owner.get(f"/references?before={place}")
    assert (asked.status_code, number in asked.text) == (200, True)


def test_behind_the_last_page_is_nothing_and_a_way_back(stage: Stage) -> None:
    done = finish(stage)
    done.asked()
    app = done.app()
    work = done.as_(app, "candidate").get(f"/work?works={BEFORE_ALL}&sent={BEFORE_ALL}").text
    asked = done.as_(app, "owner").get(f"/references?before={BEFORE_ALL}").text

    assert re.findall(WORK, work) == re.findall(APPLICATION, work) == re.findall(REFERENCE, asked) == []
    assert "Nothing yet" not in work
    assert work.count(">What changed last</a>") == 2
    assert "Nobody asked you so far" not in asked
    assert ">Those asked for last</a>" in asked


def test_what_changed_at_the_same_moment_is_cut_in_order(stage: Stage) -> None:
    done = [finish(stage) for _ in range(5)]
    for one in done:
        one.asked()
    candidate, owner = stage.visitor("candidate"), stage.visitor("owner")
    works: list[str] = []
    place: Place | None = None
    while True:
        page = sending.works(stage.means, candidate, place)
        works += [work.id for work, _title in page.rows]
        if (place := page.last) is None:
            break
        assert len(works) < 9
    asked = standing.asked_of(stage.means, owner)
    rest = standing.asked_of(stage.means, owner, asked.last)

    assert sorted(works) == sorted(one.engagement.id for one in done)
    assert not {one.reference.id for one in asked.rows} & {one.reference.id for one in rest.rows}
