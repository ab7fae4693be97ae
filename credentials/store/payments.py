"""Payments as kept: what is due for an engagement until when, that it was paid, that it arrived. No money is here."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, insert, or_, select, update

from credentials.store.tables import engagement, issuer, project
from credentials.store.tables import payment as table

PaymentState = Literal["due", "paid", "confirmed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """The compensation of one engagement. `amount` is as agreed; `reference` as the company typed it.

    `reminded`: how many of the days on which the company is reminded have passed and are done with.
    """

    engagement_id: str
    issuer_id: str
    state: PaymentState
    amount: str
    due_on: date
    paid_on: date | None = None
    reference: str | None = None
    recorded_by: str | None = None
    confirmed_at: datetime | None = None
    changed_at: datetime
    reminded: int = 0


@dataclass(frozen=True, slots=True)
class Overdue:
    """A compensation that should have been paid: by whom, for what, since when, and after how many reminders."""

    engagement_id: str
    issuer_slug: str
    issuer_name: str
    title: str
    amount: str
    due_on: date
    reminded: int


def of_engagement(connection: Connection, engagement_id: str, *, lock: bool = False) -> Payment | None:
    """The payment of an engagement, or None; `lock` keeps others from changing it until the transaction ends."""
    query = select(table).where(table.c.engagement_id == engagement_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Payment(**row._mapping)


def put(connection: Connection, payment: Payment) -> None:
    """Write a payment over the one before. The caller holds the engagement's lock."""
    values = asdict(payment)
    which = table.c.engagement_id == payment.engagement_id
    if connection.execute(update(table).where(which).values(**values)).rowcount == 0:
        connection.execute(insert(table).values(**values))


def overdue(connection: Connection, today: date, limit: int = 200) -> list[Overdue]:
    """What should have been paid before `today` and was not, the longest due first, of every company."""
    joined = (
        table.join(engagement, engagement.c.id == table.c.engagement_id)
        .join(project, project.c.id == engagement.c.project_id)
        .join(issuer, issuer.c.id == table.c.issuer_id)
    )
    whose = (table.c.engagement_id, issuer.c.slug, issuer.c.name, project.c.title)
    late = (table.c.state == "due") & (table.c.due_on < today)
    query = (
        select(*whose, table.c.amount, table.c.due_on, table.c.reminded)
        .select_from(joined)
        .where(late)
        .order_by(table.c.due_on, table.c.engagement_id)
    )
    return [Overdue(*row) for row in connection.execute(query.limit(limit))]


def to_remind(connection: Connection, latest: Sequence[date], limit: int) -> list[str]:
    """The engagements whose company is to be reminded of pay, the longest due first.

    `latest` are the days by which pay was due that is late enough for the first, the second … reminder.
    """
    waits = or_(*((table.c.due_on <= day) & (table.c.reminded <= done) for done, day in enumerate(latest)))
    query = select(table.c.engagement_id).where(table.c.state == "due", waits)
    return list(connection.execute(query.order_by(table.c.due_on, table.c.engagement_id).limit(limit)).scalars())
