"""Writing projects: nothing typed is lost, what is on the board is complete, and no company reaches another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from werkzeug.datastructures import MultiDict

from credentials.accounts.acting import Member
from credentials.accounts.errors import RoleMissing
from credentials.projects.errors import StepOutOfTurn
from credentials.projects.posting import publishing
from credentials.projects.posting.errors import ProjectChanged, ProjectNotReady, ProjectUnknown
from credentials.projects.posting.project_form import ProjectForm, read_form, restored
from credentials.store import pages
from credentials.store.pages import Found, Place
from tests.accounts.actors import at_once
from tests.projects.conftest import FORM, Fair


def other(**changes: object) -> ProjectForm:
    return msgspec.structs.replace(FORM, **changes)


def test_the_same_form_sent_twice_is_one_project(fair: Fair) -> None:
    first = publishing.start(fair.means, fair.owner, FORM, "n" * 26)

    assert publishing.start(fair.means, fair.owner, FORM, "n" * 26) == first
    with pytest.raises(ProjectChanged):
        publishing.start(fair.means, fair.owner, other(title="Another"), "n" * 26)
    assert len(publishing.listed(fair.means, fair.owner).rows) == 1


def test_a_number_meets_nobody_elses_project(fair: Fair) -> None:
    ben = fair.staff("author")
    first = publishing.start(fair.means, fair.owner, FORM, "n" * 26)

    assert publishing.start(fair.means, ben, FORM, "n" * 26).id != first.id


def test_whoever_saves_over_an_unseen_change_is_told(fair: Fair) -> None:
    made = fair.draft()
    publishing.save(fair.means, fair.owner, made.id, other(title="First"), 1)

    with pytest.raises(ProjectChanged):
        publishing.save(fair.means, fair.owner, made.id, other(title="Second"), 1)
    found = publishing.find(fair.means, fair.owner, made.id)
    assert (found.form.title, found.project.version) == ("First", 2)
    assert publishing.save(fair.means, fair.owner, made.id, other(title="First"), 1).version == 2


def test_two_who_save_at_once_end_in_one_change_and_one_conflict(fair: Fair) -> None:
    made, ben = fair.draft(), fair.staff("author")
    said = at_once(
        lambda: publishing.save(fair.means, fair.owner, made.id, other(title="Hers"), 1),
        lambda: publishing.save(fair.means, ben, made.id, other(title="His"), 1),
    )

    assert sorted(type(one).__name__ for one in said) == ["Project", "ProjectChanged"]
    assert fair.now(made).version == 2


@pytest.mark.parametrize("field", ["title", "compensation", "ends_on", "skills"])
def test_what_is_not_complete_is_not_opened(fair: Fair, field: str) -> None:
    made = fair.draft(**{field: () if field == "skills" else ""})

    with pytest.raises(ProjectNotReady) as caught:
        publishing.put_up(fair.means, fair.owner, made.id)
    assert caught.value.where == field
    assert fair.now(made).state == "draft"


def test_an_open_project_stays_complete(fair: Fair) -> None:
    made = fair.project()

    with pytest.raises(ProjectNotReady):
        publishing.save(fair.means, fair.owner, made.id, other(title=""), 1)
    assert restored(fair.now(made).form) == FORM


def test_an_old_project_is_not_opened_again_before_its_deadline_is_moved(fair: Fair) -> None:
    made = fair.project()
    publishing.close(fair.means, fair.owner, made.id)
    fair.world.clock.pass_(days=60)

    with pytest.raises(ProjectNotReady):
        publishing.put_up(fair.means, fair.owner, made.id)


def test_a_project_that_is_opened_again_comes_first(fair: Fair) -> None:
    first = fair.project()
    publishing.close(fair.means, fair.owner, first.id)
    fair.world.clock.pass_(hours=1)
    publishing.put_up(fair.means, fair.owner, first.id)
    found = fair.now(first)

    assert found.opened_at == fair.world.clock.now
    assert found.closed_at is None


STEPS: dict[str, Callable[[Fair, Member, str], object]] = {
    "find": lambda fair, who, number: publishing.find(fair.means, who, number),
    "save": lambda fair, who, number: publishing.save(fair.means, who, number, other(title="Mine"), 1),
    "open": lambda fair, who, number: publishing.put_up(fair.means, who, number),
    "close": lambda fair, who, number: publishing.close(fair.means, who, number),
    "fill": lambda fair, who, number: publishing.fill(fair.means, who, number),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_foreign_and_a_missing_project_look_alike(fair: Fair, step: str) -> None:
    made = fair.project()
    stranger = fair.world.owner("owner@other.example", "other")
    said = []
    for number in (made.id, "0" * 26, "", "' OR 1=1 --"):
        with pytest.raises(ProjectUnknown) as caught:
            STEPS[step](fair, stranger, number)
        said.append(str(caught.value))

    assert len(set(said)) == 1
    assert fair.now(made) == made


def test_closing_while_another_opens_ends_in_one_state(fair: Fair) -> None:
    made = fair.project()
    said = at_once(
        lambda: publishing.close(fair.means, fair.owner, made.id),
        lambda: publishing.fill(fair.means, fair.owner, made.id),
    )
    after = fair.now(made).state

    # Filled first, then closed: both succeed. Closed first: the other one is told.
    assert after == "closed"
    assert [type(one) for one in said if one is not None] in ([], [StepOutOfTurn])


@pytest.mark.parametrize("text", ["a\x00b", "\u202eabc", "x" * 5000, "<script>alert(1)</script>", "%00", "'); --"])
@pytest.mark.parametrize(
    "field", [name for name in ProjectForm.__struct_fields__ if name not in ("deliverables", "skills")]
)
def test_a_draft_keeps_any_text_as_it_was_typed(fair: Fair, field: str, text: str) -> None:
    form = read_form(MultiDict({field: text}))
    made = publishing.start(fair.means, fair.owner, form)

    assert publishing.find(fair.means, fair.owner, made.id).form == form


def test_no_reviewer_begins_a_project(fair: Fair) -> None:
    with pytest.raises(RoleMissing):
        publishing.start(fair.means, fair.staff("reviewer", "signer", "owner"), FORM)


def test_the_list_says_how_many_wait(fair: Fair) -> None:
    made = fair.project()
    for state in ("sent", "shortlisted", "offered", "declined", "withdrawn"):
        fair.applied(made, state=state)
    quiet = fair.draft(title="Quiet")

    waiting = {one.project.id: one.waiting for one in publishing.listed(fair.means, fair.owner).rows}
    assert waiting == {made.id: 2, quiet.id: 0}
    elsewhere = replace(fair.owner, issuer=fair.means.issuer.issuer("other"))
    assert publishing.listed(fair.means, elsewhere) == Found([], None)


def test_pages_of_the_list_have_every_project_once(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    made = [fair.draft(title=f"Number {number}").id for number in range(5)]
    seen: list[str] = []
    sizes: list[int] = []
    last: Place | None = None
    while not sizes or last is not None:
        page = publishing.listed(fair.means, fair.owner, last)
        seen += [one.project.id for one in page.rows]
        sizes.append(len(page.rows))
        assert len(sizes) < 9
        last = page.last

    assert (sorted(seen), sizes) == (sorted(made), [2, 2, 1])
