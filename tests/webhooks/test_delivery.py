"""Deliveries at a real https receiver: signed as the specification says, ended, replayed, never two at once."""

import json
import logging
import threading
from datetime import timedelta

import pytest
import standardwebhooks
from sqlalchemy import text

from credentials.store.webhooks import Delivery
from credentials.webhooks.delivery import LEASE, PATIENCE
from credentials.webhooks.sealing import Sealer
from credentials.webhooks.service import OVERLAP, WebhookService
from tests.webhooks.conftest import ACME, ISSUED, SECRET, World
from tests.webhooks.receiver import Authority, client_for, endless, status


def delivery(world: World, webhook_id: str) -> Delivery:
    """The newest delivery to an endpoint."""
    return world.service.history(ACME, webhook_id).deliveries[0].delivery


def test_another_implementation_verifies_what_arrives(world: World) -> None:
    made = world.add()
    message = world.happen()
    assert world.work() == 1
    [got] = world.receiver.got
    told = standardwebhooks.Webhook(made.secret).verify(got.body, got.headers)
    assert told == json.loads(got.body)
    assert (told["type"], told["data"]["credential"], set(told)) == (ISSUED, "1", {"type", "timestamp", "data"})
    assert (got.id, got.path, got.headers["content-type"]) == (message, "/hook", "application/json")
    done = delivery(world, made.webhook.id)
    assert (done.state, done.attempts, done.answered, done.problem) == ("delivered", 1, 200, None)
    assert done.delivered_at is not None
    assert world.work() == 0


@pytest.mark.parametrize("change", ["body", "webhook-id", "webhook-timestamp", "secret"])
def test_another_implementation_refuses_what_was_altered(world: World, change: str) -> None:
    made = world.add()
    world.happen()
    world.work()
    [got] = world.receiver.got
    body = got.body.replace(b'"1"', b'"2"') if change == "body" else got.body
    headers = got.headers | ({change: got.headers[change][:-1] + "x"} if change == "webhook-id" else {})
    if change == "webhook-timestamp":
        headers[change] = str(int(headers[change]) + 1)
    secret = world.add().secret if change == "secret" else made.secret
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(secret).verify(body, headers)


def test_both_secrets_sign_for_a_day_after_a_rotation(world: World) -> None:
    old = world.add()
    new = world.service.rotate(ACME, old.webhook.id)
    world.happen("1")
    world.work()
    [got] = world.receiver.got
    assert got.headers["webhook-signature"].count("v1,") == 2
    for one in (old, new):
        standardwebhooks.Webhook(one.secret).verify(got.body, got.headers)
    newer = world.service.rotate(ACME, old.webhook.id)
    world.happen("2")
    world.work()
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(old.secret).verify(world.receiver.got[1].body, world.receiver.got[1].headers)
    world.clock.advance(OVERLAP)
    world.happen("3")
    world.work()
    assert world.receiver.got[2].headers["webhook-signature"].count("v1,") == 1
    assert newer.secret not in (old.secret, new.secret)


def test_nobody_listens(world: World, authority: Authority) -> None:
    made = world.add()
    world.happen()
    client = client_for(authority.path, world.receiver.port, lookup=lambda _host, _port: ["127.0.0.2"])
    deaf = WebhookService(world.engine, SECRET, client, world.clock)
    deaf.deliver(deaf.due(world.clock(), 1)[0])
    assert delivery(world, made.webhook.id).problem == "host-unreachable"


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::1", "127.0.0.1"])
def test_a_name_that_leads_inside_is_not_followed(world: World, authority: Authority, address: str) -> None:
    made = world.add()
    world.happen()
    client = client_for(
        authority.path, world.receiver.port, allowed_private_hosts=(), lookup=lambda _host, _port: [address]
    )
    strict = WebhookService(world.engine, SECRET, client, world.clock)
    strict.deliver(strict.due(world.clock(), 1)[0])
    assert delivery(world, made.webhook.id).problem == "address-refused"
    assert world.receiver.got == []


def test_a_receiver_that_cannot_prove_its_name_gets_nothing(world: World, tmp_path_factory: object) -> None:
    made = world.add()
    world.happen()
    client = client_for(None, world.receiver.port)  # type: ignore[arg-type] # the public authorities
    strict = WebhookService(world.engine, SECRET, client, world.clock)
    strict.deliver(strict.due(world.clock(), 1)[0])
    assert delivery(world, made.webhook.id).problem == "tls-failed"
    assert world.receiver.got == []


def test_an_answer_without_end_is_not_read(world: World) -> None:
    made = world.add()
    world.happen()
    world.receiver.answer = endless
    world.work()
    assert delivery(world, made.webhook.id).state == "delivered"


def test_gone_ends_the_endpoint_and_drops_what_waits(world: World) -> None:
    made = world.add()
    world.happen("1")
    world.happen("2")
    world.receiver.answer = status(410)
    world.work()
    [listed] = world.service.listed(ACME)
    assert (listed.ended_reason, listed.ended_at) == ("gone", world.clock())
    assert world.ended == [listed]
    states = sorted(one.delivery.state for one in world.service.history(ACME, made.webhook.id).deliveries)
    assert (states, len(world.receiver.got)) == (["dropped", "failed"], 1)
    assert world.happen("3") is None


def test_an_endpoint_that_fails_for_days_ends_and_somebody_is_told(world: World) -> None:
    world.add()
    world.happen("1")
    world.receiver.answer = status(500)
    world.work()
    world.clock.advance(PATIENCE - timedelta(seconds=1))
    world.happen("2")
    world.work()
    assert world.ended == []
    world.clock.advance(timedelta(minutes=11))
    world.work()
    [listed] = world.service.listed(ACME)
    assert listed.ended_reason == "failing"
    assert world.ended == [listed]
    assert world.work() == 0


def test_one_success_ends_the_count_of_days(world: World) -> None:
    world.add()
    world.receiver.answer = status(500)
    world.happen("1")
    world.work()
    assert world.service.listed(ACME)[0].failing_since == world.clock()
    world.clock.advance(PATIENCE)
    world.receiver.answer = status(200)
    world.work()
    assert world.service.listed(ACME)[0].failing_since is None
    world.receiver.answer = status(500)
    world.happen("2")
    world.work()
    assert world.service.listed(ACME)[0].ended_at is None


def test_two_workers_never_send_one_at_once(world: World) -> None:
    world.add()
    for number in range(4):
        world.happen(str(number))
    due = world.service.due(world.clock(), 100)

    def work() -> None:
        for one in due:
            world.service.deliver(one)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(world.receiver.got) == 4


@pytest.mark.parametrize(("answered", "state"), [(200, "delivered"), (500, "waiting")])
def test_a_lease_runs_out_and_the_late_result_counts_no_more(
    world: World, authority: Authority, answered: int, state: str
) -> None:
    """A worker that slept through its lease: another sends the same message meanwhile, under the same id."""
    made = world.add()
    world.happen()
    [due] = world.service.due(world.clock(), 1)

    def slow(handler: object) -> None:
        world.receiver.answer = status(answered)
        world.service.deliver(due)
        assert len(world.receiver.got) == 1  # leased: nobody else sends it
        world.clock.advance(LEASE)
        world.service.deliver(due)
        status(503)(handler)  # type: ignore[arg-type]

    world.receiver.answer = slow
    patient = WebhookService(
        world.engine, SECRET, client_for(authority.path, world.receiver.port, timeout=10.0), world.clock
    )
    patient.deliver(due)
    assert len(world.receiver.got) == 2
    assert len({got.id for got in world.receiver.got}) == 1
    after = delivery(world, made.webhook.id)
    assert (after.state, after.answered, after.attempts) == (state, answered, 1)


def test_a_replay_sends_what_was_delivered_again_under_the_same_id(world: World) -> None:
    made = world.add()
    message = world.happen() or ""
    world.work()
    world.service.replay(ACME, message, made.webhook.id)
    assert world.work() == 1
    assert [got.id for got in world.receiver.got] == [message, message]
    assert world.receiver.got[0].body == world.receiver.got[1].body


def test_too_busy_is_no_try(world: World, authority: Authority) -> None:
    made = world.add()
    world.happen()
    client = client_for(authority.path, world.receiver.port, concurrency=0)
    busy = WebhookService(world.engine, SECRET, client, world.clock)
    busy.deliver(busy.due(world.clock(), 1)[0])
    after = delivery(world, made.webhook.id)
    assert (after.state, after.attempts, after.problem) == ("waiting", 0, "too-busy-to-ask")
    assert world.service.listed(ACME)[0].failing_since is None


def test_a_secret_that_cannot_be_opened_signs_nothing(world: World, authority: Authority) -> None:
    made = world.add()
    world.happen()
    other = WebhookService(world.engine, b"8" * 32, client_for(authority.path, world.receiver.port), world.clock)
    other.deliver(other.due(world.clock(), 1)[0])
    assert delivery(world, made.webhook.id).problem == "webhook-secret-unreadable"
    assert world.receiver.got == []


def test_a_secret_under_another_webhook_is_not_opened(world: World) -> None:
    one, two = world.add(), world.add()
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE webhook SET secret = :secret WHERE id = :id"),
            {"secret": one.webhook.secret, "id": two.webhook.id},
        )
    world.happen()
    world.work()
    assert delivery(world, one.webhook.id).state == "delivered"
    assert delivery(world, two.webhook.id).problem == "webhook-secret-unreadable"
    assert Sealer(SECRET).open(one.webhook.secret, ACME, one.webhook.id)


@pytest.mark.parametrize("name", ["", ":", "msg_x:y", "nonsense", "msg_x:y:z", "\x01"])
def test_an_unknown_delivery_does_nothing(world: World, name: str) -> None:
    world.service.deliver(name)
    assert world.receiver.got == []


def test_nothing_secret_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = world.add()
    world.happen()
    world.receiver.answer = status(500, body=b"canary-of-the-answer")
    world.work()
    for secret in (made.secret, made.secret.removeprefix("whsec_"), "canary-of-the-answer"):
        assert secret not in caplog.text
    after = delivery(world, made.webhook.id)
    assert "canary" not in repr(after)
