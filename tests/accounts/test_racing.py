"""Two first sign-ins of one person at the same time: one account, on both databases, and no error for anybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError

from credentials.accounts import signing_in
from credentials.accounts.errors import LinkUnusable, ProviderRefused
from credentials.accounts.racing import second_finds_first
from credentials.accounts.sessions import Begun
from credentials.store.engine import read
from tests.accounts.actors import CLIENT, World, at_once
from tests.accounts.test_oidc import Company, company

__all__ = ["company"]


@contextmanager
def meeting_before(engine: Engine, statement: str, number: int = 2) -> Iterator[None]:
    """Threads wait for each other before they run a statement: each has looked, and none has written.

    SQLite lets only one of them get so far; it goes on alone after a moment.
    """
    barrier = Barrier(number)

    def wait(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith(statement):
            with suppress(BrokenBarrierError):
                barrier.wait(0.5)

    event.listen(engine, "before_cursor_execute", wait)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", wait)


def count(world: World, table: str) -> int:
    with read(world.engine) as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 - a name of ours


def people_of(answers: list[object]) -> set[str]:
    assert [type(one) for one in answers] == [Begun] * len(answers), answers
    return {one.session.person_id for one in answers if isinstance(one, Begun)}


def test_two_first_sign_ins_at_a_company_are_one_person(company: Company) -> None:
    before = count(company.world, "person")
    with meeting_before(company.world.engine, "INSERT INTO person_address"):
        answers = at_once(company.signed_in, company.signed_in)

    assert len(people_of(answers)) == 1
    assert count(company.world, "person") == before + 1
    assert count(company.world, "oidc_identity") == 1


def test_two_first_sign_ins_of_somebody_who_has_an_account_are_that_person(company: Company) -> None:
    ana = company.world.person("ana@acme.example")
    with meeting_before(company.world.engine, "INSERT INTO oidc_identity"):
        answers = at_once(company.signed_in, company.signed_in)

    assert people_of(answers) == {ana.person_id}
    assert count(company.world, "oidc_identity") == 1


def test_a_first_link_and_a_first_sign_in_at_the_company_are_one_person(company: Company) -> None:
    world, before = company.world, count(company.world, "person")
    token = world.asked("ana@acme.example")
    with meeting_before(world.engine, "INSERT INTO person_address"):
        answers = at_once(company.signed_in, lambda: signing_in.open_link(world.means, token, "Ana", CLIENT))

    assert len(people_of(answers)) == 1
    assert count(world, "person") == before + 1


def test_one_link_opened_twice_lets_one_in(world: World) -> None:
    token = world.asked("ana@mail.example")
    with meeting_before(world.engine, "INSERT INTO person_address"):
        answers = at_once(*[lambda: signing_in.open_link(world.means, token, "Ana", CLIENT)] * 2)

    assert sorted(type(one).__name__ for one in answers) == ["Begun", "LinkUnusable"]


def test_one_code_brought_back_twice_lets_one_in(company: Company) -> None:
    start = company.start()
    answer = company.provider.authorize(start.url)
    answers = at_once(*[lambda: company.finish(answer, start.cookie)] * 2)

    assert {type(one) for one in answers} <= {Begun, LinkUnusable, ProviderRefused}
    assert sum(isinstance(one, Begun) for one in answers) == 1


def test_who_closed_the_account_meanwhile_is_refused(company: Company) -> None:
    ana = company.world.person("ana@acme.example")
    with company.world.engine.begin() as connection:
        connection.execute(text("UPDATE person SET closed_at = created_at WHERE id = :id"), {"id": ana.person_id})
    answers = at_once(company.signed_in, company.signed_in)

    assert [type(one) for one in answers] == [ProviderRefused, ProviderRefused]
    assert count(company.world, "oidc_identity") == 0


@pytest.mark.parametrize(("error", "tries"), [(IntegrityError("", {}, ValueError()), 2), (LinkUnusable(), 1)])
def test_a_conflict_that_stays_is_told_and_nothing_else_is_tried_again(error: Exception, tries: int) -> None:
    tried: list[int] = []

    def transaction() -> None:
        tried.append(1)
        raise error

    with pytest.raises(type(error)):
        second_finds_first(transaction)
    assert len(tried) == tries
