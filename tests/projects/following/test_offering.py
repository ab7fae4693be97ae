"""A further project and a job: who offers them, when, what the candidate gets and answers; pages and rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from credentials.accounts.audit import trail
from credentials.accounts.errors import RoleMissing
from credentials.projects.agreeing.errors import EngagementUnknown
from credentials.projects.applying.errors import NotTakingApplications
from credentials.projects.following import offering
from credentials.projects.following.errors import JobUnusable, NothingCompleted, StepUnknown
from credentials.projects.following.offering import MOST, TypedJob
from credentials.projects.posting import publishing
from credentials.projects.posting.project_form import restored
from credentials.store import handovers, projects
from credentials.store.engine import read, write
from credentials.store.next_steps import FurtherStep
from credentials.store.projects import Project
from tests.projects.finished import CANDIDATE, SUPERVISOR, Finished, finish
from tests.projects.finished import done as done
from tests.projects.finished import hall as hall
from tests.projects.stages import TERMS, Stage

JOB = TypedJob("Analyst", "Lisbon", "https://jobs.example/7", "Thirty hours a week,\nfrom May.")


def on_the_board(done: Finished, step: FurtherStep) -> None:
    """Give the draft its days, and put it on the board."""
    owner, today = done.stage.member("owner"), done.stage.service.clock().date()
    before = draft(done, step)
    days = {"starts_on": str(today + timedelta(days=3)), "ends_on": str(today + timedelta(days=30))}
    summary = tuple(msgspec.structs.replace(one, summary="Notes") for one in restored(before.form).deliverables)
    form = msgspec.structs.replace(restored(before.form), **days, deliverables=summary)
    publishing.save(done.means, owner, before.id, form, before.version)
    publishing.put_up(done.means, owner, before.id)


def draft(done: Finished, step: FurtherStep) -> Project:
    with read(done.stage.service.engine) as connection:
        found = projects.by_id(connection, step.project_id or "")
    assert found is not None
    return found


def claimed(done: Finished) -> None:
    """The candidate took the credential as theirs: the company knows them from then on."""
    with write(done.stage.service.engine) as connection:
        handovers.claimed(connection, done.number, done.engagement.person_id, done.stage.service.clock())


def news(done: Finished) -> list[str]:
    """What the candidate was told, a text for each letter."""
    return ["\n".join(one.paragraphs) for one in done.letters(CANDIDATE) if one.kind == "news"]


def test_a_job_is_told_in_a_letter_and_answered_on_the_page(stage: Stage) -> None:
    done = finish(stage)
    step = offering.offer_job(done.means, done.stage.member("owner"), done.engagement.id, JOB)
    (letter,) = news(done)
    assert "acme.example, for whom you finished" in letter
    assert "Analyst, Lisbon" in letter
    assert JOB.words in letter

    candidate = done.stage.visitor("candidate")
    for said in ("not-now", "interested"):
        after = offering.answer(done.means, candidate, done.engagement.id, step.number, said)
        assert after.state == said
    found = offering.offered(done.means, done.stage.member("owner"), done.engagement.id)
    assert [one.state for one in found.steps] == ["interested"]
    lines = str(trail(done.stage.service.engine, done.engagement.issuer_id))
    assert "next-step.job-offered" in lines
    assert "next-step.answered" in lines
    assert "Thirty hours" not in lines


def test_the_company_is_told_each_answer_once(done: Finished) -> None:
    offering.offer_job(done.means, done.stage.member("owner"), done.engagement.id, JOB)
    for _ in range(3):
        offering.answer(done.means, done.stage.visitor("candidate"), done.engagement.id, 1, "interested")

    box = done.stage.service.outbox
    told = [box.read(one.id)[1] for one in box.listed() if one.body and one.address == SUPERVISOR]
    assert sum("it interests them" in str(one.paragraphs) for one in told) == 1


def test_a_further_project_begins_as_the_one_before_and_its_candidate_is_invited(stage: Stage) -> None:
    done = finish(stage)
    owner = done.stage.member("owner")
    step = offering.begin_project(done.means, owner, done.engagement.id)
    form = restored(draft(done, step).form)
    assert (form.title, form.brief, form.compensation) == (TERMS.title, TERMS.brief, TERMS.compensation)
    assert form.deliverables == TERMS.deliverables
    assert [one.name for one in form.skills] == list(TERMS.skills)
    assert (form.starts_on, form.ends_on) == ("", "")
    assert draft(done, step).state == "draft"
    with pytest.raises(NotTakingApplications):
        offering.invite(done.means, owner, done.engagement.id, step.number)

    on_the_board(done, step)
    assert offering.offered(done.means, owner, done.engagement.id).open == {1}
    assert offering.invite(done.means, owner, done.engagement.id, step.number).state == "sent"
    assert "It invites you to apply" in news(done)[-1]
    with pytest.raises(StepUnknown):
        offering.invite(done.means, owner, done.engagement.id, step.number)
    after = offering.answer(done.means, done.stage.visitor("candidate"), done.engagement.id, 1, "interested")
    assert (after.kind, after.state, after.project_id) == ("project", "interested", step.project_id)


@pytest.mark.parametrize("state", ["agreeing", "working", "delivered", "accepted", "ended"])
def test_nothing_is_offered_before_the_work_is_completed(state: str, hall: Stage) -> None:
    made, owner = hall.engagement(state), hall.member("owner")
    for step in (
        lambda: offering.offer_job(hall.means, owner, made.id, JOB),
        lambda: offering.begin_project(hall.means, owner, made.id),
        lambda: offering.offered(hall.means, owner, made.id),
        lambda: offering.answer(hall.means, hall.visitor("candidate"), made.id, 1, "interested"),
    ):
        with pytest.raises(NothingCompleted):
            step()
    with read(hall.service.engine) as connection:
        drafts = [one for one in projects.changed_last(connection, made.issuer_id, None, 99) if one.state == "draft"]
    assert drafts == []


def test_a_suspended_company_offers_nothing(done: Finished) -> None:
    member, now = done.stage.member("owner"), done.stage.service.clock()
    suspended = replace(member, issuer=replace(member.issuer, suspended_at=now))
    with pytest.raises(NothingCompleted):
        offering.offer_job(done.means, suspended, done.engagement.id, JOB)
    with pytest.raises(NothingCompleted):
        offering.begin_project(done.means, suspended, done.engagement.id)
    assert news(done) == []
    assert offering.offered(done.means, member, done.engagement.id).steps == ()


def test_there_is_an_end_to_offers(done: Finished) -> None:
    owner = done.stage.member("owner")
    for _ in range(MOST):
        offering.offer_job(done.means, owner, done.engagement.id, JOB)
    with pytest.raises(NothingCompleted):
        offering.offer_job(done.means, owner, done.engagement.id, JOB)
    with pytest.raises(NothingCompleted):
        offering.begin_project(done.means, owner, done.engagement.id)
    assert len(news(done)) == MOST


def test_only_an_author_offers_and_only_the_candidate_answers(done: Finished) -> None:
    reader = done.stage.hire("ann", "reviewer", "signer", "owner")
    with pytest.raises(RoleMissing):
        offering.offer_job(done.means, reader, done.engagement.id, JOB)
    with pytest.raises(RoleMissing):
        offering.begin_project(done.means, reader, done.engagement.id)
    offering.offer_job(done.means, done.stage.member("owner"), done.engagement.id, JOB)
    for name in ("owner", "stranger"):
        with pytest.raises(EngagementUnknown):
            offering.answer(done.means, done.stage.visitor(name), done.engagement.id, 1, "interested")


@pytest.mark.parametrize(("number", "said"), [(0, "interested"), (2, "interested"), (1, "yes"), (1, ""), (1, "draft")])
def test_what_is_no_answer_is_refused(number: int, said: str, done: Finished) -> None:
    offering.offer_job(done.means, done.stage.member("owner"), done.engagement.id, JOB)
    with pytest.raises(StepUnknown):
        offering.answer(done.means, done.stage.visitor("candidate"), done.engagement.id, number, said)


def test_a_draft_is_not_answered_and_not_seen(done: Finished) -> None:
    offering.begin_project(done.means, done.stage.member("owner"), done.engagement.id)
    with pytest.raises(StepUnknown):
        offering.answer(done.means, done.stage.visitor("candidate"), done.engagement.id, 1, "interested")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "  "),
        ("title", "x" * 121),
        ("title", "a\u202eb"),
        ("place", "x" * 121),
        ("words", "x" * 2001),
        ("words", "a\ufffdb"),
        ("link", "http://jobs.example"),
        ("link", "javascript:alert(1)"),
        ("link", "https://user@jobs.example/"),
        ("link", "https://"),
        ("link", "data:text/html,x"),
        ("link", "https://jobs.example/" + "x" * 500),
    ],
    ids=lambda value: str(value)[:24].encode("unicode_escape").decode(),
)
def test_a_job_that_says_nothing_or_too_much_is_refused(field: str, value: str) -> None:
    with pytest.raises(JobUnusable) as refused:
        offering.checked(replace(JOB, **{field: value}))
    assert refused.value.where == field


def test_a_job_needs_no_more_than_a_title() -> None:
    assert offering.checked(TypedJob(" A  job ")) == TypedJob("A job")


def test_the_two_sides_walk_it_on_their_pages(done: Finished) -> None:
    mine, theirs = f"/work/{done.engagement.id}", f"/console/acme/work/{done.engagement.id}"
    app = done.app()
    owner, ana = done.as_(app, "owner"), done.as_(app, "candidate")
    assert f'href="{theirs}/next"' in owner.get(theirs).text
    hostile = '"><script>alert(1)</script>'
    refused = owner.post(f"{theirs}/next/job", title=hostile, link="javascript:alert(1)", words="Kept")
    assert refused.status_code == 422
    assert "<script>alert" not in refused.text
    assert "Kept" in refused.text
    sent = {"title": hostile, "place": "Lisbon", "link": "https://jobs.example/7", "words": hostile}
    assert owner.post(f"{theirs}/next/job", **sent).status_code == 303
    page = ana.get(mine).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert 'href="https://jobs.example/7" rel="noopener noreferrer nofollow"' in page
    assert ana.post(f"{mine}/next", number="1", answer="interested").status_code == 303
    assert "You said that it interests you" in ana.get(mine).text
    assert "it interests them" in owner.get(f"{theirs}/next").text
    begun = owner.post(f"{theirs}/next/project")
    assert begun.status_code == 303
    assert TERMS.title in owner.get(begun.headers["Location"]).text
    assert "not on the board yet" in owner.get(f"{theirs}/next").text
    assert ana.get(mine).text.count("A project:") == 0
    assert owner.post(f"{theirs}/next/invite", number="2").status_code == 409
