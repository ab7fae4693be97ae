"""What was not taken is tried again: after pauses that grow, as late as the endpoint asks, and not for ever."""

from datetime import timedelta

import pytest

from credentials.webhooks.delivery import JITTER, PAUSES
from credentials.webhooks.retry_after import MOST
from credentials.webhooks.service import WebhookService
from tests.webhooks.conftest import SECRET, World
from tests.webhooks.receiver import Answer, Authority, client_for, drop, hang, status, trickle
from tests.webhooks.test_delivery import delivery


@pytest.mark.parametrize(
    ("answer", "answered", "problem"),
    [
        (status(301, ("Location", "https://hooks.example/ok")), 301, None),
        (status(307, ("Location", "https://127.0.0.1/")), 307, None),
        (status(400), 400, None),
        (status(404), 404, None),
        (status(500), 500, None),
        (status(503), 503, None),
        (drop, None, "host-unreachable"),
        (hang, None, "fetch-timed-out"),
        (trickle, None, "fetch-timed-out"),
    ],
)
def test_what_was_not_taken_is_tried_again(
    world: World, answer: Answer, answered: int | None, problem: str | None
) -> None:
    made = world.add()
    world.happen()
    world.receiver.answer = answer
    world.work()
    after = delivery(world, made.webhook.id)
    assert (after.state, after.attempts, after.answered, after.problem) == ("waiting", 1, answered, problem)
    assert after.due_at == world.clock() + PAUSES[0]
    assert len(world.receiver.got) == 1
    assert world.work() == 0
    world.receiver.answer = status(204, body=b"")
    world.clock.advance(PAUSES[0])
    assert world.work() == 1
    assert delivery(world, made.webhook.id).state == "delivered"
    assert len({got.id for got in world.receiver.got}) == 1


def test_ten_tries_within_about_three_days_then_it_has_failed(world: World) -> None:
    made = world.add()
    world.happen()
    world.receiver.answer = status(500)
    began = world.clock()
    for pause in (*PAUSES, timedelta(0)):
        assert world.work() == 1
        world.clock.advance(pause)
    assert timedelta(days=2.5) < world.clock() - began < timedelta(days=3.5)
    after = delivery(world, made.webhook.id)
    assert (after.state, after.attempts, len(world.receiver.got)) == ("failed", 10, 10)
    assert len({got.id for got in world.receiver.got}) == 1
    assert len({got.headers["webhook-timestamp"] for got in world.receiver.got}) == 10
    world.clock.advance(timedelta(days=9))
    assert world.work() == 0


def test_pauses_are_spread(world: World, authority: Authority) -> None:
    made = world.add()
    world.receiver.answer = status(500)
    seen = set()
    for number, chance in enumerate((0.0, 0.25, 1.0)):
        client = client_for(authority.path, world.receiver.port)
        service = WebhookService(world.engine, SECRET, client, world.clock, chance=lambda chance=chance: chance)  # type: ignore[misc]
        world.clock.advance(timedelta(microseconds=1))
        world.happen(str(number))
        [one] = [one for one in service.due(world.clock(), 9) if one.startswith("msg_")]
        service.deliver(one)
        seen.add(delivery(world, made.webhook.id).due_at - world.clock())
    assert {one / PAUSES[0] for one in seen} == {1 - JITTER, 1 - JITTER / 2, 1 + JITTER}


@pytest.mark.parametrize("code", [429, 503])
def test_an_endpoint_that_is_too_busy_is_left_alone_as_long_as_it_asks(world: World, code: int) -> None:
    made = world.add()
    world.happen()
    world.receiver.answer = status(code, ("Retry-After", "1000"))
    world.work()
    after = delivery(world, made.webhook.id)
    least, most = timedelta(seconds=1000), timedelta(seconds=1000) * (1 + JITTER)
    assert (after.state, after.attempts, after.answered) == ("waiting", 1, code)
    assert world.clock() + least <= after.due_at <= world.clock() + most
    world.receiver.answer = status(200)
    world.clock.advance(least - timedelta(seconds=1))
    assert world.work() == 0
    world.clock.advance(most - least + timedelta(seconds=1))
    assert world.work() == 1
    assert delivery(world, made.webhook.id).state == "delivered"


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        (503, "1"),
        (503, "soon"),
        (429, "-1000"),
        (429, "1000" + " " * 99 + "."),
        (429, "Mon, 16 Mar 1970 10:00:00 GMT"),
        (500, "1000"),
        (404, "1000"),
        (302, "1000"),
    ],
)
def test_asking_for_less_than_our_own_pause_or_for_nothing_changes_nothing(world: World, code: int, asked: str) -> None:
    made = world.add()
    world.happen()
    world.receiver.answer = status(code, ("Retry-After", asked))
    world.work()
    assert delivery(world, made.webhook.id).due_at == world.clock() + PAUSES[0]


def test_asking_for_years_ends_no_delivery_and_no_try_too_many(world: World) -> None:
    made = world.add()
    world.happen()
    world.receiver.answer = status(503, ("Retry-After", "9" * 60))
    for _ in range(len(PAUSES) + 1):
        world.work()
        world.clock.advance(MOST * (1 + JITTER))
    assert len(world.receiver.got) < len(PAUSES)  # PATIENCE ended it
    assert delivery(world, made.webhook.id).state == "dropped"
    assert [one.ended_reason for one in world.ended] == ["failing"]
