"""The pages of posting, the board, applying and choosing, as people use them in a browser."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest

from credentials.store import pages
from tests.console.conftest import Desk
from tests.projects.conftest import FORM
from tests.projects.paged import on_pages
from tests.web.staff import Browser

NEW = "/console/acme/projects/new"
EMPTY = f"{NEW}?starter="
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{1234*1000}}"


def typed(desk: Desk, **changes: object) -> dict[str, object]:
    """The form, filled in."""
    today = desk.service.clock().date()
    things = FORM.deliverables
    values: dict[str, object] = {
        "title": FORM.title,
        "brief": FORM.brief,
        "deliverable_name": [one.name for one in things],
        "deliverable_description": [one.description for one in things],
        "deliverable_visibility": [one.visibility for one in things],
        "deliverable_summary": [one.summary for one in things],
        "skill_name": [one.name for one in FORM.skills],
        "skill_link": [one.link for one in FORM.skills],
        "hours": FORM.hours,
        "starts_on": str(today),
        "ends_on": str(today + timedelta(days=30)),
        "remote": "yes",
        "compensation": FORM.compensation,
        "budget": "Not more than EUR 600",
        "expectations": FORM.expectations,
        "owner_of_work": "company",
        "may_be_shown": "yes",
    }
    return values | changes


def posted(desk: Desk, **changes: object) -> str:
    """The id of a project that was put on the board."""
    answer = desk.owner.post(NEW, EMPTY, do="open", **typed(desk, **changes))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).rpartition("/")[2]


def applied(browser: Browser, project_id: str, note: str = "I did this before.") -> str:
    """The path of an application that was sent."""
    answer = browser.post(f"/work/apply/{project_id}", f"/work/apply/{project_id}", note=note)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).partition("?")[0]


def data_of(page: str) -> dict[str, Any]:
    """The data block of a page."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


def test_from_the_board_to_the_taken_offer(desk: Desk) -> None:
    project_id, ana = posted(desk), desk.person("ana@mail.example")
    mine = applied(ana, project_id, "I did this before: see my report.")
    applicants = f"/console/acme/projects/{project_id}/applicants"
    assert "see my report" in desk.owner.get(applicants).text
    one = f"/console/acme/applications/{mine.rpartition('/')[2]}"
    assert desk.owner.post(f"{one}/shortlist", one).headers["Location"] == applicants
    assert desk.owner.post(f"{one}/offer", one, offer="Glad to have you.").status_code == 303

    letter = next(letter for to, letter in reversed(desk.sent()) if to == "ana@mail.example")
    assert letter.action is not None
    assert letter.action.url.endswith(mine)
    page = ana.get(mine).text
    assert "Glad to have you." in page
    assert "Notes of the interviews" in page
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    taken = ana.post(f"{mine}/take", mine, version=version)
    assert taken.status_code == 303
    assert ana.get(taken.headers["Location"]).status_code == 200

    assert "the agreement waits" in ana.get("/work").text
    public = desk.nobody().get(f"/projects/{project_id}").text
    assert '<meta name="robots" content="noindex">' in public
    assert "application/ld+json" not in public
    assert f"/work/apply/{project_id}" not in public
    assert FORM.title not in desk.nobody().get("/projects").text


def test_the_board_and_a_page_need_no_account_and_set_no_cookie(desk: Desk) -> None:
    project_id = posted(desk)
    for path in ("/projects", "/projects?q=survey&remote=yes&by=2199-01-01", f"/projects/{project_id}"):
        answer = desk.nobody().get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert FORM.title in answer.text
        assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!credentials\.example)', answer.text.replace(ESCO, ""))


ESCO = 'href="http://data.europa.eu/esco/skill/sql"'


def test_a_page_says_nothing_that_is_confidential(desk: Desk) -> None:
    project_id = posted(desk)
    for path in ("/projects", f"/projects/{project_id}"):
        page = desk.nobody().get(path).text
        for secret in ("Raw notes", "Names in it", "EUR 600"):
            assert secret not in page


def test_a_job_posting(desk: Desk) -> None:
    page = desk.nobody().get(f"/projects/{posted(desk)}").text
    said = data_of(page)

    assert (said["@type"], said["title"], said["jobLocationType"]) == ("JobPosting", FORM.title, "TELECOMMUTE")
    assert said["hiringOrganization"]["name"] == "acme.example"
    assert said["baseSalary"]["value"]["value"] == 400
    assert "noindex" not in page


def test_pay_in_words_is_no_number_and_on_site_work_has_its_place(desk: Desk) -> None:
    number = posted(desk, compensation="As agreed", remote="no", place="Porto")
    said = data_of(desk.nobody().get(f"/projects/{number}").text)

    assert "baseSalary" not in said
    assert said["jobLocation"]["address"] == "Porto"


def test_an_unconfirmed_company_is_never_the_headline(desk: Desk) -> None:
    project_id = posted(desk)
    desk.service.issuer.suspend_issuer("acme", "A question about it")
    page = desk.nobody().get(f"/projects/{project_id}").text

    assert "<title>Closed: Customer survey report · An unconfirmed company</title>" in page
    assert "acme.example" not in page


TEXTS = ("title", "brief", "compensation", "expectations", "deliverable_name", "deliverable_description", "skill_name")


@pytest.mark.parametrize("field", TEXTS)
def test_hostile_text_stays_text(desk: Desk, field: str) -> None:
    text = HOSTILE if field != "compensation" else "</script><script>alert(1)</script>"
    many = {"deliverable_name": [text, "b"], "deliverable_description": [text, "b"], "skill_name": [text, "SQL"]}
    project_id = posted(desk, **{field: many.get(field, text)})
    ana = desk.person("ana@mail.example")
    applied(ana, project_id, HOSTILE)
    console = f"/console/acme/projects/{project_id}"
    for browser, path in (
        (desk.nobody(), "/projects"),
        (desk.nobody(), f"/projects/{project_id}"),
        (ana, f"/work/apply/{project_id}"),
        (ana, "/work"),
        (desk.owner, "/console/acme/projects"),
        (desk.owner, console),
        (desk.owner, f"{console}/applicants"),
    ):
        page = browser.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "1234000" not in page.text
    data_of(desk.nobody().get(f"/projects/{project_id}").text)


def test_what_is_wrong_is_said_by_the_field_and_nothing_is_lost(desk: Desk) -> None:
    answer = desk.owner.post(NEW, EMPTY, do="open", **typed(desk, compensation="", ends_on="soon", title="My <title>"))

    assert answer.status_code == 422
    for field in ("compensation", "ends_on"):
        assert f'id="{field}-why"' in answer.text
        assert f'href="#{field}"' in answer.text
    assert 'value="My &lt;title&gt;"' in answer.text
    assert "Raw notes" in answer.text
    assert "On the board" not in desk.owner.get("/console/acme/projects").text


def test_a_change_that_somebody_else_made_is_shown_beside_ones_own(desk: Desk) -> None:
    path = f"/console/acme/projects/{posted(desk)}"
    for title in ("Hers", "His"):
        answer = desk.owner.post(path, path, do="save", version="1", **typed(desk, title=title))
    assert answer.status_code == 409
    assert 'value="His"' in answer.text
    assert "<b>Title</b>" in answer.text
    assert "Hers" in answer.text
    version = re.findall(r'name="version" value="(\d+)"', answer.text)[0]
    assert desk.owner.post(path, path, do="save", version=version, **typed(desk, title="His")).status_code == 303


@pytest.mark.parametrize("starter", ["report", "page", "data", "social", "research", "design", "", "nothing"])
def test_each_starter_fills_the_form(desk: Desk, starter: str) -> None:
    page = desk.owner.get(f"{NEW}?starter={starter}")

    assert page.status_code == 200
    assert page.text.count("<option value=") > 290
    assert ("Report" in page.text) or starter != "report"


def test_a_reviewer_looks_and_an_author_writes(desk: Desk) -> None:
    project_id = posted(desk)
    rob = desk.invited("rob@acme.example", "reviewer")
    path = f"/console/acme/projects/{project_id}"

    assert "<fieldset disabled>" in rob.get(path).text
    assert rob.post(path, path, do="save", version="1", **typed(desk)).status_code == 403
    for step in ("close", "fill", "open"):
        assert rob.post(f"{path}/{step}", path).status_code == 403


def test_closing_and_opening_again(desk: Desk) -> None:
    project_id = posted(desk)
    path = f"/console/acme/projects/{project_id}"
    assert desk.owner.post(f"{path}/close", path).status_code == 303
    assert desk.owner.post(f"{path}/close", path).status_code == 409
    assert "Closed" in desk.nobody().get(f"/projects/{project_id}").text
    assert desk.owner.post(f"{path}/open", path).status_code == 303
    assert FORM.title in desk.nobody().get("/projects").text


def test_declining_wants_a_word_and_keeps_what_was_typed(desk: Desk) -> None:
    mine = applied(desk.person("ana@mail.example"), posted(desk))
    one = f"/console/acme/applications/{mine.rpartition('/')[2]}"
    assert "Thank you for your application" in desk.owner.get(one).text

    answer = desk.owner.post(f"{one}/decline", one, decline=" ")
    assert answer.status_code == 422
    assert desk.owner.post(f"{one}/decline", one, decline="Not this time.").status_code == 303
    assert desk.owner.post(f"{one}/decline", decline="Not this time.").status_code == 409


def test_whoever_applied_sees_kind_words(desk: Desk) -> None:
    ana, project_id = desk.person("ana@mail.example"), posted(desk)
    mine = applied(ana, project_id)
    assert "You get a letter when it answers" in ana.get(mine).text
    path = f"/console/acme/projects/{project_id}"
    desk.owner.post(f"{path}/fill", path)

    assert "The place went to somebody else this time" in ana.get(mine).text
    assert "over" in ana.get("/work").text


def test_what_was_taken_back_is_not_read_any_more(desk: Desk) -> None:
    ana, project_id = desk.person("ana@mail.example"), posted(desk)
    mine = applied(ana, project_id, "A note of mine")
    assert ana.post(f"{mine}/withdraw", mine).status_code == 303
    one = f"/console/acme/applications/{mine.rpartition('/')[2]}"

    assert "A note of mine" not in desk.owner.get(one).text
    assert "You applied to this project before" in ana.get(f"/work/apply/{project_id}").text


def test_a_strangers_application_is_not_there(desk: Desk) -> None:
    mine = applied(desk.person("ana@mail.example"), posted(desk))
    eve = desk.person("eve@mail.example")

    assert eve.get(mine).status_code == 404
    for step in ("withdraw", "take"):
        assert eve.post(f"{mine}/{step}", "/account").status_code == 404


def test_who_took_a_credential_can_be_invited(desk: Desk) -> None:
    project_id = posted(desk)
    assert "Nobody yet" in desk.owner.get(f"/console/acme/projects/{project_id}/pool").text


def test_the_first_page_leads_to_the_board(desk: Desk) -> None:
    assert 'href="/projects"' in desk.nobody().get("/").text
    assert "No project is open now" in desk.nobody().get("/projects").text


def test_more_projects_than_a_page_holds_are_on_the_next_ones(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    made = [posted(desk, title=f"Number {number}") for number in range(5)]
    one = r'href="/console/acme/projects/([0-9A-Z]{26})"'
    found = on_pages(desk.owner, "/console/acme/projects", one, "Those changed last")

    assert [len(page) for page in found] == [2, 2, 1]
    assert sorted(chain.from_iterable(found)) == sorted(made)


def test_more_applicants_than_a_page_holds_are_on_the_next_ones(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    project_id = posted(desk)
    path = f"/console/acme/projects/{project_id}/applicants"
    made = [applied(desk.person(f"p{number}@mail.example"), project_id).rpartition("/")[2] for number in range(5)]
    found = on_pages(
        desk.owner, path, r'href="/console/acme/applications/([0-9A-Z]{26})"', "Who applied first", "after"
    )

    assert [len(page) for page in found] == [2, 2, 1]
    assert sorted(chain.from_iterable(found)) == sorted(made)
    second = re.search(r'rel="next" href="([^"]+)"', desk.owner.get(path).text)
    assert second is not None
    here = html.unescape(second[1])
    place = re.search(r'name="after" value="([^"]+)"', desk.owner.get(here).text)
    assert place is not None
    done = desk.owner.post(f"/console/acme/applications/{found[1][0]}/shortlist", here, after=html.unescape(place[1]))
    assert (done.status_code, done.headers["Location"]) == (303, here)


@pytest.mark.parametrize("place", ["", "x", "2026-03-01,A", "%27,", "https://evil.example/,A", "%0d%0aX:%20y"])
def test_a_place_that_no_page_gave_is_the_first_page(desk: Desk, place: str) -> None:
    project_id = posted(desk)
    mine = applied(desk.person("ana@mail.example"), project_id).rpartition("/")[2]
    applicants = f"/console/acme/projects/{project_id}/applicants"
    for path, query, shown in ((applicants, "after", mine), ("/console/acme/projects", "before", project_id)):
        page = desk.owner.get(f"{path}?{query}={place}")
        assert (page.status_code, shown in page.text) == (200, True)
    form = desk.owner.post(f"/console/acme/applications/{mine}/shortlist", applicants, after=place)
    assert (form.status_code, form.headers["Location"]) == (303, applicants)


def test_behind_the_last_page_there_is_nobody(desk: Desk) -> None:
    path = f"/console/acme/projects/{posted(desk)}/applicants"
    page = desk.owner.get(f"{path}?after=2199-01-01T00:00:00%2B00:00,A").text

    assert "Nobody to compare on this page." in page
    assert "Nobody yet" not in page
