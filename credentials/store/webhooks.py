"""Webhooks as kept: endpoints of an issuer, messages that happened once, and a delivery of each to each endpoint.

A delivery is `waiting` until it is `delivered`, `failed` (tried long enough) or `dropped` (its endpoint ended). Whoever
sends one holds a lease on it: `leased_until` is also the mark by which its own result is told from that of another.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select, tuple_, update

from credentials.store.inserting import insert_ignoring, insert_rows
from credentials.store.tables import webhook, webhook_delivery, webhook_message

State = Literal["waiting", "delivered", "failed", "dropped"]
EndReason = Literal["removed", "gone", "failing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One endpoint. `secret` and `former_secret` are sealed; `kinds` are words separated by spaces.

    The address may itself be a secret, so neither it nor a secret is in the repr. `failing_since`: the first failure
    after the last success. `ended_reason`: `removed` by its issuer, `gone` (it answered 410) or `failing` for days.
    """

    id: str
    issuer_id: str
    address: str = field(repr=False)
    secret: bytes = field(repr=False)
    kinds: str
    created_at: datetime
    former_secret: bytes | None = field(default=None, repr=False)
    former_until: datetime | None = None
    failing_since: datetime | None = None
    ended_at: datetime | None = None
    ended_reason: EndReason | None = None


class Message(NamedTuple):
    """Something that happened once, by the name `event`, and the exact bytes that are sent about it."""

    id: str
    issuer_id: str
    kind: str
    event: str
    body: bytes
    created_at: datetime


class Delivery(NamedTuple):
    """A message for an endpoint: how often it was tried, when it is next, and how the last try ended."""

    message_id: str
    webhook_id: str
    state: State
    attempts: int
    due_at: datetime
    leased_until: datetime | None = None
    answered: int | None = None
    problem: str | None = None
    delivered_at: datetime | None = None


class Listed(NamedTuple):
    """A delivery in an endpoint's history, with what it is about."""

    delivery: Delivery
    kind: str
    created_at: datetime


class Claimed(NamedTuple):
    """A delivery under lease, and all that is needed to send it."""

    delivery: Delivery
    webhook: Webhook
    message: Message


# Endpoints -----------------------------------------------------------------------------------------------------------


def add(connection: Connection, endpoint: Webhook) -> None:
    """Insert an endpoint."""
    connection.execute(insert(webhook), asdict(endpoint))


def by_id(connection: Connection, issuer_id: str, webhook_id: str) -> Webhook | None:
    """An issuer's endpoint that it has not removed, or None."""
    row = connection.execute(select(webhook).where(_own(issuer_id, webhook_id))).one_or_none()
    return None if row is None else Webhook(**row._mapping)


def of_issuer(connection: Connection, issuer_id: str) -> list[Webhook]:
    """An issuer's endpoints, oldest first; without the removed ones, with those that ended by themselves."""
    query = select(webhook).where(webhook.c.issuer_id == issuer_id, _not_removed())
    return [Webhook(**row._mapping) for row in connection.execute(query.order_by(webhook.c.created_at, webhook.c.id))]


def change(connection: Connection, issuer_id: str, webhook_id: str, values: Mapping[str, Any]) -> None:
    """Set columns of an issuer's endpoint."""
    connection.execute(update(webhook).where(_own(issuer_id, webhook_id)).values(**values))


def end(connection: Connection, issuer_id: str, webhook_id: str, at: datetime, reason: EndReason) -> None:
    """End an endpoint: what waits for it is dropped; a removed one keeps no secret."""
    values: dict[str, Any] = {"ended_at": at, "ended_reason": reason}
    if reason == "removed":
        values |= {"secret": b"", "former_secret": None, "former_until": None}
    change(connection, issuer_id, webhook_id, values)
    theirs = select(webhook.c.id).where(webhook.c.issuer_id == issuer_id, webhook.c.id == webhook_id)
    waiting = webhook_delivery.c.webhook_id.in_(theirs) & (webhook_delivery.c.state == "waiting")
    connection.execute(update(webhook_delivery).where(waiting).values(state="dropped", leased_until=None))


def active_kinds(connection: Connection, issuer_id: str) -> dict[str, str]:
    """The kinds (words separated by spaces) that each active endpoint of an issuer takes, by its id."""
    query = select(webhook.c.id, webhook.c.kinds)
    active = (webhook.c.issuer_id == issuer_id) & webhook.c.ended_at.is_(None)
    return {row.id: row.kinds for row in connection.execute(query.where(active).order_by(webhook.c.id))}


def _own(issuer_id: str, webhook_id: str) -> ColumnElement[bool]:
    return (webhook.c.issuer_id == issuer_id) & (webhook.c.id == webhook_id) & _not_removed()


def _not_removed() -> ColumnElement[bool]:
    return webhook.c.ended_reason.is_(None) | (webhook.c.ended_reason != "removed")


# Messages ------------------------------------------------------------------------------------------------------------


def add_messages(connection: Connection, messages: Sequence[Message]) -> set[str]:
    """Insert what did not happen before, by its event's name; returns the ids that are new.

    In one order for all, so that two transactions with the same events wait and never dead-lock.
    """
    ordered = sorted(messages, key=lambda one: (one.issuer_id, one.event))
    own = {one.id for one in ordered}
    if insert_ignoring(connection, webhook_message, ordered) == len(ordered):
        return own
    return set(connection.execute(select(webhook_message.c.id).where(webhook_message.c.id.in_(sorted(own)))).scalars())


def ids_of_events(connection: Connection, issuer_id: str, events: Collection[str]) -> dict[str, str]:
    """The id of the message about each of these events, by the event's name."""
    which = (webhook_message.c.issuer_id == issuer_id) & webhook_message.c.event.in_(sorted(events))
    query = select(webhook_message.c.event, webhook_message.c.id).where(which)
    return {row.event: row.id for row in connection.execute(query)}


def forget(connection: Connection, before: datetime, limit: int) -> int:
    """Delete messages older than a moment of which no delivery waits, at most `limit`; returns how many it looked at.

    What somebody sends again at this very moment stays: each statement looks once more.
    """
    message, delivery = webhook_message.c, webhook_delivery.c
    waits = exists().where(delivery.message_id == message.id, delivery.state == "waiting")
    query = select(message.id).where(message.created_at < before, ~waits).order_by(message.created_at).limit(limit)
    found = list(connection.execute(query).scalars())
    over = delivery.message_id.in_(found) & (delivery.state != "waiting")
    connection.execute(delete(webhook_delivery).where(over))
    told = exists().where(delivery.message_id == message.id)
    connection.execute(delete(webhook_message).where(message.id.in_(found), ~told))
    return len(found)


# Deliveries ----------------------------------------------------------------------------------------------------------


def add_deliveries(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    """Insert deliveries."""
    insert_rows(connection, webhook_delivery, deliveries)


def due(connection: Connection, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Message and endpoint of what is to be sent now and leased by nobody, the longest due first."""
    columns = webhook_delivery.c
    query = select(columns.message_id, columns.webhook_id).where(_ready(now))
    return [(row.message_id, row.webhook_id) for row in connection.execute(query.order_by(columns.due_at).limit(limit))]


def claim(
    connection: Connection, message_id: str, webhook_id: str, now: datetime, leased_until: datetime
) -> Claimed | None:
    """Take the lease on a delivery that is due; None when there is none or somebody holds it."""
    which = _delivery(message_id, webhook_id) & _ready(now)
    taken = connection.execute(update(webhook_delivery).where(which).values(leased_until=leased_until))
    if taken.rowcount != 1:
        return None
    delivery = connection.execute(select(webhook_delivery).where(_delivery(message_id, webhook_id))).one()
    message = connection.execute(select(webhook_message).where(webhook_message.c.id == message_id)).one()
    endpoint = connection.execute(select(webhook).where(webhook.c.id == webhook_id)).one()
    return Claimed(Delivery(*delivery), Webhook(**endpoint._mapping), Message(*message))


def settle(connection: Connection, held: Delivery, values: Mapping[str, Any]) -> bool:
    """Record what came of a leased delivery and end the lease; False, and nothing, once the lease is another's."""
    mine = webhook_delivery.c.leased_until == held.leased_until
    which = _delivery(held.message_id, held.webhook_id) & (webhook_delivery.c.state == "waiting") & mine
    done = connection.execute(update(webhook_delivery).where(which).values(**values, leased_until=None))
    return done.rowcount == 1


def send_again(connection: Connection, issuer_id: str, message_id: str, webhook_id: str, now: datetime) -> bool:
    """Let a delivery of an issuer be due now, from its first try on; False when there is none."""
    theirs = select(webhook_message.c.id).where(webhook_message.c.issuer_id == issuer_id)
    which = _delivery(message_id, webhook_id) & webhook_delivery.c.message_id.in_(theirs)
    again = update(webhook_delivery).where(which).values(state="waiting", attempts=0, due_at=now)
    return connection.execute(again).rowcount == 1


def history(connection: Connection, issuer_id: str, webhook_id: str, *, after: str | None, limit: int) -> list[Listed]:
    """Deliveries to an issuer's endpoint, the newest message first, beginning behind the message `after`."""
    message = webhook_message.c
    query = select(webhook_delivery, message.kind, message.created_at).join(
        webhook_message, message.id == webhook_delivery.c.message_id
    )
    query = query.where(webhook_delivery.c.webhook_id == webhook_id, message.issuer_id == issuer_id)
    if after is not None:
        place = select(message.created_at, message.id).where(message.id == after, message.issuer_id == issuer_id)
        query = query.where(tuple_(message.created_at, message.id) < place.correlate(None).scalar_subquery())
    query = query.order_by(message.created_at.desc(), message.id.desc()).limit(limit)
    return [Listed(Delivery(*row[:-2]), row[-2], row[-1]) for row in connection.execute(query)]


def _delivery(message_id: str, webhook_id: str) -> ColumnElement[bool]:
    return (webhook_delivery.c.message_id == message_id) & (webhook_delivery.c.webhook_id == webhook_id)


def _ready(now: datetime) -> ColumnElement[bool]:
    columns = webhook_delivery.c
    free = columns.leased_until.is_(None) | (columns.leased_until <= now)
    return (columns.state == "waiting") & (columns.due_at <= now) & free
