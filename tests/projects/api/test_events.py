"""What programs are told of lists, invitations, offers of more and references: once, and no word of anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from credentials.projects.applying import choosing
from credentials.projects.applying.errors import InvitedBefore
from credentials.projects.following import offering
from credentials.projects.following.errors import StepUnknown
from credentials.projects.following.offering import TypedJob
from credentials.projects.referring import standing
from credentials.projects.referring.errors import ReferenceOutOfTurn
from credentials.store.engine import read
from credentials.store.tables import webhook_message
from tests.projects.api.conftest import Json, Programs

KINDS = ("project.invited", "next-step.answered", "reference.answered", "list.checked", "list.done", "list.stopped")


HEAD = "name,project,summary,start,end,supervisor\n"
GOOD = f"{HEAD}Ana,Report,Done.,2026-02-02,2026-03-06,Kim\n".encode()


class Listener:
    """What acme's webhook was told since it began to listen."""

    def __init__(self, programs: Programs) -> None:
        self.programs, self.service = programs, programs.cast.site.service
        self.acme = self.service.issuer.issuer("acme").id
        self.hook = self.service.webhooks.add(self.acme, "https://hooks.example/take", KINDS).webhook.id
        self.before = {one["id"] for one in self._all()}

    def _all(self) -> list[Json]:
        query = select(webhook_message).order_by(webhook_message.c.created_at)
        with read(self.service.engine) as connection:
            rows = connection.execute(query).all()
        return [{"id": row.id, "issuer": row.issuer_id, **json.loads(bytes(row.body))} for row in rows]

    def brought(self, content: bytes) -> str:
        """The id of a list that was uploaded."""
        answer = self.programs.call("POST", "/api/v1/lists", file=("text/csv", content))
        return str(self.programs.done(answer, 201)["summary"]["id"])

    def checked(self, content: bytes) -> str:
        """The id of a list that was uploaded and checked."""
        made = self.brought(content)
        self.service.uploads.run(made)
        return made

    def told(self) -> list[tuple[str, Json]]:
        """The kind and the data of each, oldest first."""
        new = [one for one in self._all() if one["id"] not in self.before]
        assert {one["issuer"] for one in new} <= {self.acme}
        return [(one["type"], one["data"]) for one in new]


@pytest.fixture
def listener(programs: Programs) -> Iterator[Listener]:
    """A webhook for these kinds."""
    made = Listener(programs)
    yield made
    made.service.webhooks.remove(made.acme, made.hook)


def test_a_list_is_told_when_it_is_checked_and_when_it_is_done(listener: Listener) -> None:
    made = listener.checked(GOOD)
    listener.programs.done(listener.programs.call("POST", f"/api/v1/lists/{made}/start"))
    listener.service.uploads.run(made)
    told = listener.told()

    assert [kind for kind, _data in told] == ["list.checked", "list.done"]
    assert {data["list"] for _kind, data in told} == {made}
    assert told[0][1]["url"] == f"{listener.service.base_url}/console/acme/upload/{made}"
    assert set(told[0][1]) == {"issuer", "list", "url", "at"}


@pytest.mark.parametrize("state", ["checking", "running"])
def test_of_a_list_that_was_cancelled_nothing_ends(listener: Listener, state: str) -> None:
    programs = listener.programs
    made = listener.brought(GOOD)
    if state == "running":
        listener.service.uploads.run(made)
        programs.done(programs.call("POST", f"/api/v1/lists/{made}/start"))
    programs.done(programs.call("POST", f"/api/v1/lists/{made}/cancel"))
    listener.service.uploads.run(made)

    assert [kind for kind, _data in listener.told()] == (["list.checked"] if state == "running" else [])


def test_a_list_that_nobody_knows_how_to_read_is_not_told(listener: Listener) -> None:
    listener.checked(b"Wer,Was\nAna,Survey\n")

    assert listener.told() == []


def test_each_checking_of_a_list_is_told(listener: Listener) -> None:
    programs = listener.programs
    made = listener.checked(f"{HEAD}Ana,Report,Done.,never,2026-03-06,Kim\n".encode())
    cells = {"cells": [{"row": 2, "column": "start", "text": "2026-02-02"}]}
    programs.done(programs.call("POST", f"/api/v1/lists/{made}/cells", cells))
    listener.service.uploads.run(made)

    assert [kind for kind, _data in listener.told()] == ["list.checked"] * 2


def test_a_list_of_a_company_that_can_sign_nothing_is_told_as_stopped(listener: Listener) -> None:
    programs, issuer = listener.programs, listener.service.issuer
    made = listener.checked(f"{HEAD}Zoe,Report,Done.,2026-02-02,2026-03-06,Kim\n".encode())
    programs.done(programs.call("POST", f"/api/v1/lists/{made}/start"))
    issuer.suspend_issuer("acme", "A test.")
    listener.service.uploads.run(made)
    issuer.reinstate_issuer("acme", "It ended.")

    assert [kind for kind, _data in listener.told()] == ["list.checked", "list.stopped"]


def test_an_invitation_is_told_once(listener: Listener) -> None:
    programs = listener.programs
    visitor = programs.candidate()
    programs.completed(visitor)
    project, author = programs.opened()["id"], programs.cast.member("founder", "acme")
    choosing.invite(listener.service.desk, author, project, visitor.person_id)
    with pytest.raises(InvitedBefore):
        choosing.invite(listener.service.desk, author, project, visitor.person_id)
    url = f"{listener.service.base_url}/projects/{project}"

    assert listener.told() == [("project.invited", {"issuer": "acme", "project": project, "url": url})]


def test_each_answer_to_an_offer_is_told_without_what_it_was(listener: Listener) -> None:
    programs, means = listener.programs, listener.service.desk
    visitor = programs.candidate()
    work = programs.completed(visitor)
    offering.offer_job(means, programs.cast.member("founder", "acme"), work, TypedJob(title="Analyst"))
    for said in ("interested", "interested", "not-now"):
        offering.answer(means, visitor, work, 1, said)
    with pytest.raises(StepUnknown):
        offering.answer(means, visitor, work, 1, "perhaps")
    told = listener.told()

    assert [kind for kind, _data in told] == ["next-step.answered"] * 2
    assert {(data["engagement"], data["step"]) for _kind, data in told} == {(work, 1)}
    assert "interested" not in json.dumps(told)


def test_an_offer_alone_is_not_told(listener: Listener) -> None:
    work = listener.programs.completed(listener.programs.candidate())
    founder = listener.programs.cast.member("founder", "acme")
    offering.offer_job(listener.service.desk, founder, work, TypedJob(title="Analyst"))

    assert listener.told() == []


def test_each_answer_about_a_reference_is_told_without_what_it_was(listener: Listener) -> None:
    programs, means = listener.programs, listener.service.desk
    visitor = programs.candidate()
    work, supervisor = programs.completed(visitor), programs.cast.visitor("founder")
    asked = standing.ask(means, visitor, work)
    before = listener.told()
    standing.answer(means, supervisor, asked.id, yes=True)
    with pytest.raises(ReferenceOutOfTurn):
        standing.answer(means, supervisor, asked.id, yes=True)
    standing.answer(means, supervisor, asked.id, yes=False)
    told = listener.told()

    assert before == []
    assert [kind for kind, _data in told] == ["reference.answered"] * 2
    assert set(told[0][1]) == {"issuer", "engagement", "url", "at"}
    assert told[0][1]["engagement"] == work
