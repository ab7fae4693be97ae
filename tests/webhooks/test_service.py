"""Endpoints: whose they are, where they may be, what they are told, and that their secrets stay secret."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from credentials.store.engine import write
from credentials.webhooks.errors import (
    CursorUnusable,
    DeliveryUnknown,
    TooManyWebhooks,
    WebhookAddressRefused,
    WebhookEnded,
    WebhookIssuerUnknown,
    WebhookKindUnknown,
    WebhookUnknown,
)
from credentials.webhooks.messages import emit
from credentials.webhooks.service import MOST_WEBHOOKS
from tests.webhooks.conftest import ACME, ISSUED, OTHER, World
from tests.webhooks.receiver import status


def test_an_added_webhook_is_listed_for_its_issuer_only(world: World) -> None:
    made = world.add(ISSUED, "key.rotated")
    assert world.service.listed(ACME) == [made.webhook]
    assert made.webhook.kinds == "credential.issued key.rotated"
    assert world.service.listed(OTHER) == []


def test_secrets_and_addresses_are_in_no_repr_and_secrets_not_in_the_database(world: World) -> None:
    made = world.add()
    again = world.service.rotate(ACME, made.webhook.id)
    shown = repr([made, again, world.service.listed(ACME), world.service])
    with world.engine.connect() as connection:
        rows = repr(connection.execute(text("SELECT * FROM webhook")).all())
    for one in (made, again):
        assert one.secret.startswith("whsec_")
        assert one.secret.removeprefix("whsec_") not in shown + rows
    assert made.secret != again.secret
    assert world.receiver.address not in shown
    assert world.service.listed(ACME)[0].secret.hex() not in shown


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://hooks.example/hook",
        "ftp://hooks.example/",
        "//hooks.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://93.184.216.34/",
        "https://hooks.example:22/",
        "https://hooks.example:8443/",
        "https://me:word@hooks.example/",
        "https://hooks.example/#part",
        "https://hooks.example\\@127.0.0.1/",
        "https://hooks.example./",
        "https://hooks .example/",
        "https://" + "a" * 2050 + ".example/",
        "javascript:alert(1)",
    ],
)
def test_an_address_where_nothing_is_sent_is_refused_at_once(world: World, address: str) -> None:
    with pytest.raises(WebhookAddressRefused) as caught:
        world.service.add(ACME, address, [ISSUED])
    assert caught.value.where == "address"
    assert world.service.listed(ACME) == []


@pytest.mark.parametrize("kinds", [[], ["credential"], [ISSUED, "x"], ["credential.issued key.rotated"], ["*"], [""]])
def test_unknown_kinds_are_refused(world: World, kinds: list[str]) -> None:
    with pytest.raises(WebhookKindUnknown):
        world.service.add(ACME, world.receiver.address, kinds)
    assert world.service.listed(ACME) == []


def test_nobody_has_webhooks_without_being_an_issuer(world: World) -> None:
    with pytest.raises(WebhookIssuerUnknown):
        world.add(issuer="nobody")
    with pytest.raises(WebhookIssuerUnknown):
        world.service.issuer_id("nobody")
    assert world.service.issuer_id("acme") == ACME


def test_there_is_a_most(world: World) -> None:
    for _ in range(MOST_WEBHOOKS):
        last = world.add()
    with pytest.raises(TooManyWebhooks):
        world.add()
    world.add(issuer=OTHER)
    world.service.remove(ACME, last.webhook.id)
    world.add()


def test_foreign_and_missing_webhooks_look_alike(world: World) -> None:
    mine = world.add().webhook.id
    message = world.happen() or ""
    for issuer, webhook in ((OTHER, mine), (ACME, "missing"), (OTHER, "missing"), ("nobody", mine), (ACME, "")):
        told = set()
        for call in (
            lambda: world.service.remove(issuer, webhook),  # noqa: B023 - called at once
            lambda: world.service.rotate(issuer, webhook),  # noqa: B023
            lambda: world.service.replay(issuer, message, webhook),  # noqa: B023
            lambda: world.service.history(issuer, webhook),  # noqa: B023
        ):
            with pytest.raises(WebhookUnknown) as caught:
                call()
            told.add(str(caught.value))
        assert len(told) == 1
    assert [one.id for one in world.service.listed(ACME)] == [mine]
    assert world.work() == 1


def test_a_foreign_message_is_not_replayed(world: World) -> None:
    mine = world.add().webhook.id
    theirs = world.add(issuer=OTHER).webhook.id
    message = world.happen(issuer=OTHER) or ""
    world.work()
    for webhook in (mine, theirs):
        with pytest.raises((DeliveryUnknown, WebhookUnknown)):
            world.service.replay(ACME, message, webhook)
    with pytest.raises(DeliveryUnknown):
        world.service.replay(ACME, "msg_missing", mine)
    assert world.work() == 0


def test_a_removed_webhook_is_told_nothing_more_and_keeps_no_secret(world: World) -> None:
    made = world.add()
    world.happen("before")
    world.service.remove(ACME, made.webhook.id)
    assert world.happen("after") is None
    assert world.work() == 0
    assert world.receiver.got == []
    with pytest.raises(WebhookUnknown):
        world.service.remove(ACME, made.webhook.id)
    with world.engine.connect() as connection:
        row = connection.execute(text("SELECT secret, former_secret FROM webhook")).one()
    assert (bytes(row.secret), row.former_secret) == (b"", None)


def test_an_ended_webhook_is_neither_rotated_nor_replayed(world: World) -> None:
    made = world.add()
    message = world.happen() or ""
    world.receiver.answer = status(410)
    world.work()
    with pytest.raises(WebhookEnded):
        world.service.rotate(ACME, made.webhook.id)
    with pytest.raises(WebhookEnded):
        world.service.replay(ACME, message, made.webhook.id)
    world.service.remove(ACME, made.webhook.id)
    assert world.service.listed(ACME) == []


def test_a_history_goes_page_by_page_newest_first(world: World) -> None:
    made, other = world.add(), world.add("key.rotated")
    told = []
    for number in range(7):
        message = world.happen(str(number))
        assert message is not None
        told.append(message)
        if number % 2:
            world.clock.advance(timedelta(seconds=1))
    seen, cursor = [], None
    for _ in range(4):
        page = world.service.history(ACME, made.webhook.id, cursor, limit=2)
        seen += [one.delivery.message_id for one in page.deliveries]
        cursor = page.cursor
    assert cursor is None
    assert sorted(seen) == sorted(told)
    times = [one.created_at for one in world.service.history(ACME, made.webhook.id).deliveries]
    assert times == sorted(times, reverse=True)
    assert world.service.history(ACME, other.webhook.id).deliveries == []


@pytest.mark.parametrize("cursor", ["", "x", "MSG_1", "-1"])
def test_a_cursor_that_was_not_given_out_is_refused(world: World, cursor: str) -> None:
    made = world.add()
    with pytest.raises(CursorUnusable):
        world.service.history(ACME, made.webhook.id, cursor)


def test_a_foreign_cursor_shows_nothing(world: World) -> None:
    made = world.add()
    world.add(issuer=OTHER)
    world.happen()
    foreign = world.happen(issuer=OTHER)
    for cursor in (foreign, "msg_missing"):
        assert world.service.history(ACME, made.webhook.id, cursor).deliveries == []


def test_a_failed_transaction_tells_nobody(world: World) -> None:
    world.add()
    data = {"credential": "1"}
    with pytest.raises(ZeroDivisionError), write(world.engine) as connection:  # noqa: PT012 - within the transaction
        assert emit(connection, ACME, ISSUED, "credential.issued:1", data, world.clock())
        raise ZeroDivisionError
    assert world.work() == 0
