"""A company's first page: each thing that waits is named once, for whoever may do it, with the way there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from typing import Any

import msgspec
import pytest

from credentials.console import awarding
from credentials.console.dashboard import _columns, _skills, dashboard
from credentials.issuer.intents import KeyedDraft, record
from credentials.projects.reviewing.reviewing import Verdict, review
from credentials.store import agreements, dashboards, handovers, pages, payments
from credentials.store.dashboards import Reached
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from tests.console.conftest import Desk
from tests.console.test_awarding import award
from tests.drafts import numbered_draft
from tests.projects.conftest import stage
from tests.projects.paged import on_pages
from tests.projects.stages import AGREED_AT, TERMS, Stage, add_person, agreement_of

__all__ = ["stage"]
BOTH = {0: Verdict(True), 1: Verdict(True)}


def test_an_empty_company_has_an_empty_page(stage: Stage) -> None:
    found = dashboard(stage.means, stage.member("owner"))
    assert (found.mine, found.others, found.parts, found.columns, found.skills) == ((), (), (), (), ())
    assert found.reached == Reached(0, 0, 0)


@pytest.mark.parametrize("role", ["author", "reviewer", "signer"])
def test_what_waits_waits_for_the_role_that_may_do_it(role: str, stage: Stage) -> None:
    to_review, to_sign = stage.engagement("delivered"), stage.engagement("delivered")
    stage.engagement("working")
    award_id = review(stage.means, stage.member("owner"), to_sign.id, 1, BOTH).award_id
    found = dashboard(stage.means, stage.hire("somebody", role))

    ways = {
        f"/work/{to_review.id}/review": ("reviewer",),
        f"/awards/{award_id}": ("signer",),
        f"/work/{to_sign.id}/pay": ("author", "signer"),
    }
    assert {one.path for one in found.mine} == {path for path, roles in ways.items() if role in roles}
    assert {one.path for one in found.mine + found.others} == set(ways)
    assert {one.label: one.count for one in found.parts} == {"at work": 1, "to review": 1, "to sign": 1}
    assert sum(one.width for one in found.parts) == pytest.approx(100, abs=0.1)


def test_late_pay_is_late_and_what_is_done_waits_no_more(stage: Stage) -> None:
    owner, made = stage.member("owner"), stage.engagement("delivered")
    done = review(stage.means, owner, made.id, 1, BOTH)
    awarding.sign(stage.means, owner, done.award_id or "", 1)
    with read(stage.service.engine) as connection:
        due = payments.of_engagement(connection, made.id)
    assert due is not None
    with write(stage.service.engine) as connection:
        payments.put(connection, replace(due, due_on=stage.service.clock().date() - timedelta(days=1)))
    (late,) = dashboard(stage.means, owner).mine
    assert (late.what, late.late) == ("Pay is overdue", True)

    with write(stage.service.engine) as connection:
        payments.put(connection, replace(due, state="paid"))
    found = dashboard(stage.means, owner)
    assert (found.mine, found.others) == ((), ())
    assert found.skills == (("Survey design", 1), ("Interviewing", 1))
    assert found.columns[-1].count == 2
    assert sum(one.count for one in found.columns) == 2


def test_every_credential_counts_however_it_was_issued_and_none_that_is_not_signed(stage: Stage) -> None:
    service, owner = stage.service, stage.member("owner")
    service.issuer.issue("acme", replace(numbered_draft(1), skills=("SQL", "Maps", "SQL")))
    service.issuer.issue("acme", replace(numbered_draft(2), skills=("SQL",)))
    service.issuer.issue("acme", replace(numbered_draft(3), skills=()))
    record(service.issuer.means, "acme", [KeyedDraft(None, replace(numbered_draft(4), skills=("Maps",)))])
    made = stage.engagement("delivered")
    award_id = review(stage.means, owner, made.id, 1, BOTH).award_id
    awarding.sign(stage.means, owner, award_id or "", 1)

    found = dashboard(stage.means, owner)
    counted = dict(found.skills)
    assert counted == {"SQL": 2, "Maps": 1, "Survey design": 1, "Interviewing": 1}
    assert found.columns[-1].count == sum(counted.values())
    assert found.reached == Reached(1, 0, 0)


def test_whoever_took_a_credential_has_opened_it(stage: Stage) -> None:
    owner, made = stage.member("owner"), stage.engagement("delivered")
    award_id = review(stage.means, owner, made.id, 1, BOTH).award_id
    issued = awarding.sign(stage.means, owner, award_id or "", 1)
    person = stage.visitor("candidate").person_id
    with write(stage.service.engine) as connection:
        assert handovers.claimed(connection, issued.id, person, stage.service.clock())

    assert dashboard(stage.means, owner).reached == Reached(1, 1, 1)


@pytest.mark.parametrize("unsigned", [b"", b"[]", b"{}", b'{"credentialSubject":[]}', b'{"credentialSubject":{"x":1}}'])
def test_what_is_no_achievement_has_no_skills(unsigned: bytes) -> None:
    assert _skills(unsigned) == []


def test_another_company_sees_nothing_of_it(stage: Stage) -> None:
    stage.engagement("delivered")
    owner = stage.member("owner")
    other = stage.service.issuer.create_issuer("other", "Other Ltd", "https://other.example")
    assert dashboard(stage.means, replace(owner, issuer=other)).parts == ()


@pytest.mark.parametrize("today", [date(2026, 1, 31), date(2026, 12, 1), date(2028, 2, 29)])
def test_a_year_has_twelve_months_and_ends_now(today: date) -> None:
    found = _columns([today, today, date(2020, 1, 1)], today)
    assert len(found) == len({one.month.iso for one in found}) == 12
    assert found[-1].month.iso == today.isoformat()[:7]
    assert (found[-1].count, found[-1].height) == (2, 100)


def test_the_page_shows_it_and_escapes_what_was_typed(desk: Desk) -> None:
    with staged_on(desk) as made:
        made.engagement("delivered", terms=msgspec.structs.replace(TERMS, title="<b>Bold</b> & more"))
        review(made.means, made.member("owner"), made.engagement("delivered").id, 1, BOTH)
    page = desk.owner.get("/console/acme")

    assert page.status_code == 200
    assert "A submission to review" in page.text
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; more" in page.text
    assert "<b>Bold</b>" not in page.text
    assert "<svg" in page.text
    assert "style=" not in page.text


def test_work_that_goes_on_by_itself_hides_nothing_that_waits(stage: Stage) -> None:
    for state in ("agreeing", "working", "returned", "completed", "ended", "delivered", "working"):
        stage.engagement(state)
    with read(stage.service.engine) as connection:
        found = dashboards.waiting(connection, stage.service.issuer.issuer("acme").id)
    assert [one.state for one in found] == ["delivered"]


def propose(stage: Stage, made: Engagement, number: int, side: str, **answered: Any) -> None:
    """Add a version of the terms that one side proposed and the other did not answer, but for what is given."""
    by = stage.people["candidate" if side == "candidate" else "owner"]
    found = agreement_of(made, TERMS, by, number)
    own = {"company_accepted_at": None, "company_accepted_by": None} if side == "candidate" else {}
    more: dict[str, Any] = {"side": side, **own, **answered}
    with write(stage.service.engine) as connection:
        agreements.add(connection, replace(found, **more))


@pytest.mark.parametrize("state", ["agreeing", "working", "returned", "delivered", "accepted", "completed", "ended"])
def test_terms_of_the_candidate_wait_for_whoever_writes_while_work_goes_on(stage: Stage, state: str) -> None:
    made = stage.engagement(state)
    propose(stage, made, 2, "candidate")
    found = dashboard(stage.means, stage.hire("anna", "author"))
    waits = [one for one in found.mine if one.what == "Terms to answer"]

    assert [one.path for one in waits] == [f"/work/{made.id}"] * (state not in ("accepted", "completed", "ended"))
    assert [one.what for one in dashboard(stage.means, stage.hire("rob", "reviewer")).mine] == (
        ["A submission to review"] if state == "delivered" else []
    )


def test_terms_that_were_answered_or_replaced_wait_no_more(stage: Stage) -> None:
    refused, replaced, own = (stage.engagement("working") for _ in range(3))
    propose(stage, refused, 2, "candidate", refused_at=AGREED_AT, refused_by=stage.people["owner"])
    propose(stage, replaced, 2, "candidate")
    propose(stage, replaced, 3, "company", candidate_accepted_at=None)
    propose(stage, own, 2, "company", candidate_accepted_at=None)
    found = dashboard(stage.means, stage.member("owner"))

    assert (found.mine, found.others) == ((), ())


def test_what_waits_less_long_is_folded_away_and_still_there(desk: Desk) -> None:
    with staged_on(desk) as made:
        first = [made.engagement("delivered").id for _ in range(20)]
        assert "more, which wait" not in desk.owner.get("/console/acme").text
        last = [made.engagement("delivered").id for _ in range(2)]
    shown, folded = desk.owner.get("/console/acme").text.split("<summary>2 more, which wait less long</summary>")

    assert re.findall(r"/work/(\w+)/review", shown) == first
    assert re.findall(r"/work/(\w+)/review", folded) == last


def test_awards_that_are_not_signed_are_on_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    made = [award(desk.owner).rpartition("/")[2].partition("?")[0] for _ in range(5)]
    found = on_pages(desk.owner, "/console/acme", r'href="/console/acme/awards/([0-9A-Z]{26})"', "Those changed last")

    assert [len(page) for page in found] == [2, 2, 1]
    assert sorted(chain.from_iterable(found)) == sorted(made)
    behind = desk.owner.get("/console/acme?before=1970-01-01T00:00:00%2B00:00,A").text
    assert "Somebody finished work for you?" not in behind
    assert ">Those changed last</a>" in behind
    assert ">Those changed last</a>" not in desk.owner.get("/console/acme?before=%27,x").text


@contextmanager
def staged_on(desk: Desk) -> Iterator[Stage]:
    """Work for the acme of a website."""
    service = desk.service
    people = {name: add_person(service, name) for name in ("owner", "candidate")}
    made = Stage(service, people)
    made.hire("owner", "author", "reviewer", "signer")
    yield made


def test_the_first_page_of_a_company_shows_how_often_credentials_are_looked_at(desk: Desk) -> None:
    assert "Looked at, this year" not in desk.owner.get("/console/acme").text
    desk.nobody().get(f"/c/{desk.issued_id}")
    desk.service.attention.write()

    assert "Looked at, this year" in desk.owner.get("/console/acme").text
