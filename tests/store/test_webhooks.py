"""Webhooks at rest: whose endpoint it is, one lease at a time, and what is dropped, kept and told in which order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from credentials.store import webhooks
from credentials.store.engine import read, write
from credentials.store.webhooks import Delivery, Message, Webhook
from tests.accounts.actors import at_once
from tests.accounts.conftest import add_issuer
from tests.store.rows import ACME, DAY, NOW, OTHER, SECOND

LEASE = timedelta(minutes=2)


def endpoint(own: str, issuer_id: str = ACME, **more: Any) -> Webhook:
    made = Webhook(
        id=own,
        issuer_id=issuer_id,
        address=f"https://{own}.example/hook",
        secret=b"sealed",
        kinds="credential.issued",
        created_at=NOW,
    )
    return replace(made, **more)


def message(own: str, issuer_id: str = ACME, at: datetime = NOW, event: str | None = None) -> Message:
    return Message(own, issuer_id, "credential.issued", event or f"credential.issued:{own}", b"{}", at)


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """Two issuers with an endpoint each; a message of acme's waits for acme's."""
    for slug in ("acme", "other"):
        add_issuer(engine, slug)
    with write(engine) as connection:
        webhooks.add(connection, endpoint("hook"))
        webhooks.add(connection, endpoint("theirs", OTHER))
        webhooks.add_messages(connection, [message("m1"), message("m2", OTHER)])
        webhooks.add_deliveries(connection, [waiting("m1"), waiting("m2", "theirs")])
    return engine


@pytest.fixture
def connection(kept: Engine) -> Iterator[Connection]:
    with write(kept) as opened:
        yield opened


def waiting(message_id: str, webhook_id: str = "hook", **more: Any) -> Delivery:
    return Delivery(message_id, webhook_id, "waiting", 0, NOW)._replace(**more)


def state(connection: Connection, message_id: str = "m1", webhook_id: str = "hook", owner: str = ACME) -> str | None:
    found = webhooks.history(connection, owner, webhook_id, after=None, limit=100)
    return next((one.delivery.state for one in found if one.delivery.message_id == message_id), None)


# Whose it is ---------------------------------------------------------------------------------------------------------


def test_another_issuer_finds_and_changes_nothing(connection: Connection) -> None:
    webhooks.change(connection, OTHER, "hook", {"kinds": "changed"})
    assert webhooks.by_id(connection, OTHER, "hook") is None
    assert webhooks.by_id(connection, ACME, "hook") == endpoint("hook")
    assert [one.id for one in webhooks.of_issuer(connection, OTHER)] == ["theirs"]
    assert webhooks.active_kinds(connection, OTHER) == {"theirs": "credential.issued"}
    assert webhooks.history(connection, OTHER, "hook", after=None, limit=9) == []
    assert webhooks.ids_of_events(connection, OTHER, ["credential.issued:m1"]) == {}


def test_another_issuer_ends_nothing_and_drops_nothing(connection: Connection) -> None:
    webhooks.end(connection, OTHER, "hook", NOW, "removed")
    assert webhooks.by_id(connection, ACME, "hook") == endpoint("hook")
    assert state(connection) == "waiting"


@pytest.mark.parametrize(("owner", "message_id", "webhook_id"), [
    (OTHER, "m1", "hook"), (ACME, "m2", "theirs"), (ACME, "m1", "theirs"), (ACME, "m2", "hook"), (ACME, "m9", "hook"),
])  # fmt: skip
def test_only_its_own_is_sent_again(connection: Connection, owner: str, message_id: str, webhook_id: str) -> None:
    assert not webhooks.send_again(connection, owner, message_id, webhook_id, NOW)


def test_a_secret_and_an_address_are_in_no_repr(connection: Connection) -> None:
    claimed = webhooks.claim(connection, "m1", "hook", NOW, NOW + LEASE)
    assert "sealed" not in repr(claimed)
    assert "hook.example" not in repr(claimed)


# How it ends ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["removed", "gone", "failing"])
def test_what_waits_for_an_ended_endpoint_is_dropped_and_the_rest_is_history(
    connection: Connection, reason: webhooks.EndReason
) -> None:
    webhooks.add_messages(connection, [message("m3")])
    webhooks.add_deliveries(connection, [waiting("m3", state="delivered")])
    webhooks.claim(connection, "m1", "hook", NOW, NOW + LEASE)
    webhooks.end(connection, ACME, "hook", NOW, reason)
    assert (state(connection), state(connection, "m3")) == ("dropped", "delivered")
    assert state(connection, "m2", "theirs", OTHER) == "waiting"
    assert webhooks.due(connection, NOW + DAY, 9) == [("m2", "theirs")]
    assert webhooks.active_kinds(connection, ACME) == {}
    found = webhooks.by_id(connection, ACME, "hook")
    assert (found is None) is (reason == "removed")
    assert found is None or (found.secret, found.ended_reason) == (b"sealed", reason)


def test_a_removed_endpoint_cannot_be_changed_back(connection: Connection) -> None:
    webhooks.end(connection, ACME, "hook", NOW, "removed")
    webhooks.change(connection, ACME, "hook", {"ended_at": None, "ended_reason": None})
    assert webhooks.of_issuer(connection, ACME) == []


# One lease at a time -------------------------------------------------------------------------------------------------

CLAIMS: list[tuple[str, dict[str, Any], bool]] = [
    ("due now", {}, True),
    ("due in a second", {"due_at": NOW + SECOND}, False),
    ("leased by somebody", {"leased_until": NOW + SECOND}, False),
    ("the lease ends now", {"leased_until": NOW}, True),
    ("delivered", {"state": "delivered"}, False),
    ("failed", {"state": "failed"}, False),
    ("dropped", {"state": "dropped"}, False),
]


def test_what_is_due_is_what_can_be_claimed(connection: Connection) -> None:
    webhooks.end(connection, OTHER, "theirs", NOW, "gone")
    webhooks.end(connection, ACME, "hook", NOW, "gone")
    for number, (_, changes, _) in enumerate(CLAIMS):
        webhooks.add_messages(connection, [message(f"c{number}")])
        webhooks.add_deliveries(connection, [waiting(f"c{number}", **changes)])
    ready = {f"c{number}" for number, row in enumerate(CLAIMS) if row[2]}
    assert {own for own, _ in webhooks.due(connection, NOW, 100)} == ready
    taken = {f"c{n}" for n in range(len(CLAIMS)) if webhooks.claim(connection, f"c{n}", "hook", NOW, NOW + LEASE)}
    assert taken == ready
    assert webhooks.due(connection, NOW, 100) == []


def test_the_longest_due_comes_first_and_no_more_than_asked_for(connection: Connection) -> None:
    for number in (2, 1, 3):
        webhooks.add_messages(connection, [message(f"c{number}")])
        webhooks.add_deliveries(connection, [waiting(f"c{number}", due_at=NOW - number * SECOND)])
    assert [own for own, _ in webhooks.due(connection, NOW, 3)] == ["c3", "c2", "c1"]
    assert webhooks.due(connection, NOW, 0) == []


def test_of_many_at_once_one_has_the_lease(kept: Engine) -> None:
    def claim() -> bool:
        with write(kept) as connection:
            return webhooks.claim(connection, "m1", "hook", NOW, NOW + LEASE) is not None

    assert sorted(map(str, at_once(*[claim] * 4))) == ["False", "False", "False", "True"]


def test_a_result_counts_only_under_the_lease_that_it_was_made_under(connection: Connection) -> None:
    first = webhooks.claim(connection, "m1", "hook", NOW, NOW + LEASE)
    second = webhooks.claim(connection, "m1", "hook", NOW + LEASE, NOW + 2 * LEASE)
    assert first is not None
    assert second is not None
    assert not webhooks.settle(connection, first.delivery, {"state": "failed"})
    assert state(connection) == "waiting"
    assert webhooks.settle(connection, second.delivery, {"state": "delivered"})
    assert not webhooks.settle(connection, second.delivery, {"state": "failed"})
    assert state(connection) == "delivered"


def test_a_result_for_an_endpoint_that_ended_meanwhile_is_nothing(connection: Connection) -> None:
    held = webhooks.claim(connection, "m1", "hook", NOW, NOW + LEASE)
    assert held is not None
    webhooks.end(connection, ACME, "hook", NOW, "removed")
    assert not webhooks.settle(connection, held.delivery, {"state": "delivered"})
    assert state(connection) == "dropped"


@pytest.mark.parametrize("before", ["delivered", "failed", "dropped", "waiting"])
def test_whatever_became_of_it_it_is_due_again_from_its_first_try(connection: Connection, before: str) -> None:
    webhooks.add_messages(connection, [message("m3")])
    webhooks.add_deliveries(connection, [waiting("m3", state=before, attempts=7, due_at=NOW + DAY)])
    assert webhooks.send_again(connection, ACME, "m3", "hook", NOW)
    claimed = webhooks.claim(connection, "m3", "hook", NOW, NOW + LEASE)
    assert claimed is not None
    assert claimed.delivery.attempts == 0


# Messages ------------------------------------------------------------------------------------------------------------


def test_an_event_happens_once_for_each_issuer(connection: Connection) -> None:
    event = "credential.issued:m1"
    again = [message("n1", event=event), message("n2", OTHER, event=event), message("n3"), message("n4", event="n")]
    assert webhooks.add_messages(connection, again) == {"n2", "n3", "n4"}
    assert webhooks.add_messages(connection, again) == {"n2", "n3", "n4"}
    assert webhooks.ids_of_events(connection, ACME, [event, "n", "unheard"]) == {event: "m1", "n": "n4"}
    assert webhooks.add_messages(connection, []) == set()


def test_a_message_goes_once_to_each_endpoint(connection: Connection) -> None:
    with pytest.raises(IntegrityError), connection.begin_nested():
        webhooks.add_deliveries(connection, [waiting("m1")])
    with pytest.raises(IntegrityError), connection.begin_nested():
        webhooks.add_deliveries(connection, [waiting("nothing")])


FORGOTTEN: list[tuple[str, timedelta, str | None, bool]] = [
    ("old and delivered", -DAY, "delivered", True),
    ("old and failed", -DAY, "failed", True),
    ("old and dropped", -DAY, "dropped", True),
    ("old, for nobody", -DAY, None, True),
    ("old and waiting", -DAY, "waiting", False),
    ("of this very moment", timedelta(), "delivered", False),
    ("new", SECOND, "delivered", False),
]


def test_only_what_is_old_and_over_is_forgotten(connection: Connection) -> None:
    for number, (_, age, ended, _) in enumerate(FORGOTTEN):
        webhooks.add_messages(connection, [message(f"f{number}", at=NOW + age)])
        webhooks.add_deliveries(connection, [waiting(f"f{number}", state=ended)] if ended else [])
    expected = sum(row[3] for row in FORGOTTEN)
    assert webhooks.forget(connection, NOW, 1) == 1
    assert webhooks.forget(connection, NOW, 100) == expected - 1
    assert webhooks.forget(connection, NOW, 100) == 0
    events = [f"credential.issued:f{number}" for number in range(len(FORGOTTEN))]
    left = {f"f{number}" for number, row in enumerate(FORGOTTEN) if not row[3]}
    assert set(webhooks.ids_of_events(connection, ACME, events).values()) == left


def test_what_waits_for_one_of_two_endpoints_is_kept_whole(connection: Connection) -> None:
    webhooks.add(connection, endpoint("second"))
    webhooks.add_deliveries(connection, [waiting("m1", "second", state="delivered")])
    assert webhooks.forget(connection, NOW + DAY, 100) == 0
    assert state(connection, "m1", "second") == "delivered"


# History -------------------------------------------------------------------------------------------------------------


def test_history_is_read_page_by_page_without_gap_or_repeat(connection: Connection) -> None:
    # Three moments with two messages each: the order within a moment is that of the ids.
    for number in range(6):
        webhooks.add_messages(connection, [message(f"h{number}", at=NOW + (number // 2) * SECOND)])
        webhooks.add_deliveries(connection, [waiting(f"h{number}")])
    seen: list[str] = []
    while len(seen) < 20 and (
        page := webhooks.history(connection, ACME, "hook", after=seen[-1] if seen else None, limit=2)
    ):
        seen += [one.delivery.message_id for one in page]
    assert seen == ["h5", "h4", "h3", "h2", "m1", "h1", "h0"]


@pytest.mark.parametrize("after", ["", "nothing", "m2", "' OR 1=1 --"])
def test_history_behind_what_is_not_ones_own_is_empty(connection: Connection, after: str) -> None:
    assert webhooks.history(connection, ACME, "hook", after=after, limit=9) == []


def test_nothing_is_read_before_it_is_committed(kept: Engine) -> None:
    with write(kept) as connection:
        webhooks.add(connection, endpoint("late"))
        with read(kept) as other:
            assert webhooks.by_id(other, ACME, "late") is None
