"""Lists of the API, page by page, on both databases: nothing twice, nothing left out, nothing of another company."""

from __future__ import annotations

from dataclasses import replace

import pytest

from credentials.projects.api.project_records import list_applications, list_projects
from credentials.projects.api.work_records import list_work
from credentials.projects.applying import sending
from credentials.projects.posting.errors import ProjectUnknown
from credentials.store import pages
from tests.projects.conftest import Fair


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two rows."""
    monkeypatch.setattr(pages, "PAGE", 2)


def test_projects_go_on_where_the_page_before_ended(fair: Fair) -> None:
    # Three of them at the same moment: the id decides.
    made = [fair.draft(title=f"Number {number}").id for number in range(3)]
    fair.world.clock.pass_(minutes=1)
    made += [fair.draft(title=f"Number {number}").id for number in range(3, 5)]
    seen, last, pages = [], None, 0
    while True:
        found = list_projects(fair.means, fair.owner, None, last)
        seen += [one.project.id for one in found.rows]
        pages, last = pages + 1, found.last
        if last is None:
            break
        fair.world.clock.pass_(minutes=1)
        fair.draft(title=f"Meanwhile {pages}")

    assert pages == 3
    assert sorted(seen) == sorted(made)
    assert set(seen[:2]) == set(made[3:])


def test_projects_by_state_and_company(fair: Fair) -> None:
    opened = fair.project()
    fair.draft(title="Another")
    foreign = replace(fair.owner, issuer=replace(fair.owner.issuer, id="id-of-nobody"))

    assert [one.project.id for one in list_projects(fair.means, fair.owner, "open", None).rows] == [opened.id]
    assert list_projects(fair.means, foreign, None, None).rows == []
    assert list_work(fair.means, foreign, None, None).rows == []


def test_applications_the_first_to_come_first(fair: Fair) -> None:
    project, names = fair.project(), []
    for _ in range(3):
        fair.world.clock.pass_(minutes=1)
        names.append(fair.applied(project).id)
    first = list_applications(fair.means, fair.owner, project.id.lower(), None)
    second = list_applications(fair.means, fair.owner, project.id, first.last)

    assert [one.application.id for one in (*first.rows, *second.rows)] == names
    assert (first.last is not None, second.last) == (True, None)


def test_a_page_that_is_just_full_is_the_last(fair: Fair) -> None:
    for number in range(2):
        fair.draft(title=f"Number {number}")

    assert list_projects(fair.means, fair.owner, None, None).last is None


def test_no_applications_to_a_project_of_somebody_else(fair: Fair) -> None:
    project = fair.project()
    foreign = replace(fair.owner, issuer=replace(fair.owner.issuer, id="id-of-nobody"))

    for member, project_id in ((foreign, project.id), (fair.owner, "0" * 26)):
        with pytest.raises(ProjectUnknown):
            list_applications(fair.means, member, project_id, None)


def test_work_by_state_goes_on(fair: Fair) -> None:
    made = []
    for _ in range(3):
        fair.world.clock.pass_(minutes=1)
        made.append(begun(fair))
    first = list_work(fair.means, fair.owner, "agreeing", None)
    second = list_work(fair.means, fair.owner, "agreeing", first.last)

    assert [one.id for one in (*first.rows, *second.rows)] == made[::-1]
    assert list_work(fair.means, fair.owner, "working", None).rows == []


def begun(fair: Fair) -> str:
    """The id of new work."""
    visitor, project = fair.person("ana"), fair.project(title=f"Number {len(fair.names)}")
    offered = fair.offered(project, visitor)
    return sending.take(fair.means, visitor, offered.id, fair.now(project).version).id
