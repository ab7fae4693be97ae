"""Old messages are forgotten, and none that may still be wanted."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from credentials.store import webhooks as rows
from credentials.store.engine import read, write
from credentials.store.tables import webhook_delivery, webhook_message
from credentials.webhooks.errors import DeliveryUnknown
from credentials.webhooks.messages import announce
from credentials.webhooks.service import KEPT_FOR
from tests.webhooks.conftest import ACME, ISSUED, OTHER, World
from tests.webhooks.receiver import status

SECOND = timedelta(seconds=1)


def counts(world: World) -> tuple[int, int]:
    """Messages and deliveries there are."""
    with read(world.engine) as connection:
        messages = connection.execute(select(func.count()).select_from(webhook_message)).scalar_one()
        return messages, connection.execute(select(func.count()).select_from(webhook_delivery)).scalar_one()


def test_what_is_over_is_forgotten_after_a_month(world: World) -> None:
    made = world.add()
    world.add()
    message = world.happen()
    world.work()
    world.clock.advance(KEPT_FOR)
    assert world.service.tidy() == 0
    assert counts(world) == (1, 2)

    world.clock.advance(SECOND)
    assert world.service.tidy() == 1
    assert counts(world) == (0, 0)
    assert world.service.history(ACME, made.webhook.id).deliveries == []
    with pytest.raises(DeliveryUnknown):
        world.service.replay(ACME, str(message), made.webhook.id)


def test_what_still_waits_for_one_endpoint_is_kept_for_all(world: World) -> None:
    world.add()
    waiting = world.add()
    world.happen()
    world.work()
    world.clock.advance(KEPT_FOR + SECOND)
    with write(world.engine) as connection:
        which = webhook_delivery.c.webhook_id == waiting.webhook.id
        connection.execute(update(webhook_delivery).where(which).values(state="waiting"))
    assert world.service.tidy() == 0
    assert counts(world) == (1, 2)


@pytest.mark.parametrize("state", ["delivered", "failed", "dropped"])
def test_every_end_is_one(world: World, state: str) -> None:
    world.add()
    world.happen()
    with write(world.engine) as connection:
        connection.execute(update(webhook_delivery).values(state=state))
    world.clock.advance(KEPT_FOR + SECOND)
    assert world.service.tidy() == 1
    assert counts(world) == (0, 0)


def test_what_is_sent_again_stays(world: World) -> None:
    made = world.add()
    message = world.happen()
    world.work()
    world.clock.advance(KEPT_FOR + SECOND)
    world.service.replay(ACME, str(message), made.webhook.id)
    assert world.service.tidy() == 0
    assert world.work() == 1
    assert world.service.tidy() == 1


def test_only_the_old_ones_go_of_every_issuer_and_the_endpoints_stay(world: World) -> None:
    made = world.add()
    world.add(issuer=OTHER)
    world.happen("1")
    world.happen("1", issuer=OTHER)
    world.work()
    world.clock.advance(KEPT_FOR + SECOND)
    kept = world.happen("2")
    world.work()
    assert world.service.tidy() == 2
    assert [one.delivery.message_id for one in world.service.history(ACME, made.webhook.id).deliveries] == [kept]
    assert len(world.service.listed(OTHER)) == 1


def test_more_than_fit_into_one_transaction(world: World) -> None:
    world.add()
    data = {"issuer": "acme", "credential": "1", "url": "https://credentials.example/c/1"}
    with write(world.engine) as connection:
        happenings = [(f"{ISSUED}:{number}", data) for number in range(1001)]
        announce(connection, ACME, ISSUED, happenings, world.clock())
        connection.execute(update(webhook_delivery).values(state="failed"))
    world.clock.advance(KEPT_FOR + SECOND)
    assert world.service.tidy() == 1001
    assert counts(world) == (0, 0)


def test_a_delivery_under_way_is_not_pulled_from_under_its_sender(world: World) -> None:
    world.add()
    world.happen()
    world.clock.advance(KEPT_FOR + SECOND)
    due = world.service.due(world.clock(), 1)[0].split(":")
    with write(world.engine) as connection:
        rows.claim(connection, due[0], due[1], world.clock(), world.clock() + timedelta(minutes=2))
    assert world.service.tidy() == 0
    world.clock.advance(timedelta(minutes=2))
    world.receiver.answer = status(200)
    assert world.work() == 1
