"""The pages of a review against forms that lack something, carry too much, are old or are somebody else's."""

from __future__ import annotations

import pytest
from flask import Flask

from credentials.projects.reviewing.reviewing import LONGEST_NOTE
from credentials.store.engagements import Engagement
from credentials.web.app import create_app
from tests.projects.finished import Finished
from tests.projects.finished import hall as hall
from tests.projects.stages import Stage
from tests.web.staff import Browser

WHOLE: dict[str, object] = {"do": "review", "version": "1", "verdict_0": "accept", "verdict_1": "accept"}


@pytest.fixture(scope="module")
def app(hall: Stage) -> Flask:
    """The website."""
    return create_app(hall.service)


@pytest.fixture(scope="module")
def waiting(hall: Stage) -> Engagement:
    """Work that was handed in, and that no test of these decides on."""
    return hall.engagement("delivered")


def as_(hall: Stage, app: Flask, name: str) -> Browser:
    return Finished(hall, hall.engagement("delivered"), "", frozenset()).as_(app, name)


@pytest.fixture(scope="module")
def owner(hall: Stage, app: Flask) -> Browser:
    """The browser of the company's owner."""
    return as_(hall, app, "owner")


@pytest.fixture(scope="module")
def candidate(hall: Stage, app: Flask) -> Browser:
    """The browser of the candidate."""
    return as_(hall, app, "candidate")


def page(made: Engagement) -> str:
    return f"/console/acme/work/{made.id}/review"


REFUSED: dict[str, tuple[dict[str, object], int]] = {
    "no-verdict": ({"verdict_1": ""}, 422),
    "capital": ({"verdict_0": "Accept"}, 422),
    "unknown": ({"verdict_0": "pay"}, 422),
    "no-note": ({"verdict_0": "return"}, 422),
    "blank-note": ({"verdict_0": "return", "note_0": " \r\n "}, 422),
    "long-note": ({"verdict_0": "return", "note_0": "x" * (LONGEST_NOTE + 1)}, 422),
    "turned-note": ({"verdict_0": "return", "note_0": "a\u202eb"}, 422),
    "note-of-the-other": ({"verdict_0": "return", "note_1": "Please add a source."}, 422),
    "no-version": ({"version": ""}, 409),
    "version-none": ({"version": "0"}, 409),
    "version-to-come": ({"version": "2"}, 409),
    "version-below": ({"version": "-1"}, 409),
    "version-in-other-digits": ({"version": "\u0661"}, 409),
    "version-wide": ({"version": "1" + "0" * 5000}, 409),
    "version-with-a-space": ({"version": " 1"}, 409),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_decides_nothing(name: str, hall: Stage, waiting: Engagement, owner: Browser) -> None:
    changes, status = REFUSED[name]
    answer = owner.post(page(waiting), page(waiting), **(WHOLE | changes))
    assert answer.status_code == status
    after = hall.now(waiting)
    assert (after.state, after.version, after.award_id) == ("delivered", 1, None)


def test_what_was_decided_is_shown_again_beside_what_is_wrong(waiting: Engagement, owner: Browser) -> None:
    changes = {"verdict_0": "return", "note_0": "<b>Add & check</b>", "verdict_1": ""}
    text = owner.post(page(waiting), page(waiting), **(WHOLE | changes)).text
    assert "&lt;b&gt;Add &amp; check&lt;/b&gt;" in text
    assert "<b>Add" not in text


def test_saving_decides_nothing_whatever_the_verdicts_are(hall: Stage, waiting: Engagement, owner: Browser) -> None:
    answer = owner.post(page(waiting), page(waiting), **(WHOLE | {"do": "save"}))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page(waiting)}?saved=1")
    assert hall.now(waiting).state == "delivered"


@pytest.mark.parametrize("path", ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "0", "%00", "x" * 300])
def test_work_that_is_not_there(path: str, waiting: Engagement, owner: Browser, candidate: Browser) -> None:
    assert owner.get(f"/console/acme/work/{path}/review").status_code == 404
    assert owner.post(f"/console/acme/work/{path}/review", page(waiting), **WHOLE).status_code == 404
    assert candidate.get(f"/work/{path}/outcome").status_code == 404


def test_each_side_has_its_own_page_and_a_stranger_none(
    hall: Stage, app: Flask, waiting: Engagement, owner: Browser, candidate: Browser
) -> None:
    stranger, outcome = as_(hall, app, "stranger"), f"/work/{waiting.id}/outcome"
    assert candidate.get(page(waiting)).status_code == 404
    assert owner.get(outcome).status_code == 404
    assert [stranger.get(path).status_code for path in (page(waiting), outcome)] == [404, 404]
    description = f"/work/{waiting.id}/description"
    assert stranger.post(description, "/account", description="Mine").status_code == 404
    assert "Mine" not in candidate.get(outcome).text


def test_a_form_that_is_sent_twice_decides_once(hall: Stage, owner: Browser) -> None:
    made = hall.engagement("delivered")
    first = owner.post(page(made), page(made), **(WHOLE | {"verdict_2": "return", "verdict_-1": "return"}))
    award = hall.now(made).award_id
    assert (first.status_code, first.headers["Location"]) == (303, f"/console/acme/awards/{award}")
    second = owner.post(page(made), page(made), **WHOLE)
    assert second.status_code == 409
    assert hall.now(made).award_id == award


def test_a_note_at_its_cap_counts_a_line_as_one_sign(hall: Stage, owner: Browser) -> None:
    made = hall.engagement("delivered")
    note = "x\r\n" * (LONGEST_NOTE // 2 - 1) + "xx"
    answer = owner.post(page(made), page(made), **(WHOLE | {"verdict_0": "return", "note_0": note}))
    assert (answer.status_code, answer.headers["Location"]) == (303, page(made))
    assert hall.now(made).state == "returned"
