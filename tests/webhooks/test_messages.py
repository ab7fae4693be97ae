"""What is recorded: once for each event, for whoever wants it, and never more than ids and links."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from credentials.store.engine import write
from credentials.store.tables import webhook_delivery, webhook_message
from credentials.webhooks.kinds import KINDS, known_kinds, require_data
from credentials.webhooks.messages import announce
from tests.webhooks.conftest import ACME, ISSUED, OTHER, World


def counts(world: World) -> tuple[int, int]:
    """Messages and deliveries there are."""
    with world.engine.connect() as connection:
        messages = connection.execute(select(func.count()).select_from(webhook_message)).scalar_one()
        return messages, connection.execute(select(func.count()).select_from(webhook_delivery)).scalar_one()


def test_each_endpoint_that_wants_it_gets_one_delivery(world: World) -> None:
    for kinds in ([ISSUED], [ISSUED, "key.rotated"], ["key.rotated"]):
        world.add(*kinds)
    world.add(ISSUED, issuer=OTHER)
    assert world.happen() is not None
    assert counts(world) == (1, 2)


def test_an_event_is_recorded_once_by_its_name(world: World) -> None:
    world.add()
    first = world.happen("1")
    assert world.happen("1") == first
    assert world.happen("2") != first
    assert counts(world) == (2, 2)


def test_the_same_name_at_another_issuer_is_another_event(world: World) -> None:
    world.add()
    world.add(issuer=OTHER)
    assert world.happen("1") != world.happen("1", issuer=OTHER)


def test_nobody_wants_to_know_and_nothing_is_written_or_even_read(world: World) -> None:
    world.add("key.rotated")

    read: list[str] = []

    def happenings() -> Iterator[tuple[str, dict[str, object]]]:
        read.append("read")
        yield f"{ISSUED}:1", {"credential": "1"}

    with write(world.engine) as connection:
        assert announce(connection, ACME, ISSUED, happenings(), world.clock()) == []
        assert announce(connection, "nobody", ISSUED, happenings(), world.clock()) == []
    assert read == []
    assert world.happen() is None
    assert counts(world) == (0, 0)


def test_many_at_once_with_some_of_them_known(world: World) -> None:
    world.add()
    world.add()
    world.happen("3")
    with write(world.engine) as connection:
        happenings = [(f"{ISSUED}:{number}", {"credential": str(number)}) for number in range(9, -1, -1)]
        told = announce(connection, ACME, ISSUED, happenings, world.clock())
    assert len(set(told)) == 9
    assert counts(world) == (10, 20)


@pytest.mark.parametrize("member", ["name", "email", "reason", "recipientName", "Credential", ""])
@pytest.mark.parametrize("kind", KINDS)
def test_no_message_holds_more_than_its_kind_tells(kind: str, member: str) -> None:
    with pytest.raises(ValueError, match="does not hold"):
        require_data(kind, {member: "Ana"})
    require_data(kind, dict.fromkeys(KINDS[kind].members, "x"))


@pytest.mark.parametrize("kind", ["", "credential", "credential.Issued", "x"])
def test_an_unknown_kind_is_a_mistake(world: World, kind: str) -> None:
    world.add()
    with pytest.raises(ValueError, match="does not hold"):
        require_data(kind, {})


def test_kinds_come_once_and_in_order() -> None:
    assert known_kinds(["key.rotated", ISSUED, ISSUED]) == (ISSUED, "key.rotated")
    assert all(kind.meaning.endswith(".") and kind.name == name for name, kind in KINDS.items())
