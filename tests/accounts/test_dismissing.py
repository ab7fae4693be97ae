"""The right to run the service is taken back; somebody always runs it."""

from __future__ import annotations

import threading

import pytest

from credentials.accounts.acting import Actor
from credentials.accounts.audit import trail
from credentials.accounts.dismissing import dismiss
from credentials.accounts.errors import LastOperator, PersonUnknown
from credentials.core.errors import CredentialError
from credentials.store import people
from credentials.store.engine import read, write
from tests.accounts.actors import World

WHO = Actor("operator:kim")


def running(world: World, *names: str) -> list[str]:
    """The ids of new people who run the service."""
    ids = [world.person(f"{name}@service.example").person_id for name in names]
    with write(world.engine) as connection:
        for one in ids:
            people.add_operator(connection, one, world.means.clock())
    return ids


def left(world: World) -> list[str]:
    with read(world.engine) as connection:
        return [one.id for one in people.operators(connection)]


def told(world: World) -> list[tuple[str, str]]:
    """Whom the trail says to be dismissed, and by whom."""
    lines = trail(world.engine, None)
    return [(line.subject, line.actor) for line in lines if line.action == "operator.dismissed"]


def test_one_of_two_is_dismissed(world: World) -> None:
    kim, sam = running(world, "kim", "sam")
    dismiss(world.engine, WHO, sam.lower(), world.means.clock())

    assert left(world) == [kim]
    assert told(world) == [(f"person:{sam}", "operator:kim")]


def test_the_last_one_stays(world: World) -> None:
    (kim,) = running(world, "kim")
    with pytest.raises(LastOperator):
        dismiss(world.engine, WHO, kim, world.means.clock())

    assert left(world) == [kim]
    assert told(world) == []


def test_whoever_is_none_stays_none(world: World) -> None:
    kim, sam = running(world, "kim", "sam")
    dismiss(world.engine, WHO, world.person("ana@mail.example").person_id, world.means.clock())

    assert sorted(left(world)) == sorted([kim, sam])
    assert told(world) == []


@pytest.mark.parametrize("number", ["", "0" * 26, "' OR 1=1 --"])
def test_nobody_is_nobody(world: World, number: str) -> None:
    running(world, "kim", "sam")
    with pytest.raises(PersonUnknown):
        dismiss(world.engine, WHO, number, world.means.clock())

    assert len(left(world)) == 2


def test_two_who_dismiss_each_other_leave_one(world: World) -> None:
    ids, errors = running(world, "kim", "sam"), []
    ready = threading.Barrier(2)

    def run(number: str) -> None:
        ready.wait()
        try:
            dismiss(world.engine, WHO, number, world.means.clock())
        except CredentialError as error:
            errors.append(type(error))

    threads = [threading.Thread(target=run, args=(one,)) for one in ids]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(left(world)) == 1
    assert errors == [LastOperator]
