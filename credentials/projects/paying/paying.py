"""What is due for the work: the company says that it paid, the candidate that it arrived, and what is late is seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from credentials.accounts.acting import Member, Visitor
from credentials.console.means import Means
from credentials.core.plain_text import is_plain_line
from credentials.projects.letters import company_name, to_candidate
from credentials.projects.parties import Party, find, of_candidate, of_company, require, tell
from credentials.projects.paying.errors import (
    NothingOwed,
    PaidDayUnusable,
    PaymentNotMade,
    PaymentSettled,
    ReferenceUnusable,
)
from credentials.projects.paying.owing import owed_for
from credentials.projects.paying.provider import Order, PaymentProvider
from credentials.projects.telling import announce
from credentials.store import payments
from credentials.store.engagements import Engagement
from credentials.store.engine import read, write
from credentials.store.payments import Overdue, Payment

LONGEST_REFERENCE = 140
OLDEST = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class PaymentService:
    """See above. `provider` moves the money, or knows that somebody did."""

    means: Means
    provider: PaymentProvider

    def pay(self, member: Member, engagement_id: str, day: str, reference: str) -> Payment:
        """The company paid. Raises RoleMissing, EngagementUnknown, WorkOutOfTurn, NothingOwed, PaymentSettled,
        PaidDayUnusable, ReferenceUnusable, and what the provider raises.

        As long as the candidate has not confirmed it, the day and the reference can be put right.
        """
        now, party = self.means.accounts.clock(), of_company(member)
        with read(self.means.accounts.engine) as connection:
            engagement = _found(connection, party, engagement_id, "pay")
            owed = _required(connection, engagement, now)
        paid = self.provider.pay(_order(engagement, owed, _day(day, now), _reference(reference)))
        with write(self.means.accounts.engine) as connection:
            engagement = _found(connection, party, engagement_id, "pay", lock=True)
            done = replace(
                _required(connection, engagement, now),
                state="paid",
                paid_on=paid.day,
                reference=paid.reference,
                recorded_by=party.person_id,
                changed_at=now,
            )
            payments.put(connection, done)
            tell(connection, party, engagement, "work.paid", now)
            self._announce(connection, "paid", engagement, done)
            self._tell(connection, member, engagement, done)
        return done

    def confirm(self, visitor: Visitor, engagement_id: str) -> Payment:
        """The candidate says that it arrived; twice is once.

        Raises EngagementUnknown, WorkOutOfTurn, PaymentNotMade.
        """
        now = self.means.accounts.clock()
        with write(self.means.accounts.engine) as connection:
            party = of_candidate(visitor)
            engagement = _found(connection, party, engagement_id, "confirm-pay", lock=True)
            paid = payments.of_engagement(connection, engagement.id, lock=True)
            if paid is None or paid.state == "due":
                raise PaymentNotMade(where="payment")
            if paid.state == "confirmed":
                return paid
            done = replace(paid, state="confirmed", confirmed_at=now, changed_at=now)
            payments.put(connection, done)
            tell(connection, party, engagement, "work.pay-confirmed", now)
            self._announce(connection, "pay-confirmed", engagement, done)
        return done

    def overdue(self) -> list[Overdue]:
        """What should have been paid before today and was not, of every company, for whoever runs the service."""
        with read(self.means.accounts.engine) as connection:
            return payments.overdue(connection, self.means.accounts.clock().date())

    def _announce(self, connection: Connection, what: str, engagement: Engagement, done: Payment) -> None:
        event = f"work.{what}:{engagement.id}:{done.paid_on}:{done.changed_at.timestamp()}"
        announce(self.means, connection, f"work.{what}", event, engagement, done.changed_at)

    def _tell(self, connection: Connection, member: Member, engagement: Engagement, done: Payment) -> None:
        who = company_name(connection, member.issuer.id)
        day = done.paid_on.isoformat() if done.paid_on else ""
        said = (
            f"{who} says that it paid {done.amount} on {day}, under the reference “{done.reference}”.",
            "Once it is in your account, say so: then it is settled for both.",
        )
        to_candidate(self.means, connection, engagement, "You were paid", said)


def _found(connection: Connection, party: Party, engagement_id: str, step: str, *, lock: bool = False) -> Engagement:
    engagement = find(connection, party, engagement_id, lock=lock)
    require(party, engagement, step)
    return engagement


def is_overdue(payment: Payment, today: date) -> bool:
    """Whether its day has passed and the company has not said that it paid."""
    return payment.state == "due" and payment.due_on < today


def _required(connection: Connection, engagement: Engagement, now: datetime) -> Payment:
    """What is owed and not settled."""
    found = owed_for(connection, engagement, lambda: now)
    if found is None:
        raise NothingOwed(where="payment")
    if found.state == "confirmed":
        raise PaymentSettled(where="payment")
    return found


def _order(engagement: Engagement, owed: Payment, day: date, reference: str) -> Order:
    key = f"payment:{engagement.id}"
    return Order(key, engagement.issuer_id, engagement.person_id, owed.amount, day, reference)


def _day(text: str, now: datetime) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise PaidDayUnusable(where="day") from None
    if not (now - OLDEST).date() <= day <= now.date():
        raise PaidDayUnusable(where="day")
    return day


def _reference(text: str) -> str:
    plain = text.strip()
    if not plain or len(plain) > LONGEST_REFERENCE or not is_plain_line(plain):
        raise ReferenceUnusable(where="reference")
    return plain
