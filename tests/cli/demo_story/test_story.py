"""The demo's story: what it leaves for each role, the same when told twice, and completed when it was cut short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha384
from pathlib import Path
from typing import Any

import pytest

from credentials.cli.demo_samples import prepare
from credentials.cli.demo_story import afterwards, steps
from credentials.cli.demo_story.play import Person, Play
from credentials.cli.demo_story.tour import Role, kept
from credentials.cli.demo_story.words import (
    DANA,
    DANAS_ANSWER,
    LENA,
    PAID_UNDER,
    RULE_WITH_SOURCE,
    RUTH,
    SATURDAY_JOB,
    ZOE,
)
from credentials.cli.invocation import Invocation
from credentials.core.micro_internship import sri
from credentials.store import (
    agreements,
    awards,
    engagements,
    handovers,
    next_steps,
    payments,
    people,
    references,
    submissions,
)
from credentials.store import audit as trail
from credentials.store.engagements import Engagement
from credentials.store.engine import read
from credentials.verifier.states import State
from credentials.web.composition import Service
from tests.cli.conftest import BASE_URL, Demo

STEPS = ("post", "invite", "apply", "decline", "offer", "take", "accept_terms", "propose", "hand_in", "review")
LATER = ("describe", "assess", "sign")
AFTER = (
    *("pay", "confirm_pay", "ask_reference", "agree_to_stand", "show_reference"),
    *("ask_question", "confirm_question", "answer_question", "offer_job"),
)
AFTERWARDS = (
    *("reference.asked-for", "reference.agreed", "reference.shown", "work.paid", "work.pay-confirmed"),
    *("reference.question-passed-on", "reference.question-answered", "next-step.job-offered"),
)
ENTERING = frozenset({"session.begun"})
"""What is noted when somebody signs in, which they do in each run."""


@pytest.fixture(scope="module")
def service(demo: Demo) -> Iterator[Service]:
    with Invocation(demo.folder, as_json=False).service() as opened:
        yield opened


def roles(service: Service) -> dict[str, Role]:
    """Who can be stepped into, by name."""
    return {role.name: role for role in kept(service.settings.data_dir)}


def work_of(service: Service, person: Person, state: str) -> Engagement:
    """The work of somebody that is in a state."""
    with read(service.engine) as connection:
        found = people.by_address(connection, person.address)
        assert found is not None
        return next(one for one in engagements.all_of_person(connection, found.id) if one.state == state)


def events(service: Service) -> Counter[str]:
    """How often each thing happened."""
    with read(service.engine) as connection:
        found = trail.of_everyone(connection, trail.EVERYTHING, 1000)
    return Counter(one.action for one in found if one.action not in ENTERING)


def test_the_finished_project_went_the_whole_way(service: Service, demo: Demo) -> None:
    work = work_of(service, ZOE, "completed")
    with read(service.engine) as connection:
        terms = agreements.all_of(connection, work.id)
        sent = submissions.all_of(connection, work.id)
        award = awards.by_id(connection, work.issuer_id, work.award_id or "")
        assert award is not None
        claimed = handovers.by_id(connection, award.credential_id or "")
        names = {one: people.by_id(connection, one) for one in (award.author_id, award.approver_id or "")}

    assert [(one.side, one.agreed_at is not None) for one in terms] == [("company", True), ("candidate", True)]
    assert [one.receipt is not None and not one.late for one in sent] == [True, True]
    assert [person.name for person in names.values() if person] == [DANA.name, RUTH.name]
    assert claimed is not None
    assert claimed.claimed_by == work.person_id
    assert demo.links.worked == f"{BASE_URL}/c/{award.credential_id}"


def test_its_credential_is_genuine_and_names_the_file_that_was_accepted(service: Service, demo: Demo) -> None:
    report = service.verify(demo.token("worked"))

    assert report.state is State.GENUINE
    assert report.credential is not None
    evidence = str(report.credential["evidence"])
    assert sri(sha384(RULE_WITH_SOURCE.encode()).digest()) in evidence
    assert "notebook.py" not in evidence


def test_its_pay_is_settled_by_both_sides(service: Service) -> None:
    work = work_of(service, ZOE, "completed")
    with read(service.engine) as connection:
        paid = payments.of_engagement(connection, work.id)
        payer = people.by_id(connection, paid.recorded_by or "") if paid else None

    assert paid is not None
    assert payer is not None
    assert (paid.state, paid.amount, paid.reference, payer.name) == ("confirmed", "EUR 480", PAID_UNDER, DANA.name)
    assert paid.paid_on is not None
    assert paid.confirmed_at is not None
    assert paid.paid_on < paid.confirmed_at.date() < service.clock().date()
    assert paid.paid_on <= paid.due_on


def test_its_supervisor_stands_as_a_reference_and_answered_once(service: Service, demo: Demo) -> None:
    work = work_of(service, ZOE, "completed")
    with read(service.engine) as connection:
        found = references.of_engagement(connection, work.id)
        supervisor = people.by_id(connection, found.supervisor_id) if found else None
        shown = references.shown_for(connection, demo.links.worked.rpartition("/")[2])

    assert found is not None
    assert supervisor is not None
    assert (found.state, found.shown, found.asked, found.answered) == ("agreed", True, 1, 1)
    assert supervisor.name == DANA.name
    assert shown is not None
    assert shown.first_name == "Dana"


@pytest.mark.parametrize(
    ("subject", "reader", "written", "hidden"),
    [
        ("Confirm your question about a credential", LENA.person, "", (DANA.address, DANA.name, LENA.words)),
        ("A question about work that you accepted", DANA, LENA.words, (LENA.person.address,)),
        ("The answer to your question about a credential", LENA.person, DANAS_ANSWER, (DANA.address, "Whitfield")),
        ("May people ask you about work that you accepted?", DANA, ZOE.name, (ZOE.address, LENA.person.name)),
        ("You were paid", ZOE, PAID_UNDER, (DANA.address,)),
    ],
)
def test_each_letter_says_its_part_and_nobody_elses_address(
    subject: str, reader: Person, written: str, hidden: tuple[str, ...], service: Service
) -> None:
    outbox = service.desk.outbox
    letters = [outbox.read(one.id) for one in outbox.listed(500) if one.body]
    found = [(mail, " ".join(letter.paragraphs)) for mail, letter in letters if letter.subject == subject]

    assert [mail.address for mail, _said in found] == [reader.address]
    assert written in found[0][1]
    assert not [one for one in hidden if one in found[0][1]]


def test_one_next_step_waits_for_an_answer(service: Service) -> None:
    work = work_of(service, ZOE, "completed")
    with read(service.engine) as connection:
        found = next_steps.of_engagement(connection, work.id)

    assert [(one.kind, one.state, one.title) for one in found] == [("job", "sent", SATURDAY_JOB.title)]


def test_what_came_after_happened_in_its_order(service: Service) -> None:
    with read(service.engine) as connection:
        found = trail.of_everyone(connection, trail.EVERYTHING, 1000)
    wanted = set(AFTERWARDS)
    told = [one.action for one in sorted(found, key=lambda one: one.at) if one.action in wanted]

    assert told == list(AFTERWARDS)


def test_everybody_has_something_to_do(service: Service) -> None:
    under_way = work_of(service, ZOE, "working")
    with read(service.engine) as connection:
        newest = agreements.newest(connection, under_way.id)
        waiting = awards.unsigned(connection, under_way.issuer_id)
        handed_in = engagements.page_of_company(connection, under_way.issuer_id, "delivered", None, 99)

    assert newest is not None
    assert (newest.number, newest.side, newest.agreed_at) == (2, "company", None)
    assert [one.state for one in waiting] == ["waiting"]
    assert len(handed_in) == 1


def test_each_role_has_stops(service: Service) -> None:
    found = roles(service)

    assert [role.address != "" for role in found.values()] == [True, True, True, True, False]
    assert all(role.stops for role in found.values())
    assert all(stop.path.startswith("/") for role in found.values() for stop in role.stops)


def test_told_twice_it_is_the_same(own_demo: Demo) -> None:
    with Invocation(own_demo.folder, as_json=False).service() as service:
        before, tour = events(service), kept(own_demo.folder)
        (own_demo.folder / "demo.json").unlink()
        (own_demo.folder / "tour.json").unlink()

        assert prepare(service) == own_demo.links
        assert events(service) == before
        assert kept(own_demo.folder) == tour


def test_a_folder_of_a_release_that_told_less_gets_the_story(own_demo: Demo) -> None:
    (own_demo.folder / "demo.json").write_text('{"landing": "http://127.0.0.1:8123/"}')
    (own_demo.folder / "tour.json").unlink()
    with Invocation(own_demo.folder, as_json=False).service() as service:
        assert prepare(service) == own_demo.links
    assert kept(own_demo.folder)


def test_cut_short_at_any_step_it_goes_on(tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try comes one step further than the one before."""
    with Invocation(tmp_path / "data", as_json=False).service(base_url=BASE_URL) as cut:
        for most in range(1, 200):
            with cut_after(most, monkeypatch) as was_cut:
                try:
                    prepare(cut)
                except KeyboardInterrupt:
                    assert was_cut()
                    continue
            break

        assert most > len(STEPS) + len(LATER) + len(AFTER)
        assert events(cut) == events(service)
        assert len(kept(tmp_path / "data")) == len(roles(service))


@contextmanager
def cut_after(most: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], bool]]:
    """Let so many steps be taken, and then interrupt."""
    taken = 0

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken > most:
                raise KeyboardInterrupt
            return step(*arguments, **named)

        return call

    with monkeypatch.context() as context:
        for name in (*STEPS, *LATER):
            context.setattr(steps, name, counted(getattr(steps, name)))
        for name in AFTER:
            context.setattr(afterwards, name, counted(getattr(afterwards, name)))
        context.setattr(Play, "claim", counted(Play.claim))
        yield lambda: taken > most
